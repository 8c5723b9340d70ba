package dev.vmidentity.binding;

import static dev.vmidentity.binding.FleetScene.A;
import static dev.vmidentity.binding.FleetScene.FOREIGN;
import static dev.vmidentity.binding.FleetScene.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.Quietly;
import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.Targets;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeAzure.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Quietly.class)
class SelectionsTest {
    private static final Duration A_WHILE = Duration.ofSeconds(30);
    private static final Duration A_REFRESH = Duration.ofSeconds(80);
    private static final Fault DOWN = new Fault.AzureUnwell(503, "ServiceUnavailable", "Down.");

    private final FleetScene scene = new FleetScene();

    @Test
    void everyMachineThatMatchesGetsTheIdentityNowAndLater() {
        scene.machines(3, "prod");
        scene.machine("other", "test");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.isOn(FleetScene.vm("other"), A)).isFalse();
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);
        assertThat(scene.ready("web").message()).contains("all 3 machines");
        assertThat(scene.targets("web")).isEqualTo(new Targets(3, 3, 0, 0, 0, List.of()));
        assertThat(scene.status("web").targetName()).isEqualTo("selector: 3 machines");
        assertThat(scene.status("web").target()).isNull();
        VmIdentityBindingStatus.UserAssigned told =
                scene.status("web").userAssigned().getFirst();
        assertThat(told.state()).isEqualTo(IdentityState.Attached);
        assertThat(told.clientId()).isNotNull();

        scene.machine("late", "prod");
        scene.pass(A_REFRESH);

        assertThat(scene.isOn(FleetScene.vm("late"), A)).isTrue();
        assertThat(scene.targets("web").converged()).isEqualTo(4);
    }

    @Test
    void aMachineThatLosesItsTagLosesWhatIsOursAndKeepsWhatIsNot() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.azure.attach(machine, FOREIGN);
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.fleet.tag(machine, Map.of("env", "test"));
        scene.pass(A_REFRESH);

        assertThat(scene.isOn(machine, A)).isFalse();
        assertThat(scene.isOn(machine, FOREIGN)).isTrue();
        assertThat(scene.fleet.looks).isEqualTo(1);
        assertThat(scene.having(A)).isEqualTo(2);
        assertThat(scene.targets("web")).isEqualTo(new Targets(2, 2, 0, 0, 0, List.of()));
    }

    @Test
    void whoIsMissingInTheInventoryAndSaysThatItMatchesStays() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.fleet.hidden.add(machine);
        scene.pass(Duration.ofMinutes(10));

        assertThat(scene.isOn(machine, A)).isTrue();
        assertThat(scene.azure.patches(machine)).isEqualTo(1);
        assertThat(scene.targets("web").converged()).isEqualTo(3);
        assertThat(scene.fleet.looks).isBetween(2, 20);
    }

    @Test
    void aMachineThatCannotBeAskedStaysAsItIs() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.fleet.tag(machine, Map.of());
        scene.fleet.lookFault = Optional.of(DOWN);
        scene.pass(Duration.ofMinutes(5));

        assertThat(scene.isOn(machine, A)).isTrue();
        assertThat(scene.targets("web").leaving()).isEqualTo(1);
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);

        scene.fleet.lookFault = Optional.empty();
        scene.pass(Duration.ofMinutes(2));
        assertThat(scene.isOn(machine, A)).isFalse();
    }

    @Test
    void anInventoryThatDoesNotAnswerShrinksNothingAndIsTold() {
        scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.azure.fleet().refuses(DOWN);
        scene.pass(A_REFRESH);

        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.MatchOutdated);
        assertThat(scene.ready("web").message()).contains("503");

        scene.azure.fleet().answers();
        scene.pass(A_REFRESH);
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.Attached);
    }

    @Test
    void farFewerAtOnceWaitForAPerson() {
        List<TargetId> machines = scene.machines(20, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        machines.forEach(machine -> scene.fleet.tag(machine, Map.of()));
        scene.pass(Duration.ofMinutes(15));

        assertThat(scene.having(A)).isEqualTo(20);
        assertThat(scene.fleet.looks).isZero();
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.DetachesHeld);
        assertThat(scene.ready("web").message())
                .contains("Of 20 machines")
                .contains("20 suddenly")
                .contains("kubectl annotate vmib --namespace team-a web");

        scene.confirm("web");
        scene.pass(A_WHILE);

        assertThat(scene.having(A)).isZero();
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.NoMachineMatches);
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);
    }

    @Test
    void machinesThatLeaveOneAfterTheOtherAreCountedTogether() {
        List<TargetId> machines = scene.machines(20, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        machines.subList(0, 6).forEach(machine -> scene.fleet.tag(machine, Map.of()));
        scene.pass(A_REFRESH);
        assertThat(scene.having(A)).isEqualTo(14);
        machines.subList(6, 12).forEach(machine -> scene.fleet.tag(machine, Map.of()));
        scene.pass(A_REFRESH);

        assertThat(scene.having(A)).isEqualTo(14);
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.DetachesHeld);
    }

    @Test
    void aNewProcessKnowsByTheLedgersHowManyThereWere() {
        List<TargetId> machines = scene.machines(20, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        machines.subList(0, 15).forEach(machine -> scene.fleet.tag(machine, Map.of()));
        scene.restart();
        scene.pass(A_REFRESH);

        assertThat(scene.having(A)).isEqualTo(20);
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.DetachesHeld);
    }

    @Test
    void aNewProcessThatCannotListDetachesNothingAndWritesNothing() {
        scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        int written = scene.statusWrites;
        scene.azure.forgetRequests();

        scene.azure.fleet().refuses(DOWN);
        scene.restart();
        scene.pass(Duration.ofMinutes(10));

        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.statusWrites).isEqualTo(written);
        assertThat(patches()).isEmpty();

        scene.azure.fleet().answers();
        scene.pass(A_REFRESH);
        assertThat(scene.statusWrites).isEqualTo(written);
    }

    @Test
    void aChangedSelectorDetachesFromTheOldAndAttachesToTheNew() {
        List<TargetId> old = scene.machines(15, "prod");
        TargetId other = scene.machine("other", "test");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.select("web", "test", A);
        scene.pass(A_WHILE);

        assertThat(old).noneMatch(machine -> scene.isOn(machine, A));
        assertThat(scene.isOn(other, A)).isTrue();
        assertThat(scene.targets("web")).isEqualTo(new Targets(1, 1, 0, 0, 0, List.of()));
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);
    }

    @Test
    void whileTheNewSelectorIsNotAnsweredTheOldMachinesStay() {
        scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.azure.fleet().refuses(DOWN);
        scene.select("web", "test", A);
        scene.pass(Duration.ofMinutes(5));

        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.AzureFailing);
    }

    @Test
    void aDeletedBindingIsReleasedEverywhereWhateverMatches() {
        scene.machines(30, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.azure.fleet().refuses(DOWN);
        scene.restart();
        scene.delete("web");
        scene.pass(A_WHILE);

        assertThat(scene.having(A)).isZero();
        assertThat(scene.bindings).isEmpty();
    }

    @Test
    void aBindingIsDoneAndReleasedWithoutWaitingForTheNextLookAtAll() {
        scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(Duration.ofSeconds(3));
        // The person's word is news: all machines are looked at now, and at the soonest in five seconds again.
        scene.confirm("web");
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.False);
        scene.pass(Duration.ofSeconds(2));
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);

        scene.select("web", "prod", A, Scene.B);
        scene.pass(Duration.ofSeconds(3));
        scene.confirm("web");
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.False);
        scene.pass(Duration.ofSeconds(2));
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);

        scene.delete("web");
        scene.pass(Duration.ofSeconds(1));
        assertThat(scene.having(A)).isZero();
        scene.pass(Duration.ofSeconds(6));
        assertThat(scene.bindings).isEmpty();
    }

    @Test
    void whatWasDoneBeforeASpecChangedIsNotDoneForTheNewOne() {
        scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.azure.operationsTake(Duration.ofMinutes(1));
        scene.select("web", "prod", A, Scene.B);
        scene.pass(Duration.ofSeconds(10));
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.False);
        assertThat(scene.targets("web").converged()).isZero();
        assertThat(scene.status("web").identities()).isEqualTo("1/2");

        scene.pass(Duration.ofMinutes(3));
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);
    }

    @Test
    void aBindingThatIsDeletedWhileItAttachesLeavesNothingBehind() {
        scene.azure.operationsTake(Duration.ofSeconds(10));
        scene.machines(5, "prod");
        scene.select("web", "prod", A);
        scene.pass(Duration.ofSeconds(2));

        scene.delete("web");
        scene.pass(Duration.ofSeconds(2));
        assertThat(scene.bindings).as("as long as anything is held").isNotEmpty();
        scene.pass(Duration.ofMinutes(2));

        assertThat(scene.having(A)).isZero();
        assertThat(scene.bindings).isEmpty();
        assertThat(scene.ledgers.of("uid-web")).isEmpty();
    }

    @Test
    void aDeletedBindingWhoseIdentityAnotherKeepsAsksForNoMoreThanTheUsualLooks() {
        TargetId machine = scene.machines(1, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.select("watcher", "prod", ManagementPolicy.Observe, A);
        scene.pass(A_REFRESH);

        scene.delete("web");
        scene.pass(A_WHILE);
        int reads = scene.azure.reads(machine);
        scene.pass(Duration.ofMinutes(20));

        assertThat(scene.isOn(machine, A)).isTrue();
        assertThat(scene.bindings).containsKey("uid-web");
        assertThat(scene.azure.reads(machine) - reads).isLessThan(8);
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.WaitingForBinding);
        assertThat(scene.ready("web").message()).contains("1 are left", "team-a/watcher");
    }

    @Test
    void aMachineThatHasLeftAndWhoseIdentityAnotherKeepsIsLookedAtAsEver() {
        TargetId machine = scene.machines(1, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.select("watcher", "prod", ManagementPolicy.Observe, A);
        scene.pass(A_REFRESH);

        scene.select("web", "test", A);
        scene.pass(A_REFRESH);
        int reads = scene.azure.reads(machine);
        scene.pass(Duration.ofMinutes(20));

        assertThat(scene.isOn(machine, A)).isTrue();
        assertThat(scene.targets("web").leaving()).isEqualTo(1);
        assertThat(scene.azure.reads(machine) - reads).isLessThan(8);
    }

    @Test
    void whatTheNamespaceMayNotBindIsLeftOutAndCounted() {
        TargetId mine = scene.machines(3, "prod").getFirst();
        scene.rights = Rights.of(Map.of(Rights.TARGETS, mine.id().value()), scene.rights);
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        assertThat(scene.having(A)).isEqualTo(1);
        assertThat(scene.targets("web")).isEqualTo(new Targets(1, 1, 0, 0, 2, List.of()));
        assertThat(scene.ready("web").message()).contains("2 machines that match are left out");
    }

    @Test
    void aNamespaceWithoutThePermissionSelectsNothingAndOneThatLosesItKeepsWhatItHas() {
        scene.machines(3, "prod");
        Rights without = Rights.of(Map.of(Rights.ALLOW, ""), scene.rights);
        Rights with = scene.rights;
        scene.rights = without;
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        assertThat(scene.having(A)).isZero();
        assertThat(scene.fleet.queries).isZero();
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.NotAllowedByNamespace);
        assertThat(scene.ready("web").message()).contains("vmidentity.dev/allow=Selector");

        scene.rights = with;
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.rights = without;
        scene.select("web", "prod", A);
        scene.pass(Duration.ofMinutes(6));
        assertThat(scene.having(A)).isEqualTo(3);
    }

    @Test
    void equalSelectorsAreOneQuestion() {
        scene.machines(3, "prod");
        for (int i = 0; i < 10; i++) {
            scene.select("web" + i, "prod", A);
        }
        scene.pass(A_WHILE);

        assertThat(scene.fleet.queries).isEqualTo(1);
        assertThat(patches()).hasSize(3).containsValue(1L).doesNotContainValue(2L);
    }

    @Test
    void whichMachineFailsAndWhyIsTold() {
        scene.machines(30, "prod");
        scene.azure.deleteIdentity(A);
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        Targets targets = scene.targets("web");
        assertThat(targets.matched()).isEqualTo(30);
        assertThat(targets.failed()).isEqualTo(30);
        assertThat(targets.failing()).hasSize(20).allMatch(one -> one.reason() == Reason.IdentityNotFound);
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.IdentityNotFound);
        assertThat(scene.ready("web").message()).contains("on 0 of 30 machines").contains("such as on vm0");
        assertThat(scene.status("web").userAssigned().getFirst().message()).contains("30 of 30");
    }

    @Test
    void whoObservesIsToldWhatWouldChangeAndWritesNothing() {
        scene.machines(3, "prod");
        scene.select("web", "prod", ManagementPolicy.Observe, A);
        scene.pass(A_WHILE);

        assertThat(patches()).isEmpty();
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.Observed);
        assertThat(scene.pending("web").attach()).containsExactly(A.key());
    }

    @Test
    void whoObservesLeavesAloneWhatItPutOnAMachineThatNoLongerMatches() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.azure.forgetRequests();

        scene.select("web", "prod", ManagementPolicy.Observe, A);
        scene.fleet.tag(machine, Map.of());
        scene.pass(Duration.ofMinutes(5));

        assertThat(patches()).isEmpty();
        assertThat(scene.ledgers.of("uid-web")).contains(machine);
        assertThat(scene.targets("web")).isEqualTo(new Targets(2, 2, 0, 1, 0, List.of()));
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.Observed);
        assertThat(scene.ready("web").message())
                .contains("On 1 machine that matched before")
                .contains("only observes");

        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        assertThat(scene.isOn(machine, A)).isFalse();
        assertThat(scene.ledgers.of("uid-web")).hasSize(2);
    }

    @Test
    void whoObservesAnotherSelectorLeavesAloneWhatItPutOnTheMachinesOfTheOldOne() {
        scene.machines(3, "prod");
        scene.machine("other", "test");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.azure.forgetRequests();

        scene.select("web", "test", ManagementPolicy.Observe, A);
        scene.pass(Duration.ofMinutes(5));

        assertThat(patches()).isEmpty();
        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.targets("web")).isEqualTo(new Targets(1, 1, 0, 3, 0, List.of()));
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.Observed);
    }

    @Test
    void aBindingThatTurnsToOneMachineAndBackDropsNothingThere() {
        List<TargetId> machines = scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.bind("web", machines.getFirst(), ManagementPolicy.Manage, A);
        scene.pass(A_WHILE);
        assertThat(scene.having(A)).isEqualTo(1);
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.azure.patches(machines.getFirst())).isEqualTo(1);
        assertThat(scene.targets("web")).isEqualTo(new Targets(3, 3, 0, 0, 0, List.of()));
    }

    @Test
    void whoObservesOneMachineInsteadLeavesAloneWhatItPutOnTheOthers() {
        List<TargetId> machines = scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.bind("web", machines.getFirst(), ManagementPolicy.Observe, A);
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.ledgers.of("uid-web")).hasSize(3);

        scene.bind("web", machines.getFirst(), ManagementPolicy.Manage, A);
        scene.pass(A_WHILE);
        assertThat(scene.having(A)).isEqualTo(1);
    }

    @Test
    void whoObservesAndIsDeletedLeavesEverythingAndHoldsNothing() {
        List<TargetId> machines = scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.azure.forgetRequests();

        scene.select("web", "prod", ManagementPolicy.Observe, A);
        scene.fleet.tag(machines.getFirst(), Map.of());
        scene.pass(A_REFRESH);
        scene.delete("web");
        scene.pass(A_WHILE);

        assertThat(patches()).isEmpty();
        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.ledgers.of("uid-web")).isEmpty();
        assertThat(scene.bindings).isEmpty();
    }

    @Test
    void whoObservesOneMachineInsteadAndIsDeletedLeavesEverythingAndHoldsNothing() {
        List<TargetId> machines = scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.bind("web", machines.getFirst(), ManagementPolicy.Observe, A);
        scene.pass(A_WHILE);

        scene.delete("web");
        scene.pass(A_WHILE);

        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.ledgers.of("uid-web")).isEmpty();
    }

    @Test
    void whoObservesAndHoldsNothingIsReleasedAtOnce() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        TargetId other = scene.machine("other", "test");
        scene.select("web", "prod", ManagementPolicy.Observe, A);
        scene.pass(A_WHILE);

        scene.delete("web");
        assertThat(scene.asked("web", machine))
                .hasValueSatisfying(asked -> assertThat(asked.deleting()).isTrue());
        assertThat(scene.asked("web", other)).isEmpty();
        scene.pass(Duration.ofSeconds(2));

        assertThat(scene.bindings).isEmpty();
    }

    /** A round may come before the binding's own reconcile. */
    @Test
    void beforeANewProcessHasLookedAtABindingWhatItHoldsIsKept() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.restart();

        assertThat(manner(machine)).isEqualTo(Manner.KEPT);
    }

    @Test
    void beforeAChangedSelectorIsLookedAtWhatIsHeldIsKept() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        assertThat(manner(machine)).isEqualTo(Manner.SHARED);

        scene.select("web", "test", A);

        assertThat(manner(machine)).isEqualTo(Manner.KEPT);
    }

    @Test
    void whileItIsNotKnownWhatMatchesWhatIsHeldOutsideOfTheScopesStaysToo() {
        scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.azure.fleet().refuses(DOWN);
        scene.scopes = List.of(FleetScene.GROUP + "-other");
        scene.select("web", "prod", A);
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.having(A)).isEqualTo(3);

        scene.azure.fleet().answers();
        scene.pass(Duration.ofMinutes(2));
        assertThat(scene.having(A)).isZero();
    }

    @Test
    void whileItIsNotKnownWhatMatchesWhatItListsIsNeitherTakenOffForOthersNorAttached() {
        TargetId one = scene.machines(2, "prod").getFirst();
        TargetId two = FleetScene.vm("vm1");
        scene.bind("own", one, ManagementPolicy.Manage, A);
        scene.bind("second", two, ManagementPolicy.Manage, Scene.B);
        scene.pass(A_WHILE);
        scene.azure.fleet().refuses(DOWN);
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.bind("own", one, ManagementPolicy.Manage, Scene.B);
        scene.bind("second", two, ManagementPolicy.Manage, Scene.B, FOREIGN);
        scene.pass(A_WHILE);

        assertThat(scene.isOn(one, Scene.B)).isTrue();
        assertThat(scene.isOn(one, A)).as("web may want it").isTrue();
        assertThat(scene.isOn(two, FOREIGN)).isTrue();
        assertThat(scene.isOn(two, A)).as("nobody knows yet").isFalse();
    }

    @Test
    void whatAMachineWaitedForGoesOnWhenItIsKnownThatItDoesNotMatch() {
        TargetId machine = waitingForOthers();

        scene.azure.fleet().answers();
        scene.pass(A_REFRESH);

        assertThat(scene.isOn(machine, A)).isFalse();
    }

    @Test
    void whatAMachineWaitedForGoesOnWhenTheOtherIsGone() {
        TargetId machine = waitingForOthers();

        scene.forceAway("others");
        scene.pass(A_WHILE);

        assertThat(scene.isOn(machine, A)).isFalse();
    }

    @Test
    void whatAMachineWaitedForGoesOnWhenTheOtherIsDeleted() {
        TargetId machine = waitingForOthers();

        scene.delete("others");
        scene.pass(A_WHILE);

        assertThat(scene.isOn(machine, A)).isFalse();
    }

    @Test
    void whatAMachineWaitedForGoesOnWhenTheOtherIsAboutOneMachine() {
        TargetId machine = waitingForOthers();

        scene.bind("others", FleetScene.vm("two"), ManagementPolicy.Manage, A);
        scene.pass(A_WHILE);

        assertThat(scene.isOn(machine, A)).isFalse();
    }

    /** Nobody asks for the identity on it any longer, and it is not known whether a binding with a selector does. */
    private TargetId waitingForOthers() {
        TargetId machine = scene.machine("one", "prod");
        scene.bind("web", machine, ManagementPolicy.Manage, A);
        scene.pass(A_WHILE);
        scene.azure.fleet().refuses(DOWN);
        scene.select("others", "test", A);
        scene.pass(A_WHILE);
        scene.delete("web");
        scene.pass(A_WHILE);
        assertThat(scene.isOn(machine, A)).isTrue();
        return machine;
    }

    @Test
    void whoMayBeLeavingIsGivenNothingNewAndLosesNothing() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.fleet.tag(machine, Map.of());
        scene.fleet.lookFault = Optional.of(DOWN);
        scene.pass(A_REFRESH);

        scene.select("web", "prod", Scene.B);
        scene.pass(Duration.ofMinutes(6));

        assertThat(scene.isOn(machine, A)).isTrue();
        assertThat(scene.isOn(machine, Scene.B)).isFalse();
        assertThat(scene.having(Scene.B)).isEqualTo(2);
    }

    @Test
    void aTargetThatIsNotUnderstoodIsNoOtherTarget() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.bindNothing("web", A);
        scene.pass(Duration.ofMinutes(5));

        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(manner(machine)).isEqualTo(Manner.KEPT);
        assertThat(scene.asked("web", FleetScene.vm("stranger"))).isEmpty();
    }

    @Test
    void whereARightIsTakenBackNothingIsAskedAnyLonger() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.rights =
                Rights.of(Map.of(Rights.TARGETS, FleetScene.vm("vm1").id().value()), scene.rights);
        assertThat(manner(machine)).isEqualTo(Manner.KEPT);
        assertThat(manner(FleetScene.vm("vm1"))).isEqualTo(Manner.SHARED);

        scene.rights = Rights.NONE;
        assertThat(manner(FleetScene.vm("vm1"))).isEqualTo(Manner.KEPT);
    }

    @Test
    void whereSelectorsAreNoLongerAllowedNothingIsAskedAnyLonger() {
        TargetId foreign = scene.machines(3, "prod").getFirst();
        Rights all = scene.rights;
        scene.rights =
                Rights.of(Map.of(Rights.TARGETS, FleetScene.vm("vm1").id().value()), all);
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.rights = Rights.of(Map.of(Rights.ALLOW, ""), all);

        assertThat(manner(FleetScene.vm("vm1"))).isEqualTo(Manner.KEPT);
        assertThat(scene.asked("web", foreign)).as("never held").isEmpty();
    }

    @Test
    void whileALedgerCannotBeReadNobodyIsReleasedByIt() {
        scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.ledgers.unreadable = true;
        scene.delete("web");

        scene.pass(A_REFRESH);
        assertThat(scene.bindings).containsKey("uid-web");

        scene.ledgers.unreadable = false;
        scene.pass(A_REFRESH);
        assertThat(scene.bindings).isEmpty();
        assertThat(scene.having(A)).isZero();
    }

    @Test
    void aMachineThatTakesItsTimeIsNotAskedOnceMore() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.fleet.lookFault = Optional.of(DOWN);
        scene.fleet.tag(machine, Map.of());
        scene.pass(A_REFRESH);
        scene.takesItsTime = true;

        scene.pass(Duration.ofMinutes(20));

        assertThat(scene.questions)
                .as("which machines match, and whether that one does")
                .hasSize(2);
    }

    @Test
    void whatChangesOnAMachineOnWhichNothingIsHeldIsTold() {
        List<TargetId> machines = scene.machines(3, "prod");
        scene.select("web", "prod", ManagementPolicy.Observe, A);
        scene.pass(A_WHILE);
        machines.forEach(machine -> scene.azure.attach(machine, A));

        scene.pass(Duration.ofMinutes(10));

        assertThat(scene.status("web").pending()).isNull();
    }

    @Test
    void aMachineOnWhichNothingIsNotedYetGoesOnWithoutABindingThatIsGone() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.azure.operationsTake(Duration.ofHours(1));
        scene.azure.startOperation(machine);
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        assertThat(scene.known("web", machine)).isPresent();
        assertThat(scene.ledgers.of("uid-web")).as("it is busy").doesNotContain(machine);

        scene.forceAway("web");
        scene.pass(Duration.ofSeconds(1));

        assertThat(scene.known("web", machine)).isEmpty();
    }

    @Test
    void whatHappensLaterOnOneMachineIsTold() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.azure.detach(machine, A);
        scene.azure.deleteIdentity(A);
        scene.pass(Duration.ofMinutes(10));

        assertThat(scene.targets("web").converged()).isEqualTo(2);
        assertThat(scene.targets("web").failing())
                .singleElement()
                .satisfies(one ->
                        assertThat(one.resourceId()).isEqualTo(machine.id().value()));
    }

    @Test
    void tenMachinesAreAskedInASecond() {
        List<TargetId> machines = scene.machines(100, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        machines.subList(0, 20).forEach(machine -> scene.fleet.tag(machine, Map.of()));

        int most = 0;
        for (int second = 0; second < A_REFRESH.toSeconds(); second++) {
            int before = scene.fleet.looks;
            scene.pass(Duration.ofSeconds(1));
            most = Math.max(most, scene.fleet.looks - before);
        }

        assertThat(most).isEqualTo(10);
        assertThat(scene.having(A)).isEqualTo(80);
    }

    @Test
    void aRestartDoesNotReleaseTheBrake() {
        List<TargetId> machines = scene.machines(20, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        machines.forEach(machine -> scene.fleet.tag(machine, Map.of()));
        scene.pass(A_REFRESH);
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.DetachesHeld);
        assertThat(scene.targets("web").leaving()).isEqualTo(20);

        scene.restart();
        scene.pass(Duration.ofMinutes(15));

        assertThat(scene.having(A)).isEqualTo(20);
        assertThat(scene.ready("web").reason()).isEqualTo(Reason.DetachesHeld);
    }

    @Test
    void whatWasLeavingBeforeARestartIsNotHeldBackAfterIt() {
        List<TargetId> machines = scene.machines(40, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.fleet.lookFault = Optional.of(DOWN);
        machines.subList(0, 10).forEach(machine -> scene.fleet.tag(machine, Map.of()));
        scene.pass(Duration.ofMinutes(15));
        machines.subList(10, 20).forEach(machine -> scene.fleet.tag(machine, Map.of()));
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.targets("web").leaving()).isEqualTo(20);

        scene.fleet.lookFault = Optional.empty();
        scene.restart();
        scene.pass(A_REFRESH);

        assertThat(scene.having(A)).isEqualTo(20);
    }

    @Test
    void aSpecThatChangedWhileNoProcessRanExplainsWhoLeaves() {
        scene.machines(20, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.select("web", "test", A);
        scene.restart();
        scene.pass(A_REFRESH);

        assertThat(scene.having(A)).isZero();
    }

    @Test
    void machinesOfABindingWhoseFinalizerIsCutOffGoOnWithoutIt() {
        scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.forceAway("web");
        scene.pass(Duration.ofSeconds(2));

        assertThat(scene.having(A)).isZero();
    }

    private Manner manner(TargetId machine) {
        return scene.asked("web", machine).orElseThrow().manner();
    }

    @Test
    void whatIsRetainedStaysOnAMachineThatNoLongerMatchesAndIsNobodysAndThatIsSaidOnce() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.deletionPolicy = BindingDeletionPolicy.Retain;
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.azure.forgetRequests();

        scene.fleet.tag(machine, Map.of());
        scene.pass(Duration.ofMinutes(5));

        assertThat(patches()).isEmpty();
        assertThat(scene.isOn(machine, A)).isTrue();
        assertThat(scene.ledgers.of("uid-web")).hasSize(2);
        assertThat(scene.targets("web")).isEqualTo(new Targets(2, 2, 0, 0, 0, List.of()));
        assertThat(scene.events).containsOnlyOnce("Retained");

        scene.fleet.tag(machine, Map.of("env", "prod"));
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.targets("web").converged()).isEqualTo(3);
        scene.fleet.tag(machine, Map.of());
        scene.pass(Duration.ofMinutes(5));
        assertThat(scene.events)
                .as("it is others' now, so that nothing of the binding stays")
                .containsOnlyOnce("Retained");
    }

    @Test
    void whatIsRetainedOnTheMachinesOfAnEarlierSelectorIsSaidToo() {
        scene.machines(3, "prod");
        scene.deletionPolicy = BindingDeletionPolicy.Retain;
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.scopes = List.of(GROUP + "-others");
        scene.select("web", "prod", A);
        scene.pass(A_REFRESH);

        assertThat(scene.having(A)).isEqualTo(3);
        assertThat(scene.events).containsOnlyOnce("Retained");
    }

    @Test
    void nothingIsSaidToStayWhereNothingIsRetained() {
        List<TargetId> machines = scene.machines(3, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.fleet.tag(machines.getFirst(), Map.of());
        scene.pass(A_REFRESH);
        assertThat(scene.having(A)).isEqualTo(2);

        scene.deletionPolicy = BindingDeletionPolicy.Retain;
        scene.select("web", "prod", A);
        scene.fleet.hidden.add(machines.get(1));
        scene.pass(Duration.ofMinutes(5));
        scene.select("web", "prod", ManagementPolicy.Observe, A);
        scene.fleet.tag(machines.getLast(), Map.of());
        scene.pass(Duration.ofMinutes(5));

        assertThat(scene.having(A)).isEqualTo(2);
        assertThat(scene.events).doesNotContain("Retained");
    }

    @Test
    void aMachineThatIsDeletedInAzureIsForgotten() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        scene.azure.deleteMachine(machine);
        scene.pass(Duration.ofMinutes(6));

        assertThat(scene.ledgers.of("uid-web")).hasSize(2);
        assertThat(scene.targets("web")).isEqualTo(new Targets(2, 2, 0, 0, 0, List.of()));
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);
    }

    @Test
    void fiveThousandMachinesCostOnePatchEachAndAFewStatuses() {
        scene.machines(5_000, "prod");
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);

        assertThat(patches()).hasSize(5_000);
        assertThat(patches().values()).allMatch(times -> times == 1);
        assertThat(scene.fleet.queries).isEqualTo(1);
        assertThat(scene.targets("web")).isEqualTo(new Targets(5_000, 5_000, 0, 0, 0, List.of()));
        assertThat(scene.statusWrites).isLessThan(20);
        assertThat(scene.events).contains("Attached").hasSizeLessThan(5);
    }

    private Map<TargetId, Long> patches() {
        return scene.azure.requests().stream()
                .filter(Request.Patched.class::isInstance)
                .map(Request.Patched.class::cast)
                .collect(Collectors.groupingBy(Request.Patched::target, Collectors.counting()));
    }

    @Test
    void whoIsBeingDeletedAsksNoMachineWhetherItStillMatches() {
        TargetId machine = scene.machines(1, "prod").getFirst();
        scene.select("web", "prod", A);
        scene.pass(A_WHILE);
        scene.bind("keeper", machine, ManagementPolicy.Observe, A);
        scene.fleet.hidden.add(machine);
        scene.pass(A_REFRESH);
        scene.delete("web");
        scene.pass(A_WHILE);
        int looks = scene.fleet.looks;

        scene.pass(Duration.ofMinutes(30));

        assertThat(scene.bindings).as("another keeps what it put there").containsKey("uid-web");
        assertThat(scene.fleet.looks).isEqualTo(looks).isPositive();
    }
}
