package dev.vmidentity.simulator.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The long-running operation that a machine is under.
 *
 * @param operation id of the {@link Operation}
 * @param ends      null when it never does
 * @param failure   when it will fail: what to restore and what to move; null when it will succeed
 * @param movesEtag whether succeeding moves the etag
 */
public record Work(
        String operation,
        Kind kind,
        @Nullable Instant ends,
        @Nullable Failure failure,
        boolean movesEtag) {

    /** What the operation does to the machine. */
    public enum Kind {
        CREATE("Creating"),
        UPDATE("Updating"),
        DELETE("Deleting");

        private final String state;

        Kind(String state) {
            this.state = state;
        }

        /** provisioningState while it runs. */
        public String state() {
            return state;
        }
    }

    /**
     * How it fails.
     *
     * @param restored what the identity block becomes; null leaves it as it is
     * @param movesEtag whether failing moves the etag
     */
    public record Failure(@Nullable MachineIdentity restored, boolean movesEtag) {}

    public boolean over(Instant now) {
        return ends != null && !now.isBefore(ends);
    }
}
