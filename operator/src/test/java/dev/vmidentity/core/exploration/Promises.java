package dev.vmidentity.core.exploration;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.Decision.Rest;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.exploration.Machine.Owner;
import dev.vmidentity.core.exploration.World.Trait;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at single states: what must hold in each, what must hold at rest, and that rest is reached. */
final class Promises {
    /** More steps than an operator that is left alone needs from anywhere. */
    private static final int STEPS = 60;

    private final World world;
    private final Operators operators;
    private final Surroundings surroundings;
    private final Set<Start> cameToRest = new HashSet<>();

    Promises(World world, Rules rules) {
        this.world = world;
        this.operators = new Operators(world, rules);
        this.surroundings = new Surroundings(world);
    }

    /** What an operator that is left alone starts from. */
    private record Start(Machine machine, @Nullable Claim claim, Wish wish, boolean late) {}

    @Nullable
    Promise broken(State state) {
        if (state.machine().x() == Owner.FOREIGN && Landing.saysAttached(state)) {
            return Promise.FOREIGN_IS_NEVER_CLAIMED;
        }
        if (world.has(Trait.NOBODY_DIES)
                && state.claim() != null
                && state.claim().phase() == Phase.UNSURE) {
            return Promise.DOUBT_HAS_A_CAUSE;
        }
        if (!state.isQuiet()) {
            return null;
        }
        Promise atRest = brokenAtRest(state, state.first());
        return atRest != null ? atRest : brokenLater(state);
    }

    private @Nullable Promise brokenAtRest(State state, Operator operator) {
        Decision decision = operators.decision(state, state.machine().view(), operator);
        if (!(decision instanceof Rest)) {
            return null;
        }
        Demand demand = state.wish().demand();
        Claim claim = state.claim();
        if (demand == Demand.WANT && !state.machine().hasX()) {
            return Promise.WANTED_ARRIVES;
        }
        boolean unwanted = demand == Demand.UNWANTED || demand == Demand.FORBID;
        boolean longAgo = state.late() && claim != null && !Entries.LATE.equals(claim.sentAt());
        if (unwanted && !state.machine().hasX() && longAgo) {
            return Promise.DOUBT_ENDS;
        }
        boolean said = claim != null && claim.phase() == Phase.UNSURE;
        return unwanted && state.machine().x() == Owner.OURS && !said ? Promise.NO_SILENT_LEAK : null;
    }

    /** An operator that starts now and is left alone comes to rest, and then, too, all is well. */
    private @Nullable Promise brokenLater(State state) {
        if (!cameToRest.add(new Start(state.machine(), state.claim(), state.wish(), state.late()))) {
            return null;
        }
        State now = state.withEvery(_ -> Operator.NEW).with(State.Budget.ALONE);
        for (int step = 0; step < STEPS; step++) {
            Smoothly way = new Smoothly();
            surroundings.from(now, way);
            if (way.next == null) {
                operators.from(now, way);
            }
            if (way.broken != null) {
                return way.broken;
            }
            State next = way.next;
            if (next == null || (now.first().isIdle() && next.first().equals(Operator.NEW))) {
                // Nothing is left to do but to die.
                return brokenAtRest(now, now.first());
            }
            now = next;
        }
        return Promise.IT_COMES_TO_REST;
    }

    /** Goes the way on which nothing goes wrong: the operators offer it last. */
    private static final class Smoothly implements Steps {
        private @Nullable State next;
        private @Nullable Promise broken;

        @Override
        public void take(String what, State offered, @Nullable Promise promise) {
            next = offered;
            broken = promise;
        }
    }
}
