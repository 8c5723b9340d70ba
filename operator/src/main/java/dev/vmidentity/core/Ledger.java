package dev.vmidentity.core;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the operator remembers of one machine: an identity is ours if and only if this says so.
 *
 * @param claims by identity; empty when nothing on the machine is ours and nothing is under way
 */
public record Ledger(SortedMap<IdentityKey, Claim> claims) {
    public static final Ledger EMPTY = new Ledger(Collections.emptySortedMap());

    public Ledger {
        claims = Collections.unmodifiableSortedMap(new TreeMap<>(claims));
    }

    public static Ledger of(Map<IdentityKey, Claim> claims) {
        return new Ledger(new TreeMap<>(claims));
    }

    public Optional<Claim> claim(IdentityKey id) {
        return Optional.ofNullable(claims.get(id));
    }

    public boolean isEmpty() {
        return claims.isEmpty();
    }
}
