package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final Scene.HandClock clock = new Scene.HandClock();
    private final Pace pace = new Pace(clock);

    @Test
    void aFewMachinesAreLookedAtWheneverSomethingHappens() {
        pace.looked("web", Pace.FEW);

        assertThat(pace.early("web")).isEmpty();
    }

    @Test
    void manyAreLookedAtEveryFiveSecondsOfEachBindingByItself() {
        pace.looked("web", Pace.FEW + 1);
        clock.advance(Duration.ofSeconds(2));

        assertThat(pace.early("web")).contains(Duration.ofSeconds(3));
        assertThat(pace.early("other")).isEmpty();

        clock.advance(Duration.ofSeconds(3));
        assertThat(pace.early("web")).isEmpty();
    }

    @Test
    void whoHasFewLeftWaitsNoLonger() {
        pace.looked("web", Pace.FEW + 1);
        pace.looked("web", 1);

        assertThat(pace.early("web")).isEmpty();
    }
}
