package dev.vmidentity.simulator.model;

import java.util.Random;
import java.util.UUID;

/** Everything random, from one seed. */
public final class Entropy {
    private final Random random;

    public Entropy(long seed) {
        this.random = new Random(seed);
    }

    public void reseed(long seed) {
        random.setSeed(seed);
    }

    public String guid() {
        synchronized (random) {
            long high = (random.nextLong() & ~0xF000L) | 0x4000L;
            long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
            return new UUID(high, low).toString();
        }
    }

    /** A duration that varies by a share of itself. */
    public long around(long millis, double spread) {
        return spread <= 0 ? millis : Math.round(millis * (1 - spread + 2 * spread * random.nextDouble()));
    }

    /** True with the given probability. */
    public boolean chance(double probability) {
        return probability >= 1 || random.nextDouble() < probability;
    }
}
