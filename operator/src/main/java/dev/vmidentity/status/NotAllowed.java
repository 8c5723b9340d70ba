package dev.vmidentity.status;

import dev.vmidentity.api.Reason;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.Rights.Allowance;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.core.Roles;
import dev.vmidentity.core.Scopes;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a namespace is told that may not do something, with what a cluster admin does about it. */
public final class NotAllowed {
    private NotAllowed() {}

    /** It may not bind that machine. */
    public static Explanation target(String namespace, Scopes targets, ArmId machine) {
        return scope(namespace, "bind the machine ", Rights.TARGETS, targets, machine);
    }

    /** It may not use that identity. */
    public static Explanation assign(String namespace, Scopes assign, ArmId identity) {
        return scope(namespace, "use the identity ", Rights.ASSIGN, assign, identity);
    }

    /** It may not create that identity. */
    public static Explanation manage(String namespace, Scopes manage, ArmId identity) {
        return scope(namespace, "manage the identity ", Rights.MANAGE, manage, identity);
    }

    /** It may not assign roles at that scope. */
    public static Explanation grant(String namespace, Scopes grant, RoleScope scope) {
        return refusal(
                namespace, "assign roles at " + scope, Rights.GRANT, with(grant, scope.value()), malformed(grant));
    }

    /** It may not assign that role. */
    public static Explanation role(String namespace, Roles roles, Role role) {
        var value = roles.text().isEmpty() ? role.text() : roles.text() + "," + role.text();
        return refusal(namespace, "assign the role " + role.text(), Rights.ROLES, value, "");
    }

    /** It may not do what has to be allowed by name. */
    public static Explanation allow(String namespace, Rights rights, Allowance allowance) {
        var what = switch (allowance) {
            case DISABLE_SYSTEM_ASSIGNED -> "take a machine's system-assigned identity away (enabled: false)";
            case ADOPT -> "adopt what others put on a machine (adoptionPolicy: Adopt)";
            case EXCLUSIVE -> "take off a machine what others put there (ownership: Exclusive)";
            case SELECTOR -> "bind all machines that match (target.selector)";
        };
        var words = Stream.concat(rights.allow().stream(), Stream.of(allowance))
                .map(Allowance::word)
                .sorted()
                .collect(Collectors.joining(","));
        return refusal(namespace, what, Rights.ALLOW, words, "");
    }

    private static Explanation scope(String namespace, String verb, String annotation, Scopes have, ArmId id) {
        var group = "/subscriptions/" + id.subscriptionId() + "/resourceGroups/" + id.resourceGroup();
        return refusal(namespace, verb + id, annotation, with(have, group), malformed(have));
    }

    /** kubectl annotate replaces the whole value, so the command repeats what is allowed already. */
    private static String with(Scopes have, String another) {
        return Stream.concat(have.scopes().stream().map(NotAllowed::written), Stream.of(another))
                .collect(Collectors.joining(","));
    }

    private static String malformed(Scopes have) {
        return have.malformed().isEmpty()
                ? ""
                : " These words of it are no scopes and allow nothing: " + String.join(" ", have.malformed()) + ".";
    }

    private static Explanation refusal(String namespace, String what, String annotation, String value, String more) {
        return new Explanation(
                Reason.NotAllowedByNamespace,
                "The namespace " + namespace + " may not " + what + ". A cluster admin allows it with `kubectl annotate"
                        + " namespace " + namespace + " --overwrite " + Text.shellWord(annotation + "=" + value) + "`."
                        + more);
    }

    private static String written(List<String> segments) {
        return "/" + String.join("/", segments);
    }
}
