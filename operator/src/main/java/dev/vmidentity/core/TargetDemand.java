package dev.vmidentity.core;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What all bindings of one machine together ask of it.
 *
 * @param wishes by identity
 * @param others the demand for every identity without a wish: {@link Demand#UNWANTED} as a rule, {@link Demand#KEEP}
 *     while the set of wishes is not wholly known, {@link Demand#FORBID} where a binding is exclusive
 * @param retaining bindings whose identities stay when nobody asks for them any longer
 * @param guarded what must not change the machine's default identity, binding by binding
 */
public record TargetDemand(Map<IdentityKey, Wish> wishes, Demand others, Set<String> retaining, List<Guarded> guarded) {
    public static final TargetDemand NOTHING = new TargetDemand(Map.of(), Demand.UNWANTED);

    public TargetDemand(Map<IdentityKey, Wish> wishes, Demand others) {
        this(wishes, others, Set.of());
    }

    public TargetDemand(Map<IdentityKey, Wish> wishes, Demand others, Set<String> retaining) {
        this(wishes, others, retaining, List.of());
    }

    public TargetDemand {
        guarded = List.copyOf(guarded);
        wishes = Collections.unmodifiableMap(new TreeMap<>(wishes));
        retaining = Set.copyOf(retaining);
        if (others == Demand.WANT) {
            throw new IllegalArgumentException("what is not named cannot be wanted");
        }
    }

    public Wish wish(IdentityKey id) {
        Wish wish = wishes.get(id);
        if (wish != null) {
            return wish;
        }
        // The machine's own identity is nobody's to evict by an exclusive list of user-assigned ones.
        return Wish.of(id.isSystemAssigned() && others == Demand.FORBID ? Demand.UNWANTED : others);
    }

    /** The same, with these identities left as they are. */
    public TargetDemand keeping(Set<IdentityKey> held) {
        Map<IdentityKey, Wish> kept = new TreeMap<>(wishes);
        held.forEach(id -> kept.put(id, Wish.of(Demand.KEEP)));
        return new TargetDemand(kept, others, retaining, guarded);
    }

    /** Whether an identity that nobody asks for any longer stays on the machine. */
    boolean retains(Claim claim) {
        return claim.release() == Release.RETAIN
                || (!claim.holders().isEmpty()
                        && claim.holders().stream().map(Holder::binding).allMatch(retaining::contains));
    }

    /** Whether nothing is to be done for anybody: a machine of which nothing is claimed either need not be looked at. */
    public boolean asksNothing() {
        return others != Demand.FORBID
                && wishes.values().stream()
                        .noneMatch(wish -> wish.demand() == Demand.WANT || wish.demand() == Demand.FORBID);
    }

    /**
     * What one binding asks for and must not be attached when that breaks what works without a client id, see {@link
     * DefaultIdentityGuard}.
     *
     * @param ids those that no binding asks for without such a guard
     * @param expecting whether the binding lists others that are not ready yet
     */
    public record Guarded(SortedSet<IdentityKey> ids, boolean expecting) {
        public Guarded {
            ids = Collections.unmodifiableSortedSet(new TreeSet<>(ids));
        }
    }

    /**
     * What is asked about one identity.
     *
     * @param adopt whether one that is there already, and not known as ours, becomes ours
     * @param holders the bindings that ask for it; with {@link Demand#KEEP} those for whose sake it stays, and who hold
     *     nothing any longer once it is gone
     * @param id the identity's id as a user wrote it; null for the system-assigned one, and where none asks
     */
    public record Wish(Demand demand, boolean adopt, SortedSet<Holder> holders, Optional<ArmId> id) {
        public Wish {
            holders = Collections.unmodifiableSortedSet(new TreeSet<>(holders));
        }

        public static Wish of(Demand demand) {
            return new Wish(demand, false, Collections.emptySortedSet(), Optional.empty());
        }
    }
}
