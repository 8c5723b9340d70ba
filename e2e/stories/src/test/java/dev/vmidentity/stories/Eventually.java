package dev.vmidentity.stories;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Waits for what must come about; how long it may take is no claim about speed. */
final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private Eventually() {}

    static void is(String condition, Callable<Boolean> question) {
        holds(() -> {
            if (!question.call()) {
                throw new AssertionError("not yet: " + condition);
            }
        });
    }

    /** Tells what was last seen when it does not come about. */
    static void holds(ThrowingRunnable assertion) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(PAUSE)
                .atMost(PATIENCE)
                .untilAsserted(assertion);
    }
}
