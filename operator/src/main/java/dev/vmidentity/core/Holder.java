package dev.vmidentity.core;

import java.util.Comparator;

/**
 * A binding that wants an identity on a machine.
 *
 * @param binding the uid: a name may be used again
 * @param onRelease what it asks for when it no longer wants the identity
 */
public record Holder(String binding, String namespace, String name, Release onRelease) implements Comparable<Holder> {
    private static final Comparator<Holder> ORDER = Comparator.comparing(Holder::binding)
            .thenComparing(Holder::namespace)
            .thenComparing(Holder::name)
            .thenComparing(Holder::onRelease);

    @Override
    public int compareTo(Holder other) {
        return ORDER.compare(this, other);
    }
}
