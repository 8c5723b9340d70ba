package dev.vmidentity.core;

import java.time.Duration;
import java.util.Optional;

/**
 * The port to virtual machines and scale sets. Its contract is the suite {@code MachinesContract}, which the fake and
 * the adapter to Azure both pass. No method throws for anything that Azure or the network may do.
 */
public interface Machines {
    Seen read(TargetId target);

    /**
     * Makes exactly one attempt: no retry, no redirect. What is not a clear 200 or 412 is a {@link Patched.Rejected},
     * and may or may not have had an effect.
     */
    Patched patch(TargetId target, Patch patch);

    /** One look at an operation that a PATCH began. */
    Progress poll(Operation operation);

    /** A handle to an operation that runs in Azure; opaque here. */
    record Operation(TargetId target, String url) {}

    /** The answer to a read. */
    sealed interface Seen {
        record Present(Observation observation) implements Seen {}

        /**
         * Azure says that there is none.
         *
         * @param resourceGroupToo whether its resource group is missing as well
         */
        record Absent(boolean resourceGroupToo, String detail) implements Seen {}

        record Failed(Fault fault) implements Seen {}
    }

    /** The answer to a PATCH. */
    sealed interface Patched {
        /**
         * 200.
         *
         * @param after the machine as the answer shows it, with its new etag
         * @param operation present when Azure works on it still
         * @param pollAfter when Azure said so
         */
        record Accepted(Observation after, Optional<Operation> operation, Optional<Duration> pollAfter)
                implements Patched {}

        /** 412: the machine is not as it was observed, or a copy of this very request has been applied already. */
        record PreconditionFailed(String detail) implements Patched {}

        record Rejected(Fault fault) implements Patched {}
    }

    /** How an operation is. */
    sealed interface Progress {
        record Running(Optional<Duration> pollAfter) implements Progress {}

        record Succeeded() implements Progress {}

        record Failed(Fault fault) implements Progress {}

        /** The poll itself failed; the operation may be in any state. */
        record Unknown(Fault fault) implements Progress {}
    }
}
