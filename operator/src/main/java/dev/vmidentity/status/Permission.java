package dev.vmidentity.status;

import dev.vmidentity.core.Fault;
import java.util.Locale;
import java.util.Optional;

/** A permission that the operator lacks, as a person who can grant it wants to read it. */
final class Permission {
    private static final String UNKNOWN_PRINCIPAL = "<object id of the operator's identity>";

    private static final String ROLES = "microsoft.authorization/role";

    private Permission() {}

    /** The action, the scope, the built-in role that has it and the command that grants it. */
    static String missing(Fault.Forbidden fault, String about) {
        var scope = fault.scopes().isEmpty() ? about : fault.scopes().getFirst();
        var text = sentence(fault, " on " + scope, scope);
        // A command that is cut would grant something else: rather say the scope once.
        return text.length() <= Explanation.LONGEST
                ? text
                : sentence(fault, " on the scope of the command below", scope);
    }

    private static String sentence(Fault.Forbidden fault, String where, String scope) {
        var principal = fault.principal().isEmpty() ? UNKNOWN_PRINCIPAL : fault.principal();
        var who = fault.principal().isEmpty() ? "the operator" : "the operator (object id " + principal + ")";
        var action = fault.action().isEmpty() ? "an action" : fault.action();
        var more = fault.scopes().size() > 1 ? " and " + (fault.scopes().size() - 1) + " more" : "";
        var role = role(fault.action());
        return "Azure denies " + who + " " + action + where + more + ". "
                + role.map(name -> "The role \"" + name + "\" has it.")
                        .orElse("See which role has it: `az role definition list --query \"[].roleName\"`.")
                + " Grant it: `az role assignment create --assignee " + principal + " --role \""
                + role.orElse("<role>") + "\" --scope " + Text.shellWord(scope) + "`"
                + (more.isEmpty() ? "" : ", and the same for the others") + ". " + constrained(fault.action())
                + "It takes effect within minutes.";
    }

    /** Who may assign any role may give itself everything: Azure can bound which, and to whom. */
    private static String constrained(String action) {
        return action.toLowerCase(Locale.ROOT).startsWith(ROLES)
                ? "Better with a --condition that names the roles which it may give (docs/security.md has it). "
                : "";
    }

    /** The least built-in role that has an action which this operator uses; empty for others. */
    static Optional<String> role(String action) {
        var lower = action.toLowerCase(Locale.ROOT);
        if (lower.startsWith("microsoft.managedidentity/userassignedidentities/") && lower.endsWith("assign/action")) {
            return Optional.of("Managed Identity Operator");
        }
        if (lower.startsWith(ROLES)) {
            return Optional.of("Role Based Access Control Administrator");
        }
        return switch (lower) {
            case "microsoft.compute/virtualmachines/write",
                    "microsoft.compute/virtualmachinescalesets/write",
                    "microsoft.compute/virtualmachinescalesets/manualupgrade/action" ->
                Optional.of("Virtual Machine Contributor");
            case "microsoft.managedidentity/userassignedidentities/write",
                    "microsoft.managedidentity/userassignedidentities/delete" ->
                Optional.of("Managed Identity Contributor");
            default -> lower.endsWith("/read") ? Optional.of("Reader") : Optional.empty();
        };
    }
}
