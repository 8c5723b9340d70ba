package dev.vmidentity.core.exploration;

import static dev.vmidentity.core.exploration.World.Trait.ADDS_OUTLIVE_THE_MACHINE;
import static dev.vmidentity.core.exploration.World.Trait.APPLIED_YET_412;
import static dev.vmidentity.core.exploration.World.Trait.ETAG_STAYS_WHEN_NOTHING_CHANGES;
import static dev.vmidentity.core.exploration.World.Trait.MADE_ANEW;
import static dev.vmidentity.core.exploration.World.Trait.NOBODY_DIES;
import static dev.vmidentity.core.exploration.World.Trait.OPERATIONS_FAIL;
import static dev.vmidentity.core.exploration.World.Trait.REFUSALS;
import static dev.vmidentity.core.exploration.World.Trait.STALE_READS;
import static dev.vmidentity.core.exploration.World.Trait.TIME_PASSES;
import static dev.vmidentity.core.exploration.World.Trait.TWO_OPERATORS;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The worlds. In each, operators die at every step, requests of the dead land late or never, answers get lost, others
 * add and remove X, etags move by themselves, and users change their minds; the traits come on top.
 *
 * <p>What no world has, because time and not the protocol excludes it:
 *
 * <ul>
 *   <li>A request reaches a machine that was made anew after the observation it was planned on. A PATCH is sent on an
 *       observation at most five seconds old and lives at most thirty; deleting and creating a machine takes longer. For
 *       removals no etag closes this. Additions are let through in {@link Trait#ADDS_OUTLIVE_THE_MACHINE}, as far as the
 *       fifteen minutes of the protocol hold them: while the entry that they belong to is of unknown outcome and stands.
 *   <li>A replica that tells of an earlier incarnation of the machine, or of more than one change ago.
 *   <li>An operator that plans, sleeps for minutes, and then sends.
 *   <li>An adoption while a replica lags and a removal is under way whose entry was overwritten because of that replica:
 *       the removal may still land. It is attached again; nothing foreign is lost.
 * </ul>
 *
 * <p>What is the price, and counts as ours: X that others add while the ledger says Attached, or while a write that says
 * so is on its way, see {@link Surroundings}.
 */
// The sets are unmodifiable and hold constants, the bounds are numbers: the checker cannot see it.
@SuppressWarnings("ImmutableEnumChecker")
enum World {
    ORDINARY(bounds(2, 3, 1, 0), Wish.WANTED_OR_NOT),
    TWO_AT_ONCE(bounds(1, 2, 0, 0), Wish.WANTED_OR_NOT, TWO_OPERATORS),
    STALE(bounds(1, 3, 1, 0), Wish.WANTED_OR_NOT, STALE_READS),
    ROLLED_BACK(bounds(1, 3, 1, 1), Wish.WANTED_OR_NOT, OPERATIONS_FAIL),
    STALE_AND_ROLLED_BACK(bounds(1, 3, 0, 1), Wish.WANTED_OR_NOT, STALE_READS, OPERATIONS_FAIL),
    ANSWERED_412(bounds(1, 3, 1, 2), Wish.WANTED_OR_NOT, APPLIED_YET_412),
    REFUSED(bounds(1, 3, 1, 1), Wish.WANTED_OR_NOT, REFUSALS, APPLIED_YET_412),
    REFUSED_FOR_TWO(bounds(1, 2, 0, 1), Wish.WANTED_OR_NOT, REFUSALS, TWO_OPERATORS),
    REFUSED_AND_EXCLUSIVE(bounds(1, 3, 0, 1), Wish.OR_FORBIDDEN, REFUSALS),
    ETAGS_STAY(bounds(2, 3, 1, 0), Wish.WANTED_OR_NOT, ETAG_STAYS_WHEN_NOTHING_CHANGES),
    ETAGS_STAY_FOR_TWO(
            bounds(1, 2, 0, 1), Wish.WANTED_OR_NOT, ETAG_STAYS_WHEN_NOTHING_CHANGES, APPLIED_YET_412, TWO_OPERATORS),
    ETAGS_STAY_AND_TIME_PASSES(
            bounds(1, 2, 0, 1),
            Wish.WANTED_OR_NOT,
            ETAG_STAYS_WHEN_NOTHING_CHANGES,
            STALE_READS,
            OPERATIONS_FAIL,
            TIME_PASSES),
    ETAGS_STAY_FOR_TWO_AND_TIME_PASSES(
            bounds(1, 2, 0, 0), Wish.WANTED_OR_NOT, ETAG_STAYS_WHEN_NOTHING_CHANGES, TWO_OPERATORS, TIME_PASSES),
    EXCLUSIVE(bounds(1, 3, 0, 1), Wish.OR_FORBIDDEN, OPERATIONS_FAIL),
    EXCLUSIVE_AND_STALE(bounds(1, 3, 0, 0), Wish.OR_FORBIDDEN, STALE_READS),
    ADOPTING(bounds(1, 3, 1, 0), Wish.OR_FORBIDDEN_OR_ADOPTED),
    KEEPING(bounds(1, 3, 1, 0), Wish.OR_KEPT),
    ANEW(bounds(1, 2, 1, 1), Wish.WANTED_OR_NOT, MADE_ANEW),
    ANEW_AND_ADOPTING(bounds(1, 2, 0, 1), Wish.OR_FORBIDDEN_OR_ADOPTED, MADE_ANEW),
    ANEW_WITH_LATE_ADDS(bounds(1, 3, 1, 1), Wish.WANTED_OR_NOT, MADE_ANEW, ADDS_OUTLIVE_THE_MACHINE),
    CALM(bounds(0, 4, 3, 0), Wish.WANTED_OR_NOT, NOBODY_DIES),
    CALM_AND_REFUSED(bounds(0, 4, 2, 2), Wish.WANTED_OR_NOT, NOBODY_DIES, REFUSALS),
    CALM_AND_ROLLED_BACK(bounds(0, 4, 0, 2), Wish.WANTED_OR_NOT, NOBODY_DIES, OPERATIONS_FAIL);

    /** What can happen on top of the ordinary, or cannot. */
    enum Trait {
        /** No operator dies, and every answer is heard. */
        NOBODY_DIES,
        /** Two processes work at the same time. */
        TWO_OPERATORS,
        /** A GET may tell what was before the last change. Whether an operation runs, it may not tell. */
        STALE_READS,
        /** A change takes time, and may fail after its 200 and roll back; the etag moves by that, or does not. */
        OPERATIONS_FAIL,
        /** A request is applied, sent again below us, and answered 412. */
        APPLIED_YET_412,
        /** A request may be refused before it does anything, whatever its etag. */
        REFUSALS,
        /** A PATCH that changes nothing leaves the etag as it is. */
        ETAG_STAYS_WHEN_NOTHING_CHANGES,
        /** At some moment fifteen minutes pass, in which everything that is under way ends. */
        TIME_PASSES,
        /** The machine is deleted and made anew under its name; etags start again, X may be in its template. */
        MADE_ANEW,
        /** Additions that were sent to the first machine may reach the second, within fifteen minutes. */
        ADDS_OUTLIVE_THE_MACHINE
    }

    private static final int LAST_ETAG = 5;

    private final State.Budget bounds;
    private final Set<Wish> wishes;
    private final Set<Trait> traits;

    World(State.Budget bounds, Set<Wish> wishes, Trait... traits) {
        this.bounds = bounds;
        this.wishes = wishes;
        EnumSet<Trait> set = EnumSet.noneOf(Trait.class);
        Collections.addAll(set, traits);
        this.traits = Collections.unmodifiableSet(set);
    }

    private static State.Budget bounds(int foreign, int wishes, int moves, int mishaps) {
        return new State.Budget(foreign, wishes, moves, mishaps, LAST_ETAG);
    }

    boolean has(Trait trait) {
        return traits.contains(trait);
    }

    Set<Wish> wishes() {
        return wishes;
    }

    /** A machine without X, an empty ledger, and nobody wants anything yet. */
    State start() {
        return new State(
                new Machine(Machine.Owner.ABSENT, 0, 0, null),
                null,
                Wish.UNWANTED,
                Operator.NEW,
                has(TWO_OPERATORS) ? Operator.NEW : null,
                0,
                null,
                false,
                bounds);
    }
}
