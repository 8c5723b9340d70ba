package dev.vmidentity.model;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.vmidentity.model.Player.Played;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.slf4j.LoggerFactory;

/**
 * Random histories, against the product's own workers. {@code -Dmodel.seed=N} replays one, {@code -Dmodel.histories=N}
 * plays so many.
 */
class HistoriesTest {
    private static final int HISTORIES = Integer.getInteger("model.histories", 400);

    /** One of so many is played on the simulator: TLS and JSON take a hundred times as long as the fake. */
    private static final int ONE_ON_THE_SIMULATOR = 20;

    private static final Logger WORKERS = (Logger) LoggerFactory.getLogger("dev.vmidentity");

    /** Thousands of lines of what went wrong by design. */
    @BeforeAll
    static void quietly() {
        WORKERS.setLevel(Level.OFF);
    }

    @AfterAll
    static void asEver() {
        WORKERS.setLevel(null);
    }

    @Test
    void noHistoryBreaksAPromiseOnTheFake(TestReporter reporter) {
        playAll(false, HISTORIES, Player::onFake, reporter);
    }

    @Test
    void noHistoryBreaksAPromiseOverTheAdapterAndTheSimulator(TestReporter reporter) {
        HandClock clock = new HandClock();
        try (SimulatedCloud cloud = new SimulatedCloud(clock)) {
            playAll(
                    true,
                    HISTORIES / ONE_ON_THE_SIMULATOR,
                    (history, logs) -> Player.on(cloud, clock, history, logs),
                    reporter);
        }
    }

    private static void playAll(
            boolean onSimulator, int count, BiFunction<History, Boolean, Played> player, TestReporter reporter) {
        Long one = Long.getLong("model.seed");
        long[] seeds = one == null ? LongStream.range(0, count).toArray() : new long[] {one};
        Figures figures = new Figures();
        for (long seed : seeds) {
            History history = Author.history(seed, onSimulator);
            Played played = player.apply(history, false);
            if (played.broken().isPresent()) {
                fail(history, player);
            }
            figures.add(played);
        }
        reporter.publishEntry(onSimulator ? "on the simulator" : "on the fake", figures.toString());
    }

    private static void fail(History history, BiFunction<History, Boolean, Played> player) {
        History shorter = Player.shortened(history, fewer -> player.apply(fewer, false));
        Played played = player.apply(shorter, true);
        assertThat(played.broken())
                .as(() -> "seed %d (alone: -Dmodel.seed=%d)%n%s%n%n%s"
                        .formatted(
                                history.seed(),
                                history.seed(),
                                shorter,
                                String.join(System.lineSeparator(), played.log())))
                .isEmpty();
    }
}
