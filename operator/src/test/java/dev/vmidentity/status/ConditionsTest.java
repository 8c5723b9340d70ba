package dev.vmidentity.status;

import static dev.vmidentity.api.ConditionStatus.False;
import static dev.vmidentity.api.ConditionStatus.True;
import static dev.vmidentity.api.ConditionType.Ready;
import static dev.vmidentity.api.ConditionType.Reconciling;
import static dev.vmidentity.api.ConditionType.Stalled;
import static dev.vmidentity.status.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConditionsTest {
    @Test
    void whatIsSettledIsReadyAndNothingElse() {
        assertThat(Conditions.of(List.of(), 3, Reason.Attached, "m", NOW))
                .containsExactly(new Condition(Ready, True, 3L, NOW, Reason.Attached, "m"));
    }

    @Test
    void whatIsUnderWayIsReconciling() {
        assertThat(Conditions.of(List.of(), 3, Reason.Attaching, "m", NOW))
                .extracting(Condition::type, Condition::status)
                .containsExactly(tuple(Ready, False), tuple(Reconciling, True));
    }

    @Test
    void whatWaitsForOthersIsReconciling() {
        assertThat(Conditions.of(List.of(), 3, Reason.WaitingForMachine, "m", NOW))
                .extracting(Condition::type, Condition::status)
                .containsExactly(tuple(Ready, False), tuple(Reconciling, True));
    }

    @Test
    void whatNeedsAPersonIsStalled() {
        assertThat(Conditions.of(List.of(), 3, Reason.Forbidden, "m", NOW))
                .extracting(Condition::type, Condition::status)
                .containsExactly(tuple(Ready, False), tuple(Stalled, True));
    }

    @Test
    void theTimeOfTheLastTransitionIsKeptWhileTheStatusIs() {
        var before = Conditions.of(List.of(), 3, Reason.Attaching, "one", NOW);

        var after = Conditions.of(before, 4, Reason.WaitingForMachine, "two", NOW.plusSeconds(60));

        assertThat(after).extracting(Condition::lastTransitionTime).containsOnly(NOW);
        assertThat(after).extracting(Condition::observedGeneration).containsOnly(4L);
    }

    @Test
    void theTimeOfTheLastTransitionMovesWithTheStatus() {
        var before = Conditions.of(List.of(), 3, Reason.Attaching, "one", NOW);

        var after = Conditions.of(before, 3, Reason.Attached, "two", NOW.plusSeconds(60));

        assertThat(after).extracting(Condition::lastTransitionTime).containsOnly(NOW.plusSeconds(60));
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void theSameSaidLaterIsAnEqualList(Reason reason) {
        var before = Conditions.of(List.of(), 3, Explanation.of(reason), NOW);

        assertThat(Conditions.of(before, 3, Explanation.of(reason), NOW.plusSeconds(999)))
                .isEqualTo(before);
    }
}
