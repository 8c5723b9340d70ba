package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.RoleDefinition;
import dev.vmidentity.simulator.model.Settings.DenyAssignment;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** What is denied although a role allows it: deny assignments, and policies with the effect Deny. Both are settings. */
final class Denials {
    private Denials() {}

    /** The deny assignment that keeps the caller from that action there. */
    static Optional<DenyAssignment> of(Call call, String action, String scope) {
        var caller = call.caller();
        return call.settings().access().deny().stream()
                .filter(deny -> deny.principals().isEmpty()
                        || deny.principals().contains(caller.objectId())
                        || deny.principals().contains(caller.clientId()))
                .filter(deny -> Rights.covers(deny.scope(), scope))
                .filter(deny -> deny.actions().stream().anyMatch(pattern -> RoleDefinition.matches(pattern, action)))
                .findFirst();
    }

    /** Refuses a write that a policy disallows. */
    static void policies(Call call) {
        if (!call.method().equals("PUT") && !call.method().equals("PATCH")) {
            return;
        }
        var path = call.path();
        if (!path.isInstance()) {
            return;
        }
        for (var policy : call.settings().policy().deny()) {
            if (Rights.covers(policy.scope(), path.path())
                    && (policy.types().isEmpty() || policy.types().stream().anyMatch(path.type()::equalsIgnoreCase))) {
                throw new Refusal(disallowed(policy.name(), policy.scope(), path));
            }
        }
    }

    static Answer forbidden(Call call, String action, String scope, DenyAssignment deny) {
        return Errors.gateway(
                403,
                "DenyAssignmentAuthorizationFailed",
                ("The client '%s' with object id '%s' has permission to perform action '%s' on scope '%s'; however, the access is "
                                + "denied because of the deny assignment with name '%s' and Id '%s' at scope '%s'.")
                        .formatted(
                                call.caller().clientId(),
                                call.caller().objectId(),
                                action,
                                scope,
                                deny.name(),
                                id(deny.name()),
                                deny.scope()));
    }

    static Answer linked(
            Call call,
            String action,
            String scope,
            String linkedAction,
            Collection<String> lacking,
            Collection<String> denied) {
        return Errors.gateway(
                403,
                "LinkedAuthorizationFailed",
                ("The client '%s' with object id '%s' has permission to perform action '%s' on scope '%s'; however, it does not have "
                                + "permission to perform action '%s' on the '%d' linked scope(s) '%s' or the linked scope(s) are "
                                + "invalid and is blocked by deny assignments on the '%d' linked scope(s) '%s'.")
                        .formatted(
                                call.caller().clientId(),
                                call.caller().objectId(),
                                action,
                                scope,
                                linkedAction,
                                lacking.size(),
                                String.join(",", lacking),
                                denied.size(),
                                String.join(",", denied)));
    }

    private static Answer disallowed(String policy, String scope, ArmPath path) {
        var assignment = scope + "/providers/Microsoft.Authorization/policyAssignments/" + policy;
        var definition = scope + "/providers/Microsoft.Authorization/policyDefinitions/" + policy;
        var identifiers = Json.array();
        var both = identifiers.addObject();
        both.putObject("policyAssignment").put("name", policy).put("id", assignment);
        both.putObject("policyDefinition").put("name", policy).put("id", definition);
        var error = Json.object()
                .put("code", "RequestDisallowedByPolicy")
                .put("target", path.name())
                .put(
                        "message",
                        "Resource '%s' was disallowed by policy. Policy identifiers: '%s'."
                                .formatted(path.name(), Json.compact(identifiers)));
        error.putArray("additionalInfo")
                .addObject()
                .put("type", "PolicyViolation")
                .putObject("info")
                .put("policyDefinitionDisplayName", policy)
                .put("policyDefinitionId", definition)
                .put("policyDefinitionName", policy)
                .put("policyDefinitionEffect", "Deny")
                .put("policyAssignmentId", assignment)
                .put("policyAssignmentName", policy)
                .put("policyAssignmentDisplayName", policy)
                .put("policyAssignmentScope", scope);
        return Answer.json(403, Json.compact(Json.object().set("error", error))).with("x-ms-failure-cause", "gateway");
    }

    private static String id(String name) {
        return UUID.nameUUIDFromBytes(ArmId.key(name).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }
}
