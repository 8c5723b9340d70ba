package dev.vmidentity.core;

import java.util.Comparator;

/**
 * That a binding made a role assignment for a machine's own identity, or is about to: where to look for it. Whether it is
 * ours is told by the assignment itself ({@link GrantName}), and never by this.
 *
 * @param binding uid of the binding
 * @param namespace the binding's, for people
 * @param name the binding's, for people
 */
public record GrantRecord(String binding, String namespace, String name, GrantDemand.Recorded assignment)
        implements Comparable<GrantRecord> {
    private static final Comparator<GrantRecord> ORDER = Comparator.comparing(GrantRecord::binding)
            .thenComparing(record -> record.assignment().scope())
            .thenComparing(record -> record.assignment().name())
            .thenComparing(record -> record.assignment().role())
            .thenComparing(GrantRecord::namespace)
            .thenComparing(GrantRecord::name);

    @Override
    public int compareTo(GrantRecord other) {
        return ORDER.compare(this, other);
    }
}
