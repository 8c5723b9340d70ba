package dev.vmidentity.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.Quietly;
import dev.vmidentity.model.Player.Played;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random histories, against the product's own workers. {@code -Dmodel.seed=N} replays one; {@code make soak} plays many more,
 * and writes what they came to into the folder {@code -Dmodel.figures}.
 */
@ExtendWith(Quietly.class)
class HistoriesTest {
    private static final int ON_THE_FAKE = Integer.getInteger("model.histories", 300);

    /** Far fewer: TLS and JSON take a hundred times as long as the fake. */
    private static final int ON_THE_SIMULATOR = Integer.getInteger("model.simulated", 15);

    /** When so many are played and one kind of thing has not happened, the author has forgotten it. */
    private static final int ENOUGH_FOR_EVERYTHING = 300;

    @Test
    void noHistoryBreaksAPromiseOnTheFake(TestReporter reporter) {
        Figures figures = playAll("fake", false, ON_THE_FAKE, Player::onFake, reporter);

        if (figures.histories() >= ENOUGH_FOR_EVERYTHING) {
            assertThat(figures.missing()).as("what no history contained").isEmpty();
        }
    }

    @Test
    void noHistoryBreaksAPromiseOverTheAdapterAndTheSimulator(TestReporter reporter) {
        HandClock clock = new HandClock();
        try (SimulatedCloud cloud = new SimulatedCloud(clock)) {
            playAll(
                    "simulator",
                    true,
                    ON_THE_SIMULATOR,
                    (history, logs) -> Player.on(cloud, clock, history, logs),
                    reporter);
        }
    }

    private static Figures playAll(
            String name,
            boolean onSimulator,
            int count,
            BiFunction<History, Boolean, Played> player,
            TestReporter reporter) {
        Instant begun = Instant.now();
        Instant end = begun.plus(Duration.ofMinutes(Integer.getInteger("model.minutes", 60)));
        Long one = Long.getLong("model.seed");
        long first = one == null ? Long.getLong("model.first", 0) : one;
        long last = first + (one == null ? count : 1);
        Figures figures = new Figures();
        for (long seed = first; seed < last && Instant.now().isBefore(end); seed++) {
            History history = Author.history(seed, onSimulator);
            Played played = player.apply(history, false);
            if (played.broken().isPresent()) {
                fail(history, player);
            }
            figures.add(played);
        }
        String told = figures.told(Duration.between(begun, Instant.now()));
        reporter.publishEntry(name, told);
        write(name, told);
        return figures;
    }

    private static void write(String name, String told) {
        String folder = System.getProperty("model.figures", "");
        if (!folder.isEmpty()) {
            try {
                Files.writeString(Files.createDirectories(Path.of(folder)).resolve(name + ".txt"), told);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void fail(History history, BiFunction<History, Boolean, Played> player) {
        History shorter = Player.shortened(history, fewer -> player.apply(fewer, false));
        Played played = player.apply(shorter, true);
        assertThat(played.broken())
                .as(() -> "seed %d (alone: make soak SEED=%d)%n%s%n%n%s"
                        .formatted(
                                history.seed(),
                                history.seed(),
                                shorter,
                                String.join(System.lineSeparator(), played.log())))
                .isEmpty();
    }
}
