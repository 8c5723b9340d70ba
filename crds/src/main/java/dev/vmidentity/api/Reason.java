package dev.vmidentity.api;

import static dev.vmidentity.api.Reason.Outlook.NeedsAPerson;
import static dev.vmidentity.api.Reason.Outlook.Settled;
import static dev.vmidentity.api.Reason.Outlook.Underway;
import static dev.vmidentity.api.Reason.Outlook.WaitsForOthers;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * Why a condition, or one identity of a binding, is as it is: a closed set, the same for all three kinds. The documentation's
 * table is generated from here, so each says what it means and what a person does about it.
 */
public enum Reason {
    Available(Settled, "The identity exists in Azure as declared.", "Nothing."),
    Attached(Settled, "Everything that the binding asks for is so on the machine.", "Nothing."),
    AttachedByOthers(
            Settled,
            "The identity was on the machine before this binding wanted it. The binding is satisfied, and will not"
                    + " detach it.",
            "Nothing; or set adoptionPolicy: Adopt to make it this binding's."),
    Assigned(Settled, "The role is assigned to the machine's own identity.", "Nothing."),
    AssignedByOthers(
            Settled,
            "The role was assigned to the machine's own identity by others. The binding is satisfied, and will not delete"
                    + " the assignment.",
            "Nothing."),
    Disabled(Settled, "The machine has no system-assigned identity, as declared.", "Nothing."),
    Observed(
            Settled,
            "The binding only observes: nothing is written to Azure, and status.pending tells what would be.",
            "Set managementPolicy: Manage to have it done."),
    NoMachineMatches(
            Settled,
            "No machine matches the selector. One that comes to match gets the identities.",
            "Nothing; or correct spec.target.selector, or the tags of the machines."),
    MatchOutdated(
            Settled,
            "Everything is as declared on the machines that matched when they were last listed. They cannot be listed"
                    + " anew at present, so none is added and none is let go.",
            "See the message for what stands in the way of the list."),
    Retained(
            Settled,
            "What the binding put on a machine stays there, as deletionPolicy: Retain says. The operator no longer looks"
                    + " after it.",
            "Nothing; or detach it by hand."),
    Recorded(Settled, "The ledger tells what is on the machine.", "Nothing."),
    DefaultIdentityChanged(
            Settled,
            "Of the condition of that name: what the binding attached changed which identity a workload gets that gives no"
                    + " client id.",
            "Give workloads the client id of the identity that they are to use, such as AZURE_CLIENT_ID. Or set"
                    + " defaultIdentityGuard: \"Off\" (in quotes: YAML's bare off is false), and it is"
                    + " not said."),

    Creating(Underway, "The identity is being created in Azure.", "Wait."),
    Updating(Underway, "The identity's tags are being changed in Azure.", "Wait."),
    Deleting(Underway, "The identity is being deleted in Azure.", "Wait."),
    Attaching(Underway, "Azure is attaching it to the machine.", "Wait."),
    Detaching(Underway, "Azure is detaching it from the machine.", "Wait."),
    UpgradingInstances(
            Underway,
            "The identities are as declared, and instances of the scale set are being brought to its latest model, as"
                    + " instanceUpgrade: Automatic says.",
            "Wait."),
    Assigning(Underway, "Azure is assigning the role to the machine's own identity.", "Wait."),
    Unassigning(
            Underway, "The role assignment is being deleted; the identity goes after it, where it is to go.", "Wait."),
    Observing(Underway, "The operator has yet to see what is in Azure.", "Wait."),

    WaitingForIdentity(
            WaitsForOthers,
            "A UserAssignedIdentity that the binding names does not exist yet or is not ready. The others are attached.",
            "Apply it, or see its own conditions."),
    WaitingForMachine(
            WaitsForOthers,
            "The machine does not exist in Azure yet. It is attached when the machine appears.",
            "Create the machine, or correct spec.target."),
    WaitingForResourceGroup(
            WaitsForOthers,
            "The resource group of the identity does not exist in Azure yet.",
            "Create it: az group create --name … --location …"),
    WaitingForPrincipal(
            WaitsForOthers,
            "The machine has no identity of its own yet to which the role could be assigned, or Azure is still making it"
                    + " known. It is tried again.",
            "Wait; if it lasts for more than ten minutes, see the entry systemAssigned of the status."),
    WaitingForBinding(
            WaitsForOthers,
            "What the binding no longer asks for stays on the machine because of another binding of it: one that lists it"
                    + " and does not act (it observes, or may not), or of which not all is known yet.",
            "See the other binding: let it manage, take the identity out of it, or do what its status says."),
    WaitingForScope(
            WaitsForOthers,
            "What a role is to be assigned at does not exist in Azure yet.",
            "Create it, or correct the scope."),
    MachineDeleting(WaitsForOthers, "Azure is deleting the machine.", "Wait."),
    MachineBusy(WaitsForOthers, "Somebody else's operation is running on the machine.", "Wait for its end."),
    AzureBusy(
            WaitsForOthers,
            "Azure refused the write because another one was in progress. It is tried again.",
            "Wait; if it lasts, look for what else keeps changing the machine."),
    ChangedMeanwhile(
            WaitsForOthers,
            "The machine changed between reading and writing, several times in a row. It is tried again.",
            "Wait; if it lasts, look for what else keeps changing the machine."),
    Throttled(
            WaitsForOthers,
            "Azure limits how many calls may be made. It is tried again when Azure allows.",
            "Wait; if it lasts, look for what else makes many calls in the subscription."),
    AzureUnreachable(
            WaitsForOthers,
            "Azure could not be reached, or did not answer in time.",
            "See the operator's network, proxy, DNS and the setting VMIDENTITY_RESOURCE_MANAGER_ENDPOINT."),
    AzureFailing(
            WaitsForOthers, "Azure answered with an error of its own.", "Wait; see Azure's status page if it lasts."),
    NotKnownYet(
            WaitsForOthers,
            "Something that the decision needs could not be read, so nothing is changed.",
            "See the message for what could not be read."),
    DeletionWaitsForBindings(
            WaitsForOthers,
            "The identity is to be deleted and bindings still use it.",
            "Delete the bindings that the message names, or take the identity out of them."),

    Forbidden(
            NeedsAPerson,
            "Azure denies the operator an action.",
            "Grant the role that the message names; it has the az command."),
    NotAllowedByNamespace(
            NeedsAPerson,
            "The namespace has no permission for this.",
            "A cluster admin adds the scope to the namespace's annotation that the message names."),
    CredentialsRefused(
            NeedsAPerson,
            "Azure gives the operator no token.",
            "See the operator's settings AZURE_TENANT_ID, AZURE_CLIENT_ID and its credential."),
    SubscriptionNotFound(
            NeedsAPerson,
            "The subscription does not exist, or the operator's credential does not see it.",
            "Correct subscriptionId, or grant the operator a role in that subscription."),
    SubscriptionRequired(
            NeedsAPerson,
            "No subscription is given and the operator has no default.",
            "Set subscriptionId, or the operator's VMIDENTITY_DEFAULT_SUBSCRIPTION."),
    DefaultsChanged(
            NeedsAPerson,
            "Defaults of the operator now lead to another identity than the one in status.resourceId. Nothing is changed.",
            "Set in spec what status.resourceId says, or delete this object and make another."),
    InvalidIdentity(
            NeedsAPerson,
            "Azure does not accept the identity for this machine.",
            "Correct the id in spec.userAssigned."),
    IdentityNotFound(
            NeedsAPerson,
            "The identity does not exist in Azure.",
            "Create it, or correct its id. For an identity in another tenant, use one of the machine's tenant."),
    RoleNotFound(
            NeedsAPerson,
            "There is no such role in Azure.",
            "Correct the role: a built-in one by its name, a custom one by its id."),
    AlreadyExists(
            NeedsAPerson,
            "An identity of this name exists in Azure and is not this object's. It is left alone.",
            "Choose another spec.name, or set managementPolicy: Observe to use it as it is."),
    Conflict(
            NeedsAPerson,
            "Two bindings of the machine say opposite things about its system-assigned identity. Nothing is disabled.",
            "Make them agree; the message names the other."),
    Unsure(
            NeedsAPerson,
            "The identity is on the machine and nobody can tell by whom. It stays there.",
            "Set adoptionPolicy: Adopt to make it ours, or detach it with az and let the operator attach it anew."),
    EtagUnsupported(
            NeedsAPerson,
            "This cloud gives no etag for the machine, and without one a write could undo somebody else's. Nothing is"
                    + " written.",
            "Use a cloud whose compute API gives etags."),
    MachineUnsupported(
            NeedsAPerson,
            "A machine of this kind takes no such identity.",
            "See the message; take the identity out of the binding."),
    OperationFailed(
            NeedsAPerson,
            "Azure began the change and it failed.",
            "See the message for Azure's own words; it is tried again, slowly."),
    InstanceUpgradeFailed(
            NeedsAPerson,
            "Azure could not bring instances of the scale set to its latest model. The others wait; the identities are"
                    + " as declared.",
            "See the message for the instances and Azure's own words; it is tried again, slowly. Or set"
                    + " instanceUpgrade: Never."),
    Rejected(NeedsAPerson, "Azure refuses the request as it is.", "See the message for Azure's own words."),
    Locked(
            NeedsAPerson,
            "A lock in Azure forbids the change.",
            "Remove the lock that the message names, or take the change back."),
    DeniedByPolicy(
            NeedsAPerson,
            "A policy in Azure forbids the change.",
            "Have the policy that the message names exempt it, or correct what it demands (often a tag)."),
    DefaultIdentityWouldChange(
            NeedsAPerson,
            "Attaching it would change which identity a workload gets that gives no client id, and defaultIdentityGuard says"
                    + " Block. It is not attached.",
            "Give workloads the client id of the identity that they are to use, such as AZURE_CLIENT_ID; then set"
                    + " defaultIdentityGuard: Warn."),
    DetachesHeld(
            NeedsAPerson,
            "Many identities would be detached at once and no deletion explains it: bindings vanished, or a selector"
                    + " suddenly matches far less. Nothing is detached.",
            "Bring the bindings or the tags of the machines back, or confirm as the message says."),
    LedgerForeign(
            NeedsAPerson,
            "The machine's ledger belongs to another cluster or installation, or is a copy. It is left alone.",
            "See the message; delete the ledger only if no other installation uses it."),
    LedgerNewer(
            NeedsAPerson,
            "The machine's ledger was written by a newer version of the operator. It is left alone.",
            "Run the newer version."),
    NotUnderstood(
            NeedsAPerson,
            "The object has a value that this version of the operator does not know. Nothing is changed.",
            "Run the version that the CRDs belong to, or correct the value."),
    InternalError(
            NeedsAPerson,
            "A defect of the operator. It is tried again, slowly.",
            "Report it with the operator's log of that time."),

    /** What a reason that this version does not know reads as; it is never written. */
    @JsonIgnore
    Unknown(Underway, "A reason that this version does not know.", "Nothing.");

    /** What a reason says about what comes next. */
    public enum Outlook {
        /** Ready is True; neither Reconciling nor Stalled is present. */
        Settled,
        /** Ready is False, Reconciling True: the operator or Azure is at work. */
        Underway,
        /** Ready is False, Reconciling True: it goes on by itself when something else has come about. */
        WaitsForOthers,
        /** Ready is False, Stalled True: somebody must change something; it is still tried again, slowly. */
        NeedsAPerson
    }

    private final Outlook outlook;
    private final String meaning;
    private final String whatToDo;

    Reason(Outlook outlook, String meaning, String whatToDo) {
        this.outlook = outlook;
        this.meaning = meaning;
        this.whatToDo = whatToDo;
    }

    public Outlook outlook() {
        return outlook;
    }

    /** What it means, in a sentence. */
    public String meaning() {
        return meaning;
    }

    /** What a person does about it, in a sentence. */
    public String whatToDo() {
        return whatToDo;
    }

    @JsonCreator
    static Reason of(String name) {
        return WireName.decode(name, Reason.class, Unknown);
    }
}
