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
    private int questions;
    private int looks;
    private int lists;
    private int upgrades;
    private double turns;

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

    /** About many machines at once. */
    void question() {
        questions++;
    }

    /** At one machine, whether it still matches. */
    void look() {
        looks++;
    }

    /** The shortest times between two questions that have passed, for each process and selector. */
    void turns(double passed) {
        turns += passed;
    }

    double turns() {
        return turns;
    }

    /** Of instances. */
    void list() {
        lists++;
    }

    /** A batch of instances. */
    void upgrade() {
        upgrades++;
    }

    int lists() {
        return lists;
    }

    int upgrades() {
        return upgrades;
    }

    int questions() {
        return questions;
    }

    int looks() {
        return looks;
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
