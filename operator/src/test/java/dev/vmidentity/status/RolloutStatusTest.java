package dev.vmidentity.status;

import static dev.vmidentity.status.Samples.BINDING;
import static dev.vmidentity.status.Samples.NOW;
import static dev.vmidentity.status.Samples.VMSS;
import static dev.vmidentity.status.Samples.WEB;
import static dev.vmidentity.status.Samples.listed;
import static dev.vmidentity.status.Samples.machine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.Instances;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Instances.Policy;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Rollout;
import dev.vmidentity.core.Rollout.Counted;
import dev.vmidentity.core.Rollout.Setback;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a binding says of the instances of its scale set. */
class RolloutStatusTest {
    private static final BindingView NEVER = new BindingView(
            BINDING,
            new BindingView.Target.Known(VMSS),
            List.of(listed("web", WEB)),
            Optional.empty(),
            Optional.empty(),
            false);
    private static final BindingView AUTOMATIC = NEVER.upgradingInstances();
    private static final Fault DENIED = new Fault.Forbidden(
            "Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action", List.of(), "", "denied");

    private static VmIdentityBindingStatus render(BindingView view, @Nullable Rollout rollout) {
        var outcome = machine(WEB)
                .claiming(WEB, Phase.ATTACHED, BINDING)
                .scaleSet(rollout)
                .outcome();
        return BindingStatus.render(view, Optional.of(outcome), null, 1, NOW);
    }

    private static Condition ready(VmIdentityBindingStatus status) {
        return status.conditions().getFirst();
    }

    private static Instances instances(VmIdentityBindingStatus status) {
        return Objects.requireNonNull(status.instances());
    }

    private static Counted counted(Policy policy, int latest, String... upgrading) {
        return new Counted(policy, 5, latest, List.of(upgrading), Optional.empty());
    }

    private static Counted setBack(Fault fault, String... batch) {
        return new Counted(Policy.MANUAL, 5, 2, List.of(), Optional.of(new Setback(List.of(batch), fault)));
    }

    @Test
    void underNeverReadyWaitsForNoInstanceAndTellsTheCommand() {
        var status = render(NEVER, counted(Policy.MANUAL, 3));

        assertThat(ready(status).status()).isEqualTo(ConditionStatus.True);
        assertThat(ready(status).message())
                .contains("3 of 5 instances")
                .contains("az vmss update-instances --subscription " + Samples.SUBSCRIPTION
                        + " --resource-group rg-vms --name vmss1 --instance-ids '*'");
        assertThat(instances(status).total()).isEqualTo(5);
        assertThat(instances(status).latestModel()).isEqualTo(3);
        assertThat(instances(status).upgrading()).isNull();
    }

    @Test
    void underAutomaticReadyWaitsForAll() {
        var status = render(AUTOMATIC, counted(Policy.MANUAL, 2, "2", "3"));

        assertThat(ready(status).status()).isEqualTo(ConditionStatus.False);
        assertThat(ready(status).reason()).isEqualTo(Reason.UpgradingInstances);
        assertThat(ready(status).message()).contains("2 of 5").contains("2, 3");
        assertThat(status.conditions())
                .anyMatch(condition ->
                        condition.type() == ConditionType.Reconciling && condition.status() == ConditionStatus.True);
        assertThat(instances(status).upgrading()).isEqualTo(2);
    }

    @Test
    void whenAllAreThereItIsReadyAndSaysNoMore() {
        var status = render(AUTOMATIC, counted(Policy.MANUAL, 5));

        assertThat(ready(status).reason()).isEqualTo(Reason.Attached);
        assertThat(status.instances()).isEqualTo(new Instances(5, 5, null, null));
    }

    static Stream<Arguments> inTheWay() {
        return Stream.of(
                arguments(null, Reason.UpgradingInstances, "have yet to be counted"),
                arguments(new Rollout.Flexible(), Reason.MachineUnsupported, "Take instanceUpgrade out"),
                arguments(new Rollout.Uncounted(DENIED), Reason.Forbidden, "cannot be counted"),
                arguments(setBack(DENIED, "0", "4"), Reason.Forbidden, "Instances 0, 4 of vmss1 are not upgraded yet"),
                arguments(setBack(DENIED, "0", "4"), Reason.Forbidden, "\"Virtual Machine Contributor\""),
                arguments(
                        setBack(new Fault.Unexpected(200, "VMExtensionProvisioningError", "it broke"), "0", "4"),
                        Reason.InstanceUpgradeFailed,
                        "Instances 0, 4 of vmss1 could not be brought to the latest model"),
                arguments(
                        setBack(new Fault.Unexpected(200, "VMExtensionProvisioningError", "it broke"), "0", "4"),
                        Reason.InstanceUpgradeFailed,
                        "Azure says: VMExtensionProvisioningError: it broke"),
                arguments(
                        setBack(new Fault.Refused("InvalidParameter", "no such"), "9"),
                        Reason.InstanceUpgradeFailed,
                        "no such"),
                arguments(setBack(new Fault.Refused("ScopeLocked", "locked"), "9"), Reason.Locked, "Instances 9"),
                arguments(
                        setBack(new Fault.Busy("", "it has not ended in PT30M"), "0"),
                        Reason.AzureBusy,
                        "has not ended"),
                arguments(setBack(new Fault.Unreachable("cut")), Reason.AzureUnreachable, "cannot be counted"));
    }

    @ParameterizedTest
    @MethodSource
    void inTheWay(@Nullable Rollout rollout, Reason reason, String words) {
        assertThat(ready(render(AUTOMATIC, rollout)).reason()).isEqualTo(reason);
        assertThat(ready(render(AUTOMATIC, rollout)).message()).contains(words);
        assertThat(ready(render(NEVER, rollout)).status()).as("under Never").isEqualTo(ConditionStatus.True);
    }

    @Test
    void whoMayNotBeToldTheCountIsToldWhyAndIsReadyAllTheSame() {
        var status = render(NEVER, new Rollout.Uncounted(DENIED));

        assertThat(instances(status).total()).isNull();
        assertThat(instances(status).message()).contains("cannot be counted").contains("az role assignment create");
    }

    @Test
    void whereAzureUpgradesByItselfThatIsSaidAndNotWaitedFor() {
        var status = render(AUTOMATIC, counted(Policy.ROLLING, 2));

        assertThat(ready(status).reason()).isEqualTo(Reason.Attached);
        assertThat(instances(status).latestModel()).isEqualTo(2);
        assertThat(instances(status).message()).contains("Rolling").contains("does nothing here");
    }

    @Test
    void ofAMachineWithoutInstancesNothingIsSaid() {
        assertThat(render(NEVER, null).instances()).isNull();
        assertThat(render(NEVER, new Rollout.Flexible()).instances()).isNull();
    }

    @Test
    void anIdentityThatNeedsAPersonComesBeforeTheInstances() {
        var outcome = machine()
                .scaleSet(counted(Policy.MANUAL, 0))
                .fault(WEB, new Fault.IdentityMissing(List.of(WEB), "not found"))
                .outcome();

        assertThat(ready(BindingStatus.render(AUTOMATIC, Optional.of(outcome), null, 1, NOW))
                        .reason())
                .isEqualTo(Reason.IdentityNotFound);
    }
}
