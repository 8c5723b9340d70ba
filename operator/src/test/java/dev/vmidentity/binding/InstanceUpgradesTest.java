package dev.vmidentity.binding;

import static dev.vmidentity.binding.Scene.A;
import static dev.vmidentity.binding.Scene.B;
import static dev.vmidentity.binding.Scene.FOREIGN;
import static dev.vmidentity.binding.Scene.VMSS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Instances.Policy;
import dev.vmidentity.core.Rollout;
import dev.vmidentity.core.Rollout.Counted;
import dev.vmidentity.core.Rollout.Setback;
import dev.vmidentity.fakes.FakeAzure;
import dev.vmidentity.fakes.FakeAzure.Request;
import dev.vmidentity.fakes.Mishap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Instances of a scale set, and its latest model. */
class InstanceUpgradesTest {
    private static final Fault FAILS =
            new Fault.Unexpected(200, "VMExtensionProvisioningError", "the extension failed");

    private final Scene scene = new Scene(VMSS);
    private final FakeAzure azure = scene.azure;

    @Test
    void underNeverTheyAreCountedAndLeftAlone() {
        azure.makeInstances(VMSS, Policy.MANUAL, 3);
        scene.bind("web", A);

        Published published = scene.settle();
        letPass(Duration.ofHours(3));

        assertThat(published.outcome().rollout()).contains(counted(3, 0));
        assertThat(upgrades()).isEmpty();
    }

    @Test
    void theyAreCountedAnewAfterEachChangeOfOurs() {
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        scene.bind("web", A);
        scene.settle();
        azure.instances().upgrade(VMSS, List.of("0"));
        assertThat(scene.settle().outcome().rollout()).contains(counted(1, 1));

        scene.bind("other", B);

        assertThat(scene.settle().outcome().rollout()).contains(counted(1, 0));
    }

    @Test
    void underAutomaticTheyAreUpgradedInBatchesOfAtMostTheBound() {
        azure.operationsTake(Duration.ofSeconds(40));
        azure.makeInstances(VMSS, Policy.MANUAL, 12);
        scene.bind("web", A);
        scene.upgrading("web", 5);

        Published published = scene.settle();

        assertThat(upgrades())
                .containsExactly(
                        List.of("0", "1", "2", "3", "4"), List.of("5", "6", "7", "8", "9"), List.of("10", "11"));
        assertThat(published.outcome().rollout()).contains(counted(12, 12));
        assertThat(azure.patches(VMSS)).isEqualTo(1);
    }

    @Test
    void theNextBatchWaitsForTheOneBefore() {
        azure.makeInstances(VMSS, Policy.MANUAL, 3);
        scene.bind("web", A);
        scene.settle();
        azure.holdOperations();
        scene.upgrading("web", 2);

        Published published = scene.round().published();
        letPass(Duration.ofMinutes(20));

        assertThat(published.outcome().rollout())
                .contains(new Counted(Policy.MANUAL, 3, 0, List.of("0", "1"), Optional.empty()));
        assertThat(published.outcome().underWay()).isTrue();
        assertThat(upgrades()).containsExactly(List.of("0", "1"));

        azure.settle();
        letPass(Duration.ofMinutes(1));

        assertThat(upgrades()).containsExactly(List.of("0", "1"), List.of("2"));
    }

    @Test
    void ofSeveralBoundsTheSmallestHolds() {
        azure.makeInstances(VMSS, Policy.MANUAL, 4);
        scene.bind("bold", A);
        scene.upgrading("bold", 100);
        scene.bind("careful", B);
        scene.upgrading("careful", 2);
        scene.bind("silent", A);

        scene.settle();

        assertThat(upgrades()).allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(2));
        assertThat(upgrades()).hasSize(2);
    }

    @Test
    void theBoundOfABindingThatMayBeAboutItHoldsToo() {
        azure.makeInstances(VMSS, Policy.MANUAL, 2);
        scene.bind("bold", A);
        scene.upgrading("bold", 100);
        scene.bind("undecided", Manner.KEPT, B);
        scene.upgrading("undecided", 1);

        scene.settle();

        assertThat(upgrades()).containsExactly(List.of("0"), List.of("1"));
    }

    @Test
    void whatOnlyABindingAsksThatMayBeAboutItIsNotDone() {
        azure.makeInstances(VMSS, Policy.MANUAL, 2);
        scene.bind("bold", A);
        scene.bind("undecided", Manner.KEPT, B);
        scene.upgrading("undecided", 1);

        scene.settle();

        assertThat(upgrades()).isEmpty();
    }

    @Test
    void theyAreUpgradedOnlyWhenTheIdentitiesAreInTheModel() {
        azure.operationsTake(Duration.ofSeconds(40));
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        azure.changeModel(VMSS);
        azure.deleteIdentity(B);
        scene.bind("web", A, B);
        scene.upgrading("web", 1);

        letPass(Duration.ofMinutes(30));
        assertThat(scene.isOn(A)).isTrue();
        assertThat(upgrades()).as("B is still to come").isEmpty();

        azure.makeIdentity(B);
        letPass(Duration.ofMinutes(30));
        assertThat(scene.isOn(B)).isTrue();
        assertThat(upgrades()).containsExactly(List.of("0"));
    }

    @Test
    void whatAnotherBindingWaitsForHoldsNobodyUp() {
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        azure.deleteIdentity(B);
        scene.bind("web", A);
        scene.upgrading("web", 1);
        scene.bind("stuck", B);
        scene.upgrading("stuck", 1);

        letPass(Duration.ofMinutes(30));

        assertThat(upgrades()).containsExactly(List.of("0"));
    }

    @Test
    void nothingIsUpgradedForABindingThatIsDeletedOrOnlyObserves() {
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        scene.bind("web", A);
        scene.settle();
        scene.bind("watcher", Manner.OBSERVED, B);
        scene.upgrading("watcher", 1);
        scene.upgrading("web", 1);
        scene.delete("web");

        letPass(Duration.ofMinutes(30));

        assertThat(scene.isOn(A)).isFalse();
        assertThat(upgrades()).isEmpty();
    }

    @Test
    void theWholeModelIsAppliedWhoeverChangedIt() {
        azure.makeInstances(VMSS, Policy.MANUAL, 2);
        scene.bind("web", A);
        scene.upgrading("web", 2);
        scene.settle();

        azure.changeModel(VMSS);
        letPass(Duration.ofMinutes(10));

        assertThat(upgrades()).containsExactly(List.of("0", "1"), List.of("0", "1"));
    }

    @Test
    void whereAzureUpgradesByItselfTheyAreOnlyCounted() {
        azure.makeInstances(VMSS, Policy.MANUAL, 2);
        scene.bind("web", A);
        scene.settle();
        azure.upgradePolicy(VMSS, Policy.ROLLING);
        scene.upgrading("web", 1);

        Published published = scene.settle();

        assertThat(published.outcome().rollout())
                .contains(new Counted(Policy.ROLLING, 2, 0, List.of(), Optional.empty()));
        assertThat(upgrades()).isEmpty();
    }

    @Test
    void aScaleSetInFlexibleOrchestrationIsSaidToBeOne() {
        azure.makeFlexible(VMSS);
        scene.bind("web", A);
        scene.upgrading("web", 1);

        Published published = scene.settle();

        assertThat(published.outcome().rollout()).contains(new Rollout.Flexible());
        assertThat(upgrades()).isEmpty();
    }

    @Test
    void aVirtualMachineHasNone() {
        Scene vm = new Scene();
        vm.bind("web", A);
        vm.upgrading("web", 1);

        assertThat(vm.settle().outcome().rollout()).isEmpty();
        assertThat(vm.azure.requests()).noneMatch(Request.InstancesListed.class::isInstance);
    }

    // ---- what goes wrong

    @Test
    void afterABatchThatFailedTheOthersWaitAndItIsTriedAgainMoreAndMoreSlowly() {
        azure.makeInstances(VMSS, Policy.MANUAL, 4);
        for (int n = 0; n < 4; n++) {
            azure.nextUpgrade(new Mishap.OperationFails(FAILS, false));
        }
        scene.bind("web", A);
        scene.upgrading("web", 2);

        letPass(Duration.ofSeconds(20));
        Published published = scene.round().published();
        assertThat(published.outcome().rollout())
                .contains(new Counted(
                        Policy.MANUAL, 4, 0, List.of(), Optional.of(new Setback(List.of("0", "1"), FAILS))));
        assertThat(published.outcome().fault()).as("of the machine").isEmpty();
        assertThat(upgrades()).hasSize(1);

        letPass(Duration.ofMinutes(3));
        assertThat(upgrades()).hasSize(3).containsOnly(List.of("0", "1"));

        letPass(Duration.ofMinutes(30));
        assertThat(scene.round().published().outcome().rollout()).contains(counted(4, 4));
        assertThat(upgrades()).hasSize(6);
    }

    @Test
    void whileABatchFailsIdentitiesAreStillAttached() {
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        azure.nextUpgrade(new Mishap.OperationFails(FAILS, false));
        scene.bind("web", A);
        scene.upgrading("web", 1);
        letPass(Duration.ofSeconds(20));

        scene.bind("other", B);
        letPass(Duration.ofSeconds(5));

        assertThat(scene.isOn(B)).isTrue();
    }

    @Test
    void whatSomebodyElseUpgradedMeanwhileIsNoSetbackAnyLonger() {
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        azure.nextUpgrade(new Mishap.OperationFails(FAILS, false));
        scene.bind("web", A);
        scene.upgrading("web", 1);
        letPass(Duration.ofSeconds(20));

        azure.instances().upgrade(VMSS, List.of("0"));
        letPass(Duration.ofMinutes(10));

        assertThat(scene.round().published().outcome().rollout()).contains(counted(1, 1));
    }

    @Test
    void anOperationOfSomebodyElseIsWaitedFor() {
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        scene.bind("web", A);
        scene.settle();
        azure.holdOperations();
        azure.startOperation(VMSS);
        scene.upgrading("web", 1);

        letPass(Duration.ofMinutes(20));
        assertThat(upgrades()).isEmpty();

        azure.settle();
        letPass(Duration.ofMinutes(5));
        assertThat(upgrades()).containsExactly(List.of("0"));
    }

    @Test
    void anIdentityWaitsForTheBatchThatRuns() {
        azure.makeInstances(VMSS, Policy.MANUAL, 2);
        scene.bind("web", A);
        scene.settle();
        azure.holdOperations();
        azure.staleReads(VMSS, 4);
        scene.upgrading("web", 1);
        scene.round();
        azure.forgetRequests();

        scene.bind("other", B);
        letPass(Duration.ofMinutes(10));
        assertThat(azure.patches(VMSS)).as("while the batch runs").isZero();

        azure.settle();
        letPass(Duration.ofMinutes(10));
        assertThat(scene.isOn(B)).isTrue();
        assertThat(azure.requests().stream()
                        .filter(request ->
                                request instanceof Request.Patched || request instanceof Request.InstancesUpgraded)
                        .findFirst())
                .as("what comes first then")
                .containsInstanceOf(Request.Patched.class);
    }

    @Test
    void aNewProcessDoesNotSendTheBatchThatRunsASecondTime() {
        azure.makeInstances(VMSS, Policy.MANUAL, 2);
        scene.bind("web", A);
        scene.settle();
        azure.holdOperations();
        scene.upgrading("web", 1);
        scene.round();

        scene.restart();
        letPass(Duration.ofMinutes(10));
        assertThat(upgrades()).containsExactly(List.of("0"));

        azure.settle();
        letPass(Duration.ofMinutes(5));
        assertThat(upgrades()).containsExactly(List.of("0"), List.of("1"));
    }

    @Test
    void aBatchWhoseAnswerIsLostIsNotSentASecondTimeWhileItRuns() {
        azure.makeInstances(VMSS, Policy.MANUAL, 2);
        scene.bind("web", A);
        scene.settle();
        azure.holdOperations();
        azure.nextUpgrade(new Mishap.CutAfterEffect());
        scene.upgrading("web", 1);

        letPass(Duration.ofMinutes(10));
        assertThat(upgrades()).containsExactly(List.of("0"));

        azure.settle();
        letPass(Duration.ofMinutes(5));
        assertThat(upgrades()).containsExactly(List.of("0"), List.of("1"));
    }

    @Test
    void aBatchThatDoesNotEndIsNotFollowedForEverAndThatIsSaid() {
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        scene.bind("web", A);
        scene.settle();
        azure.holdOperations();
        scene.upgrading("web", 1);

        letPass(Scene.TIMING.operation().plusMinutes(10));

        assertThat(scene.round().published().outcome().rollout())
                .hasValueSatisfying(rollout -> assertThat(((Counted) rollout).setback())
                        .hasValueSatisfying(setback -> {
                            assertThat(setback.instances()).containsExactly("0");
                            assertThat(setback.fault().detail()).contains("has not ended");
                        }));
        assertThat(upgrades()).hasSize(1);
    }

    @Test
    void whoMayNotListThemIsToldAndAttachesAllTheSame() {
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        Fault forbidden = new Fault.Forbidden("Microsoft.Compute/…/virtualMachines/read", List.of(), "", "no");
        azure.nextInstances(forbidden);
        scene.bind("web", A);

        Published published = scene.settle();

        assertThat(published.outcome().rollout()).contains(new Rollout.Uncounted(forbidden));
        assertThat(published.outcome().fault()).isEmpty();
        assertThat(published.outcome().ledger().claim(IdentityKey.of(A))).isPresent();
    }

    @Test
    void aWaitThatAzureAsksForIsKept() {
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        scene.bind("web", A);
        scene.settle();
        azure.forgetRequests();
        azure.nextInstances(
                new Fault.Throttled(Fault.Throttled.Scope.MACHINE, Optional.of(Duration.ofMinutes(3)), "slow down"));
        scene.upgrading("web", 1);

        letPass(Duration.ofMinutes(2));
        scene.round();
        assertThat(lists()).isEqualTo(1);

        letPass(Duration.ofMinutes(2));
        assertThat(upgrades()).containsExactly(List.of("0"));
    }

    @Test
    void oneThatIsAtRestIsListedNoMoreOftenThanItIsLookedAt() {
        azure.attach(VMSS, FOREIGN);
        azure.makeInstances(VMSS, Policy.MANUAL, 1);
        scene.bind("web", A);
        scene.upgrading("web", 1);
        scene.settle();
        azure.forgetRequests();

        letPass(Duration.ofHours(10));

        assertThat(lists()).isBetween(60L, (long) azure.reads(VMSS));
        assertThat(upgrades()).isEmpty();
        assertThat(scene.isOn(FOREIGN)).isTrue();
    }

    private static Rollout counted(int total, int latest) {
        return new Counted(Policy.MANUAL, total, latest, List.of(), Optional.empty());
    }

    private List<List<String>> upgrades() {
        return azure.requests().stream()
                .filter(Request.InstancesUpgraded.class::isInstance)
                .map(request -> ((Request.InstancesUpgraded) request).instances())
                .toList();
    }

    private long lists() {
        return azure.requests().stream()
                .filter(Request.InstancesListed.class::isInstance)
                .count();
    }

    /** Rounds, each when the one before asked for it. */
    private void letPass(Duration time) {
        Instant end = scene.clock.instant().plus(time);
        while (true) {
            Instant next = scene.round().next().orElse(end);
            if (!next.isBefore(end)) {
                scene.clock.advanceTo(end);
                return;
            }
            scene.clock.advanceTo(next);
        }
    }
}
