package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityLedgerStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the product is for, told in the order in which people use it. {@code make demo} tells the same with kubectl. */
@ExtendWith(Theatre.class)
class MainStoryTest {
    private final Stage stage;
    private final AzureAdmin azure;

    MainStoryTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
    }

    @Test
    void identitiesAreCreatedAttachedKeptAndTakenOff() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("foreign"));

        anna.identity("web");
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");

        VmIdentityBindingStatus.UserAssigned told =
                anna.bindingStatus("web-on-vm").userAssigned().getFirst();
        JsonNode attached = azure.attachedIdentity(vm, anna.azureName("web"));
        JsonNode identity = azure.identity(anna.azureName("web")).path("properties");
        assertThat(told.state()).isEqualTo(IdentityState.Attached);
        assertThat(told.clientId())
                .isEqualTo(attached.path("clientId").asText())
                .isEqualTo(identity.path("clientId").asText())
                .isEqualTo(anna.identityStatus("web").clientId());
        assertThat(told.principalId())
                .isEqualTo(attached.path("principalId").asText())
                .isEqualTo(anna.identityStatus("web").principalId());
        assertThat(azure.type(vm)).isEqualTo("UserAssigned");

        azure.attach(vm, anna.azureName("foreign"));
        anna.identity("logs");
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: more-on-vm}
                spec:
                  target: {resourceId: %s}
                  systemAssigned: {enabled: true}
                  userAssigned: [{resourceId: %s}]
                """.formatted(vm.toUpperCase(java.util.Locale.ROOT), azure.identityId(anna.azureName("logs"))));
        anna.waitReady("web-on-vm", "more-on-vm");

        assertThat(azure.type(vm)).isEqualTo("SystemAssigned, UserAssigned");
        assertThat(azure.attached(vm))
                .containsExactlyInAnyOrder(anna.azureName("web"), anna.azureName("logs"), anna.azureName("foreign"));
        assertThat(anna.bindingStatus("more-on-vm").systemAssigned().principalId())
                .isEqualTo(azure.get(vm).path("identity").path("principalId").asText());
        Eventually.holds(() -> {
            VmIdentityLedgerStatus ledger = anna.ledger(vm).orElseThrow().getStatus();
            assertThat(ledger.ours()).isEqualTo(3);
            assertThat(ledger.foreign()).isEqualTo(1);
            assertThat(ledger.bindings().count()).isEqualTo(2);
        });

        anna.deleteBinding("web-on-vm");
        anna.deleteBinding("more-on-vm");
        anna.deleteIdentity("web");
        anna.deleteIdentity("logs");
        Eventually.is(
                "bindings and identities are gone",
                () -> !anna.hasBinding("web-on-vm")
                        && !anna.hasBinding("more-on-vm")
                        && !anna.hasIdentity("web")
                        && !anna.hasIdentity("logs"));

        assertThat(azure.attached(vm)).containsExactly(anna.azureName("foreign"));
        assertThat(azure.type(vm)).isEqualTo("UserAssigned");
        assertThat(azure.hasIdentity(anna.azureName("web"))).isFalse();
        assertThat(anna.ledger(vm)).isEmpty();
    }

    @Test
    void theSameOnAScaleSet() {
        Person anna = stage.person();
        String scaleSet = azure.scaleSet(anna.namespace());
        azure.makeScaleSet(anna.namespace());
        azure.makeIdentity(anna.azureName("foreign"));
        azure.attach(scaleSet, anna.azureName("foreign"));
        anna.identity("web");
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web-on-set}
                spec:
                  target: {virtualMachineScaleSet: {name: %s, resourceGroup: rg-vms}}
                  systemAssigned: {enabled: true}
                  userAssigned: [{name: web}]
                """.formatted(anna.namespace()));
        anna.waitReady("web-on-set");
        assertThat(azure.type(scaleSet)).isEqualTo("SystemAssigned, UserAssigned");
        assertThat(azure.attached(scaleSet)).contains(anna.azureName("web"), anna.azureName("foreign"));

        anna.deleteBinding("web-on-set");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-set"));

        assertThat(azure.type(scaleSet)).isEqualTo("UserAssigned");
        assertThat(azure.attached(scaleSet)).containsExactly(anna.azureName("foreign"));
    }

    @Test
    void aBindingForAMachineThatDoesNotExistYetWaitsSaysSoAndAttachesWhenItAppears() {
        Person anna = stage.person();
        anna.identity("web");
        anna.bind("early", anna.namespace(), "web");
        anna.waitReason("early", Reason.WaitingForMachine);
        assertThat(anna.bindingMessage("early")).contains(azure.vm(anna.namespace()));
        assertThat(anna.ledger(azure.vm(anna.namespace()))).isEmpty();

        azure.makeVm(anna.namespace());

        anna.waitReady("early");
        assertThat(azure.attached(azure.vm(anna.namespace()))).containsExactly(anna.azureName("web"));
    }

    @Test
    void anIdentityRemovedBehindOurBackComesBack() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        anna.identity("web");
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");

        azure.detach(vm, anna.azureName("web"));

        Eventually.is("it is there again", () -> azure.attached(vm).contains(anna.azureName("web")));
    }

    @Test
    void onAMachineMadeAnewWhatWasDeclaredIsAttachedAgain() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        anna.identity("web");
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");

        azure.deleteVm(anna.namespace());
        azure.makeVm(anna.namespace());

        Eventually.is("it is attached again", () -> azure.attached(vm).contains(anna.azureName("web")));
    }

    @Test
    void anIdentityWaitsForItsBindingsAndSaysForWhom() {
        Person anna = stage.person();
        azure.makeVm(anna.namespace());
        anna.identity("web");
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");

        anna.deleteIdentity("web");
        anna.waitIdentityReason("web", Reason.DeletionWaitsForBindings);
        assertThat(anna.identityMessage("web")).contains(anna.namespace() + "/web-on-vm");
        assertThat(azure.hasIdentity(anna.azureName("web"))).isTrue();

        anna.deleteBinding("web-on-vm");
        Eventually.is("the identity is gone", () -> !anna.hasIdentity("web"));
        assertThat(azure.hasIdentity(anna.azureName("web"))).isFalse();
        assertThat(azure.type(azure.vm(anna.namespace()))).isEqualTo("None");
    }

    @Test
    void aWholeNamespaceDeletedAtOnceEndsWithEverythingDetachedAndDeleted() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("foreign"));
        azure.attach(vm, anna.azureName("foreign"));
        anna.identity("web");
        anna.identity("logs");
        anna.bind("one", anna.namespace(), "web");
        anna.bind("two", anna.namespace(), "web", "logs");
        anna.waitReady("one", "two");

        anna.deleteNamespace();

        Eventually.is("the namespace is gone", anna::namespaceIsGone);
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("foreign"));
        assertThat(azure.hasIdentity(anna.azureName("web"))).isFalse();
        assertThat(azure.hasIdentity(anna.azureName("logs"))).isFalse();
    }

    @Test
    void aBindingWhoseFinalizerWasCutOffLeavesNothingBehind() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        anna.identity("web");
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");

        anna.forceAway("web-on-vm");

        Eventually.is("it is off the machine", () -> azure.attached(vm).isEmpty());
        Eventually.is("the ledger is gone", () -> anna.ledger(vm).isEmpty());
    }

    @Test
    void aChangedTargetMovesTheIdentity() {
        Person anna = stage.person();
        String first = anna.namespace() + "-1";
        String second = anna.namespace() + "-2";
        azure.makeVm(first);
        azure.makeVm(second);
        anna.identity("web");
        anna.bind("web-on-vm", first, "web");
        anna.waitReady("web-on-vm");

        anna.bind("web-on-vm", second, "web");
        anna.waitReady("web-on-vm");

        assertThat(azure.attached(azure.vm(second))).containsExactly(anna.azureName("web"));
        Eventually.is(
                "it is off the first", () -> azure.attached(azure.vm(first)).isEmpty());
    }

    @Test
    void twoBindingsThatDisagreeAboutTheSystemIdentityBothSaySoAndNothingIsDisabled() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        for (String name : new String[] {"on", "off"}) {
            anna.apply("""
                    apiVersion: vmidentity.dev/v1alpha1
                    kind: VmIdentityBinding
                    metadata: {name: "%s"}
                    spec:
                      target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                      systemAssigned: {enabled: %s}
                    """.formatted(name, anna.namespace(), name.equals("on")));
            if (name.equals("on")) {
                anna.waitReady("on");
            }
        }
        anna.waitReason("on", Reason.Conflict);
        anna.waitReason("off", Reason.Conflict);
        assertThat(anna.bindingMessage("on")).contains(anna.namespace() + "/off");
        assertThat(anna.bindingMessage("off")).contains(anna.namespace() + "/on");
        assertThat(azure.type(vm)).isEqualTo("SystemAssigned");

        anna.deleteBinding("on");
        anna.waitReady("off");
        assertThat(azure.type(vm)).isEqualTo("None");
    }
}
