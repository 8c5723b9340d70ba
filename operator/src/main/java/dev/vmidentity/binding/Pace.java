package dev.vmidentity.binding;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Slows down what is woken by thousands of machines, each of which costs a look at all of them. */
final class Pace {
    /** How far apart looks at many machines are. */
    static final Duration APART = Duration.ofSeconds(5);

    /** So few are looked at whenever something happens. */
    static final int FEW = 20;

    private final Clock clock;
    private final Map<String, Instant> crowded = new ConcurrentHashMap<>();

    Pace(Clock clock) {
        this.clock = clock;
    }

    /** How long to wait; empty when it need not. */
    Optional<Duration> early(String binding) {
        return Optional.ofNullable(crowded.get(binding))
                .map(last -> Duration.between(clock.instant(), last.plus(APART)))
                .filter(Duration::isPositive);
    }

    /** It has been looked at, with so many machines. */
    void looked(String binding, int machines) {
        if (machines > FEW) {
            crowded.put(binding, clock.instant());
        } else {
            crowded.remove(binding);
        }
    }
}
