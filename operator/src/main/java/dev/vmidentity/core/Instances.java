package dev.vmidentity.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The port to the instances of scale sets. Its contract is the suite {@code InstancesContract}, which the fake and the
 * adapter to Azure both pass. No method throws for anything that Azure or the network may do.
 *
 * <p>To list costs two requests or more, one of them of those that Azure budgets as costly.
 */
public interface Instances {
    /** All instances of a scale set: every page, or none. */
    Listed list(TargetId scaleSet);

    /**
     * Brings instances to the whole latest model of their scale set, whoever changed what in it. Makes exactly one
     * attempt; what is not clearly accepted may or may not have had an effect. The operation is one of {@link Machines}.
     *
     * @param instances not empty
     */
    Upgraded upgrade(TargetId scaleSet, List<String> instances);

    /** Who brings instances to a new model. */
    enum Policy {
        /** Nobody, unless told for each instance. */
        MANUAL,
        /** Azure, at once. */
        AUTOMATIC,
        /** Azure, batch by batch. */
        ROLLING
    }

    /** The answer to a list. */
    sealed interface Listed {
        /**
         * Every instance that is not being deleted.
         *
         * @param behind the ids of those that are not on the latest model
         */
        record Whole(Policy policy, int total, List<String> behind) implements Listed {
            public Whole {
                behind = List.copyOf(behind);
            }
        }

        /** The scale set is in Flexible orchestration: its instances are machines of their own, and Azure upgrades none. */
        record Flexible() implements Listed {}

        record Failed(Fault fault) implements Listed {}
    }

    /** The answer to an upgrade. */
    sealed interface Upgraded {
        /**
         * Azure works on it.
         *
         * @param operation empty when Azure gave no handle to it
         * @param pollAfter when Azure said so
         */
        record Accepted(Optional<Machines.Operation> operation, Optional<Duration> pollAfter) implements Upgraded {}

        record Rejected(Fault fault) implements Upgraded {}
    }
}
