package dev.vmidentity.binding;

import static dev.vmidentity.binding.Scene.A;
import static dev.vmidentity.binding.Scene.B;
import static dev.vmidentity.binding.Scene.FOREIGN;
import static dev.vmidentity.binding.Scene.VM;
import static dev.vmidentity.binding.Scene.standing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.Standing;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.fakes.FakeAzure;
import dev.vmidentity.fakes.Mishap;
import dev.vmidentity.status.BindingView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private final Scene scene = new Scene();

    @Test
    void attachesWhatABindingAsksForAndTellsItsIds() {
        scene.bind("web", A);

        Published published = scene.settle();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(standing(published, A)).isEqualTo(Standing.ATTACHED);
        assertThat(published.outcome().seen().orElseThrow().principalId(IdentityKey.of(A)))
                .isNotNull();
        assertThat(scene.phase(A)).contains(Phase.ATTACHED);
    }

    @Test
    void aHundredBindingsCostOneReadBeforeOneAfterTheOperationAndOnePatch() {
        scene.azure.operationsTake(Duration.ofSeconds(5));
        IntStream.range(0, 100).forEach(n -> {
            ArmId id = ArmId.userAssignedIdentity(Scene.SUBSCRIPTION, "rg-ids", "id" + n);
            scene.azure.makeIdentity(id);
            scene.bind("b" + n, id);
        });

        Published published = scene.settle();

        assertThat(scene.azure.patches(VM)).isEqualTo(1);
        assertThat(scene.azure.reads(VM)).isEqualTo(2);
        assertThat(scene.ledgers.writes()).isEqualTo(2);
        assertThat(published.outcome().seen().orElseThrow().userAssigned()).hasSize(100);
    }

    @Test
    void whatIsConvergedIsReadAgainAndNeverWritten() {
        scene.bind("web", A);
        scene.settle();
        scene.azure.forgetRequests();
        int writes = scene.ledgers.writes();

        scene.settle();
        scene.restart();
        scene.settle();

        assertThat(scene.azure.patches(VM)).isZero();
        assertThat(scene.ledgers.writes()).isEqualTo(writes);
    }

    @Test
    void aForeignIdentityStaysThroughAttachAndDetach() {
        scene.azure.attach(VM, FOREIGN);
        scene.azure.enableSystemAssigned(VM);
        scene.bind("web", A);
        scene.settle();

        scene.delete("web");
        Published published = scene.settle();

        assertThat(scene.isOn(A)).isFalse();
        assertThat(scene.isOn(FOREIGN)).isTrue();
        assertThat(scene.machine().systemAssigned()).isPresent();
        assertThat(published.outcome().ledger().isEmpty()).isTrue();
        assertThat(scene.ledgers.find(VM)).isInstanceOf(Ledgers.Found.None.class);
    }

    @Test
    void anIdentityThatWasThereBeforeIsNotOursAndIsNotDetached() {
        scene.azure.attach(VM, A);
        scene.bind("web", A);

        Published published = scene.settle();
        scene.delete("web");
        scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.ATTACHED_BY_OTHERS);
        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.azure.patches(VM)).isZero();
    }

    @Test
    void anAdoptedIdentityLeavesWithItsBinding() {
        scene.azure.attach(VM, A);
        scene.adopt("web", A);
        scene.settle();

        scene.delete("web");
        scene.settle();

        assertThat(scene.isOn(A)).isFalse();
    }

    @Test
    void anIdentityOfTwoBindingsLeavesWithTheSecond() {
        scene.bind("one", A);
        scene.bind("two", A);
        scene.settle();

        scene.delete("one");
        scene.settle();
        assertThat(scene.isOn(A)).isTrue();
        scene.bindings.remove("one");
        scene.delete("two");
        scene.settle();

        assertThat(scene.isOn(A)).isFalse();
    }

    @Test
    void aRetainingBindingLeavesItsIdentityOnTheMachine() {
        scene.bindRetaining("web", A);
        scene.settle();
        scene.azure.forgetRequests();

        scene.delete("web");
        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.azure.patches(VM)).isZero();
        assertThat(scene.ledgers.find(VM)).isInstanceOf(Ledgers.Found.None.class);
    }

    @Test
    void aBindingThatVanishedWithoutItsFinalizerLeavesNothingBehind() {
        scene.bind("web", A);
        scene.settle();

        scene.bindings.clear();
        scene.settle();

        assertThat(scene.isOn(A)).isFalse();
    }

    @Test
    void beforeADetachTheApiServerIsAskedAndNotTheCache() {
        scene.bind("web", A);
        scene.settle();
        Contribution live = Objects.requireNonNull(scene.bindings.get("web"));

        scene.bindings.clear();
        scene.listed = Optional.of(List.of(live));
        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.phase(A)).contains(Phase.ATTACHED);
    }

    @Test
    void whileOneBindingIsNotWhollyKnownNothingIsDetached() {
        scene.bind("web", A);
        scene.settle();

        scene.bindUnresolved("other");
        scene.delete("web");
        Published published = scene.round().published();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(published.outcome().ledger().claim(IdentityKey.of(A))).isPresent();
    }

    @Test
    void anIdentityThatWasTakenOffBehindOurBackComesBack() {
        scene.bind("web", A);
        scene.settle();

        scene.azure.detach(VM, A);
        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void aForeignWriterBetweenReadAndPatchLosesNothing() {
        scene.bind("web", A);
        scene.azure.beforeNextPatch(() -> scene.azure.attach(VM, FOREIGN));

        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.isOn(FOREIGN)).isTrue();
        assertThat(scene.azure.patches(VM)).isEqualTo(2);
    }

    @Test
    void aLostAnswerIsNotCalledOurs() {
        scene.bind("web", A);
        scene.azure.nextPatch(new Mishap.CutAfterEffect());

        Published published = scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.UNSURE);
        scene.delete("web");
        scene.settle();
        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void adoptionIsTheWayOutOfUnsure() {
        scene.bind("web", A);
        scene.azure.nextPatch(new Mishap.CutAfterEffect());
        scene.settle();

        scene.adopt("web", A);
        Published published = scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.ATTACHED);
    }

    @Test
    void aRequestThatNeverArrivedIsSentAgain() {
        scene.bind("web", A);
        scene.azure.nextPatch(new Mishap.CutBeforeEffect());

        Published published = scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.ATTACHED);
    }

    @Test
    void aRequestThatLandsAfterItsProcessDiedMakesNothingOurs() {
        scene.bind("web", A);
        scene.azure.nextPatch(new Mishap.LandsLate());
        scene.round();
        scene.restart();
        scene.azure.landLateRequests();

        Published published = scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.UNSURE);
    }

    @Test
    void anOperationThatFailsIsPlannedAnew() {
        scene.bind("web", A);
        scene.azure.nextPatch(new Mishap.OperationFails(new Fault.AzureUnwell(500, "InternalError", "…"), true));

        Published published = scene.settle();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(standing(published, A)).isEqualTo(Standing.ATTACHED);
    }

    @Test
    void anOperationThatFailsEachTimeIsTriedEverMoreSlowlyAndTellsTheSameAllTheTime() {
        scene.bind("web", A);
        IntStream.range(0, 200).forEach(_ -> scene.azure.nextPatch(failing()));
        scene.azure.operationsTake(Duration.ofSeconds(20));
        scene.round();
        scene.clock.advance(Duration.ofMinutes(1));
        scene.round();
        scene.azure.forgetRequests();
        Set<Optional<Fault>> told = new HashSet<>();

        Instant end = scene.clock.instant().plus(Duration.ofHours(1));
        while (scene.clock.instant().isBefore(end)) {
            Worker.Rounded rounded = scene.round();
            told.add(rounded.published().outcome().fault());
            scene.clock.advanceTo(rounded.next().orElseThrow());
        }

        assertThat(scene.azure.patches(VM)).as("one a minute in the end").isBetween(4, 60);
        assertThat(told).hasSize(1).doesNotContain(Optional.empty());
    }

    @Test
    void anIdentityThatItsOperationRefusesEachTimeIsTriedEverMoreSlowly() {
        scene.bind("web", A);
        IntStream.range(0, 200)
                .forEach(_ -> scene.azure.nextPatch(new Mishap.OperationFails(
                        new Fault.IdentityRefused(List.of(A), "FailedIdentityOperation", "…"), true)));
        scene.azure.operationsTake(Duration.ofSeconds(20));

        letPass(Duration.ofHours(1));

        assertThat(scene.azure.patches(VM)).isBetween(4, 20);
    }

    private static Mishap failing() {
        return new Mishap.OperationFails(new Fault.AzureUnwell(500, "InternalExecutionError", "…"), true);
    }

    @Test
    void oneMissingIdentityHoldsBackItselfAlone() {
        ArmId missing = ArmId.userAssignedIdentity(Scene.SUBSCRIPTION, "rg-ids", "missing");
        scene.bind("web", A, missing, B);

        Worker.Rounded rounded = scene.round();
        while (rounded.published().outcome().underWay()) {
            scene.clock.advanceTo(rounded.next().orElseThrow());
            rounded = scene.round();
        }

        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.isOn(B)).isTrue();
        assertThat(rounded.published().outcome().faults().get(IdentityKey.of(missing)))
                .isInstanceOf(Fault.IdentityMissing.class);
        assertThat(rounded.published().outcome().fault()).isEmpty();
    }

    @Test
    void whatWasRefusedAndIsOnTheMachineAfterAllIsNoFaultAnyLonger() {
        scene.bind("web", A);
        scene.azure.nextPatch(new Mishap.Answered(new Fault.IdentityRefused(List.of(A), "BadRequest", "…")));
        assertThat(scene.round().published().outcome().faults()).containsKey(IdentityKey.of(A));
        scene.azure.attach(VM, A);

        scene.clock.advance(Duration.ofSeconds(10));

        assertThat(scene.round().published().outcome().faults()).isEmpty();
    }

    @Test
    void aRefusalThatNamesNobodyIsNarrowedDownToTheCulprit() {
        List<ArmId> ids = IntStream.range(0, 8)
                .mapToObj(n -> ArmId.userAssignedIdentity(Scene.SUBSCRIPTION, "rg-ids", "id" + n))
                .toList();
        ids.forEach(scene.azure::makeIdentity);
        scene.bind("web", ids.toArray(ArmId[]::new));
        Fault nameless = new Fault.IdentityRefused(List.of(), "BadRequest", "one of them is bad");
        // Eight, four, two, one: each is refused.
        IntStream.range(0, 4).forEach(_ -> scene.azure.nextPatch(new Mishap.Answered(nameless)));

        Worker.Rounded rounded = scene.round();
        while (rounded.published().outcome().underWay()) {
            scene.clock.advanceTo(rounded.next().orElseThrow());
            rounded = scene.round();
        }

        assertThat(scene.machine().userAssigned()).hasSize(7);
        assertThat(rounded.published().outcome().faults()).hasSize(1);
        assertThat(standing(scene.settle(), ids.getFirst())).isEqualTo(Standing.ATTACHED);
    }

    @Test
    void aForbiddenWriteIsToldAndTriedAgainSlowly() {
        scene.bind("web", A);
        scene.azure.nextPatch(new Mishap.Answered(new Fault.Forbidden(
                "Microsoft.Compute/virtualMachines/write", List.of(VM.id().value()), "oid", "no")));

        Worker.Rounded rounded = scene.round();

        assertThat(rounded.published().outcome().fault().orElseThrow()).isInstanceOf(Fault.Forbidden.class);
        assertThat(Duration.between(scene.clock.instant(), rounded.next().orElseThrow()))
                .isGreaterThan(Duration.ofSeconds(20));
        assertThat(standing(scene.settle(), A)).isEqualTo(Standing.ATTACHED);
    }

    @Test
    void aDetachThatALockRefusesIsNoDoubtAndLeavesWhenTheLockIsGoneThoughTheMachineChanged() {
        scene.bind("web", A);
        scene.settle();
        scene.delete("web");
        scene.azure.nextPatch(new Mishap.Answered(new Fault.Refused("ScopeLocked", "locked")));
        scene.round();
        assertThat(scene.phase(A)).contains(Phase.ATTACHED);

        scene.azure.touch(VM);
        scene.settle();

        assertThat(scene.isOn(A)).isFalse();
        assertThat(scene.phase(A)).isEmpty();
    }

    @Test
    void aDetachThatIsRefusedForAReasonThatNobodyKnowsIsADoubt() {
        scene.bind("web", A);
        scene.settle();
        scene.delete("web");
        scene.azure.nextPatch(new Mishap.Answered(new Fault.Refused("SomeNewConflict", "not now")));
        scene.round();

        scene.azure.touch(VM);
        scene.settle();

        assertThat(scene.phase(A)).contains(Phase.UNSURE);
        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void aDetachThatMeetsAnotherWriteIsADoubtSinceThatMayBeACopyOfItself() {
        scene.bind("web", A);
        scene.settle();
        scene.delete("web");
        scene.azure.nextPatch(new Mishap.Answered(new Fault.Busy("Conflict", "another write is under way")));
        scene.round();
        assertThat(scene.phase(A)).contains(Phase.DETACHING);

        scene.azure.touch(VM);
        scene.settle();

        assertThat(scene.phase(A)).contains(Phase.UNSURE);
    }

    @Test
    void retryAfterIsObeyedToTheSecondEvenWhenTheDemandChanges() {
        scene.bind("web", A);
        scene.azure.nextPatch(new Mishap.Answered(
                new Fault.Throttled(Fault.Throttled.Scope.MACHINE, Optional.of(Duration.ofSeconds(77)), "slow down")));
        Worker.Rounded rounded = scene.round();
        assertThat(rounded.next()).contains(scene.clock.instant().plusSeconds(77));

        scene.bind("web", A, B);
        scene.clock.advance(Duration.ofSeconds(76));
        scene.round();

        assertThat(scene.azure.patches(VM)).isEqualTo(1);
    }

    @Test
    void aMachineThatIsBusyForLongIsLookedAtEveryMinuteInTheEnd() {
        scene.azure.operationsTake(Duration.ofHours(1));
        scene.azure.startOperation(VM);
        scene.bind("web", A);

        Instant end = scene.clock.instant().plus(Duration.ofMinutes(50));
        while (scene.clock.instant().isBefore(end)) {
            scene.clock.advanceTo(scene.round().next().orElseThrow());
        }

        assertThat(scene.azure.reads(VM)).isLessThan(60);
    }

    @Test
    void anOperationThatNeverEndsIsFollowedForHalfAnHourAndThenSaidToLast() {
        scene.azure.holdOperations();
        scene.bind("web", A);
        scene.round();
        scene.azure.forgetRequests();

        letPass(Duration.ofHours(2));

        Published published = scene.round().published();
        assertThat(published.outcome().underWay()).isFalse();
        assertThat(published.outcome().seen().orElseThrow().state().operationRuns())
                .isTrue();
        assertThat(scene.azure.requests()).hasSizeLessThan(200);
        assertThat(scene.azure.patches(VM)).isZero();
        scene.azure.settle();
        assertThat(standing(scene.settle(), A)).isEqualTo(Standing.ATTACHED);
    }

    @Test
    void anOperationThatAzureNoLongerKnowsIsNotWaitedFor() {
        scene.azure.operationsTake(Duration.ofMinutes(10));
        scene.bind("web", A);
        Worker.Rounded rounded = scene.round();
        scene.azure.deleteMachine(VM);
        scene.azure.nextPoll(new Fault.Unexpected(404, "ResourceNotFound", "no such operation"));

        scene.clock.advanceTo(rounded.next().orElseThrow());
        Published published = scene.round().published();

        assertThat(published.outcome().absence()).isPresent();
    }

    @Test
    void aDoubtThatIsDueDoesNotSpinWhileAzureAsksToWait() {
        scene.bind("web", A);
        scene.settle();
        scene.azure.showsNothingOf(VM, A);
        Worker.Rounded rounded = scene.round();

        scene.clock.advanceTo(rounded.next().orElseThrow());
        scene.azure.nextRead(
                new Fault.Throttled(Fault.Throttled.Scope.MACHINE, Optional.of(Duration.ofSeconds(77)), "slow down"));
        rounded = scene.round();

        assertThat(rounded.next().orElseThrow()).isAfter(scene.clock.instant());
    }

    @Test
    void aMachineThatIsGoneCostsWhatAnAbsentOneCostsWhateverWasInDoubt() {
        scene.bind("web", A);
        scene.settle();
        scene.azure.showsNothingOf(VM, A);
        scene.round();
        scene.azure.deleteMachine(VM);
        scene.azure.forgetRequests();

        letPass(Duration.ofMinutes(30));

        assertThat(scene.azure.reads(VM)).isLessThanOrEqualTo((int) Duration.ofMinutes(30)
                .dividedBy(Scene.TIMING.absent().multipliedBy(8).dividedBy(10)));
    }

    @Test
    void aMachineThatIsBusyForLongIsLookedAtNoMoreOftenForADoubt() {
        scene.bind("web", A);
        scene.settle();
        scene.azure.showsNothingOf(VM, A);
        scene.round();
        scene.azure.holdOperations();
        scene.azure.startOperation(VM);
        scene.azure.forgetRequests();

        letPass(Duration.ofHours(1));

        assertThat(scene.azure.reads(VM)).isLessThan(80);
    }

    /** Rounds, each when the one before asked for it. */
    private void letPass(Duration time) {
        Instant end = scene.clock.instant().plus(time);
        while (scene.clock.instant().isBefore(end)) {
            scene.clock.advanceTo(scene.round().next().orElse(end));
        }
    }

    @Test
    void aMachineThatDoesNotExistHasNoLedgerAndIsAttachedWhenItAppears() {
        scene.azure.deleteMachine(VM);
        scene.bind("web", A);

        Published published = scene.round().published();
        assertThat(published.outcome().absence()).isPresent();
        assertThat(scene.ledgers.writes()).isZero();
        scene.azure.makeMachine(VM);
        scene.clock.advance(Duration.ofSeconds(30));
        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void aMachineThatIsGoneIsForgottenOnlyWhenToldTwiceAMinuteApart() {
        scene.bind("web", A);
        scene.settle();
        scene.azure.deleteMachine(VM);
        scene.delete("web");

        scene.round();
        assertThat(scene.phase(A)).isPresent();
        scene.clock.advance(Duration.ofSeconds(59));
        scene.round();
        assertThat(scene.phase(A)).isPresent();
        scene.clock.advance(Duration.ofSeconds(1));
        scene.round();

        assertThat(scene.phase(A)).isEmpty();
        assertThat(scene.ledgers.find(VM)).isInstanceOf(Ledgers.Found.None.class);
    }

    @Test
    void onAMachineMadeAnewEverythingIsAttachedAgainAndWhatItBroughtIsForeign() {
        scene.bind("web", A, B);
        scene.settle();

        scene.azure.makeMachine(VM);
        scene.azure.attach(VM, B);
        Published published = scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.ATTACHED);
        assertThat(standing(published, B)).isEqualTo(Standing.ATTACHED_BY_OTHERS);
    }

    @Test
    void whatASilentBindingLeftAsItWasIsNotOursOnAMachineMadeAnew() {
        scene.bindSystem("web", SystemAsk.ENABLED);
        scene.settle();
        scene.bindSystem("web", SystemAsk.NOTHING, A);
        scene.settle();

        scene.azure.makeMachine(VM);
        scene.azure.enableSystemAssigned(VM);
        Published published = scene.settle();

        assertThat(published.outcome().standing(IdentityKey.SYSTEM_ASSIGNED)).isEqualTo(Standing.ATTACHED_BY_OTHERS);
        assertThat(published.outcome().ledger().claim(IdentityKey.SYSTEM_ASSIGNED))
                .isEmpty();
        scene.delete("web");
        scene.settle();
        assertThat(scene.machine().systemAssigned()).isPresent();
    }

    @Test
    void whatSucceededOnAnEarlierMachineIsNoProofOnTheNextOne() {
        scene.bind("web", A);
        scene.settle();
        scene.bind("web", A, B);
        scene.settle();
        scene.azure.makeMachine(VM);
        unseen(() -> {});

        // The detach ends with the etag that the second attach ended with on the earlier machine.
        scene.azure.forgetRequests();
        unseen(() -> scene.delete("web"));

        assertThat(scene.isOn(A)).isFalse();
        assertThat(scene.azure.patches(VM)).as("the detach, and a fence").isEqualTo(2);
    }

    /** What follows is done by an operation of which nobody sees the end. */
    private void unseen(Runnable act) {
        scene.azure.holdOperations();
        act.run();
        scene.round();
        scene.clock.advance(Scene.TIMING.operation().plusSeconds(1));
        scene.round();
        scene.azure.settle();
        scene.settle();
    }

    @Test
    void withoutEtagsNothingIsWritten() {
        scene.azure.etags(FakeAzure.Etags.NONE);
        scene.bind("web", A);

        Published published = scene.settle();

        assertThat(published.outcome().etagMissing()).isTrue();
        assertThat(scene.azure.patches(VM)).isZero();
        assertThat(scene.ledgers.writes()).isZero();
    }

    @Test
    void aProcessThatDiedBetweenLedgerAndPatchIsFollowedByOneThatFinishes() {
        scene.bind("web", A);
        scene.azure.beforeNextPatch(() -> {
            throw new Death();
        });

        assertThat(catchDeath()).isTrue();
        assertThat(scene.phase(A)).contains(Phase.ATTACHING);
        scene.restart();
        Published published = scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.ATTACHED);
    }

    @Test
    void anOutcomeThatCouldNotBeNotedIsUnsureAfterwards() {
        scene.bind("web", A);
        scene.ledgers.nextWrite(new Ledgers.Written.Lost());
        // The claim goes through at the second try, and the note after the PATCH does not.
        scene.azure.beforeNextPatch(() -> scene.ledgers.nextWrite(new Ledgers.Written.Failed("gone")));

        Published published = scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.UNSURE);
    }

    @Test
    void theMachinesOwnIdentityIsEnabledAndLeavesWithTheBinding() {
        scene.bindSystem("web", SystemAsk.ENABLED);
        scene.settle();
        assertThat(scene.machine().systemAssigned()).isPresent();

        scene.delete("web");
        scene.settle();

        assertThat(scene.machine().systemAssigned()).isEmpty();
    }

    @Test
    void aBindingThatFallsSilentLeavesTheMachinesOwnIdentityAsItIs() {
        scene.bindSystem("web", SystemAsk.ENABLED);
        scene.settle();

        scene.bindSystem("web", SystemAsk.NOTHING, A);
        scene.settle();

        assertThat(scene.machine().systemAssigned()).isPresent();
        scene.delete("web");
        scene.settle();
        assertThat(scene.machine().systemAssigned()).isEmpty();
    }

    @Test
    void whatASilentBindingLeftAsItWasStaysForItsSakeAlsoWhileOthersDisagreeOrMayNot() {
        scene.bindSystem("one", SystemAsk.ENABLED);
        scene.settle();
        scene.bindSystem("one", SystemAsk.NOTHING, A);

        scene.bindSystem("two", SystemAsk.REFUSED);
        assertThat(keptFor(scene.settle())).containsExactly("one");

        scene.bindSystem("two", SystemAsk.ENABLED);
        scene.bindSystem("three", SystemAsk.DISABLED);
        assertThat(keptFor(scene.settle())).containsExactly("one");
        assertThat(scene.machine().systemAssigned()).isPresent();
    }

    private static List<String> keptFor(Published published) {
        TargetDemand.Wish wish = published.outcome().demand().wish(IdentityKey.SYSTEM_ASSIGNED);
        assertThat(wish.demand()).isEqualTo(Demand.KEEP);
        return wish.holders().stream().map(Holder::name).toList();
    }

    @Test
    void whatASilentBindingLeftAsItWasIsForgottenWhenOthersDisableIt() {
        scene.bindSystem("web", SystemAsk.ENABLED);
        scene.settle();
        scene.bindSystem("web", SystemAsk.NOTHING, A);
        scene.settle();

        scene.azure.disableSystemAssigned(VM);
        Published published = scene.settle();

        assertThat(published.outcome().standing(IdentityKey.SYSTEM_ASSIGNED)).isEqualTo(Standing.ABSENT);
        scene.azure.enableSystemAssigned(VM);
        scene.delete("web");
        scene.settle();
        assertThat(scene.machine().systemAssigned()).isPresent();
    }

    @Test
    void aBindingThatIsDeletedDoesNotHoldWhatASilentOneLeavesAsItIs() {
        scene.bindSystem("one", SystemAsk.ENABLED);
        scene.bindSystem("two", SystemAsk.ENABLED);
        scene.settle();
        scene.bindSystem("one", SystemAsk.NOTHING);

        scene.delete("two");
        Published published = scene.settle();

        assertThat(published
                        .outcome()
                        .ledger()
                        .claim(IdentityKey.SYSTEM_ASSIGNED)
                        .orElseThrow()
                        .holders())
                .extracting(holder -> holder.name())
                .containsExactly("one");
        assertThat(scene.machine().systemAssigned()).isPresent();
    }

    @Test
    void disabledTakesAForeignSystemIdentityAwayAndKeepsTheOthers() {
        scene.azure.enableSystemAssigned(VM);
        scene.azure.attach(VM, FOREIGN);
        scene.bindSystem("web", SystemAsk.DISABLED);

        scene.settle();

        assertThat(scene.machine().systemAssigned()).isEmpty();
        assertThat(scene.isOn(FOREIGN)).isTrue();
    }

    @Test
    void twoBindingsThatDisagreeDisableNothing() {
        scene.bindSystem("one", SystemAsk.ENABLED);
        scene.settle();

        scene.bindSystem("two", SystemAsk.DISABLED);
        Published published = scene.settle();

        assertThat(scene.machine().systemAssigned()).isPresent();
        assertThat(Gathering.disagreeing(published.contributions()))
                .extracting(holder -> holder.name())
                .containsExactly("one", "two");
    }

    @Test
    void anExclusiveBindingTakesOffWhatNobodyListsAndNothingElse() {
        scene.azure.attach(VM, FOREIGN);
        scene.azure.enableSystemAssigned(VM);
        scene.bind("shared", B);
        scene.bind("alone", Manner.EXCLUSIVE, A);

        scene.settle();

        assertThat(scene.machine().userAssigned().keySet())
                .containsExactlyInAnyOrder(IdentityKey.of(A), IdentityKey.of(B));
        assertThat(scene.machine().systemAssigned()).isPresent();
    }

    @Test
    void whileAnExclusiveBindingsNeighbourIsNotWhollyKnownNothingIsTakenOff() {
        scene.azure.attach(VM, FOREIGN);
        scene.bindUnresolved("other");
        scene.bind("alone", Manner.EXCLUSIVE, A);

        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.isOn(FOREIGN)).isTrue();
    }

    @Test
    void aBindingThatObservesWritesNothingAndTellsWhatWouldChange() {
        scene.azure.attach(VM, FOREIGN);
        scene.azure.attach(VM, B);
        scene.bind("other", B);
        scene.bind("looker", Manner.OBSERVED_EXCLUSIVE, A);

        Published published = scene.settle();

        assertThat(scene.azure.patches(VM)).isZero();
        assertThat(scene.ledgers.writes()).isZero();
        Contribution looker = published.contribution("uid-looker").orElseThrow();
        BindingView.Forecast forecast =
                Forecasting.of(looker, published, Scopes.parse("/")).orElseThrow();
        assertThat(forecast.attach()).containsExactly(A.key());
        assertThat(forecast.detach()).containsExactly(FOREIGN.key());
        assertThat(forecast.foreign()).containsExactlyInAnyOrder(FOREIGN.value(), B.value());
        assertThat(Forecasting.of(looker, published, Scopes.NONE).orElseThrow().more())
                .isEqualTo(2);
    }

    @Test
    void whatABindingAttachedStaysWhenItIsToldToObserveAndWhenItGoesThen() {
        scene.bind("web", A, B);
        scene.settle();
        scene.azure.forgetRequests();

        scene.bind("web", Manner.OBSERVED, A);
        scene.settle();
        assertThat(scene.phase(B)).contains(Phase.ATTACHED);
        scene.delete("web");
        scene.settle();

        assertThat(scene.azure.patches(VM)).isZero();
        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.isOn(B)).isTrue();
        assertThat(scene.ledgers.find(VM)).isInstanceOf(Ledgers.Found.None.class);
    }

    @Test
    void manyIdentitiesWhoseBindingsVanishedAreHeldUntilAPersonConfirmsOrTheBindingsAreBack() {
        scene.mostOrphans = 1;
        scene.restart();
        scene.bind("one", A);
        scene.bind("two", B);
        scene.settle();
        scene.azure.forgetRequests();
        Map<String, Contribution> before = Map.copyOf(scene.bindings);

        scene.bindings.clear();
        Published published = scene.settle();
        assertThat(scene.azure.patches(VM)).isZero();
        assertThat(published.outcome().faults())
                .hasSize(2)
                .allSatisfy((_, fault) -> assertThat(fault).isInstanceOf(Fault.DetachHeld.class));

        scene.bindings.putAll(before);
        assertThat(scene.settle().outcome().faults()).isEmpty();
        scene.bindings.clear();
        scene.ledgers.confirmed = Optional.of(scene.clock.instant());
        scene.settle();
        assertThat(scene.machine().userAssigned()).isEmpty();
    }

    @Test
    void thatDetachesAreHeldIsToldAlsoWhileTheMachineIsBusy() {
        scene.mostOrphans = 1;
        scene.restart();
        scene.bind("one", A);
        scene.bind("two", B);
        scene.settle();
        scene.bindings.clear();
        scene.settle();
        scene.azure.holdOperations();
        scene.azure.startOperation(VM);
        scene.clock.advance(Duration.ofHours(1));

        Published published = scene.round().published();

        assertThat(published.outcome().seen().orElseThrow().state()).isEqualTo(MachineState.BUSY);
        assertThat(published.outcome().faults())
                .hasSize(2)
                .allSatisfy((_, fault) -> assertThat(fault).isInstanceOf(Fault.DetachHeld.class));
    }

    @Test
    void whatAPersonConfirmedDoesNotHoldBackTheNextOrphan() {
        scene.mostOrphans = 1;
        scene.restart();
        scene.bind("one", A);
        scene.bind("two", B);
        scene.settle();
        scene.bindings.clear();
        scene.ledgers.confirmed = Optional.of(scene.clock.instant());
        scene.settle();
        scene.ledgers.confirmed = Optional.empty();

        scene.bind("three", A);
        scene.settle();
        scene.bindings.clear();
        scene.settle();

        assertThat(scene.isOn(A)).isFalse();
    }

    @Test
    void aConfirmationOfLongAgoConfirmsNothing() {
        scene.mostOrphans = 0;
        scene.restart();
        scene.bind("one", A);
        scene.settle();
        scene.ledgers.confirmed = Optional.of(scene.clock.instant().minus(Duration.ofHours(1)));

        scene.bindings.clear();
        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void deletionsAreNoVanishingHoweverMany() {
        scene.mostOrphans = 0;
        scene.restart();
        scene.bind("one", A);
        scene.bind("two", B);
        scene.settle();

        scene.delete("one");
        scene.delete("two");
        scene.settle();

        assertThat(scene.machine().userAssigned()).isEmpty();
    }

    @Test
    void aLedgerThatABackupBroughtBackIsBelievedOnlyForWhatIsWanted() {
        scene.bind("web", A);
        scene.bind("other", B);
        scene.settle();

        scene.ledgers.restore();
        scene.bindings.remove("other");
        scene.restart();
        Published published = scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.ATTACHED);
        assertThat(scene.phase(B)).contains(Phase.UNSURE);
        assertThat(scene.isOn(B)).isTrue();
    }

    @Test
    void aLedgerThatABackupBroughtBackWaitsUntilItIsKnownWhatIsWanted() {
        scene.bind("web", A);
        scene.settle();

        scene.ledgers.restore();
        scene.bindings.clear();
        scene.bindUnresolved("web");
        scene.restart();
        scene.round();
        assertThat(scene.phase(A)).contains(Phase.ATTACHED);
        scene.bind("web", A);
        Published published = scene.settle();

        assertThat(standing(published, A)).isEqualTo(Standing.ATTACHED);
        assertThat(scene.azure.patches(VM)).isEqualTo(1);
    }

    private boolean catchDeath() {
        try {
            scene.round();
            return false;
        } catch (Death e) {
            return true;
        }
    }

    private static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
