package dev.vmidentity.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A list of ARM scopes, such as {@code /subscriptions/…/resourceGroups/rg-vms}; {@code /} is everything.
 *
 * <p>A scope covers an id when it is the id or one of its parents, compared segment by segment without case: {@code
 * …/resourceGroups/rg} does not cover {@code …/resourceGroups/rg2}.
 *
 * @param scopes the well-formed ones, each as its lower-case segments
 * @param malformed what was written and is no scope: it covers nothing, and is told to whoever is refused
 */
public record Scopes(List<List<String>> scopes, List<String> malformed) {
    private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
    // An empty segment is a variable that somebody forgot to set, and must not make a wider scope.
    private static final Pattern FORM = Pattern.compile("/subscriptions(/[^/]+)+/?", Pattern.CASE_INSENSITIVE);
    private static final Pattern SLASH = Pattern.compile("/");

    public static final Scopes NONE = new Scopes(List.of(), List.of());

    public Scopes {
        scopes = List.copyOf(scopes);
        malformed = List.copyOf(malformed);
    }

    /** Reads scopes separated by commas or white space. */
    public static Scopes parse(String text) {
        List<List<String>> scopes = new ArrayList<>();
        List<String> malformed = new ArrayList<>();
        for (String word : words(text)) {
            if (word.equals("/")) {
                scopes.add(List.of());
            } else if (FORM.matcher(word).matches()) {
                scopes.add(segments(word));
            } else {
                malformed.add(word);
            }
        }
        return new Scopes(scopes, malformed);
    }

    public boolean covers(ArmId id) {
        return covers(segments(id.value()));
    }

    public boolean covers(RoleScope scope) {
        return covers(segments(scope.value()));
    }

    private boolean covers(List<String> segments) {
        return scopes.stream()
                .anyMatch(scope -> scope.size() <= segments.size()
                        && segments.subList(0, scope.size()).equals(scope));
    }

    /** Whether one of the scopes is that very resource, and not only something above it. */
    public boolean names(ArmId id) {
        return scopes.contains(segments(id.value()));
    }

    /** Words separated by commas or white space. */
    static List<String> words(String text) {
        return SEPARATOR.splitAsStream(text).filter(word -> !word.isEmpty()).toList();
    }

    private static List<String> segments(String text) {
        return SLASH.splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(segment -> !segment.isEmpty())
                .toList();
    }
}
