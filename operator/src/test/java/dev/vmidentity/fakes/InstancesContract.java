package dev.vmidentity.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.Instances.Listed;
import dev.vmidentity.core.Instances.Policy;
import dev.vmidentity.core.Instances.Upgraded;
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
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What everybody who implements {@link dev.vmidentity.core.Instances} owes. */
public abstract class InstancesContract {
    private static final String SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
    private static final TargetId SET = TargetId.of(MachineKind.SCALE_SET, SUBSCRIPTION, "rg-vms", "vmss1");
    private static final ArmId WEB = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "web");
    private static final ArmId FOREIGN = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "foreign");

    private Ground ground;

    protected abstract Ground ground();

    @BeforeEach
    void layGround() {
        ground = ground();
        ground.makeIdentity(WEB);
        ground.makeIdentity(FOREIGN);
        ground.makeMachine(SET);
    }

    @AfterEach
    void clearGround() {
        ground.close();
    }

    @Test
    void newInstancesAreOnTheLatestModel() {
        ground.makeInstances(SET, Policy.MANUAL, 3);

        assertThat(ground.instances().list(SET)).isEqualTo(new Listed.Whole(Policy.MANUAL, 3, List.of()));
    }

    @Test
    void aPatchLeavesTheInstancesOfAManualScaleSetBehind() {
        ground.makeInstances(SET, Policy.MANUAL, 3);

        attachWeb();

        assertThat(ground.instances().list(SET)).isEqualTo(new Listed.Whole(Policy.MANUAL, 3, List.of("0", "1", "2")));
    }

    @ParameterizedTest
    @EnumSource(names = "MANUAL", mode = EnumSource.Mode.EXCLUDE)
    void underAnotherPolicyAzureBringsThemThere(Policy policy) {
        ground.makeInstances(SET, policy, 2);

        attachWeb();

        assertThat(ground.instances().list(SET)).isEqualTo(new Listed.Whole(policy, 2, List.of()));
    }

    /** More than a page of Azure's holds. */
    @Test
    void manyInstancesAreListedToTheLast() {
        ground.makeInstances(SET, Policy.MANUAL, 999);

        attachWeb();

        assertThat(ground.instances().list(SET))
                .isInstanceOfSatisfying(
                        Listed.Whole.class,
                        whole -> assertThat(whole.behind()).hasSize(999).doesNotHaveDuplicates());
    }

    @Test
    void anUpgradeBringsTheNamedInstancesThereAndNoOther() {
        ground.makeInstances(SET, Policy.MANUAL, 3);
        attachWeb();

        Operation operation = upgraded("0", "2");
        ground.settle();

        assertThat(ground.machines().poll(operation)).isInstanceOf(Progress.Succeeded.class);
        assertThat(ground.instances().list(SET)).isEqualTo(new Listed.Whole(Policy.MANUAL, 3, List.of("1")));
    }

    @Test
    void anUpgradeIsAnOperationOnTheScaleSetAndMovesItsEtag() {
        ground.makeInstances(SET, Policy.MANUAL, 3);
        Observation before = attachWeb();
        ground.holdOperations();

        Operation operation = upgraded("0");

        assertThat(ground.machines().poll(operation)).isInstanceOf(Progress.Running.class);
        assertThat(seen().state()).isEqualTo(MachineState.BUSY);
        assertThat(seen().etag()).isNotEqualTo(before.etag());
    }

    @Test
    void anUpgradeTouchesNoIdentity() {
        ground.attach(SET, FOREIGN);
        ground.enableSystemAssigned(SET);
        ground.makeInstances(SET, Policy.MANUAL, 1);
        Observation before = attachWeb();

        upgraded("0");
        ground.settle();

        assertThat(seen().userAssigned()).isEqualTo(before.userAssigned()).containsKey(IdentityKey.of(FOREIGN));
        assertThat(seen().systemAssigned()).isEqualTo(before.systemAssigned());
    }

    @Test
    void whileAnOperationRunsAnotherUpgradeIsRefused() {
        ground.makeInstances(SET, Policy.MANUAL, 2);
        attachWeb();
        ground.holdOperations();
        upgraded("0");

        assertThat(ground.instances().upgrade(SET, List.of("0")))
                .isInstanceOfSatisfying(
                        Upgraded.Rejected.class,
                        rejected -> assertThat(rejected.fault()).isInstanceOf(Fault.Busy.class));
    }

    @Test
    void anInstanceThatIsNotThereIsRefused() {
        ground.makeInstances(SET, Policy.MANUAL, 1);

        assertThat(ground.instances().upgrade(SET, List.of("7")))
                .isInstanceOfSatisfying(Upgraded.Rejected.class, rejected -> {
                    assertThat(rejected.fault()).isInstanceOf(Fault.Refused.class);
                    assertThat(rejected.fault().detail()).contains("7");
                });
    }

    @Test
    void aScaleSetInFlexibleOrchestrationHasNothingToUpgrade() {
        ground.makeFlexible(SET);

        assertThat(ground.instances().list(SET)).isEqualTo(new Listed.Flexible());
        assertThat(ground.instances().upgrade(SET, List.of("0"))).isInstanceOf(Upgraded.Rejected.class);
    }

    @Test
    void aScaleSetThatIsGoneTellsNothing() {
        ground.deleteMachine(SET);

        assertThat(ground.instances().list(SET))
                .isInstanceOfSatisfying(
                        Listed.Failed.class,
                        failed -> assertThat(failed.fault()).isInstanceOf(Fault.BeingDeleted.class));
        assertThat(ground.instances().upgrade(SET, List.of("0"))).isInstanceOf(Upgraded.Rejected.class);
    }

    @Test
    void aListThatIsRefusedIsAFailureAndNoEmptyList() {
        ground.makeInstances(SET, Policy.MANUAL, 2);
        ground.nextInstances(new Fault.Throttled(
                Fault.Throttled.Scope.SUBSCRIPTION, Optional.of(Duration.ofSeconds(17)), "slow down"));

        assertThat(ground.instances().list(SET))
                .isInstanceOfSatisfying(
                        Listed.Failed.class,
                        failed -> assertThat(failed.fault())
                                .isInstanceOfSatisfying(
                                        Fault.Throttled.class,
                                        throttled -> assertThat(throttled.retryAfter())
                                                .contains(Duration.ofSeconds(17))));
    }

    /** By the port itself, as only a write through Azure changes the model. */
    private Observation attachWeb() {
        Observation before = seen();
        IdentityType type = before.systemAssigned().isPresent()
                ? IdentityType.SYSTEM_AND_USER_ASSIGNED
                : IdentityType.USER_ASSIGNED;
        Patch patch = new Patch(type, List.of(WEB), List.of(), Objects.requireNonNull(before.etag()));
        assertThat(ground.machines().patch(SET, patch)).isInstanceOf(Patched.Accepted.class);
        ground.settle();
        return seen();
    }

    private Operation upgraded(String... instances) {
        Upgraded answer = ground.instances().upgrade(SET, List.of(instances));
        assertThat(answer).isInstanceOf(Upgraded.Accepted.class);
        return ((Upgraded.Accepted) answer).operation().orElseThrow();
    }

    private Observation seen() {
        Seen seen = ground.machines().read(SET);
        assertThat(seen).isInstanceOf(Seen.Present.class);
        return ((Seen.Present) seen).observation();
    }
}
