package dev.vmidentity.binding;

import java.time.Duration;

/**
 * The coordinator's clocks.
 *
 * @param gather how long a round waits for more submissions after the first
 * @param observe between two looks at a machine that is as wanted
 * @param absent between two looks at a machine that does not exist
 * @param gone how far apart two answers must be for a machine to count as gone: one 404 may be replication
 * @param poll the first look at an operation, where Azure does not say; later ones are further apart
 * @param operation how long an operation is watched before the machine itself is looked at again
 */
public record Timing(
        Duration gather, Duration observe, Duration absent, Duration gone, Duration poll, Duration operation) {
    /** A PATCH is sent on an observation of at most this age. */
    static final Duration FRESH = Duration.ofSeconds(5);

    public static Timing of(Duration observe, Duration absent, Duration gone, Duration poll) {
        return new Timing(Duration.ofMillis(50), observe, absent, gone, poll, Duration.ofMinutes(30));
    }
}
