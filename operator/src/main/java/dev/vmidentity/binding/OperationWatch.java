package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Machines.Operation;
import dev.vmidentity.core.Machines.Progress;
import dev.vmidentity.core.Observation;
import dev.vmidentity.status.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows the operation that a request of ours began on one machine, and remembers which one was seen to succeed. Not
 * thread-safe: it belongs to one machine's worker.
 */
final class OperationWatch {
    /** Azure's compute polls are budgeted too: later ones are further apart, up to so many times the first wait. */
    private static final int SLOWEST = 6;

    private static final int NOT_FOUND = 404;

    private final Machines machines;
    private final Timing timing;
    private final long seed;
    private @Nullable Running running;
    private @Nullable Ended succeeded;

    /** An operation of ours. */
    private record Running(
            Operation operation, Ended to, Collection<IdentityKey> adds, Instant since, Instant pollAt, int polls) {}

    /**
     * What a PATCH led to.
     *
     * @param machineId the incarnation: etags of different ones are not comparable
     * @param etag null where the PATCH did not move it: it says nothing then of what went before
     */
    private record Ended(String machineId, @Nullable String etag) {}

    /** What a look at the operation showed. */
    sealed interface Sight {
        /** None runs, as far as can be told; the machine itself is to be looked at. */
        record Over() implements Sight {}

        /** It runs; the next look is due then. */
        record Runs(Instant next) implements Sight {}

        /** It ended well. */
        record Succeeded(Collection<IdentityKey> adds) implements Sight {}

        /** It ended badly. */
        record Failed(Fault fault, Collection<IdentityKey> adds) implements Sight {}

        /** It is no longer followed: not to be asked for, or not ended in time. */
        record GivenUp(String why) implements Sight {}
    }

    OperationWatch(Machines machines, Timing timing, long seed) {
        this.machines = machines;
        this.timing = timing;
        this.seed = seed;
    }

    /**
     * A PATCH was accepted.
     *
     * @param after the machine as the answer shows it
     * @param moved whether the PATCH moved the etag
     * @param adds the identities that were sent for somebody who wants them
     */
    void began(
            Observation after,
            boolean moved,
            Optional<Operation> operation,
            Optional<Duration> pollAfter,
            List<IdentityKey> adds,
            Instant now) {
        Ended to = new Ended(after.machineId(), moved ? after.etag() : null);
        running = operation
                .map(handle -> new Running(handle, to, adds, now, now.plus(pollAfter.orElse(timing.poll())), 0))
                .orElse(null);
    }

    /** What is no PATCH was accepted: its success says nothing of any etag. */
    void began(Operation handle, Optional<Duration> pollAfter, Instant now) {
        Ended to = new Ended("", null);
        running = new Running(handle, to, List.of(), now, now.plus(pollAfter.orElse(timing.poll())), 0);
    }

    boolean runs() {
        return running != null;
    }

    void forget() {
        running = null;
    }

    /** The etag of a PATCH on this incarnation of which the operation was seen to succeed; null when there is none. */
    @Nullable
    String succeededOn(String machineId) {
        return succeeded != null && succeeded.machineId().equals(machineId) ? succeeded.etag() : null;
    }

    /** Whether {@link #look} would poll now. */
    boolean isDue(Instant now) {
        return running != null && !now.isBefore(running.pollAt());
    }

    /** Polls when it is time. */
    Sight look(Instant now) {
        Running current = running;
        if (current == null) {
            return new Sight.Over();
        }
        if (now.isBefore(current.pollAt())) {
            return new Sight.Runs(current.pollAt());
        }
        return switch (machines.poll(current.operation())) {
            case Progress.Succeeded _ -> {
                succeeded = current.to();
                running = null;
                yield new Sight.Succeeded(current.adds());
            }
            case Progress.Failed(Fault fault) -> {
                running = null;
                yield new Sight.Failed(fault, current.adds());
            }
            case Progress.Running(Optional<Duration> said) ->
                on(current, now, said.orElse(timing.poll().multipliedBy(Math.min(1 + current.polls(), SLOWEST))));
            case Progress.Unknown(Fault.Forbidden fault) -> {
                // Operations are a permission of their own; that the machine is busy shows on the machine too.
                running = null;
                yield new Sight.GivenUp("it may not be asked for: " + fault.detail());
            }
            case Progress.Unknown(Fault.Unexpected fault)
            when fault.status() == NOT_FOUND -> {
                // As when the machine went with it.
                running = null;
                yield new Sight.GivenUp("Azure does not know it: " + fault.detail());
            }
            case Progress.Unknown(Fault fault) -> on(current, now, Backoff.after(fault, current.polls() + 1, seed));
        };
    }

    private Sight on(Running current, Instant now, Duration wait) {
        if (now.isAfter(current.since().plus(timing.operation()))) {
            running = null;
            return new Sight.GivenUp("it has not ended in " + timing.operation());
        }
        Instant next = now.plus(wait);
        running = new Running(
                current.operation(), current.to(), current.adds(), current.since(), next, current.polls() + 1);
        return new Sight.Runs(next);
    }
}
