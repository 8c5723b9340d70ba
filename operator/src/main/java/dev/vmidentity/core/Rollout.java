package dev.vmidentity.core;

import java.util.List;
import java.util.Optional;

/** How far the instances of a scale set are on its latest model. */
public sealed interface Rollout {
    /** Its instances are machines of their own. */
    record Flexible() implements Rollout {}

    /** They have never been counted, since this is in the way. */
    record Uncounted(Fault fault) implements Rollout {}

    /**
     * As they were counted last.
     *
     * @param policy who upgrades them
     * @param latest how many are on the latest model
     * @param upgrading the ids of those in the batch that is under way
     * @param setback what went wrong last, and has not gone well since
     */
    record Counted(Instances.Policy policy, int total, int latest, List<String> upgrading, Optional<Setback> setback)
            implements Rollout {
        public Counted {
            upgrading = List.copyOf(upgrading);
        }

        public boolean isComplete() {
            return latest == total;
        }
    }

    /**
     * What stands in the way of going on.
     *
     * @param instances the batch that was to be upgraded; empty when they could not be counted anew
     */
    record Setback(List<String> instances, Fault fault) {
        public Setback {
            instances = List.copyOf(instances);
        }
    }
}
