package dev.vmidentity.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fault.Throttled.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final Fault UNREACHABLE = new Fault.Unreachable("");
    private static final Fault FORBIDDEN = new Fault.Forbidden("", List.of(), "", "");

    @Test
    void azuresOwnWaitIsKeptToTheSecond() {
        var fault = new Fault.Throttled(Scope.MACHINE, Optional.of(Duration.ofMinutes(20)), "");

        assertThat(Backoff.after(fault, 1, 7)).isEqualTo(Duration.ofMinutes(20));
        assertThat(Backoff.after(fault, 9, 8)).isEqualTo(Duration.ofMinutes(20));
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 4", "3, 8", "5, 32", "6, 60", "60, 60", "2147483647, 60"})
    void whatPassesByItselfIsTriedAgainFromTwoSecondsToAMinute(int attempts, long seconds) {
        assertThat(Backoff.after(UNREACHABLE, attempts, 1))
                .isBetween(Duration.ofMillis(seconds * 800), Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"1, 30", "2, 60", "5, 480", "6, 600", "1000, 600"})
    void whatNeedsAPersonIsTriedAgainFromHalfAMinuteToTen(int attempts, long seconds) {
        assertThat(Backoff.after(FORBIDDEN, attempts, 1))
                .isBetween(Duration.ofMillis(seconds * 800), Duration.ofSeconds(seconds));
    }

    @Test
    void manyThatFailedTogetherDoNotComeBackTogether() {
        var distinct = LongStream.range(0, 100)
                .mapToObj(seed -> Backoff.after(UNREACHABLE, 6, seed))
                .distinct();

        assertThat(distinct.count()).isGreaterThan(95);
    }

    @Test
    void equalArgumentsGiveAnEqualWait() {
        assertThat(Backoff.after(UNREACHABLE, 3, 42)).isEqualTo(Backoff.after(UNREACHABLE, 3, 42));
    }
}
