package dev.vmidentity.binding;

import static dev.vmidentity.binding.ManyMachines.WEB;
import static dev.vmidentity.binding.ManyMachines.machine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fault.Throttled.Scope;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeAzure;
import dev.vmidentity.fakes.Mishap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Azure's buckets as they are kept here, and its own waits. */
final class BudgetsTest {
    private static final TargetId FAR =
            TargetId.of(MachineKind.VIRTUAL_MACHINE, "99999999-9999-4999-8999-999999999999", "rg-vms", "far");

    private final Scene.HandClock clock = new Scene.HandClock();
    private final Budgets budgets = new Budgets(clock);
    private final FakeAzure azure = new FakeAzure(clock);
    private final Machines machines = budgets.hearing(azure.machines());

    // ---- buckets

    @Test
    void aMachineIsWrittenTenTimesInABurstAndThenEveryEighteenSeconds() {
        for (int i = 0; i < 10; i++) {
            assertThat(budgets.write(machine(1), true)).isEmpty();
        }

        Instant until = budgets.write(machine(1), true).orElseThrow().until();

        assertThat(until).isEqualTo(clock.instant().plusSeconds(18));
        assertThat(budgets.write(machine(2), true)).isEmpty();
        clock.advanceTo(until);
        assertThat(budgets.write(machine(1), true)).isEmpty();
        assertThat(budgets.write(machine(1), true)).isPresent();
    }

    @Test
    void aSubscriptionIsReadTwoHundredTimesInABurstAndThenTwentyTimesASecond() {
        int now = 0;
        for (int i = 0; i < 300; i++) {
            now += budgets.read(machine(i)).isEmpty() ? 1 : 0;
        }

        assertThat(now).isEqualTo(200);
        assertThat(budgets.read(FAR)).isEmpty();
        assertThat(budgets.read(machine(299)).orElseThrow().until())
                .isEqualTo(clock.instant().plusSeconds(5));
    }

    @Test
    void whoWaitsComesBackToItsOwnPlaceAndAsksInTurn() {
        IntStream.range(0, 160).forEach(i -> budgets.write(machine(i), true));
        Instant busy = budgets.write(machine(1_000), true).orElseThrow().until();
        Instant again = budgets.write(machine(1_000), true).orElseThrow().until();
        Instant other = budgets.write(machine(1_001), true).orElseThrow().until();

        assertThat(again).isEqualTo(busy);
        assertThat(other).isEqualTo(busy.plusMillis(150));
        clock.advanceTo(busy);
        assertThat(budgets.write(machine(1_000), true)).isEmpty();
        assertThat(budgets.write(machine(1_000), true).orElseThrow().until()).isAfter(other);
        clock.advanceTo(other);
        assertThat(budgets.write(machine(1_001), true)).isEmpty();
    }

    @Test
    void aShortWaitIsNothingToTellAndALongOneIs() {
        IntStream.range(0, 10).forEach(_ -> budgets.write(machine(1), true));
        assertThat(budgets.write(machine(1), true).orElseThrow().fault())
                .hasValueSatisfying(
                        fault -> assertThat(((Fault.Throttled) fault).scope()).isEqualTo(Scope.MACHINE));

        IntStream.range(2, 152).forEach(i -> budgets.write(machine(i), true));
        assertThat(budgets.write(machine(152), true).orElseThrow().fault()).isEmpty();
    }

    @Test
    void writesAreNeitherClaimedNorSentBeyondTheBucketAndAllAreServedInTime() {
        ManyMachines scene = new ManyMachines();
        scene.restart();
        List<TargetId> many =
                IntStream.range(0, 400).mapToObj(ManyMachines::machine).toList();
        many.forEach(scene.azure::makeMachine);
        many.forEach(target -> scene.bind(target, WEB));

        scene.pass(Duration.ofSeconds(3));
        assertThat(scene.patches()).isLessThanOrEqualTo(160 + 20);
        assertThat(many.stream().filter(target -> !scene.ledgers.look(target).isEmpty()))
                .hasSize((int) scene.patches());

        scene.pass(Duration.ofSeconds(60));
        assertThat(scene.patches()).isEqualTo(400);
    }

    // ---- Azure's own waits

    @Test
    void aSubscriptionsWaitHoldsWhatItWasSaidOfToTheSecond() {
        azure.makeMachine(machine(1));
        azure.nextRead(throttled(Scope.SUBSCRIPTION));
        machines.read(machine(1));

        assertThat(budgets.read(machine(2)).orElseThrow().until())
                .isEqualTo(clock.instant().plusSeconds(77));
        assertThat(budgets.read(FAR)).isEmpty();
        assertThat(budgets.write(machine(2), true)).isEmpty();
        clock.advance(Duration.ofSeconds(76));
        assertThat(budgets.read(machine(2))).isPresent();
        clock.advance(Duration.ofSeconds(1));
        assertThat(budgets.read(machine(2))).isEmpty();
    }

    @Test
    void aMachinesWaitHoldsNoOther() {
        azure.nextPatch(new Mishap.Answered(throttled(Scope.MACHINE)));
        patched();

        assertThat(budgets.write(machine(2), true)).isEmpty();
        assertThat(budgets.read(machine(2))).isEmpty();
    }

    @Test
    void theIdentitiesWaitHoldsAttachesAlone() {
        azure.nextPatch(new Mishap.Answered(throttled(Scope.IDENTITIES)));
        patched();

        assertThat(budgets.write(machine(2), true).orElseThrow().until())
                .isEqualTo(clock.instant().plusSeconds(77));
        assertThat(budgets.write(machine(2), false)).isEmpty();
        assertThat(budgets.read(machine(2))).isEmpty();
        assertThat(budgets.write(FAR, true)).isEmpty();
    }

    @Test
    void theLongerOfTwoWaitsHolds() {
        azure.makeMachine(machine(1));
        azure.nextRead(throttled(Scope.SUBSCRIPTION));
        azure.nextRead(new Fault.Throttled(Scope.SUBSCRIPTION, Optional.of(Duration.ofSeconds(5)), "slow down"));
        machines.read(machine(1));
        machines.read(machine(1));

        assertThat(budgets.read(machine(2)).orElseThrow().until())
                .isEqualTo(clock.instant().plusSeconds(77));
    }

    @Test
    void whatOneMachineWasToldOfTheSubscriptionHoldsTheOthersAndIsToldToTheirBindings() {
        ManyMachines scene = new ManyMachines();
        scene.restart();
        List<TargetId> two = new ArrayList<>(List.of(machine(1), machine(2)));
        two.forEach(scene.azure::makeMachine);
        scene.azure.nextPatch(new Mishap.Answered(throttled(Scope.SUBSCRIPTION)));
        scene.bind(machine(1), WEB);
        scene.round(machine(1));

        scene.bind(machine(2), WEB);
        Worker.Rounded held = scene.round(machine(2));

        assertThat(scene.azure.patches(machine(2))).isZero();
        assertThat(held.next()).contains(scene.clock.instant().plusSeconds(77));
        assertThat(held.published().outcome().fault().orElseThrow()).isInstanceOf(Fault.Throttled.class);
        assertThat(held.published().outcome().waitsUntil())
                .contains(scene.clock.instant().plusSeconds(77));
        assertThat(scene.ledgers.look(machine(2)).isEmpty()).isTrue();

        scene.pass(Duration.ofSeconds(76));
        assertThat(scene.patches()).isEqualTo(1);
        scene.pass(Duration.ofSeconds(2));
        assertThat(scene.azure.patches(machine(1))).isEqualTo(2);
        assertThat(scene.azure.patches(machine(2))).isEqualTo(1);
        assertThat(scene.told(machine(2)).orElseThrow().outcome().fault()).isEmpty();
    }

    private void patched() {
        azure.makeMachine(machine(1));
        Machines.Seen.Present seen = (Machines.Seen.Present) azure.machines().read(machine(1));
        machines.patch(
                machine(1),
                new Patch(
                        IdentityType.USER_ASSIGNED,
                        List.of(WEB),
                        List.of(),
                        Objects.requireNonNull(seen.observation().etag())));
    }

    private static Fault throttled(Scope scope) {
        return new Fault.Throttled(scope, Optional.of(Duration.ofSeconds(77)), "slow down");
    }
}
