package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FarewellsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration GONE = Duration.ofMinutes(1);
    private static final TargetId ONE = FleetScene.vm("one");

    private final Membership membership = new Membership(MembershipTest.PROD, false, 0, 10, GONE);
    private final Farewells farewells = new Farewells();

    @Test
    void whoHasLeftAndHadSomethingIsTakenOnce() {
        comes();
        leaves();
        farewells.had(ONE);

        assertThat(farewells.take(membership)).containsExactly(ONE);

        farewells.had(ONE);
        assertThat(farewells.take(membership)).isEmpty();
    }

    @Test
    void whoIsThereStillHasNotLeft() {
        comes();
        farewells.had(ONE);

        assertThat(farewells.take(membership)).isEmpty();
        leaves();
        assertThat(farewells.take(membership)).as("it has nothing any longer").isEmpty();
    }

    @Test
    void whoComesBackMayLeaveOnceMore() {
        comes();
        leaves();
        farewells.had(ONE);
        farewells.take(membership);
        comes();
        farewells.take(membership);
        leaves();
        farewells.had(ONE);

        assertThat(farewells.take(membership)).containsExactly(ONE);
    }

    private void comes() {
        membership.take(Set.of(ONE), Set.of(), true, NOW);
        membership.looked(ONE, MembershipTest.present(ONE, "prod"), NOW);
    }

    private void leaves() {
        membership.take(Set.of(), Set.of(ONE), false, NOW);
        membership.looked(ONE, MembershipTest.present(ONE, "test"), NOW);
    }
}
