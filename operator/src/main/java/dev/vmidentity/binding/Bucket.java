package dev.vmidentity.binding;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token bucket in which places are taken in the order of asking: where it is empty, the next one who asks gets a moment
 * of its own, after those of the ones before. Not thread-safe.
 */
final class Bucket {
    private final Duration each;
    private final Duration burst;
    private @Nullable Instant full;

    /**
     * @param capacity how many at once
     * @param each how long it takes to earn one
     */
    Bucket(int capacity, Duration each) {
        this.each = each;
        this.burst = each.multipliedBy(capacity - 1L);
    }

    /** Takes a place; the moment at which it may be used, which is now where there was a token. */
    Instant take(Instant now) {
        Instant from = full == null || full.isBefore(now) ? now : full;
        full = from.plus(each);
        Instant moment = from.minus(burst);
        return moment.isAfter(now) ? moment : now;
    }

    /** Nothing was taken for so long that it is as new. */
    boolean isFull(Instant now) {
        return full == null || !full.isAfter(now);
    }
}
