package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Attachment;
import dev.vmidentity.simulator.model.BuiltInRoles;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.RoleAssignment;
import dev.vmidentity.simulator.model.RoleDefinition;
import dev.vmidentity.simulator.model.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Role-based access: assignments at a scope hold for everything below it. Only enforced when the settings say so. */
final class Rights {
    static final String ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";

    private final World world;

    Rights(World world) {
        this.world = world;
    }

    /** Refuses a request that the caller may not make. */
    void request(Call call) {
        if (answersWhatMayBeSeen(call)) {
            return;
        }
        var action = Actions.of(call);
        var scope = Actions.scope(call);
        if (!free(call) && !allowed(call, action, scope)) {
            throw new Refusal(Errors.forbidden(call.caller(), action, scope));
        }
        Denials.of(call, action, scope).ifPresent(deny -> {
            throw new Refusal(Denials.forbidden(call, action, scope, deny));
        });
    }

    /** Lists that leave out what the caller may not read, instead of refusing. */
    private static boolean answersWhatMayBeSeen(Call call) {
        var path = call.path();
        if (path.namespace() != null) {
            return path.type().equals("microsoft.resourcegraph/resources");
        }
        var last = ArmId.key(path.path());
        return call.method().equals("GET")
                && (last.equals("/subscriptions")
                        || last.equals("/tenants")
                        || (path.group() == null && last.endsWith("/resourcegroups"))
                        || (path.group() == null && last.endsWith("/resources")));
    }

    /** Whether the caller has any role there, above or below: so much it takes to see a subscription or a group in a list. */
    boolean hasAnyIn(Call call, String scope) {
        if (free(call)) {
            return true;
        }
        var effective = effective(call);
        return world.all(RoleAssignment.class)
                .filter(one -> one.principalId().equalsIgnoreCase(call.caller().objectId()))
                .filter(one -> !one.createdAt().isAfter(effective))
                .anyMatch(one -> covers(one.scope(), scope) || covers(scope, one.scope()));
    }

    /** Refuses when the caller may not assign one of the identities that a write names. */
    void assign(Call call, Machine target, List<String> named) {
        var ids = new ArrayList<>(named);
        if (!named.isEmpty() && call.settings().access().recheckUnnamed()) {
            target.identity().attached().stream()
                    .map(Attachment::id)
                    .filter(id -> ids.stream().noneMatch(id::equalsIgnoreCase))
                    .forEach(ids::add);
        }
        var action = target.type().fullType() + "/write";
        var lacking = free(call)
                ? List.<String>of()
                : ids.stream().filter(id -> !allowed(call, ASSIGN, id)).toList();
        var denied = ids.stream()
                .filter(id -> Denials.of(call, ASSIGN, id).isPresent())
                .toList();
        if (!denied.isEmpty()) {
            throw new Refusal(Denials.linked(call, action, target.id(), ASSIGN, lacking, denied));
        }
        if (!lacking.isEmpty()) {
            throw new Refusal(Errors.linkedForbidden(call.caller(), action, target.id(), ASSIGN, lacking));
        }
    }

    /** Whether the caller may see it in a query over many resources. */
    boolean maySee(Call call, String action, String scope) {
        return (free(call) || allowed(call, action, scope))
                && Denials.of(call, action, scope).isEmpty();
    }

    private boolean free(Call call) {
        var access = call.settings().access();
        return !access.enforced()
                || access.admins().contains(call.caller().objectId())
                || access.admins().contains(call.caller().clientId());
    }

    private boolean allowed(Call call, String action, String scope) {
        var effective = effective(call);
        return world.all(RoleAssignment.class)
                .filter(one -> one.principalId().equalsIgnoreCase(call.caller().objectId()))
                .filter(one -> !one.createdAt().isAfter(effective))
                .filter(one -> covers(one.scope(), scope))
                .flatMap(one -> definition(one.roleGuid()).stream())
                .anyMatch(role -> role.allows(action));
    }

    /** Assignments younger than that are not in force yet. */
    private static Instant effective(Call call) {
        return call.now().minusMillis(call.settings().consistency().roleEffective());
    }

    Optional<RoleDefinition> definition(String guid) {
        return Optional.ofNullable(BuiltInRoles.BY_GUID.get(guid))
                .or(() -> world.all(RoleDefinition.class)
                        .filter(role -> role.guid().equals(guid))
                        .findFirst());
    }

    static boolean covers(String scope, String id) {
        var above = ArmId.key(scope);
        var below = ArmId.key(id);
        return above.equals("/") || above.isEmpty() || below.equals(above) || below.startsWith(above + "/");
    }
}
