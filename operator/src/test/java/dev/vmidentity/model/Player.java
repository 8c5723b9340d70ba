package dev.vmidentity.model;

import dev.vmidentity.model.Promise.Broken;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Plays histories, and makes those that break a promise shorter. */
final class Player {
    private static final int MOST_TRIES = 400;

    private Player() {}

    /** What came of it. */
    record Played(
            Optional<RuntimeException> broken,
            Tally tally,
            int causes,
            double patchesACause,
            double readsARound,
            double pollsARound,
            double questionsATurn,
            double looksATurn,
            List<String> log) {}

    static Played onFake(History history, boolean logs) {
        HandClock clock = new HandClock();
        return play(
                history,
                new World(
                        history.climate(),
                        clock,
                        new FakeCloud(clock, history.climate().operations(), history.seed() % 2 == 0),
                        logs));
    }

    static Played on(SimulatedCloud cloud, HandClock clock, History history, boolean logs) {
        cloud.empty(history);
        return play(history, new World(history.climate(), clock, cloud, logs));
    }

    private static Played play(History history, World world) {
        Optional<RuntimeException> broken = Optional.empty();
        try {
            history.steps().forEach(world::play);
            new Rest(world).comes();
            Calls.check(world);
        } catch (RuntimeException e) {
            broken = Optional.of(e);
        }
        return new Played(
                broken,
                world.tally(),
                world.causes(),
                Calls.patches(world),
                Calls.reads(world),
                Calls.polls(world),
                Calls.questions(world),
                Calls.looks(world),
                world.log());
    }

    /** The shortest history found that breaks the same promise. */
    static History shortened(History history, Function<History, Played> player) {
        String reason = reason(player.apply(history));
        List<Step> steps = new ArrayList<>(history.steps());
        int tries = 0;
        for (int size = steps.size() / 2; size > 0; size /= 2) {
            for (int at = 0; at + size <= steps.size() && tries++ < MOST_TRIES; ) {
                List<Step> fewer = new ArrayList<>(steps);
                fewer.subList(at, at + size).clear();
                if (reason(player.apply(history.with(fewer))).equals(reason)) {
                    steps = fewer;
                } else {
                    at += size;
                }
            }
        }
        return history.with(steps);
    }

    private static String reason(Played played) {
        return played.broken()
                .map(e -> e instanceof Broken broken
                        ? broken.promise().name()
                        : e.getClass().getName())
                .orElse("");
    }
}
