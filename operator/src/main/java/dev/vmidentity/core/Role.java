package dev.vmidentity.core;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A role as a user writes it: the name of a built-in one, or the id of any. */
public sealed interface Role {
    /** As it was written. */
    String text();

    /** Without case, which Azure does not heed. */
    String key();

    /** The name of a built-in role. Custom roles go by id: their names can be given and taken by many. */
    record Named(String text) implements Role {
        @Override
        public String key() {
            return text.toLowerCase(Locale.ROOT);
        }
    }

    /** @param guid lower-case; it alone tells the role, whatever stands before it in an id */
    record ById(String text, String guid) implements Role {
        @Override
        public String key() {
            return guid;
        }
    }

    Pattern ID = Pattern.compile(
            "(?:/subscriptions/[^/]+)?/providers/Microsoft\\.Authorization/roleDefinitions/"
                    + "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
            Pattern.CASE_INSENSITIVE);

    static Role of(String text) {
        String stripped = text.strip();
        Matcher id = ID.matcher(stripped);
        return id.matches() ? new ById(stripped, id.group(1).toLowerCase(Locale.ROOT)) : new Named(stripped);
    }
}
