package dev.vmidentity.core.exploration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The product's protocol holds in every state of every world, and lacks nothing that it could do without. */
class ProtocolExplorationTest {
    @ParameterizedTest
    @EnumSource
    void noPromiseIsBrokenAnywhereInAWorld(World world, TestReporter reporter) {
        Search.Result result = Search.of(world, Rules.PRODUCT);

        assertThat(result.broken()).isEmpty();
        reporter.publishEntry(world.name(), result.states() + " states");
    }

    @ParameterizedTest
    @EnumSource
    void aSafeguardTakenAwayIsMissed(Safeguard safeguard) {
        Search.Result result = Search.of(safeguard.world(), safeguard);

        assertThat(result.broken().map(Search.Found::promise))
                .as(() -> history(safeguard, result))
                .contains(safeguard.breaks());
    }

    private static String history(Safeguard safeguard, Search.Result result) {
        Optional<Search.Found> broken = result.broken();
        return "without %s, the world %s of %d states: %s"
                .formatted(
                        safeguard,
                        safeguard.world(),
                        result.states(),
                        broken.map(Search.Found::toString).orElse("no promise is broken"));
    }
}
