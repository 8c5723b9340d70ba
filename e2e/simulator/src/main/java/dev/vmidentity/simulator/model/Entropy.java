package dev.vmidentity.simulator.model;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Everything random, from one seed, without a lock: the n-th draw is a function of seed and n. Ids of requests are drawn apart, so that
 * polling and reading do not change the ids that resources get.
 */
public final class Entropy {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long start;
    private final AtomicLong seed;
    private final AtomicLong drawn = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();

    /** The same seed and the same start draw the same. */
    public Entropy(long seed, long start) {
        this.start = start;
        this.seed = new AtomicLong(seed);
    }

    public void reseed(long changed) {
        seed.set(changed);
        drawn.set(0);
    }

    /** Of a resource, a principal, an operation. */
    public String guid() {
        return guid(next(), next());
    }

    /** Of a request. */
    public String requestId() {
        long n = requests.getAndIncrement();
        return guid(mixed(~GOLDEN, start, 2 * n), mixed(~GOLDEN, start, 2 * n + 1));
    }

    private static String guid(long high, long low) {
        return new UUID((high & ~0xF000L) | 0x4000L, (low & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L).toString();
    }

    /** A duration that varies by a share of itself. */
    public long around(long millis, double spread) {
        return spread <= 0 ? millis : Math.round(millis * (1 - spread + 2 * spread * share(next())));
    }

    /** Whether the n-th of a series happens: the same for the same seed, whatever else goes on. */
    public static boolean chance(double probability, long seed, long series, long n) {
        return probability >= 1 || share(mixed(seed, series, n)) < probability;
    }

    private long next() {
        return mixed(seed.get(), start, drawn.getAndIncrement());
    }

    private static double share(long bits) {
        return (bits >>> 11) * 0x1.0p-53;
    }

    private static long mixed(long seed, long series, long n) {
        return mix(mix(mix(seed + GOLDEN) + series * GOLDEN) + n * GOLDEN);
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long bits) {
        long one = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        long two = (one ^ (one >>> 27)) * 0x94D049BB133111EBL;
        return two ^ (two >>> 31);
    }
}
