package dev.vmidentity.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Machines.Operation;
import dev.vmidentity.core.Machines.Patched;
import dev.vmidentity.core.Machines.Progress;
import dev.vmidentity.core.Machines.Seen;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What everybody who implements {@link dev.vmidentity.core.Machines} owes, for both kinds of machine. */
public abstract class MachinesContract {
    private static final String SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
    private static final ArmId WEB = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "web");
    private static final ArmId BATCH = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "batch");
    private static final ArmId GHOST = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "ghost");

    private Ground ground;

    protected abstract Ground ground();

    @BeforeEach
    void layGround() {
        ground = ground();
        ground.makeIdentity(WEB);
        ground.makeIdentity(BATCH);
    }

    @AfterEach
    void clearGround() {
        ground.close();
    }

    // ---- reading

    @ParameterizedTest
    @EnumSource
    void aNewMachineIsSeenWithoutIdentities(MachineKind kind) {
        TargetId target = made(kind);

        Observation seen = seen(target);

        assertThat(seen.target()).isEqualTo(target);
        assertThat(seen.type()).isEqualTo(IdentityType.NONE);
        assertThat(seen.state()).isEqualTo(MachineState.SETTLED);
        assertThat(seen.etag()).isNotNull();
        assertThat(seen.machineId()).isNotEmpty();
        assertThat(seen.location()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatOthersAttachedIsSeenWithItsIds(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);
        ground.enableSystemAssigned(target);

        Observation seen = seen(target);

        assertThat(seen.type()).isEqualTo(IdentityType.SYSTEM_AND_USER_ASSIGNED);
        assertThat(seen.principalId(IdentityKey.of(WEB))).isNotEmpty();
        assertThat(seen.principalId(IdentityKey.SYSTEM_ASSIGNED)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anIdInAnotherSpellingIsTheSameMachine(MachineKind kind) {
        TargetId target = made(kind);
        TargetId shouted = TargetId.of(ArmId.of(target.id().value().toUpperCase(Locale.ROOT)))
                .orElseThrow();

        assertThat(seen(shouted).machineId()).isEqualTo(seen(target).machineId());
    }

    @ParameterizedTest
    @EnumSource
    void aMachineThatIsNotThereIsAbsent(MachineKind kind) {
        TargetId target = named(kind, "rg-empty", "nobody");
        ground.makeGroup(SUBSCRIPTION, "rg-empty");

        assertThat(ground.machines().read(target))
                .isInstanceOfSatisfying(
                        Seen.Absent.class,
                        absent -> assertThat(absent.resourceGroupToo()).isFalse());
    }

    @ParameterizedTest
    @EnumSource
    void aMachineWhoseGroupIsNotThereIsAbsentWithIt(MachineKind kind) {
        TargetId target = named(kind, "rg-nowhere", "nobody");

        assertThat(ground.machines().read(target))
                .isInstanceOfSatisfying(
                        Seen.Absent.class,
                        absent -> assertThat(absent.resourceGroupToo()).isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void aMachineMadeAnewHasAnotherMachineId(MachineKind kind) {
        TargetId target = made(kind);
        Observation before = seen(target);

        ground.deleteMachine(target);
        ground.makeMachine(target);

        assertThat(seen(target).machineId()).isNotEqualTo(before.machineId());
    }

    @ParameterizedTest
    @EnumSource
    void aThrottledReadTellsAzuresOwnWait(MachineKind kind) {
        TargetId target = made(kind);
        ground.nextRead(throttled(17));

        assertThat(ground.machines().read(target))
                .isInstanceOfSatisfying(
                        Seen.Failed.class,
                        failed -> assertThat(waitOf(failed.fault())).contains(Duration.ofSeconds(17)));
    }

    // ---- adding

    @ParameterizedTest
    @EnumSource
    void anAddedIdentityIsInTheAnswerAndHasItsIdsWhenTheOperationHasEnded(MachineKind kind) {
        TargetId target = made(kind);
        ground.holdOperations();

        Patched.Accepted accepted =
                accepted(target, patch(seen(target), IdentityType.USER_ASSIGNED, List.of(WEB), List.of()));

        assertThat(accepted.after().has(IdentityKey.of(WEB))).isTrue();
        assertThat(accepted.after().principalId(IdentityKey.of(WEB))).isNull();
        assertThat(accepted.after().state()).isEqualTo(MachineState.BUSY);
        assertThat(seen(target).state()).isEqualTo(MachineState.BUSY);
        Operation operation = accepted.operation().orElseThrow();
        assertThat(ground.machines().poll(operation)).isInstanceOf(Progress.Running.class);

        ground.settle();
        assertThat(ground.machines().poll(operation)).isInstanceOf(Progress.Succeeded.class);
        assertThat(seen(target).state()).isEqualTo(MachineState.SETTLED);
        assertThat(seen(target).principalId(IdentityKey.of(WEB))).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void addingOneKeepsTheOthersAndTheSystemAssigned(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);
        ground.enableSystemAssigned(target);
        Observation before = seen(target);

        accepted(target, patch(before, IdentityType.SYSTEM_AND_USER_ASSIGNED, List.of(BATCH), List.of()));

        Observation after = settled(target);
        assertThat(after.userAssigned()).containsOnlyKeys(IdentityKey.of(WEB), IdentityKey.of(BATCH));
        assertThat(after.principalId(IdentityKey.of(WEB))).isEqualTo(before.principalId(IdentityKey.of(WEB)));
        assertThat(after.systemAssigned()).isEqualTo(before.systemAssigned());
    }

    @ParameterizedTest
    @EnumSource
    void enablingTheSystemAssignedKeepsTheUserAssignedAndTellsItsPrincipalAtOnce(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);

        Patched.Accepted accepted =
                accepted(target, patch(seen(target), IdentityType.SYSTEM_AND_USER_ASSIGNED, List.of(), List.of()));

        assertThat(accepted.after().principalId(IdentityKey.SYSTEM_ASSIGNED)).isNotEmpty();
        assertThat(settled(target).userAssigned()).containsOnlyKeys(IdentityKey.of(WEB));
    }

    @ParameterizedTest
    @EnumSource
    void oneWriteAddsAndRemoves(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);

        accepted(target, patch(seen(target), IdentityType.USER_ASSIGNED, List.of(BATCH), List.of(WEB)));

        assertThat(settled(target).userAssigned()).containsOnlyKeys(IdentityKey.of(BATCH));
    }

    @ParameterizedTest
    @EnumSource
    void anIdentityThatDoesNotExistIsNamedAndNothingIsAttached(MachineKind kind) {
        TargetId target = made(kind);

        Patched answer = ground.machines()
                .patch(target, patch(seen(target), IdentityType.USER_ASSIGNED, List.of(WEB, GHOST), List.of()));

        assertThat(faultOf(answer))
                .isInstanceOfSatisfying(
                        Fault.IdentityMissing.class,
                        fault -> assertThat(fault.identities()).containsExactly(GHOST));
        assertThat(settled(target).type()).isEqualTo(IdentityType.NONE);
    }

    // ---- removing

    @ParameterizedTest
    @EnumSource
    void removingOneKeepsTheRest(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);
        ground.attach(target, BATCH);
        ground.enableSystemAssigned(target);

        accepted(target, patch(seen(target), IdentityType.SYSTEM_AND_USER_ASSIGNED, List.of(), List.of(WEB)));

        Observation after = settled(target);
        assertThat(after.userAssigned()).containsOnlyKeys(IdentityKey.of(BATCH));
        assertThat(after.systemAssigned()).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void oneIsRemovedInWhateverCaseItIsNamed(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);
        ground.attach(target, BATCH);

        accepted(
                target,
                patch(
                        seen(target),
                        IdentityType.USER_ASSIGNED,
                        List.of(),
                        List.of(ArmId.of(WEB.value().toUpperCase(Locale.ROOT)))));

        assertThat(settled(target).userAssigned()).containsOnlyKeys(IdentityKey.of(BATCH));
    }

    @ParameterizedTest
    @EnumSource
    void theLastOneGoesWithTypeNone(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);

        accepted(target, patch(seen(target), IdentityType.NONE, List.of(), List.of()));

        assertThat(settled(target).type()).isEqualTo(IdentityType.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void theLastOneBesideTheSystemAssignedGoesWithTypeSystemAssigned(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);
        ground.enableSystemAssigned(target);
        Observation before = seen(target);

        accepted(target, patch(before, IdentityType.SYSTEM_ASSIGNED, List.of(), List.of()));

        Observation after = settled(target);
        assertThat(after.userAssigned()).isEmpty();
        assertThat(after.systemAssigned()).isEqualTo(before.systemAssigned());
    }

    @ParameterizedTest
    @EnumSource
    void theSystemAssignedGoesWithTypeUserAssigned(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);
        ground.enableSystemAssigned(target);

        accepted(target, patch(seen(target), IdentityType.USER_ASSIGNED, List.of(), List.of()));

        Observation after = settled(target);
        assertThat(after.systemAssigned()).isEmpty();
        assertThat(after.userAssigned()).containsOnlyKeys(IdentityKey.of(WEB));
    }

    @ParameterizedTest
    @EnumSource
    void aReferenceToADeletedIdentityStaysAndCanBeRemoved(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);
        ground.attach(target, BATCH);
        ground.deleteIdentity(WEB);
        assertThat(seen(target).has(IdentityKey.of(WEB))).isTrue();

        accepted(target, patch(seen(target), IdentityType.USER_ASSIGNED, List.of(), List.of(WEB)));

        assertThat(settled(target).userAssigned()).containsOnlyKeys(IdentityKey.of(BATCH));
    }

    // ---- etags

    @ParameterizedTest
    @EnumSource
    void aFenceKeepsEverythingAndMovesTheEtag(MachineKind kind) {
        TargetId target = made(kind);
        ground.attach(target, WEB);
        ground.enableSystemAssigned(target);
        Observation before = seen(target);

        Patched.Accepted accepted = accepted(target, patch(before, before.type(), List.of(), List.of()));

        assertThat(accepted.after().etag()).isNotNull().isNotEqualTo(before.etag());
        Observation after = settled(target);
        assertThat(after.userAssigned()).isEqualTo(before.userAssigned());
        assertThat(after.systemAssigned()).isEqualTo(before.systemAssigned());
    }

    @ParameterizedTest
    @EnumSource
    void theAnswersEtagIsTheOneOfTheNextRead(MachineKind kind) {
        TargetId target = made(kind);

        Patched.Accepted accepted =
                accepted(target, patch(seen(target), IdentityType.SYSTEM_ASSIGNED, List.of(), List.of()));

        assertThat(settled(target).etag()).isEqualTo(accepted.after().etag());
        assertThat(settled(target).machineId()).isEqualTo(accepted.after().machineId());
    }

    @ParameterizedTest
    @EnumSource
    void anEtagThatMovedMeanwhileIsAFailedPreconditionAndNothingIsChanged(MachineKind kind) {
        TargetId target = made(kind);
        Observation before = seen(target);
        ground.touch(target);

        Patched answer =
                ground.machines().patch(target, patch(before, IdentityType.USER_ASSIGNED, List.of(WEB), List.of()));

        assertThat(answer).isInstanceOf(Patched.PreconditionFailed.class);
        assertThat(seen(target).type()).isEqualTo(IdentityType.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void aPatchOfAMachineThatWasMadeAnewWithTheSameEtagTellsTheOtherMachineId(MachineKind kind) {
        TargetId target = made(kind);
        Observation before = seen(target);
        ground.deleteMachine(target);
        ground.makeMachine(target);

        Patched answer =
                ground.machines().patch(target, patch(before, IdentityType.SYSTEM_ASSIGNED, List.of(), List.of()));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Patched.Accepted.class,
                        accepted -> assertThat(accepted.after().machineId()).isNotEqualTo(before.machineId()));
    }

    @ParameterizedTest
    @EnumSource
    void aPatchOfAMachineThatIsGoneSaysSo(MachineKind kind) {
        TargetId target = made(kind);
        Observation before = seen(target);
        ground.deleteMachine(target);

        Patched answer =
                ground.machines().patch(target, patch(before, IdentityType.SYSTEM_ASSIGNED, List.of(), List.of()));

        assertThat(faultOf(answer)).isInstanceOf(Fault.BeingDeleted.class);
    }

    // ---- what goes wrong

    @ParameterizedTest
    @EnumSource
    void aThrottledPatchIsSentOnceAndTellsAzuresOwnWait(MachineKind kind) {
        TargetId target = made(kind);
        ground.nextPatch(new Mishap.Answered(throttled(42)));

        Patched answer = addWeb(target);

        assertThat(waitOf(faultOf(answer))).contains(Duration.ofSeconds(42));
        assertThat(ground.patches(target)).isEqualTo(1);
        assertThat(seen(target).type()).isEqualTo(IdentityType.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void aPatchThatAzureIsTooUnwellForIsSentOnce(MachineKind kind) {
        TargetId target = made(kind);
        ground.nextPatch(new Mishap.Answered(new Fault.AzureUnwell(503, "ServerTimeout", "The request timed out.")));

        Patched answer = addWeb(target);

        assertThat(faultOf(answer))
                .isInstanceOfSatisfying(
                        Fault.AzureUnwell.class,
                        fault -> assertThat(fault.status()).isEqualTo(503));
        assertThat(ground.patches(target)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionCutBeforeTheEffectIsUnknownAndSentOnce(MachineKind kind) {
        TargetId target = made(kind);
        ground.nextPatch(new Mishap.CutBeforeEffect());

        Patched answer = addWeb(target);

        assertThat(faultOf(answer)).isInstanceOf(Fault.Unreachable.class);
        assertThat(ground.patches(target)).isEqualTo(1);
        assertThat(settled(target).has(IdentityKey.of(WEB))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionCutAfterTheEffectIsUnknownAndTheEffectIsThere(MachineKind kind) {
        TargetId target = made(kind);
        ground.nextPatch(new Mishap.CutAfterEffect());

        Patched answer = addWeb(target);

        assertThat(faultOf(answer)).isInstanceOf(Fault.Unreachable.class);
        assertThat(ground.patches(target)).isEqualTo(1);
        assertThat(settled(target).has(IdentityKey.of(WEB))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatEndsInTheMiddleIsUnknownAndTheEffectIsThere(MachineKind kind) {
        TargetId target = made(kind);
        ground.nextPatch(new Mishap.CutWithinAnswer());

        Patched answer = addWeb(target);

        assertThat(faultOf(answer)).isInstanceOf(Fault.Unreachable.class);
        assertThat(ground.patches(target)).isEqualTo(1);
        assertThat(settled(target).has(IdentityKey.of(WEB))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aFailedPreconditionCanHideAnEffect(MachineKind kind) {
        TargetId target = made(kind);
        ground.nextPatch(new Mishap.PreconditionFailedAfterEffect());

        Patched answer = addWeb(target);

        assertThat(answer).isInstanceOf(Patched.PreconditionFailed.class);
        assertThat(settled(target).has(IdentityKey.of(WEB))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anOperationThatFailsTakesItsEffectBackAndTellsWhy(MachineKind kind) {
        TargetId target = made(kind);
        ground.holdOperations();
        ground.nextPatch(new Mishap.OperationFails(
                new Fault.Busy("OperationPreempted", "preempted by a more recent operation"), true));
        Operation operation = accepted(target, patch(seen(target), IdentityType.USER_ASSIGNED, List.of(WEB), List.of()))
                .operation()
                .orElseThrow();

        ground.settle();

        assertThat(ground.machines().poll(operation))
                .isInstanceOfSatisfying(
                        Progress.Failed.class,
                        failed -> assertThat(failed.fault()).isInstanceOf(Fault.Busy.class));
        Observation after = seen(target);
        assertThat(after.state()).isEqualTo(MachineState.FAILED);
        assertThat(after.has(IdentityKey.of(WEB))).isFalse();
    }

    // ---- how it is said

    private Patched addWeb(TargetId target) {
        return ground.machines()
                .patch(target, patch(seen(target), IdentityType.USER_ASSIGNED, List.of(WEB), List.of()));
    }

    private TargetId made(MachineKind kind) {
        TargetId target = named(kind, "rg-vms", "web-1");
        ground.makeMachine(target);
        return target;
    }

    private static TargetId named(MachineKind kind, String group, String name) {
        return TargetId.of(kind, SUBSCRIPTION, group, name);
    }

    private Observation seen(TargetId target) {
        return switch (ground.machines().read(target)) {
            case Seen.Present(Observation observation) -> observation;
            case Seen other -> throw new AssertionError("expected to see " + target + " but got " + other);
        };
    }

    private Observation settled(TargetId target) {
        ground.settle();
        return seen(target);
    }

    private static Patch patch(Observation seen, IdentityType type, List<ArmId> add, List<ArmId> remove) {
        return new Patch(type, add, remove, Objects.requireNonNull(seen.etag()));
    }

    private Patched.Accepted accepted(TargetId target, Patch patch) {
        Patched answer = ground.machines().patch(target, patch);
        assertThat(answer).isInstanceOf(Patched.Accepted.class);
        return (Patched.Accepted) answer;
    }

    private static Fault faultOf(Patched answer) {
        assertThat(answer).isInstanceOf(Patched.Rejected.class);
        return ((Patched.Rejected) answer).fault();
    }

    private static Fault throttled(int seconds) {
        return new Fault.Throttled(
                Fault.Throttled.Scope.SUBSCRIPTION,
                Optional.of(Duration.ofSeconds(seconds)),
                "Number of 'write' requests exceeded. Please try again after '" + seconds + "' seconds.");
    }

    private static Optional<Duration> waitOf(Fault fault) {
        assertThat(fault).isInstanceOf(Fault.Throttled.class);
        return ((Fault.Throttled) fault).retryAfter();
    }
}
