package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Attachment;
import dev.vmidentity.simulator.model.BuiltInRoles;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.RoleAssignment;
import dev.vmidentity.simulator.model.RoleDefinition;
import dev.vmidentity.simulator.model.World;
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
        if (free(call)) {
            return;
        }
        var action = Actions.of(call);
        var scope = Actions.scope(call);
        if (!allowed(call, action, scope)) {
            throw new Refusal(Errors.forbidden(call.caller(), action, scope));
        }
    }

    /** Refuses when the caller may not assign one of the identities that a write names. */
    void assign(Call call, Machine target, List<String> named) {
        if (free(call)) {
            return;
        }
        var ids = new ArrayList<>(named);
        if (!named.isEmpty() && call.settings().access().recheckUnnamed()) {
            target.identity().attached().stream()
                    .map(Attachment::id)
                    .filter(id -> ids.stream().noneMatch(id::equalsIgnoreCase))
                    .forEach(ids::add);
        }
        var refused = ids.stream().filter(id -> !allowed(call, ASSIGN, id)).toList();
        if (!refused.isEmpty()) {
            throw new Refusal(Errors.linkedForbidden(
                    call.caller(), target.type().fullType() + "/write", target.id(), ASSIGN, refused));
        }
    }

    /** Whether the caller may see it in a query over many resources. */
    boolean maySee(Call call, String action, String scope) {
        return free(call) || allowed(call, action, scope);
    }

    private boolean free(Call call) {
        var access = call.settings().access();
        return !access.enforced()
                || access.admins().contains(call.caller().objectId())
                || access.admins().contains(call.caller().clientId());
    }

    private boolean allowed(Call call, String action, String scope) {
        var effective = call.now().minusMillis(call.settings().consistency().roleEffective());
        return world.all(RoleAssignment.class)
                .filter(one -> one.principalId().equalsIgnoreCase(call.caller().objectId()))
                .filter(one -> !one.createdAt().isAfter(effective))
                .filter(one -> covers(one.scope(), scope))
                .flatMap(one -> definition(one.roleGuid()).stream())
                .anyMatch(role -> role.allows(action));
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
