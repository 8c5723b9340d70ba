package dev.vmidentity.status;

import dev.vmidentity.api.Reason;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a fault means to a person and what to do about it, in the user's words.
 *
 * <p>Says nothing that differs from one occurrence to the next (ids of requests, seconds to wait): equal faults are an
 * equal status, and that is not written again.
 */
public final class FaultText {
    /** What is said of faults that are about no machine names none. */
    private static final ArmId NO_MACHINE =
            ArmId.of("/subscriptions/none/resourceGroups/none/providers/Microsoft.Compute/virtualMachines/none");

    private FaultText() {}

    /**
     * The explanation of a fault.
     *
     * @param about the machine or identity that was read or written
     */
    public static Explanation explain(Fault fault, ArmId about) {
        return switch (fault) {
            case Fault.Throttled throttled ->
                new Explanation(
                        Reason.Throttled,
                        "Azure limits the calls that may be made " + of(throttled.scope(), about)
                                + ". It is tried again as soon as Azure allows; if this lasts, look for what else makes"
                                + " many calls there.");
            case Fault.Forbidden forbidden ->
                new Explanation(Reason.Forbidden, Permission.missing(forbidden, about.value()));
            case Fault.IdentityMissing(List<ArmId> identities, String detail) ->
                new Explanation(
                        Reason.IdentityNotFound,
                        "The identity " + names(identities, about) + " does not exist in Azure, or in another tenant."
                                + " Create it or correct its id; `az identity show --ids …` tells whether it is there."
                                + quote(detail));
            case Fault.IdentityRefused(List<ArmId> identities, String code, String detail) ->
                new Explanation(
                        Reason.InvalidIdentity,
                        "Azure does not accept the identity " + names(identities, about) + " here. Correct the id in"
                                + " spec.userAssigned or take it out." + quote(code, detail));
            case Fault.Busy(String code, String detail) ->
                new Explanation(
                        Reason.AzureBusy,
                        "Another change of " + about.name() + " is under way in Azure. It is tried again by itself; if"
                                + " this lasts, look for what keeps changing it." + quote(code, detail));
            case Fault.BeingDeleted(String detail) -> beingDeleted(about, detail);
            case Fault.Refused(String code, String detail) -> refused(code, detail, about);
            case Fault.SubscriptionMissing(String subscription, String detail) ->
                new Explanation(
                        Reason.SubscriptionNotFound,
                        "The subscription " + (subscription.isEmpty() ? about.subscriptionId() : subscription)
                                + " does not exist, or the operator's credential does not see it. Correct it, or grant"
                                + " the operator a role in it; `az account list --query [].id -o tsv` prints yours."
                                + quote(detail));
            case Fault.ResourceGroupMissing(String group, String detail) -> resourceGroup(group, about, detail);
            case Fault.CredentialsRefused(String detail) ->
                new Explanation(
                        Reason.CredentialsRefused,
                        "Azure gives the operator no token or does not take it. See AZURE_TENANT_ID, AZURE_CLIENT_ID"
                                + " and the credential in the operator's settings, and whether the secret has expired"
                                + " or the federated credential is there." + quote(detail));
            case Fault.Unreachable(String detail) ->
                new Explanation(
                        Reason.AzureUnreachable,
                        "Azure could not be reached or did not answer in time. It is tried again by itself; if this"
                                + " lasts, see the operator's network, DNS, proxy and"
                                + " VMIDENTITY_RESOURCE_MANAGER_ENDPOINT." + quote(detail));
            case Fault.AzureUnwell(int status, String code, String detail) ->
                new Explanation(
                        Reason.AzureFailing,
                        "Azure answered with an error of its own (" + status + "). It is tried again by itself; if this"
                                + " lasts, see Azure's status page." + quote(code, detail));
            case Fault.ChangedMeanwhile(String detail) ->
                new Explanation(
                        Reason.ChangedMeanwhile,
                        about.name() + " changed between reading and writing, several times in a row. It is tried again"
                                + " by itself; if this lasts, look for what else keeps changing it." + quote(detail));
            case Fault.LedgerNotOurs(boolean newer, String detail) -> ledgerNotOurs(newer, about, detail);
            case Fault.LedgerUnavailable(String detail) ->
                new Explanation(
                        Reason.NotKnownYet,
                        "Something in Kubernetes that the decision needs could not be read or written, so nothing is"
                                + " changed. It is tried again by itself; if this lasts, see the operator's log and"
                                + " its permissions. " + Text.quoted(detail));
            case Fault.DetachHeld(int most, String _) ->
                new Explanation(
                        Reason.DetachesHeld,
                        "The bindings of more than " + most
                                + " identities, here and on other machines, vanished without"
                                + " being deleted in the usual way. Nothing of them is detached. Bring the bindings"
                                + " back; or, if they are gone for good, confirm within the hour: kubectl annotate vmil"
                                + " --all --overwrite vmidentity.dev/confirm-detach=$(date -u +%FT%TZ)");
            case Fault.PrincipalUnknown(String detail) ->
                new Explanation(
                        Reason.WaitingForPrincipal,
                        "Azure is still making the principal of " + about.name() + " known, which takes a minute as a"
                                + " rule, and some minutes at times. It is tried again by itself." + quote(detail));
            case Fault.RoleMissing(String role, String detail) ->
                new Explanation(
                        Reason.RoleNotFound,
                        "Azure has no built-in role named \"" + role + "\", or no role of that id. Correct it; `az role"
                                + " definition list --query \"[].roleName\" -o tsv` prints the names. A custom role goes"
                                + " by its id." + quote(detail));
            case Fault.ScopeMissing(String detail) ->
                new Explanation(
                        Reason.WaitingForScope,
                        "What the role is to be assigned at does not exist in Azure yet; it is assigned when it does."
                                + " Create it, or correct the scope." + quote(detail));
            case Fault.Unexpected(int status, String code, String detail) ->
                new Explanation(
                        Reason.Rejected,
                        "Azure gave an answer that this version does not know (" + status + ") about " + about.name()
                                + ". It is tried again, slowly." + quote(code, detail));
        };
    }

    /** Of a fault that a question about many machines met. */
    static Explanation ofList(Fault fault) {
        return switch (fault) {
            case Fault.Throttled _ ->
                new Explanation(
                        Reason.Throttled,
                        "Azure limits the queries that may be made to its Resource Graph. It is tried again as soon as"
                                + " Azure allows.");
            case Fault.Forbidden forbidden ->
                new Explanation(
                        Reason.Forbidden,
                        Permission.missing(
                                forbidden,
                                forbidden.scopes().stream().findFirst().orElse("/subscriptions/<subscription>")));
            case Fault.CredentialsRefused _, Fault.Unreachable _, Fault.AzureUnwell _ -> explain(fault, NO_MACHINE);
            case Fault.IdentityMissing _,
                    Fault.IdentityRefused _,
                    Fault.Busy _,
                    Fault.BeingDeleted _,
                    Fault.Refused _,
                    Fault.SubscriptionMissing _,
                    Fault.ResourceGroupMissing _,
                    Fault.ChangedMeanwhile _,
                    Fault.LedgerNotOurs _,
                    Fault.LedgerUnavailable _,
                    Fault.DetachHeld _,
                    Fault.PrincipalUnknown _,
                    Fault.RoleMissing _,
                    Fault.ScopeMissing _,
                    Fault.Unexpected _ ->
                new Explanation(
                        Reason.AzureFailing,
                        "Azure does not answer the query for them. It is tried again by itself."
                                + quote(fault.detail()));
        };
    }

    private static String of(Fault.Throttled.Scope scope, ArmId about) {
        return switch (scope) {
            case MACHINE -> "to " + about.name();
            case SUBSCRIPTION -> "in the subscription " + about.subscriptionId();
            case IDENTITIES -> "to the identities of the subscription " + about.subscriptionId();
            case RESOURCE_GRAPH -> "to Azure Resource Graph";
        };
    }

    private static Explanation beingDeleted(ArmId about, String detail) {
        return about.isUserAssignedIdentity()
                ? new Explanation(Reason.AzureBusy, "Azure is deleting " + about.name() + ". Wait." + quote(detail))
                : new Explanation(
                        Reason.MachineDeleting,
                        "Azure is deleting " + about.name() + ". If it is made anew, it is attached then."
                                + quote(detail));
    }

    private static Explanation ledgerNotOurs(boolean newer, ArmId about, String detail) {
        return newer
                ? new Explanation(
                        Reason.LedgerNewer,
                        "The ledger (kubectl get vmil) of " + about.name() + " was written by a newer version of the"
                                + " operator and is left alone. Run the newer version. " + Text.quoted(detail))
                : new Explanation(
                        Reason.LedgerForeign,
                        "The ledger (kubectl get vmil) of " + about.name() + " belongs to another cluster or"
                                + " installation, or is a copy, and is left alone. Delete it only if no other"
                                + " installation uses it. " + Text.quoted(detail));
    }

    private static Explanation refused(String code, String detail, ArmId about) {
        return switch (code) {
            case "ScopeLocked" ->
                new Explanation(
                        Reason.Locked,
                        "A lock in Azure forbids the change of " + about.name() + ". Remove it (`az lock list"
                                + " --resource-group " + Text.shellWord(about.resourceGroup())
                                + "` shows those of the group) or take the change back." + quote(detail));
            case "RequestDisallowedByPolicy" ->
                new Explanation(
                        Reason.DeniedByPolicy,
                        "A policy in Azure forbids the change of " + about.name() + ". Correct what it demands (often a"
                                + " tag or a location), or have it exempt this resource." + quote(detail));
            default ->
                new Explanation(
                        Reason.Rejected,
                        "Azure refuses the change of " + about.name() + " as it is. Correct what it says; it is tried"
                                + " again, slowly." + quote(code, detail));
        };
    }

    private static Explanation resourceGroup(String group, ArmId about, String detail) {
        var name = group.isEmpty() ? about.resourceGroup() : group;
        var create = "`az group create --subscription " + about.subscriptionId() + " --name " + Text.shellWord(name)
                + " --location <region>`";
        return about.isUserAssignedIdentity()
                ? new Explanation(
                        Reason.WaitingForResourceGroup,
                        "The resource group " + name + " does not exist in Azure yet; the identity is created when it"
                                + " does. Create it: " + create + "." + quote(detail))
                : new Explanation(
                        Reason.WaitingForMachine,
                        "The resource group " + name + " of the machine does not exist in Azure; identities are"
                                + " attached when the machine appears. Create both, or correct spec.target."
                                + quote(detail));
    }

    private static String names(List<ArmId> identities, ArmId about) {
        if (identities.isEmpty()) {
            return about.isUserAssignedIdentity() ? about.value() : "(Azure does not say which)";
        }
        var first = identities.stream().limit(2).map(ArmId::value).collect(Collectors.joining(", "));
        return identities.size() > 2 ? first + " and " + (identities.size() - 2) + " more" : first;
    }

    private static String quote(String detail) {
        var said = Text.quoted(detail);
        return said.isEmpty() ? "" : " Azure says: " + said;
    }

    private static String quote(String code, String detail) {
        var said = Text.quoted(detail);
        var both = said.isEmpty() ? code : code.isEmpty() ? said : code + ": " + said;
        return both.isEmpty() ? "" : " Azure says: " + both;
    }
}
