package dev.vmidentity.status;

import static dev.vmidentity.status.Samples.DB;
import static dev.vmidentity.status.Samples.NOW;
import static dev.vmidentity.status.Samples.WEB;
import static dev.vmidentity.status.Samples.machine;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityLedgerStatus;
import dev.vmidentity.api.VmIdentityLedgerStatus.Bindings;
import dev.vmidentity.api.VmIdentityLedgerStatus.Identity;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Phase;
import dev.vmidentity.status.Samples.Machine;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerStatusTest {
    private static final List<String> BINDINGS = List.of("team-b/two", "team-a/one");

    private static VmIdentityLedgerStatus render(Machine machine) {
        return LedgerStatus.render(machine.outcome(), BINDINGS, null, 1, NOW);
    }

    @Test
    void itShowsWhatIsOnTheMachineAndWhatOfItIsOurs() {
        var status = render(machine(WEB, DB)
                .withSystem()
                .claiming(WEB, Phase.ATTACHED)
                .claiming(IdentityKey.SYSTEM_ASSIGNED, Phase.ATTACHED));

        assertThat(status.machine()).isEqualTo("vm1");
        assertThat(status.type()).isEqualTo("SystemAssigned, UserAssigned");
        assertThat(status.identities())
                .containsExactlyInAnyOrder(
                        new Identity("systemAssigned", null, "principal-system", true),
                        new Identity(WEB.value(), "client-web-id", "principal-web-id", true),
                        new Identity(DB.value(), "client-db-id", "principal-db-id", false));
        assertThat(status.ours()).isEqualTo(2);
        assertThat(status.foreign()).isEqualTo(1);
        assertThat(status.bindings()).isEqualTo(new Bindings(2, List.of("team-a/one", "team-b/two")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONE | None",
                "SYSTEM_ASSIGNED | SystemAssigned",
                "USER_ASSIGNED | UserAssigned",
                "SYSTEM_AND_USER_ASSIGNED | SystemAssigned, UserAssigned"
            })
    void theTypeIsAsAzureSaysIt(IdentityType type, String said) {
        assertThat(LedgerStatus.type(type)).isEqualTo(said);
    }

    static Stream<Arguments> machines() {
        return Stream.of(
                arguments(machine(WEB).claiming(WEB, Phase.ATTACHED), Reason.Recorded),
                arguments(machine().claiming(WEB, Phase.ATTACHING), Reason.Attaching),
                arguments(machine(WEB).claiming(WEB, Phase.DETACHING), Reason.Detaching),
                arguments(machine().claiming(WEB, Phase.DETACHED), Reason.Detaching),
                arguments(machine(WEB).claiming(WEB, Phase.EVICTING), Reason.Detaching),
                arguments(machine(WEB).claiming(WEB, Phase.UNSURE), Reason.Unsure),
                arguments(machine().claiming(WEB, Phase.UNSURE), Reason.Recorded),
                arguments(machine().absent(false), Reason.WaitingForMachine),
                arguments(machine().unseen(), Reason.Observing),
                arguments(machine().fault(new Fault.LedgerNotOurs(true, "")), Reason.LedgerNewer),
                arguments(machine().in(MachineState.DELETING), Reason.MachineDeleting),
                arguments(machine().withoutEtags(), Reason.EtagUnsupported));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void itsReasonIsTheGravestOfMachineAndEntries(Machine machine, Reason reason) {
        assertThat(render(machine).conditions().getFirst().reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @MethodSource("machines")
    void theSameSeenLaterIsAnEqualStatus(Machine machine, Reason reason) {
        var before = render(machine);

        assertThat(LedgerStatus.render(machine.outcome(), BINDINGS.reversed(), before, 1, NOW.plusSeconds(99)))
                .isEqualTo(before);
    }

    @Test
    void whatMayBeOursIsNeitherOursNorForeign() {
        var status = render(machine(WEB).claiming(WEB, Phase.UNSURE));

        assertThat(status.ours()).isZero();
        assertThat(status.foreign()).isZero();
    }

    @Test
    void manyBindingsAreACountAndTwentyNames() {
        var many = IntStream.range(0, 500).mapToObj(i -> "team-a/b" + i).toList();

        var status = LedgerStatus.render(machine().outcome(), many, null, 1, NOW);

        assertThat(requireNonNull(status.bindings()).count()).isEqualTo(500);
        assertThat(requireNonNull(status.bindings()).names()).hasSize(20);
    }
}
