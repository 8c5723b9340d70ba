package dev.vmidentity.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The roles that a namespace may assign: built-in ones by name, any by id, and {@code *} for every built-in one by name.
 *
 * <p>With a role that may assign roles a namespace could give itself everything, so {@code *} is without those: who means
 * them names them. Ids are not in {@code *} either: what a custom role may do, its name does not tell.
 *
 * @param all whether {@code *} is among them
 * @param listed as they were written
 */
public record Roles(boolean all, List<Role> listed) {
    private static final Pattern COMMA = Pattern.compile(",");

    /** With these one may give oneself any other; the last is what one of them was called before. */
    private static final Set<String> POWERFUL = Set.of(
            "owner",
            "user access administrator",
            "role based access control administrator",
            "role based access control administrator (preview)");

    public static final Roles NONE = new Roles(false, List.of());

    public Roles {
        listed = List.copyOf(listed);
    }

    /** Reads roles separated by commas; names have spaces. */
    public static Roles parse(String text) {
        boolean all = false;
        List<Role> listed = new ArrayList<>();
        for (String word : COMMA.split(text, -1)) {
            if (word.strip().equals("*")) {
                all = true;
            } else if (!word.isBlank()) {
                listed.add(Role.of(word));
            }
        }
        return new Roles(all, listed);
    }

    /** Whether it may be assigned. What is listed by name is meant by name, and what is listed by id, by id. */
    public boolean allow(Role role) {
        return listed.stream().anyMatch(one -> one.key().equals(role.key()))
                || (all && role instanceof Role.Named && !POWERFUL.contains(role.key()));
    }

    /** As it is written in an annotation. */
    public String text() {
        return (all ? "*" + (listed.isEmpty() ? "" : ",") : "")
                + listed.stream().map(Role::text).collect(Collectors.joining(","));
    }
}
