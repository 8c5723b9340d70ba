package dev.vmidentity.status;

import static dev.vmidentity.status.Samples.SUBSCRIPTION;
import static dev.vmidentity.status.Samples.VM;
import static dev.vmidentity.status.Samples.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vmidentity.api.Reason;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fault.Throttled.Scope;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FaultTextTest {
    private static final ArmId MACHINE = VM.id();
    private static final String PRINCIPAL = "99999999-0000-0000-0000-000000000009";

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(
                        new Fault.Throttled(Scope.SUBSCRIPTION, Optional.of(Duration.ofSeconds(17)), ""),
                        MACHINE,
                        Reason.Throttled,
                        "in the subscription " + SUBSCRIPTION),
                arguments(
                        new Fault.Throttled(Scope.MACHINE, Optional.empty(), ""), MACHINE, Reason.Throttled, "to vm1"),
                arguments(
                        new Fault.Throttled(Scope.IDENTITIES, Optional.empty(), ""),
                        WEB,
                        Reason.Throttled,
                        "identities of the subscription"),
                arguments(
                        new Fault.Forbidden("Microsoft.Compute/virtualMachines/write", List.of(), PRINCIPAL, ""),
                        MACHINE,
                        Reason.Forbidden,
                        "az role assignment create --assignee " + PRINCIPAL
                                + " --role \"Virtual Machine Contributor\" --scope " + MACHINE),
                arguments(
                        new Fault.IdentityMissing(List.of(WEB), "not found"),
                        MACHINE,
                        Reason.IdentityNotFound,
                        WEB + " does not exist in Azure"),
                arguments(
                        new Fault.IdentityMissing(List.of(), ""),
                        MACHINE,
                        Reason.IdentityNotFound,
                        "(Azure does not say which)"),
                arguments(
                        new Fault.IdentityRefused(List.of(WEB), "InvalidParameter", "cross region"),
                        MACHINE,
                        Reason.InvalidIdentity,
                        "Azure says: InvalidParameter: cross region"),
                arguments(new Fault.Busy("Conflict", "concurrent request"), MACHINE, Reason.AzureBusy, "change of vm1"),
                arguments(new Fault.BeingDeleted(""), MACHINE, Reason.MachineDeleting, "deleting vm1"),
                arguments(new Fault.BeingDeleted(""), WEB, Reason.AzureBusy, "deleting web-id"),
                arguments(
                        new Fault.Refused("ScopeLocked", "locked: '/subscriptions/s'"),
                        MACHINE,
                        Reason.Locked,
                        "az lock list --resource-group rg-vms"),
                arguments(
                        new Fault.Refused("RequestDisallowedByPolicy", "policy 'tags'"),
                        WEB,
                        Reason.DeniedByPolicy,
                        "policy 'tags'"),
                arguments(
                        new Fault.Refused("PropertyChangeNotAllowed", "priority"),
                        MACHINE,
                        Reason.Rejected,
                        "PropertyChangeNotAllowed: priority"),
                arguments(new Fault.SubscriptionMissing("", ""), MACHINE, Reason.SubscriptionNotFound, SUBSCRIPTION),
                arguments(
                        new Fault.ResourceGroupMissing("rg", ""),
                        WEB,
                        Reason.WaitingForResourceGroup,
                        "az group create --subscription " + SUBSCRIPTION + " --name rg --location"),
                arguments(new Fault.ResourceGroupMissing("", ""), MACHINE, Reason.WaitingForMachine, "group rg-vms of"),
                arguments(
                        new Fault.CredentialsRefused("AADSTS7000222: secret expired"),
                        MACHINE,
                        Reason.CredentialsRefused,
                        "AADSTS7000222"),
                arguments(
                        new Fault.PrincipalUnknown("Principal 1 does not exist in the directory 2"),
                        MACHINE,
                        Reason.WaitingForPrincipal,
                        "principal of vm1"),
                arguments(
                        new Fault.RoleMissing("Reeder", ""),
                        MACHINE,
                        Reason.RoleNotFound,
                        "no built-in role named \"Reeder\""),
                arguments(
                        new Fault.ScopeMissing("gone"), MACHINE, Reason.WaitingForScope, "does not exist in Azure yet"),
                arguments(
                        new Fault.Unreachable("Connection refused"),
                        MACHINE,
                        Reason.AzureUnreachable,
                        "VMIDENTITY_RESOURCE_MANAGER_ENDPOINT"),
                arguments(
                        new Fault.AzureUnwell(503, "ServerTimeout", "timed out"),
                        MACHINE,
                        Reason.AzureFailing,
                        "(503)"),
                arguments(new Fault.ChangedMeanwhile("etag 2 is 3"), MACHINE, Reason.ChangedMeanwhile, "several times"),
                arguments(new Fault.LedgerNotOurs(true, "protocol 2"), MACHINE, Reason.LedgerNewer, "Run the newer"),
                arguments(
                        new Fault.LedgerNotOurs(false, "cluster x"), MACHINE, Reason.LedgerForeign, "another cluster"),
                arguments(new Fault.LedgerUnavailable("503"), MACHINE, Reason.NotKnownYet, "nothing is changed"),
                arguments(new Fault.DetachHeld(10, ""), MACHINE, Reason.DetachesHeld, "confirm-detach=$(date"),
                arguments(new Fault.Unexpected(418, "Teapot", "short"), MACHINE, Reason.Rejected, "Teapot: short"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachFaultHasItsReasonAndSaysWhatToDo(Fault fault, ArmId about, Reason reason, String words) {
        var explained = FaultText.explain(fault, about);

        assertThat(explained.reason()).isEqualTo(reason);
        assertThat(explained.message()).contains(words).hasSizeLessThanOrEqualTo(1_024);
    }

    @Test
    void everyKindOfFaultIsInTheTable() {
        Set<Class<?>> told = faults().map(row -> row.get()[0].getClass()).collect(Collectors.toSet());

        assertThat(told).isEqualTo(new HashSet<>(List.of(Fault.class.getPermittedSubclasses())));
    }

    @ParameterizedTest
    @CsvSource({
        "Microsoft.Compute/virtualMachines/write, Virtual Machine Contributor",
        "Microsoft.Compute/virtualMachineScaleSets/write, Virtual Machine Contributor",
        "Microsoft.Compute/virtualMachineScaleSets/manualupgrade/action, Virtual Machine Contributor",
        "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/read, Reader",
        "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action, Managed Identity Operator",
        "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action, Managed Identity Operator",
        "Microsoft.ManagedIdentity/userAssignedIdentities/write, Managed Identity Contributor",
        "Microsoft.ManagedIdentity/userAssignedIdentities/delete, Managed Identity Contributor",
        "Microsoft.ManagedIdentity/userAssignedIdentities/read, Reader",
        "Microsoft.Compute/virtualMachines/read, Reader",
        "Microsoft.Authorization/roleAssignments/write, Role Based Access Control Administrator",
        "Microsoft.Authorization/roleAssignments/delete, Role Based Access Control Administrator",
    })
    void aMissingPermissionNamesActionScopeRoleAndTheCommand(String action, String role) {
        var scope = "/subscriptions/" + SUBSCRIPTION + "/resourceGroups/rg(1)";
        var fault = new Fault.Forbidden(action, List.of(scope), PRINCIPAL, "denied");

        assertThat(FaultText.explain(fault, MACHINE).message())
                .contains(action + " on " + scope)
                .contains("The role \"" + role + "\" has it")
                .contains("az role assignment create --assignee " + PRINCIPAL + " --role \"" + role + "\" --scope '"
                        + scope + "'");
    }

    @Test
    void aCommandIsNeverCutInTheMiddle() {
        var scope = "/subscriptions/" + SUBSCRIPTION + "/resourceGroups/" + "g".repeat(90)
                + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" + "i".repeat(220);
        var fault = new Fault.Forbidden(
                "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", List.of(scope), PRINCIPAL, "");

        assertThat(FaultText.explain(fault, MACHINE).message()).contains("--scope " + scope + "`. It takes effect");
    }

    @Test
    void whatDiffersFromAnswerToAnswerIsLeftOut() {
        var one = new Fault.CredentialsRefused(
                "AADSTS700016: no app. Trace ID: 0d1a3f5e-0000-4000-8000-000000000001 Correlation ID:"
                        + " 0d1a3f5e-0000-4000-8000-000000000002 Timestamp: 2026-05-01 12:00:00Z");
        var other = new Fault.CredentialsRefused(
                "AADSTS700016: no app. Trace ID: 0d1a3f5e-0000-4000-8000-000000000003 Correlation ID:"
                        + " 0d1a3f5e-0000-4000-8000-000000000004 Timestamp: 2026-05-01 12:07:31Z");

        assertThat(FaultText.explain(one, MACHINE)).isEqualTo(FaultText.explain(other, MACHINE));
        assertThat(FaultText.explain(one, MACHINE).message()).contains("AADSTS700016: no app");
    }

    @Test
    void secondsToWaitAreLeftOut() {
        var one = new Fault.Throttled(Scope.MACHINE, Optional.of(Duration.ofSeconds(17)), "after 17 s");
        var other = new Fault.Throttled(Scope.MACHINE, Optional.of(Duration.ofSeconds(16)), "after 16 s");

        assertThat(FaultText.explain(one, MACHINE)).isEqualTo(FaultText.explain(other, MACHINE));
    }
}
