package dev.vmidentity.core;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the operator remembers of one machine: an identity is ours if and only if this says so.
 *
 * @param claims by identity; empty when nothing on the machine is ours and nothing is under way
 * @param roles that bindings gave to the machine's own identity, or are about to. The protocol carries them along and
 *     knows nothing of them
 */
public record Ledger(SortedMap<IdentityKey, Claim> claims, SortedSet<GrantRecord> roles) {
    public static final Ledger EMPTY = new Ledger(Collections.emptySortedMap(), Collections.emptySortedSet());

    public Ledger {
        claims = Collections.unmodifiableSortedMap(new TreeMap<>(claims));
        roles = Collections.unmodifiableSortedSet(new TreeSet<>(roles));
    }

    /** Without roles. */
    public static Ledger of(Map<IdentityKey, Claim> claims) {
        return EMPTY.with(claims);
    }

    /** The same, with other claims. */
    public Ledger with(Map<IdentityKey, Claim> others) {
        return new Ledger(new TreeMap<>(others), roles);
    }

    /** The same, with other roles. */
    public Ledger remembering(Collection<GrantRecord> others) {
        return new Ledger(claims, new TreeSet<>(others));
    }

    public Optional<Claim> claim(IdentityKey id) {
        return Optional.ofNullable(claims.get(id));
    }

    /** Roles that the binding gave. */
    public List<GrantRecord> rolesOf(String binding) {
        return roles.stream().filter(role -> role.binding().equals(binding)).toList();
    }

    /** Whether an identity on the machine is ours, or something about one is under way. */
    public boolean hasClaims() {
        return !claims.isEmpty();
    }

    /** Whether there is nothing to remember. */
    public boolean isEmpty() {
        return claims.isEmpty() && roles.isEmpty();
    }
}
