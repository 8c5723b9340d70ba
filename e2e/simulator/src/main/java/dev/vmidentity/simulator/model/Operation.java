package dev.vmidentity.simulator.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What polling tells of a long-running operation.
 *
 * @param ends  null when it never does
 * @param retryAfter seconds to tell a poller while it runs; 0 tells nothing
 * @param error      when it will fail
 */
public record Operation(
        String id,
        String subscription,
        String location,
        String target,
        Instant started,
        @Nullable Instant ends,
        int retryAfter,
        @Nullable OperationError error) {

    /** Code and message of a failed operation. */
    public record OperationError(String code, String message) {}

    public boolean over(Instant now) {
        return ends != null && !now.isBefore(ends);
    }

    public Operation preempted(Instant now, OperationError preemption) {
        return over(now)
                ? this
                : new Operation(id, subscription, location, target, started, now, retryAfter, preemption);
    }
}
