package dev.vmidentity.status;

import dev.vmidentity.api.Reason;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.core.TargetId;
import java.util.List;

/** What stands in the way of a role assignment, for a person. */
final class RoleText {
    private RoleText() {}

    static Explanation explain(Fault fault, RoleScope scope, TargetId machine) {
        return switch (fault) {
            // Azure names the assignment, and a person gives rights where the role is to be assigned.
            case Fault.Forbidden(String action, List<String> _, String principal, String detail) ->
                new Explanation(
                        Reason.Forbidden,
                        Permission.missing(
                                new Fault.Forbidden(action, List.of(scope.value()), principal, detail), scope.value()));
            case Fault.Throttled _ ->
                new Explanation(
                        Reason.Throttled,
                        "Azure limits the calls that may be made in the subscription " + scope.subscriptionId()
                                + ". It is tried again as soon as Azure allows; if this lasts, look for what else makes"
                                + " many calls there.");
            case Fault.Refused(String code, String detail) ->
                new Explanation(
                        reason(code),
                        "Azure refuses the change of role assignments at " + scope + " as it is. Correct what it says;"
                                + " it is tried again, slowly. Azure says: " + code + ": " + Text.quoted(detail));
            case Fault.SubscriptionMissing(String _, String detail) ->
                FaultText.explain(new Fault.SubscriptionMissing(scope.subscriptionId(), detail), machine.id());
            case Fault.PrincipalUnknown _,
                    Fault.RoleMissing _,
                    Fault.ScopeMissing _,
                    Fault.IdentityMissing _,
                    Fault.IdentityRefused _,
                    Fault.Busy _,
                    Fault.BeingDeleted _,
                    Fault.ResourceGroupMissing _,
                    Fault.CredentialsRefused _,
                    Fault.Unreachable _,
                    Fault.AzureUnwell _,
                    Fault.ChangedMeanwhile _,
                    Fault.LedgerNotOurs _,
                    Fault.LedgerUnavailable _,
                    Fault.DetachHeld _,
                    Fault.Unexpected _ ->
                FaultText.explain(fault, ArmId.parse(scope.value()).orElse(machine.id()));
        };
    }

    private static Reason reason(String code) {
        return switch (code) {
            case "ScopeLocked" -> Reason.Locked;
            case "RequestDisallowedByPolicy" -> Reason.DeniedByPolicy;
            default -> Reason.Rejected;
        };
    }
}
