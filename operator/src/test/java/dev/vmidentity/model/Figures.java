package dev.vmidentity.model;

import dev.vmidentity.model.Player.Played;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** What many histories came to. */
final class Figures {
    private final Map<Happening, Long> times = new EnumMap<>(Happening.class);
    private final Map<Happening, Integer> within = new EnumMap<>(Happening.class);
    private int histories;
    private long steps;
    private long rounds;
    private long causes;
    private final Calling patches = new Calling("PATCHes", Tally::patches);
    private final Calling reads = new Calling("GETs", Tally::reads);
    private final Calling polls = new Calling("polls", Tally::polls);
    private final Bound patchBound = new Bound("PATCHes a cause", Calls.PATCHES_A_CAUSE, Played::patchesACause);
    private final Bound readBound = new Bound("GETs a round", Calls.READS_A_ROUND, Played::readsARound);
    private final Bound pollBound = new Bound("polls a round", Calls.POLLS_A_ROUND, Played::pollsARound);

    private final Calling questions = new Calling("questions about many", Tally::questions);
    private final Calling looks = new Calling("GETs of machines that may not match", Tally::looks);
    private final Bound questionBound = new Bound("questions a turn", Calls.QUESTIONS_A_TURN, Played::questionsATurn);
    private final Bound lookBound = new Bound("such GETs a turn", Calls.LOOKS_A_TURN, Played::looksATurn);

    /** Calls of a kind. */
    private static final class Calling {
        private final String name;
        private final ToIntFunction<Tally> count;
        private long all;
        private int most;

        Calling(String name, ToIntFunction<Tally> count) {
            this.name = name;
            this.count = count;
        }

        void add(Tally tally) {
            int calls = count.applyAsInt(tally);
            all += calls;
            most = Math.max(most, calls);
        }

        String of(int histories) {
            return "%s %.1f (at most %d)".formatted(name, (double) all / Math.max(1, histories), most);
        }
    }

    /** How near the histories came to a bound. */
    private static final class Bound {
        private final String name;
        private final double bound;
        private final ToDoubleFunction<Played> figure;
        private double most;

        Bound(String name, double bound, ToDoubleFunction<Played> figure) {
            this.name = name;
            this.bound = bound;
            this.figure = figure;
        }

        void add(Played played) {
            most = Math.max(most, figure.applyAsDouble(played));
        }

        @Override
        public String toString() {
            return "%.2f of %.2f %s".formatted(most, bound, name);
        }
    }

    void add(Played played) {
        Tally tally = played.tally();
        histories++;
        steps += tally.steps();
        rounds += tally.rounds();
        causes += played.causes();
        List.of(patches, reads, polls, questions, looks).forEach(calls -> calls.add(tally));
        List.of(patchBound, readBound, pollBound, questionBound, lookBound).forEach(bound -> bound.add(played));
        for (Happening what : Happening.values()) {
            int happened = tally.times(what);
            times.merge(what, (long) happened, Long::sum);
            within.merge(what, happened > 0 ? 1 : 0, Integer::sum);
        }
    }

    int histories() {
        return histories;
    }

    /** What no history contained. */
    List<Happening> missing() {
        return Arrays.stream(Happening.values())
                .filter(what -> times.getOrDefault(what, 0L) == 0)
                .toList();
    }

    String told(Duration took) {
        return "%d histories in %d s: %d steps, %d rounds, %d causes%n"
                        .formatted(histories, took.toSeconds(), steps, rounds, causes)
                + "calls for a history: %s, %s, %s, %s, %s%n"
                        .formatted(
                                patches.of(histories),
                                reads.of(histories),
                                polls.of(histories),
                                questions.of(histories),
                                looks.of(histories))
                + "nearest to the bounds: %s, %s, %s, %s, %s%n"
                        .formatted(patchBound, readBound, pollBound, questionBound, lookBound)
                + Arrays.stream(Happening.values())
                        .map(what -> "%9d  in %6d  %s"
                                .formatted(times.getOrDefault(what, 0L), within.getOrDefault(what, 0), what))
                        .collect(Collectors.joining(System.lineSeparator()));
    }
}
