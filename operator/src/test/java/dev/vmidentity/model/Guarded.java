package dev.vmidentity.model;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.model.Promise.Broken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a machine's default identity is protected from, by the words of the API's documentation and not by the product's code.
 *
 * @param ids what only bindings that block ask for
 * @param early those of them whose bindings all wait for another of their own
 * @param coming what is attached all the same, now or later: one that asks for it does not block, or it was under way
 * @param alternatives where it may have been planned for any of several things: each by itself; what is right for one is
 *     right. Beside them stands what they have in common, for a plan that was begun on one and ended on another
 */
record Guarded(Set<IdentityKey> ids, Set<IdentityKey> early, Set<IdentityKey> coming, List<Guarded> alternatives) {
    /** Where it may have been planned for what is asked in any of them. */
    static Guarded of(List<Wishes> any) {
        Guarded first = of(any.getFirst());
        return first.and(any.subList(1, any.size()));
    }

    Guarded and(List<Wishes> any) {
        Guarded all = this;
        for (Wishes one : any) {
            all = all.and(one);
        }
        return all;
    }

    static Guarded of(Wishes wishes) {
        Set<IdentityKey> ids = new TreeSet<>(World.everyId());
        ids.removeIf(id -> !wishes.isGuarded(id));
        Set<IdentityKey> early = new TreeSet<>(ids);
        early.removeIf(id -> wishes.asking(id).stream().anyMatch(Asking::complete));
        Set<IdentityKey> coming = new TreeSet<>(World.everyId());
        coming.removeIf(id -> !wishes.wants(id) || wishes.isGuarded(id));
        return new Guarded(ids, early, coming, List.of());
    }

    /** Where it may have been planned for what was asked at either of two times. */
    Guarded and(Wishes then) {
        Guarded other = of(then);
        List<Guarded> each = new ArrayList<>(alternatives.isEmpty() ? List.of(this) : alternatives);
        each.add(other);
        return new Guarded(both(ids, other.ids), both(early, other.early), either(coming, other.coming), each);
    }

    /**
     * What is judged when a request is sent.
     *
     * @param begun what the ledger speaks of since it was planned
     * @param known what the ledger spoke of before
     */
    Guarded sending(Set<IdentityKey> begun, Set<IdentityKey> known) {
        return new Guarded(
                both(ids, begun),
                both(early, begun),
                either(coming, known),
                alternatives.stream().map(each -> each.sending(begun, known)).toList());
    }

    /**
     * A request had its effect. What it removed is somebody's explicit word, so it does not count as having been there.
     *
     * @return whether it attached what is guarded
     */
    boolean letsThrough(Set<IdentityKey> before, Set<IdentityKey> after) {
        Set<IdentityKey> attached = both(ids, without(after, before));
        if (breaks(before, after) && alternatives.stream().allMatch(each -> each.breaks(before, after))) {
            throw new Broken(
                    Promise.DEFAULT_IS_NOT_TAKEN,
                    attached + " came to " + without(after, attached) + ", and " + coming + " is to come");
        }
        return !attached.isEmpty();
    }

    private boolean breaks(Set<IdentityKey> before, Set<IdentityKey> after) {
        Set<IdentityKey> attached = both(ids, without(after, before));
        Set<IdentityKey> otherwise = without(after, attached);
        boolean waits = !attached.isEmpty() && early.containsAll(attached);
        return subsets(without(coming, after)).stream()
                .map(some -> either(otherwise, some))
                .allMatch(there ->
                        isTaken(there, either(there, attached)) || (waits && isOnlyOne(either(there, attached))));
    }

    /**
     * Whether somebody who wants it has reason to do without it.
     *
     * @param maybe what may count as being there
     */
    static boolean mayKeepAway(IdentityKey id, Wishes wishes, Set<IdentityKey> there, Set<IdentityKey> maybe) {
        return wishes.isGuarded(id)
                && subsets(maybe).stream()
                        .map(some -> either(there, some))
                        .anyMatch(counted -> wishes.asking(id).stream()
                                .allMatch(asking -> doesWithout(asking, missing(asking, wishes, counted), counted)));
    }

    private static Set<IdentityKey> missing(Asking asking, Wishes wishes, Set<IdentityKey> there) {
        Set<IdentityKey> missing = new TreeSet<>(World.everyId());
        missing.removeIf(id -> !Wishes.asks(asking, id) || !wishes.isGuarded(id) || there.contains(id));
        return missing;
    }

    private static boolean doesWithout(Asking asking, Set<IdentityKey> missing, Set<IdentityKey> there) {
        Set<IdentityKey> after = either(there, missing);
        return isTaken(there, after) || (!asking.complete() && isOnlyOne(after));
    }

    private static boolean isOnlyOne(Set<IdentityKey> there) {
        return there.size() == 1 && !there.contains(IdentityKey.SYSTEM_ASSIGNED);
    }

    /** Whether who gave no client id got a token, and now gets none or that of another identity. */
    private static boolean isTaken(Set<IdentityKey> before, Set<IdentityKey> after) {
        Optional<IdentityKey> token = token(before);
        return token.isPresent() && !token.equals(token(after));
    }

    private static Optional<IdentityKey> token(Set<IdentityKey> there) {
        if (there.contains(IdentityKey.SYSTEM_ASSIGNED)) {
            return Optional.of(IdentityKey.SYSTEM_ASSIGNED);
        }
        return there.size() == 1 ? there.stream().findFirst() : Optional.empty();
    }

    // ---- sets

    private static Set<IdentityKey> both(Set<IdentityKey> left, Set<IdentityKey> right) {
        Set<IdentityKey> both = new TreeSet<>(left);
        both.retainAll(right);
        return both;
    }

    private static Set<IdentityKey> either(Set<IdentityKey> left, Set<IdentityKey> right) {
        Set<IdentityKey> either = new TreeSet<>(left);
        either.addAll(right);
        return either;
    }

    private static Set<IdentityKey> without(Set<IdentityKey> all, Set<IdentityKey> some) {
        Set<IdentityKey> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static List<Set<IdentityKey>> subsets(Set<IdentityKey> all) {
        List<Set<IdentityKey>> subsets = new ArrayList<>();
        subsets.add(Set.of());
        for (IdentityKey one : all) {
            for (Set<IdentityKey> some : List.copyOf(subsets)) {
                subsets.add(either(some, Set.of(one)));
            }
        }
        return subsets;
    }
}
