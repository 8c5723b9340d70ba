package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people get wrong, and what Azure refuses: each is told in a sentence, nothing is lost, nothing else stops. */
@ExtendWith(Theatre.class)
class BadInputTest {
    private final Stage stage;
    private final AzureAdmin azure;

    BadInputTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
    }

    @AfterEach
    void noFaults() {
        azure.noFaults();
    }

    @Test
    void anIdThatIsNotAnIdentitysIsRefusedWithASentence() {
        Person anna = stage.person();
        assertThatThrownBy(() -> anna.apply(binding("x", "virtualMachine: {name: vm, resourceGroup: rg-vms}", """
                [{resourceId: /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/s}]""")))
                .hasMessageContaining("userAssignedIdentities");
    }

    @Test
    void aTargetOfAnotherTypeIsRefusedWithASentence() {
        Person anna = stage.person();
        assertThatThrownBy(() -> anna.apply(binding(
                        "x",
                        "resourceId: /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/n",
                        "[{name: web}]")))
                .hasMessageContaining("virtualMachines");
    }

    @Test
    void twoTargetsAtOnceAreRefusedWithASentence() {
        Person anna = stage.person();
        assertThatThrownBy(() -> anna.apply(binding(
                        "x",
                        "virtualMachine: {name: vm, resourceGroup: rg}, virtualMachineScaleSet: {name: s, resourceGroup: rg}",
                        "[{name: web}]")))
                .hasMessageContaining("keep one of virtualMachine, virtualMachineScaleSet, resourceId and selector");
    }

    @Test
    void anEmptyBindingIsRefusedWithASentence() {
        Person anna = stage.person();
        assertThatThrownBy(() -> anna.apply(binding("x", "virtualMachine: {name: vm, resourceGroup: rg}", "[]")))
                .hasMessageContaining("userAssigned");
    }

    @Test
    void aLocationCannotBeChanged() {
        Person anna = stage.person();
        anna.identity("web");
        assertThatThrownBy(() -> anna.apply("""
                        apiVersion: vmidentity.dev/v1alpha1
                        kind: UserAssignedIdentity
                        metadata: {name: web}
                        spec: {name: %s, resourceGroup: rg-team-a, location: northeurope}
                        """.formatted(anna.azureName("web"))))
                .hasMessageContaining("location");
    }

    @Test
    void aNamespaceWithoutPermissionIsToldWhichAnnotationGivesIt() {
        Person eve = stage.person(Map.of());
        azure.makeVm(eve.namespace());
        azure.makeIdentity(eve.azureName("web"));
        eve.apply(binding(
                "web-on-vm",
                "virtualMachine: {name: %s, resourceGroup: rg-vms}".formatted(eve.namespace()),
                "[{resourceId: %s}]".formatted(azure.identityId(eve.azureName("web")))));
        eve.waitReason("web-on-vm", Reason.NotAllowedByNamespace);
        assertThat(eve.bindingMessage("web-on-vm"))
                .contains("vmidentity.dev/targets", "kubectl annotate", eve.namespace());
        assertThat(azure.calls("PATCH", azure.vm(eve.namespace()))).isZero();

        eve.identity("own");
        eve.waitIdentityReason("own", Reason.NotAllowedByNamespace);
        assertThat(eve.identityMessage("own")).contains("vmidentity.dev/manage");
        assertThat(azure.hasIdentity(eve.azureName("own"))).isFalse();

        eve.annotate(Stage.EVERYTHING);
        eve.waitReady("web-on-vm");
        eve.waitIdentityReason("own", Reason.Available);
    }

    @Test
    void aRevokedRightKeepsWhatExists() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        anna.identity("web");
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");

        anna.annotate(Map.of("vmidentity.dev/targets", ""));

        anna.waitReason("web-on-vm", Reason.NotAllowedByNamespace);
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("web"));
        anna.deleteBinding("web-on-vm");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));
        assertThat(azure.attached(vm)).isEmpty();
    }

    @Test
    void aMissingIdentityIsNamedAndTheOthersAreAttached() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("there"));
        anna.apply(binding(
                "two",
                "virtualMachine: {name: %s, resourceGroup: rg-vms}".formatted(anna.namespace()),
                "[{resourceId: %s}, {resourceId: %s}]"
                        .formatted(
                                azure.identityId(anna.azureName("missing")),
                                azure.identityId(anna.azureName("there")))));

        anna.waitReason("two", Reason.IdentityNotFound);
        Eventually.is("the other is attached", () -> azure.attached(vm).contains(anna.azureName("there")));
        Eventually.holds(() -> assertThat(anna.bindingStatus("two").userAssigned())
                .extracting(VmIdentityBindingStatus.UserAssigned::state)
                .containsExactly(IdentityState.Refused, IdentityState.Attached));
        assertThat(anna.bindingMessage("two")).contains(anna.azureName("missing"));

        azure.makeIdentity(anna.azureName("missing"));
        anna.waitReady("two");
    }

    @Test
    void anIdentityOfAnUnknownNameIsWaitedForAndTheOthersAreAttached() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        anna.identity("web");
        anna.bind("two", anna.namespace(), "nobody", "web");

        anna.waitReason("two", Reason.WaitingForIdentity);
        Eventually.is("the other is attached", () -> azure.attached(vm).contains(anna.azureName("web")));
        Eventually.holds(() -> assertThat(anna.bindingMessage("two")).contains("nobody", anna.namespace()));
        anna.identity("nobody");
        anna.waitReady("two");
    }

    @Test
    void aMissingPermissionNamesActionRoleAndTheCommandThatGrantsIt() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("web"));
        azure.fault("""
                {"method":"PATCH","path":"/virtualMachines/%s","status":403,"times":0,
                 "headers":{"x-ms-failure-cause":"gateway"},
                 "body":{"error":{"code":"AuthorizationFailed","message":"The client 'app' with object id '22222222-aaaa-bbbb-cccc-222222222222' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/write' over scope '%s' or the scope is invalid. If access was recently granted, please refresh your credentials."}}}""".formatted(anna.namespace(), vm));
        anna.apply(binding(
                "web-on-vm",
                "virtualMachine: {name: %s, resourceGroup: rg-vms}".formatted(anna.namespace()),
                "[{resourceId: %s}]".formatted(azure.identityId(anna.azureName("web")))));

        anna.waitReason("web-on-vm", Reason.Forbidden);

        assertThat(anna.bindingMessage("web-on-vm"))
                .contains(
                        "Microsoft.Compute/virtualMachines/write",
                        "Virtual Machine Contributor",
                        "az role assignment create",
                        "22222222-aaaa-bbbb-cccc-222222222222");
    }

    @Test
    void aSubscriptionThatDoesNotExistIsTold() {
        Person anna = stage.person();
        anna.apply(binding(
                "nowhere",
                "virtualMachine: {name: vm, resourceGroup: rg, subscriptionId: 99999999-9999-9999-9999-999999999999}",
                "[{resourceId: %s}]".formatted(azure.identityId("any"))));
        anna.waitReason("nowhere", Reason.SubscriptionNotFound);
        assertThat(anna.bindingMessage("nowhere")).contains("99999999-9999-9999-9999-999999999999");
    }

    @Test
    void anAzureThatDoesNotAnswerIsWaitedForAndNothingElseStops() {
        Person anna = stage.person();
        String slow = anna.namespace() + "-slow";
        String quick = anna.namespace() + "-quick";
        azure.makeVm(slow);
        azure.makeVm(quick);
        azure.makeIdentity(anna.azureName("web"));
        azure.fault("""
                {"path":"/virtualMachines/%s","cut":"before","times":0}""".formatted(slow));
        for (String machine : new String[] {slow, quick}) {
            anna.apply(binding(
                    machine,
                    "virtualMachine: {name: %s, resourceGroup: rg-vms}".formatted(machine),
                    "[{resourceId: %s}]".formatted(azure.identityId(anna.azureName("web")))));
        }
        anna.waitReady(quick);
        anna.waitReason(slow, Reason.AzureUnreachable);

        azure.noFaults();
        anna.waitReady(slow);
    }

    @Test
    void aRefusedTokenIsToldAndMendedByItself() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("web"));
        azure.fault("""
                {"path":"/virtualMachines/%s","status":401,"times":0,
                 "headers":{"WWW-Authenticate":"Bearer authorization_uri=\\"https://login.windows.net/\\", error=\\"invalid_token\\""},
                 "body":{"error":{"code":"InvalidAuthenticationToken","message":"The access token is invalid."}}}""".formatted(anna.namespace()));
        anna.apply(binding(
                "web-on-vm",
                "virtualMachine: {name: %s, resourceGroup: rg-vms}".formatted(anna.namespace()),
                "[{resourceId: %s}]".formatted(azure.identityId(anna.azureName("web")))));
        anna.waitReason("web-on-vm", Reason.CredentialsRefused);
        assertThat(anna.bindingMessage("web-on-vm")).contains("AZURE_CLIENT_ID");

        azure.noFaults();
        anna.waitReady("web-on-vm");
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("web"));
    }

    @Test
    void anAuthorityThatGivesNoTokenIsToldAndMendedByItself() {
        Person anna = stage.person();
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("web"));
        stage.stopOperator();
        azure.fault("""
                {"path":"/oauth2/v2.0/token","method":"POST","status":401,"times":0,
                 "body":{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}}""");
        anna.apply(binding(
                "web-on-vm",
                "virtualMachine: {name: %s, resourceGroup: rg-vms}".formatted(anna.namespace()),
                "[{resourceId: %s}]".formatted(azure.identityId(anna.azureName("web")))));
        stage.startOperator();
        anna.waitReason("web-on-vm", Reason.CredentialsRefused);
        assertThat(anna.bindingMessage("web-on-vm")).contains("AADSTS7000215");

        azure.noFaults();
        anna.waitReady("web-on-vm");
    }

    @Test
    void aFlexibleScaleSetTakesNoSystemAssignedIdentityAndThatIsSaid() {
        Person anna = stage.person();
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: own}
                spec:
                  target: {virtualMachineScaleSet: {name: vmss-flex, resourceGroup: rg-vms}}
                  systemAssigned: {enabled: true}
                """);
        anna.waitReason("own", Reason.MachineUnsupported);
        assertThat(anna.bindingMessage("own")).contains("systemAssigned");
    }

    @Test
    void aNamespaceThatMayNotUseAnIdentityDoesNotKeepItFromBeingDeleted() {
        Person anna = stage.person();
        Person eve = stage.person(Map.of());
        anna.identity("web");
        anna.waitIdentityReason("web", Reason.Available);
        eve.apply(binding(
                "mine",
                "virtualMachine: {name: vm-1, resourceGroup: rg-vms}",
                "[{resourceId: %s}]".formatted(azure.identityId(anna.azureName("web")))));
        eve.waitReason("mine", Reason.NotAllowedByNamespace);

        anna.deleteIdentity("web");

        Eventually.is("the identity is gone", () -> !anna.hasIdentity("web"));
    }

    @Test
    void aNamespaceThatMayNotBindAMachineHoldsUpNobodyElsesDetach() {
        Person anna = stage.person();
        Person eve = stage.person(Map.of());
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        anna.identity("web");
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");
        eve.apply(binding(
                "mine",
                "virtualMachine: {name: %s, resourceGroup: rg-vms}".formatted(anna.namespace()),
                "[{resourceId: %s}, {name: unknown}]".formatted(azure.identityId(anna.azureName("web")))));
        eve.waitReason("mine", Reason.NotAllowedByNamespace);

        anna.deleteBinding("web-on-vm");

        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));
        assertThat(azure.attached(vm)).isEmpty();
    }

    @Test
    void whereTheCloudGivesNoEtagsNothingIsWrittenAndThatIsSaid() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("web"));
        azure.settings("""
                {"etags":{"sent":false}}""");
        try {
            anna.apply(binding(
                    "web-on-vm",
                    "virtualMachine: {name: %s, resourceGroup: rg-vms}".formatted(anna.namespace()),
                    "[{resourceId: %s}]".formatted(azure.identityId(anna.azureName("web")))));
            anna.waitReason("web-on-vm", Reason.EtagUnsupported);
            assertThat(azure.calls("PATCH", vm)).isZero();
        } finally {
            azure.settings("""
                    {"etags":{"sent":true}}""");
        }
        anna.waitReady("web-on-vm");
    }

    @Test
    void aForeignIdentityOfTheSameNameIsLeftAlone() {
        Person anna = stage.person();
        azure.makeIdentity(anna.azureName("web"));
        anna.identity("web");
        anna.waitIdentityReason("web", Reason.AlreadyExists);

        anna.deleteIdentity("web");

        Eventually.is("the object is gone", () -> !anna.hasIdentity("web"));
        assertThat(azure.hasIdentity(anna.azureName("web"))).isTrue();
    }

    private static String binding(String name, String target, String identities) {
        return """
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: "%s"}
                spec:
                  target: {%s}
                  userAssigned: %s
                """.formatted(name, target, identities);
    }
}
