package dev.vmidentity.core;

import dev.vmidentity.core.DefaultIdentity.Change;
import dev.vmidentity.core.TargetDemand.Guarded;
import dev.vmidentity.core.TargetDemand.Wish;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is not attached to a machine because it would change the machine's {@link DefaultIdentity}, where all bindings that
 * want it say that it must not. Pure. {@code DESIGN.md} beside this file tells the rule.
 */
public final class DefaultIdentityGuard {
    private DefaultIdentityGuard() {}

    /** Why an identity is not attached. */
    public sealed interface Refusal {
        Change change();

        /** It would break what works now, or is about to. */
        record WouldBreak(Change change) implements Refusal {}

        /**
         * Alone it would be the default until the others of its binding, which are not ready, change that: it waits for
         * them, and is attached together with the next.
         */
        record ComesTooEarly(Change change) implements Refusal {}
    }

    /**
     * What is refused at present. It depends on what is on the machine, what is claimed and what is asked, and on nothing
     * that passes: not on an operation that runs, nor on etags.
     */
    public static SortedMap<IdentityKey, Refusal> refusals(Observation seen, Ledger ledger, TargetDemand demand) {
        if (demand.guarded().isEmpty()) {
            return Collections.emptySortedMap();
        }
        TreeSet<IdentityKey> comes = new TreeSet<>();
        demand.wishes().forEach((id, wish) -> {
            if (wish.demand() == Demand.WANT && !seen.has(id)) {
                comes.add(id);
            }
        });
        TreeSet<IdentityKey> open = new TreeSet<>();
        demand.guarded().forEach(guarded -> open.addAll(guarded.ids()));
        open.removeIf(id -> !comes.contains(id) || isUnderWay(ledger.claim(id), seen));
        if (open.isEmpty()) {
            return Collections.emptySortedMap();
        }
        SortedSet<IdentityKey> there = staying(seen, ledger, demand.keeping(comes));
        there.addAll(without(comes, open));
        return judged(demand.guarded(), open, there);
    }

    /**
     * What this process or one before it may have sent, or has to bring back, goes on: to keep it would leave a doubt for
     * ever. An entry about an earlier machine of that name says nothing of this one.
     */
    private static boolean isUnderWay(Optional<Claim> claim, Observation seen) {
        return claim.filter(known -> known.machineId().equals(seen.machineId())).isPresent();
    }

    /** What is there and is not taken off in the same PATCH: a removal is somebody's explicit word. */
    private static SortedSet<IdentityKey> staying(Observation seen, Ledger ledger, TargetDemand rest) {
        TreeSet<IdentityKey> there = new TreeSet<>(seen.identities());
        Plan plan = Planner.unguarded(seen.atRest(), ledger, rest, Memory.none(Instant.EPOCH));
        plan.sent().forEach((id, sent) -> {
            if (sent.decision() instanceof Decision.Send) {
                there.remove(id);
            }
        });
        return there;
    }

    /** One binding after the other; what one may attach is there for the next. */
    private static SortedMap<IdentityKey, Refusal> judged(
            Collection<Guarded> guarded, Collection<IdentityKey> open, SortedSet<IdentityKey> start) {
        TreeSet<IdentityKey> there = new TreeSet<>(start);
        TreeMap<IdentityKey, Refusal> refused = new TreeMap<>();
        for (Guarded one : guarded) {
            TreeSet<IdentityKey> adds = new TreeSet<>(one.ids());
            adds.retainAll(open);
            adds.removeAll(there);
            if (adds.isEmpty()) {
                continue;
            }
            TreeSet<IdentityKey> after = new TreeSet<>(there);
            after.addAll(adds);
            Optional<Refusal> refusal = refusal(there, after, one.expecting());
            if (refusal.isPresent()) {
                adds.forEach(id -> refused.putIfAbsent(id, refusal.get()));
            } else {
                there.addAll(adds);
                refused.keySet().removeAll(adds);
            }
        }
        return refused;
    }

    private static Optional<Refusal> refusal(
            Collection<IdentityKey> before, Collection<IdentityKey> after, boolean expecting) {
        Change change = Change.between(before, after);
        if (change.breaks()) {
            return Optional.of(new Refusal.WouldBreak(change));
        }
        return expecting && change.after() instanceof DefaultIdentity.Only
                ? Optional.of(new Refusal.ComesTooEarly(new Change(change.after(), new DefaultIdentity.Ambiguous())))
                : Optional.empty();
    }

    /** The demand without what is refused: it is left alone, as if nobody had asked for it. */
    static TargetDemand guarded(Observation seen, Ledger ledger, TargetDemand demand) {
        SortedMap<IdentityKey, Refusal> refusals = refusals(seen, ledger, demand);
        if (refusals.isEmpty()) {
            return demand;
        }
        TreeMap<IdentityKey, Wish> wishes = new TreeMap<>(demand.wishes());
        // An entry about an earlier machine comes to its end, as it would if the binding were gone.
        refusals.keySet()
                .forEach(id -> wishes.put(id, Wish.of(ledger.claim(id).isPresent() ? Demand.UNWANTED : Demand.KEEP)));
        return new TargetDemand(wishes, demand.others(), demand.retaining());
    }

    private static SortedSet<IdentityKey> without(Collection<IdentityKey> all, Collection<IdentityKey> some) {
        TreeSet<IdentityKey> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }
}
