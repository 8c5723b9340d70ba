package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus.Instances;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A scale set whose upgrade policy is Manual: its instances are counted, and upgraded where a binding says so. */
@ExtendWith(Theatre.class)
class InstanceUpgradeStoryTest {
    private final AzureAdmin azure;
    private final Person anna;
    private final String set;

    InstanceUpgradeStoryTest(Stage stage) {
        azure = stage.azure();
        anna = stage.person();
        set = azure.scaleSet(anna.namespace());
    }

    @Test
    void instancesAreLeftAloneUntilABindingSaysAutomaticAndThenUpgradedInBatches() {
        azure.makeScaleSet(anna.namespace(), 3);
        azure.makeIdentity(anna.azureName("foreign"));
        azure.attach(set, anna.azureName("foreign"));
        azure.enableSystemAssigned(set);
        String own = principal();
        anna.identity("web");

        bind("");
        anna.waitReady("web");
        Eventually.holds(() -> assertThat(instances().total()).isEqualTo(3));

        assertThat(instances().latestModel()).isZero();
        assertThat(anna.bindingMessage("web"))
                .contains("0 of 3 instances")
                .contains("az vmss update-instances")
                .contains("--name " + anna.namespace());
        assertThat(upgrades()).isZero();

        bind("instanceUpgrade: Automatic, instanceUpgradeBatchSize: 2");
        anna.waitReady("web");

        assertThat(azure.onLatestModel(set)).isEqualTo("3/3");
        assertThat(upgrades()).isEqualTo(2);
        assertThat(instances()).isEqualTo(new Instances(3, 3, null, null));
        assertThat(reasons()).containsOnlyOnce(Reason.UpgradingInstances.name());
        assertThat(azure.attached(set)).containsExactlyInAnyOrder(anna.azureName("foreign"), anna.azureName("web"));
        assertThat(principal()).isEqualTo(own);

        anna.deleteBinding("web");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web"));
        assertThat(azure.attached(set)).containsExactly(anna.azureName("foreign"));
        assertThat(azure.onLatestModel(set)).as("after the detach").isEqualTo("0/3");
        assertThat(upgrades()).as("for a binding that goes").isEqualTo(2);
    }

    /** What the pages do after theirs with {@code az vmss update-instances} and {@code Update-AzVmssInstance}. */
    @Test
    void whatIsDeclaredEndsAsTheCommandOfThePages() {
        azure.makeScaleSet(anna.namespace() + "-theirs", 3);
        String theirs = azure.scaleSet(anna.namespace() + "-theirs");
        azure.makeIdentity(anna.azureName("foreign"));
        azure.attach(theirs, anna.azureName("foreign"));
        azure.updateInstances(theirs);

        azure.makeScaleSet(anna.namespace(), 3);
        anna.identity("web");
        bind("instanceUpgrade: Automatic, instanceUpgradeBatchSize: 100");
        anna.waitReady("web");

        assertThat(azure.onLatestModel(set))
                .isEqualTo(azure.onLatestModel(theirs))
                .isEqualTo("3/3");
        assertThat(upgrades()).isEqualTo(1);
    }

    @Test
    void whoMayNotUpgradeIsToldWhatIsMissingAndForWhichInstances() {
        azure.makeScaleSet(anna.namespace(), 1);
        anna.identity("web");
        azure.fault("""
                {"method":"POST","path":"%s/manualupgrade","times":0,"status":403,"body":{"error":{
                 "code":"AuthorizationFailed","message":"The client 'c' with object id 'o-1' does not have authorization to perform action 'Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action' over scope '%s' or the scope is invalid."}}}
                """.formatted(anna.namespace(), set));
        try {
            bind("instanceUpgrade: Automatic");
            anna.waitReason("web", Reason.Forbidden);

            assertThat(anna.bindingMessage("web"))
                    .contains("Instances 0 of " + anna.namespace())
                    .contains("manualupgrade/action")
                    .contains("az role assignment create");
            assertThat(azure.attached(set)).containsExactly(anna.azureName("web"));
        } finally {
            azure.noFaults();
        }
    }

    private void bind(String more) {
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web}
                spec: {target: {virtualMachineScaleSet: {name: %s, resourceGroup: rg-vms}}, userAssigned: [{name: web}], %s}
                """.formatted(anna.namespace(), more));
    }

    private String principal() {
        return azure.get(set).path("identity").path("principalId").asText();
    }

    private long upgrades() {
        return azure.calls("POST", set + "/manualupgrade");
    }

    private Instances instances() {
        Instances known = anna.bindingStatus("web").instances();
        if (known == null) {
            throw new AssertionError("not yet counted");
        }
        return known;
    }

    private List<String> reasons() {
        return anna.events("web").stream().map(Event::getReason).toList();
    }
}
