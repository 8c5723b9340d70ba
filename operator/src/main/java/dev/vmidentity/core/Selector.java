package dev.vmidentity.core;

import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Machines by what they are, where they are, and how they are tagged. Equal selectors ask the same.
 *
 * @param tags all of which a machine must have: names in lower case, since they have no case in Azure; values have
 */
public record Selector(Set<MachineKind> kinds, Scopes scopes, Map<String, String> tags) {
    public Selector {
        kinds = Set.copyOf(kinds);
        tags = lowerCase(tags);
    }

    public static Selector of(Collection<MachineKind> kinds, Collection<String> scopes, Map<String, String> tags) {
        // In one order, so that two people who list the same ask Azure once.
        String sorted = scopes.stream()
                .map(scope -> scope.toLowerCase(Locale.ROOT))
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
        return new Selector(Set.copyOf(kinds), Scopes.parse(sorted), tags);
    }

    /**
     * Whether a machine is meant. One that others manage is meant only where a scope names that very machine: what is
     * written to it they may undo, and it comes and goes as they like.
     */
    public boolean matches(Fleet.Glance glance) {
        return mayMatch(glance.target())
                && hasTags(glance.tags())
                && (glance.managedBy().isEmpty() || scopes.names(glance.target().id()));
    }

    /** Whether a machine of that id could ever be meant: what it is and where cannot change. */
    public boolean mayMatch(TargetId machine) {
        return kinds.contains(machine.kind()) && scopes.covers(machine.id());
    }

    /** Nothing that it says is of no meaning to this version. */
    public boolean isUnderstood() {
        return !kinds.isEmpty()
                && !scopes.scopes().isEmpty()
                && scopes.malformed().isEmpty();
    }

    private boolean hasTags(Map<String, String> present) {
        Map<String, String> folded = lowerCase(present);
        return tags.entrySet().stream().allMatch(tag -> tag.getValue().equals(folded.get(tag.getKey())));
    }

    private static Map<String, String> lowerCase(Map<String, String> tags) {
        Map<String, String> folded = new TreeMap<>();
        tags.forEach((name, value) -> folded.put(name.toLowerCase(Locale.ROOT), value));
        return Collections.unmodifiableMap(folded);
    }
}
