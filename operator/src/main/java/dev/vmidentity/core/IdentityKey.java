package dev.vmidentity.core;

import java.util.Locale;

/**
 * What a ledger's entry is about: a user-assigned identity by its lower-case id, or the machine's own system-assigned
 * one.
 */
public record IdentityKey(String value) implements Comparable<IdentityKey> {
    public static final IdentityKey SYSTEM_ASSIGNED = new IdentityKey("systemAssigned");

    public static IdentityKey of(ArmId id) {
        return new IdentityKey(id.key());
    }

    /** Reads what {@link #value()} wrote. */
    public static IdentityKey parse(String text) {
        return text.equals(SYSTEM_ASSIGNED.value) ? SYSTEM_ASSIGNED : new IdentityKey(text.toLowerCase(Locale.ROOT));
    }

    public boolean isSystemAssigned() {
        return equals(SYSTEM_ASSIGNED);
    }

    @Override
    public int compareTo(IdentityKey other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
