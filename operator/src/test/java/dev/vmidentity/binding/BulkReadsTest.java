package dev.vmidentity.binding;

import static dev.vmidentity.binding.ManyMachines.WEB;
import static dev.vmidentity.binding.ManyMachines.machine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.Quietly;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What many machines cost, and that nothing is done on the word of an inventory. */
@ExtendWith(Quietly.class)
final class BulkReadsTest {
    private static final ArmId OTHER = ArmId.userAssignedIdentity(Scene.SUBSCRIPTION, "rg-ids", "other");

    private final ManyMachines scene = new ManyMachines();

    @Test
    void aRestartWithTenThousandConvergedBindingsIsTensOfReadsAndNoWriteAtAll() {
        List<TargetId> machines = converged(10_000);
        var before = scene.statuses(Map.of());
        int ledgerWrites = scene.ledgers.writes();
        int ledgerStatuses = scene.ledgers.statusWrites();

        scene.restart();
        scene.pass(Duration.ofMinutes(1));

        assertThat(machines).allMatch(machine -> scene.told(machine).isPresent());
        assertThat(scene.requests()).isLessThan(100);
        assertThat(scene.patches()).isZero();
        assertThat(scene.ledgers.writes()).isEqualTo(ledgerWrites);
        assertThat(scene.ledgers.statusWrites()).isEqualTo(ledgerStatuses);
        assertThat(scene.statuses(before)).isEqualTo(before);
    }

    @Test
    void theSteadyStateOfThousandsIsAFewQuestionsAMinute() {
        converged(3_000);
        scene.restart();
        scene.pass(Duration.ofMinutes(5));
        scene.azure.forgetRequests();

        scene.pass(Duration.ofMinutes(20));

        assertThat(scene.patches()).isZero();
        assertThat(scene.reads() + scene.questions()).isLessThan(20 * 6);
    }

    @Test
    void aThousandAbsentMachinesAreAFewReadsAMinuteAndOneThatAppearsIsFoundInAboutAMinute() {
        List<TargetId> machines =
                IntStream.range(0, 1_000).mapToObj(ManyMachines::machine).toList();
        machines.forEach(machine -> scene.bind(machine, WEB));
        scene.restart();
        scene.pass(Duration.ofMinutes(5));
        assertThat(machines)
                .allMatch(machine ->
                        scene.told(machine).orElseThrow().outcome().absence().isPresent());
        scene.azure.forgetRequests();

        scene.pass(Duration.ofHours(2));
        assertThat(scene.requests()).isLessThanOrEqualTo(2 * 60 * 6);

        TargetId late = machine(500);
        scene.azure.makeMachine(late);
        scene.pass(Duration.ofSeconds(80));
        assertThat(scene.azure.look(late).orElseThrow().has(IdentityKey.of(WEB)))
                .isTrue();
    }

    @Test
    void aFewMachinesAreReadOneByOneAsEver() {
        List<TargetId> machines = converged(20);
        scene.restart();

        scene.pass(Duration.ofHours(1));

        assertThat(scene.questions()).isZero();
        assertThat(machines).allMatch(machine -> scene.azure.reads(machine) >= 10);
    }

    @Test
    void whatSomebodyChangedIsServedAtOnceHoweverManyWait() {
        List<TargetId> machines = converged(2_000);
        scene.azure.makeIdentity(OTHER);
        scene.restart();
        scene.pass(Duration.ofMinutes(7));
        scene.azure.forgetRequests();
        TargetId one = machines.get(700);

        scene.bind(one, WEB, OTHER);
        scene.round(one);

        assertThat(scene.azure.look(one).orElseThrow().has(IdentityKey.of(OTHER)))
                .isTrue();
        assertThat(scene.questions()).isZero();
    }

    @Test
    void whatIsMissingInBulkIsReadAndAttachedAgain() {
        List<TargetId> machines = converged(200);
        scene.azure.detach(machines.get(150), WEB);

        scene.restart();
        scene.pass(Duration.ofMinutes(1));

        assertThat(scene.azure.look(machines.get(150)).orElseThrow().has(IdentityKey.of(WEB)))
                .isTrue();
        assertThat(scene.patches()).isEqualTo(1);
    }

    @Test
    void anInventoryThatIsBehindCostsReadsAndIsNeverActedOn() {
        List<TargetId> machines = IntStream.range(0, 200)
                .mapToObj(ManyMachines::machine)
                .peek(scene.azure::makeMachine)
                .toList();
        // It knows all the machines, and nothing of what is attached to them.
        scene.azure.fleet().staysBehind();
        machines.forEach(machine -> scene.bind(machine, WEB));
        scene.converge(Duration.ofMinutes(1));

        scene.restart();
        scene.pass(Duration.ofMinutes(30));

        assertThat(scene.patches()).isZero();
        assertThat(machines)
                .allSatisfy(machine -> assertThat(scene.azure.reads(machine)).isBetween(1, 10));
    }

    @Test
    void anInventoryWithoutTheMachinesGivesUpNone() {
        List<TargetId> machines =
                IntStream.range(0, 200).mapToObj(ManyMachines::machine).toList();
        scene.azure.fleet().staysBehind();
        machines.forEach(scene.azure::makeMachine);
        machines.forEach(machine -> scene.bind(machine, WEB));
        scene.converge(Duration.ofMinutes(1));

        scene.restart();
        scene.pass(Duration.ofMinutes(30));

        assertThat(machines).allSatisfy(machine -> {
            assertThat(scene.ledgers.look(machine).isEmpty()).isFalse();
            assertThat(scene.told(machine).orElseThrow().outcome().absence()).isEmpty();
        });
    }

    @Test
    void aGlanceDoesNotReplaceWhatAReadShowed() {
        List<TargetId> machines = converged(200);
        scene.azure.makeIdentity(OTHER);
        scene.azure.fleet().staysBehind();
        TargetId one = machines.get(150);
        scene.azure.attach(one, OTHER);
        scene.restart();
        scene.pass(Duration.ofMinutes(1));
        scene.bind(one, WEB, WEB);
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.told(one).orElseThrow().outcome().seen().orElseThrow().has(IdentityKey.of(OTHER)))
                .isTrue();

        scene.pass(Duration.ofMinutes(30));

        assertThat(scene.told(one).orElseThrow().outcome().seen().orElseThrow().has(IdentityKey.of(OTHER)))
                .isTrue();
    }

    @Test
    void aMachineMadeAnewUnderItsNameIsReadAndBoundAgain() {
        List<TargetId> machines = converged(200);
        scene.restart();
        scene.pass(Duration.ofMinutes(1));

        scene.azure.makeMachine(machines.get(150));
        scene.pass(Duration.ofMinutes(6));

        assertThat(scene.azure.look(machines.get(150)).orElseThrow().has(IdentityKey.of(WEB)))
                .isTrue();
    }

    @Test
    void whereQuestionsAreRefusedMachinesAreReadSlowlyAndNoneIsLeftOut() {
        List<TargetId> machines = converged(1_000);
        scene.azure
                .fleet()
                .refuses(new Fault.Forbidden("Microsoft.ResourceGraph/resources/read", List.of("/"), "oid", "no"));

        scene.restart();
        scene.pass(Duration.ofSeconds(100));
        assertThat(scene.reads()).isBetween(400L, 550L);
        assertThat(scene.questions()).isLessThan(10);

        scene.pass(Duration.ofMinutes(3));
        assertThat(machines).allMatch(machine -> scene.told(machine).isPresent());

        scene.azure.fleet().answers();
        scene.pass(Duration.ofMinutes(15));
        scene.azure.forgetRequests();
        scene.pass(Duration.ofMinutes(30));
        assertThat(scene.reads()).isLessThan(100);
    }

    @Test
    void whereQuestionsAreThrottledTheyWaitAsLongAsAzureSays() {
        List<TargetId> machines = converged(1_000);
        scene.azure.nextQuestion(new Fault.Throttled(
                Fault.Throttled.Scope.RESOURCE_GRAPH, Optional.of(Duration.ofSeconds(20)), "slower"));

        scene.restart();
        scene.pass(Duration.ofSeconds(20));
        assertThat(scene.questions()).isEqualTo(2);
        assertThat(scene.reads()).isLessThan(40);

        scene.pass(Duration.ofSeconds(5));
        assertThat(machines).allMatch(machine -> scene.told(machine).isPresent());
    }

    private List<TargetId> converged(int many) {
        List<TargetId> machines =
                IntStream.range(0, many).mapToObj(ManyMachines::machine).toList();
        for (TargetId machine : machines) {
            scene.azure.makeMachine(machine);
            scene.bind(machine, WEB);
        }
        scene.converge(Duration.ofMinutes(1));
        assertThat(machines).allMatch(machine -> scene.told(machine).isPresent());
        return machines;
    }
}
