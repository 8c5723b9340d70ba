package dev.vmidentity.simulator.arm;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Token buckets, by name; without a lock, since every read takes from one. */
final class Budgets {
    private final ConcurrentHashMap<String, AtomicReference<Level>> buckets = new ConcurrentHashMap<>();

    private record Level(double tokens, Instant at) {}

    /** How large a bucket is and how fast it fills. */
    record Rule(int capacity, double perSecond) {}

    /**
     * What taking gave.
     *
     * @param remaining  whole tokens left
     * @param retryAfter seconds until there is a token; 0 when one was taken
     */
    record Taken(int remaining, long retryAfter) {
        boolean refused() {
            return retryAfter > 0;
        }
    }

    /** Takes one token. */
    Taken take(String name, Rule rule, Instant now) {
        var bucket = buckets.computeIfAbsent(name, key -> new AtomicReference<>(new Level(rule.capacity(), now)));
        while (true) {
            var level = Objects.requireNonNull(bucket.get());
            var seconds = Math.max(0, Duration.between(level.at(), now).toNanos() / 1e9);
            var tokens = Math.min(rule.capacity(), level.tokens() + seconds * rule.perSecond());
            if (tokens < 1) {
                return new Taken(0, Math.max(1, (long) Math.ceil((1 - tokens) / rule.perSecond())));
            }
            if (bucket.compareAndSet(level, new Level(tokens - 1, now))) {
                return new Taken((int) (tokens - 1), 0);
            }
        }
    }

    void clear() {
        buckets.clear();
    }
}
