package dev.vmidentity.status;

import dev.vmidentity.core.Fault;
import java.time.Duration;

/** When to try again after a fault. Pure: equal arguments, equal wait. */
public final class Backoff {
    /** What passes by itself. */
    private static final Rhythm SOON = new Rhythm(Duration.ofSeconds(2), Duration.ofSeconds(60));

    /** What may be a replica of Azure that lags, and may be wrong for good. */
    private static final Rhythm SLOWER = new Rhythm(Duration.ofSeconds(5), Duration.ofMinutes(10));

    /** What a person has to mend. */
    private static final Rhythm SLOWLY = new Rhythm(Duration.ofSeconds(30), Duration.ofMinutes(10));

    /** What others are about to create: worth a look every minute. */
    private static final Rhythm STEADILY = new Rhythm(Duration.ofSeconds(15), Duration.ofSeconds(60));

    /** What Azure is still spreading: it takes seconds as a rule, and minutes at times. */
    private static final Rhythm OFTEN = new Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(15));

    /** After so many tries, some ten minutes, it is not that. */
    private static final int OFTEN_ENOUGH = 40;

    /** The part of a wait that is up to chance. */
    private static final double JITTER = 0.2;

    private Backoff() {}

    /**
     * The wait before the next try.
     *
     * @param attempts how many tries in a row ended in a fault, this one included: at least 1
     * @param seed differs from one object to the next, so that many that failed together do not come back together
     */
    public static Duration after(Fault fault, int attempts, long seed) {
        return switch (fault) {
            // Azure's own wait is kept to the second: shorter is refused, longer is nobody's wish.
            case Fault.Throttled throttled -> throttled.retryAfter().orElseGet(() -> SOON.pause(attempts, seed));
            case Fault.Unreachable _,
                    Fault.AzureUnwell _,
                    Fault.Busy _,
                    Fault.BeingDeleted _,
                    Fault.ChangedMeanwhile _,
                    Fault.LedgerUnavailable _ -> SOON.pause(attempts, seed);
            case Fault.PrincipalUnknown _ -> (attempts <= OFTEN_ENOUGH ? OFTEN : SLOWLY).pause(attempts, seed);
            case Fault.ResourceGroupMissing _, Fault.ScopeMissing _ -> STEADILY.pause(attempts, seed);
            case Fault.IdentityMissing _ -> SLOWER.pause(attempts, seed);
            case Fault.Forbidden _,
                    Fault.IdentityRefused _,
                    Fault.Refused _,
                    Fault.SubscriptionMissing _,
                    Fault.CredentialsRefused _,
                    Fault.LedgerNotOurs _,
                    Fault.DetachHeld _,
                    Fault.RoleMissing _,
                    Fault.Unexpected _ -> SLOWLY.pause(attempts, seed);
        };
    }

    /** The wait before the next look at what a person has to mend, where no fault was met. */
    public static Duration slowly(int attempts, long seed) {
        return SLOWLY.pause(attempts, seed);
    }

    /** A periodic wait, up to a fifth shorter, so that what started together drifts apart. */
    public static Duration spread(Duration interval, long seed) {
        return shortened(interval, seed);
    }

    private static Duration shortened(Duration wait, long seed) {
        // The finaliser of SplitMix64: near seeds give far results.
        long mixed = (seed + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        double chance = (mixed >>> 11) * 0x1.0p-53;
        return Duration.ofMillis(Math.round(wait.toMillis() * (1 - JITTER * chance)));
    }

    private record Rhythm(Duration first, Duration longest) {
        private static final int DOUBLINGS = 20;

        Duration pause(int attempts, long seed) {
            var doubled = first.multipliedBy(1L << Math.clamp(attempts - 1L, 0, DOUBLINGS));
            return shortened(doubled.compareTo(longest) < 0 ? doubled : longest, seed * 31 + attempts);
        }
    }
}
