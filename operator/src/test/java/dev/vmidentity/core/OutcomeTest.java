package dev.vmidentity.core;

import static dev.vmidentity.core.SmallWorld.A;
import static dev.vmidentity.core.SmallWorld.ETAG;
import static dev.vmidentity.core.SmallWorld.SYSTEM;
import static dev.vmidentity.core.SmallWorld.TARGET;
import static dev.vmidentity.core.SmallWorld.claim;
import static dev.vmidentity.core.SmallWorld.seen;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an identity stands on a machine, for a person. */
class OutcomeTest {
    private static Outcome outcome(@Nullable Observation seen, @Nullable Phase phase) {
        return outcome(seen, phase == null ? Ledger.EMPTY : Ledger.of(Map.of(A, claim(A, phase, ETAG))));
    }

    private static Outcome outcome(@Nullable Observation seen, Ledger ledger) {
        return new Outcome(
                TARGET,
                Optional.ofNullable(seen),
                Optional.empty(),
                Optional.empty(),
                ledger,
                TargetDemand.NOTHING,
                Map.of(),
                false,
                false,
                Optional.empty());
    }

    private static Observation machine(MachineState state, @Nullable String principalId) {
        ArmId id = ArmId.of(A.value());
        return seen(ETAG, state, false, Map.of(A, new AttachedIdentity(id, principalId, principalId)));
    }

    @ParameterizedTest
    @CsvSource({
        "ATTACHING, ATTACHING",
        "ATTACHED, ATTACHED",
        "DETACHING, DETACHING",
        "DETACHED, DETACHING",
        "EVICTING, DETACHING",
        "UNSURE, UNSURE",
    })
    void whatIsThereStandsAsTheLedgerSays(Phase phase, Standing standing) {
        Outcome outcome = outcome(machine(MachineState.SETTLED, "p-1"), phase);

        assertThat(outcome.standing(A)).isEqualTo(standing);
    }

    @Test
    void whatIsThereWithoutAnEntryIsOthers() {
        assertThat(outcome(machine(MachineState.SETTLED, "p-1"), Ledger.EMPTY).standing(A))
                .isEqualTo(Standing.ATTACHED_BY_OTHERS);
    }

    @ParameterizedTest
    @CsvSource({
        "ATTACHED, ATTACHED_BY_OTHERS, ABSENT",
        "DETACHED, ATTACHED_BY_OTHERS, ABSENT",
        "UNSURE, UNSURE, UNSURE",
    })
    void whatWasAttachedToAnEarlierMachineOfTheNameSaysNothingOfThisOne(Phase phase, Standing there, Standing gone) {
        Ledger ledger = Ledger.of(Map.of(A, claim(A, phase, null).on("an earlier incarnation")));

        assertThat(outcome(machine(MachineState.SETTLED, "p-1"), ledger).standing(A))
                .isEqualTo(there);
        assertThat(outcome(seen(ETAG, MachineState.SETTLED, false, Map.of()), ledger)
                        .standing(A))
                .isEqualTo(gone);
    }

    @Test
    void whatIsNeitherThereNorInTheLedgerIsAbsent() {
        Outcome outcome = outcome(machine(MachineState.SETTLED, "p-1"), Phase.ATTACHED);

        assertThat(outcome.standing(SYSTEM)).isEqualTo(Standing.ABSENT);
    }

    @Test
    void oursThatVanishedIsAboutToBeAttached() {
        Observation bare = seen(ETAG, MachineState.SETTLED, false, Map.of());

        assertThat(outcome(bare, Phase.ATTACHED).standing(A)).isEqualTo(Standing.ATTACHING);
        assertThat(outcome(null, Phase.ATTACHED).standing(A)).isEqualTo(Standing.ATTACHING);
    }

    @Test
    void itIsAttachedOnlyWhenTheOperationHasGivenItItsIds() {
        assertThat(outcome(machine(MachineState.BUSY, null), Phase.ATTACHED).standing(A))
                .isEqualTo(Standing.ATTACHING);
        assertThat(outcome(machine(MachineState.BUSY, "p-1"), Phase.ATTACHED).standing(A))
                .isEqualTo(Standing.ATTACHED);
        assertThat(outcome(machine(MachineState.SETTLED, null), Phase.ATTACHED).standing(A))
                .isEqualTo(Standing.ATTACHED);
    }
}
