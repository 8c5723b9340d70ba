package dev.vmidentity.simulator.arm;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;

/** Token buckets, by name. */
final class Budgets {
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    private record Level(double tokens, Instant at) {}

    private static final class Bucket {
        private volatile Level level;

        private Bucket(Level level) {
            this.level = level;
        }

        private synchronized boolean replace(Level expected, Level changed) {
            if (!level.equals(expected)) {
                return false;
            }
            level = changed;
            return true;
        }
    }

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
        var bucket = buckets.computeIfAbsent(name, key -> new Bucket(new Level(rule.capacity(), now)));
        while (true) {
            var level = bucket.level;
            var seconds = Math.max(0, Duration.between(level.at(), now).toNanos() / 1e9);
            var tokens = Math.min(rule.capacity(), level.tokens() + seconds * rule.perSecond());
            if (tokens < 1) {
                return new Taken(0, Math.max(1, (long) Math.ceil((1 - tokens) / rule.perSecond())));
            }
            if (bucket.replace(level, new Level(tokens - 1, now))) {
                return new Taken((int) (tokens - 1), 0);
            }
        }
    }

    void clear() {
        buckets.clear();
    }
}
