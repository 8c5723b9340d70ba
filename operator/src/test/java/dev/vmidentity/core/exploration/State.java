package dev.vmidentity.core.exploration;

import dev.vmidentity.core.Claim;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Everything that there is at one moment.
 *
 * @param claim the ledger's entry about X
 * @param second null in a world with one process at a time
 * @param flying requests of unknown outcome, see {@link Request}
 * @param stale what a GET of a replica that lags still tells; null when none lags
 * @param late whether the fifteen minutes of requests to the first incarnation are over
 */
record State(
        Machine machine,
        @Nullable Claim claim,
        Wish wish,
        Operator first,
        @Nullable Operator second,
        long flying,
        Machine.@Nullable View stale,
        boolean late,
        Budget left) {

    /**
     * How often things may still happen.
     *
     * @param lastEtag a change beyond it is not followed
     */
    record Budget(int foreign, int wishes, int moves, int mishaps, int lastEtag) {
        /** Nobody interferes and nothing fails. */
        static final Budget ALONE = new Budget(0, 0, 0, 0, 60);

        Budget lessForeign() {
            return new Budget(foreign - 1, wishes, moves, mishaps, lastEtag);
        }

        Budget lessWishes() {
            return new Budget(foreign, wishes - 1, moves, mishaps, lastEtag);
        }

        Budget lessMoves() {
            return new Budget(foreign, wishes, moves - 1, mishaps, lastEtag);
        }

        Budget lessMishaps() {
            return new Budget(foreign, wishes, moves, mishaps - 1, lastEtag);
        }
    }

    boolean isQuiet() {
        return everybodyIsIdle() && flying == 0 && stale == null && !machine.operationRuns();
    }

    boolean everybodyIsIdle() {
        return first.isIdle() && (second == null || second.isIdle());
    }

    Operator operator(int number) {
        return number == 0 || second == null ? first : second;
    }

    State with(int number, Operator operator) {
        return number == 0
                ? new State(machine, claim, wish, operator, second, flying, stale, late, left)
                : new State(machine, claim, wish, first, operator, flying, stale, late, left);
    }

    State withEvery(UnaryOperator<Operator> change) {
        return new State(
                machine,
                claim,
                wish,
                change.apply(first),
                second == null ? null : change.apply(second),
                flying,
                stale,
                late,
                left);
    }

    State with(Machine next) {
        return new State(next, claim, wish, first, second, flying, stale, late, left);
    }

    State with(@Nullable Claim next) {
        return new State(machine, next, wish, first, second, flying, stale, late, left);
    }

    State with(Wish next) {
        return new State(machine, claim, next, first, second, flying, stale, late, left);
    }

    State with(Budget next) {
        return new State(machine, claim, wish, first, second, flying, stale, late, next);
    }

    State withStale(Machine.@Nullable View view) {
        return new State(machine, claim, wish, first, second, flying, view, late, left);
    }

    State withFlying(long requests) {
        return new State(machine, claim, wish, first, second, requests, stale, late, left);
    }

    State afterFifteenMinutes() {
        return new State(machine, claim, wish, first, second, 0, null, true, left);
    }

    @Override
    public String toString() {
        String entry = claim == null
                ? "no entry"
                : claim.phase() + (claim.etag() == null ? "" : "(" + claim.etag() + ")") + " on " + claim.machineId();
        return machine + " | ledger: " + entry + " | " + wish + " | operator " + first
                + (second == null ? "" : " | other operator " + second)
                + (flying == 0 ? "" : " | under way: " + Request.all(flying))
                + (stale == null ? "" : " | a replica says: " + stale);
    }
}
