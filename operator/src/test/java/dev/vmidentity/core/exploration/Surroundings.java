package dev.vmidentity.core.exploration;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.Decision.Become;
import dev.vmidentity.core.Decision.Fence;
import dev.vmidentity.core.Decision.Send;
import dev.vmidentity.core.Decision.Then;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Protocol.Answer;
import dev.vmidentity.core.exploration.Machine.Owner;
import dev.vmidentity.core.exploration.Operator.Errand;
import dev.vmidentity.core.exploration.World.Trait;
import org.jspecify.annotations.Nullable;

/** What happens around the operators: others, users, Azure, time. */
final class Surroundings {
    private final World world;

    Surroundings(World world) {
        this.world = world;
    }

    void from(State state, Steps steps) {
        others(state, steps);
        users(state, steps);
        operation(state, steps);
        lateRequests(state, steps);
        if (state.stale() != null) {
            steps.take("the replica catches up", state.withStale(null));
        }
        if (world.has(Trait.MADE_ANEW)) {
            machineMadeAnew(state, steps);
        }
        if (world.has(Trait.TIME_PASSES) || state.machine().incarnation() > 0) {
            fifteenMinutes(state, steps);
        }
    }

    private void others(State state, Steps steps) {
        Machine machine = state.machine();
        if (!Landing.fits(state)) {
            return;
        }
        if (state.left().foreign() > 0) {
            State less = state.with(state.left().lessForeign());
            if (machine.hasX()) {
                steps.take("others remove X", changed(world, less, machine.written(Owner.ABSENT)));
            } else {
                Owner owner = isTakenForOurs(state) ? Owner.FOREIGN_TAKEN_FOR_OURS : Owner.FOREIGN;
                steps.take("others add X", changed(world, less, machine.written(owner)));
            }
        }
        if (state.left().moves() > 0) {
            State less = state.with(state.left().lessMoves());
            steps.take("the etag moves by itself", withMachine(world, less, machine.moved()));
        }
    }

    private void users(State state, Steps steps) {
        if (state.left().wishes() == 0) {
            return;
        }
        for (Wish wish : world.wishes()) {
            if (wish != state.wish()) {
                steps.take(
                        "users change their minds",
                        state.with(state.left().lessWishes()).with(wish));
            }
        }
    }

    private void operation(State state, Steps steps) {
        Machine machine = state.machine();
        Owner before = machine.before();
        if (before == null) {
            return;
        }
        steps.take(
                "the operation succeeds",
                withMachine(world, state, machine.settled())
                        .withEvery(operator ->
                                operator.watched() < 0 ? operator : operator.sawSuccess(operator.watched())));
        if (state.left().mishaps() > 0) {
            State less = state.with(state.left().lessMishaps());
            Machine rolledBack = new Machine(before, machine.etag(), machine.incarnation(), null);
            steps.take("the operation fails and rolls back, the etag stays", changed(world, less, rolledBack));
            // A rollback that moves the etag cannot be told from what others do: a cause for doubt.
            if (Landing.fits(state) && !world.has(Trait.NOBODY_DIES)) {
                steps.take(
                        "the operation fails and rolls back, the etag moves", changed(world, less, rolledBack.moved()));
            }
        }
    }

    private void lateRequests(State state, Steps steps) {
        for (Request request : Request.all(state.flying())) {
            State rest = state.withFlying(state.flying() & ~request.bit());
            steps.take("a request is lost for good", rest);
            if (request.ifMatch() == state.machine().etag() && Landing.fits(state)) {
                Landing landing = Landing.of(world, rest, request.kind());
                steps.take("a request lands late", landing.state(), landing.broken());
            }
        }
    }

    private void machineMadeAnew(State state, Steps steps) {
        if (state.left().mishaps() == 0 || state.machine().incarnation() > 0) {
            return;
        }
        boolean addsSurvive = world.has(Trait.ADDS_OUTLIVE_THE_MACHINE);
        State less = state.with(state.left().lessMishaps())
                .withStale(null)
                .withFlying(addsSurvive && isOfUnknownOutcome(state.claim()) ? adds(state.flying()) : 0)
                .withEvery(operator ->
                        (mayOutlive(operator, addsSurvive) ? operator : operator.rests()).forgetsTheMachine());
        steps.take("the machine is made anew without X", less.with(new Machine(Owner.ABSENT, 0, 1, null)));
        steps.take("the machine is made anew with X", less.with(new Machine(Owner.FOREIGN, 0, 1, null)));
    }

    /**
     * An answer that was heard may be noted late. What is planned or about to be sent is too old by then. Where additions
     * outlive the machine it is the other way round: who knows that one was fenced off has noted it in time.
     */
    private static boolean mayOutlive(Operator operator, boolean addsSurvive) {
        Errand errand = operator.errand();
        if (errand == null || operator.answer() != null) {
            return errand == null || !addsSurvive;
        }
        return addsSurvive
                && switch (errand.decision()) {
                    case Send(Phase phase) -> phase == Phase.ATTACHING;
                    case Fence _ -> true;
                    default -> false;
                };
    }

    private static long adds(long flying) {
        long adds = 0;
        for (Request request : Request.all(flying)) {
            if (request.kind() == Request.Kind.ADD) {
                adds |= request.bit();
            }
        }
        return adds;
    }

    private static boolean isOfUnknownOutcome(@Nullable Claim claim) {
        return claim != null && claim.phase() != Phase.ATTACHED && claim.phase() != Phase.DETACHED;
    }

    /** By then every request of before has ended, and nobody still acts on what was seen before. */
    private static void fifteenMinutes(State state, Steps steps) {
        if (!state.late() && !isActing(state.first()) && (state.second() == null || !isActing(state.second()))) {
            steps.take("fifteen minutes pass", state.afterFifteenMinutes());
        }
    }

    private static boolean isActing(Operator operator) {
        return operator.hasPlanned() || operator.sends();
    }

    /**
     * The price: while the ledger says that X is ours, or somebody is about to write so for what was seen or answered
     * before, others who add it leave nothing by which it could be told from ours.
     */
    private static boolean isTakenForOurs(State state) {
        return Landing.saysAttached(state)
                || willSayAttached(state, state.first())
                || (state.second() != null && willSayAttached(state, state.second()));
    }

    private static boolean willSayAttached(State state, Operator operator) {
        Errand errand = operator.errand();
        if (errand == null || errand.incarnation() != state.machine().incarnation() || !operator.swaps()) {
            return false;
        }
        if (operator.sends()) {
            return errand.fresh();
        }
        Decision decision = errand.decision();
        return switch (operator.answer()) {
            case null -> decision instanceof Become(Phase phase) && phase == Phase.ATTACHED;
            case Answer.Accepted accepted ->
                (decision instanceof Send(Phase phase) && phase == Phase.ATTACHING)
                        || (decision instanceof Fence(Then then)
                                && then == Then.ATTACHED
                                && !accepted.etag().equals(Entries.etag(errand.etag())));
            case Answer.PreconditionFailed _, Answer.Refused _ -> errand.fresh();
            case Answer.Unknown _ -> false;
        };
    }

    /** After a write: nobody's operation can be followed any longer. */
    static State changed(World world, State state, Machine next) {
        return withMachine(world, state, next).withEvery(Operator::watchesNothing);
    }

    private static State withMachine(World world, State state, Machine next) {
        State moved = state.with(next);
        return world.has(Trait.STALE_READS)
                ? moved.withStale(state.machine().settled().view())
                : moved;
    }
}
