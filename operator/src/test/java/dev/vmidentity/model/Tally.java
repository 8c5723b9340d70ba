package dev.vmidentity.model;

import java.util.EnumMap;
import java.util.Map;

/** What one history came to. */
final class Tally {
    private final Map<Happening, Integer> happened = new EnumMap<>(Happening.class);
    private int steps;
    private int rounds;
    private int reads;
    private int patches;
    private int polls;

    void happened(Happening what) {
        happened.merge(what, 1, Integer::sum);
    }

    int times(Happening what) {
        return happened.getOrDefault(what, 0);
    }

    void step() {
        steps++;
    }

    /** A round of a worker, whether the history asked for it or it was due at rest. */
    void round() {
        rounds++;
    }

    void read() {
        reads++;
    }

    void patch() {
        patches++;
    }

    void poll() {
        polls++;
    }

    int steps() {
        return steps;
    }

    int rounds() {
        return rounds;
    }

    int reads() {
        return reads;
    }

    int patches() {
        return patches;
    }

    int polls() {
        return polls;
    }
}
