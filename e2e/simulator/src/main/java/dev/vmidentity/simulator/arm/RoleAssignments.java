package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.RoleAssignment;
import dev.vmidentity.simulator.model.World;
import dev.vmidentity.simulator.model.World.Change;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Role assignments, at any scope. */
final class RoleAssignments implements Provider {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern GUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern PRINCIPAL = Pattern.compile("(?i)principalId eq '([^']*)'");
    private static final Pattern ASSIGNED_TO = Pattern.compile("(?i)assignedTo\\('([^']*)'\\)");

    private static final String HINT =
            " Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, "
                    + "this error might be related to a replication delay. In this case, set the role assignment principalType property "
                    + "to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype";

    private final World world;
    private final Context context;
    private final Rights rights;
    private final Principals principals;

    RoleAssignments(Context context, Rights rights, Principals principals) {
        this.principals = principals;
        this.world = context.world();
        this.context = context;
        this.rights = rights;
    }

    @Override
    public Answer handle(Call call) {
        if (!call.path().isInstance()) {
            if (call.method().equals("GET")) {
                return list(call);
            }
            throw new Refusal(Errors.methodNotAllowed(call.method()));
        }
        return switch (call.method()) {
            case "GET" -> Answer.json(200, Json.compact(show(existing(call), false, call)));
            case "PUT" -> put(call);
            case "DELETE" -> delete(call);
            default -> throw new Refusal(Errors.methodNotAllowed(call.method()));
        };
    }

    private RoleAssignment existing(Call call) {
        return world.find(call.path().path(), RoleAssignment.class).orElseThrow(() -> new Refusal(notFound(call)));
    }

    private static Answer notFound(Call call) {
        return Errors.error(
                404,
                "RoleAssignmentNotFound",
                "The role assignment '%s' is not found.".formatted(call.path().name()));
    }

    /** Without a filter: at the scope, above and below. {@code atScope()}: not below. {@code principalId eq}: of one principal. */
    private Answer list(Call call) {
        var scope = scope(call);
        var filter = call.query("$filter").orElse("");
        Stream<RoleAssignment> rows = world.all(RoleAssignment.class)
                .filter(one -> Rights.covers(one.scope(), scope)
                        || (!filter.toLowerCase(Locale.ROOT).contains("atscope()")
                                && Rights.covers(scope, one.scope())));
        for (var pattern : new Pattern[] {PRINCIPAL, ASSIGNED_TO}) {
            var matcher = pattern.matcher(filter);
            if (matcher.find()) {
                var principal = matcher.group(1);
                rows = rows.filter(one -> one.principalId().equalsIgnoreCase(principal));
            }
        }
        return Answer.json(
                200,
                Json.compact(Paging.page(call, rows.toList(), RoleAssignment::key, one -> show(one, false, call))));
    }

    private Answer put(Call call) {
        if (!GUID.matcher(call.path().name()).matches()) {
            throw new Refusal(Errors.error(
                    400,
                    "InvalidRoleAssignmentId",
                    "The role assignment ID '%s' is not valid. The role assignment ID must be a GUID."
                            .formatted(call.path().name())));
        }
        var properties = call.body().path("properties");
        var principal = properties.path("principalId").asText("");
        var role = properties.path("roleDefinitionId").asText("");
        if (!GUID.matcher(principal).matches()) {
            throw new Refusal(Errors.error(
                    400,
                    "InvalidPrincipalId",
                    "The Principal ID '%s' is not valid. Principal ID must be a GUID.".formatted(principal)));
        }
        if (rights.definition(ArmId.key(ArmId.name(role))).isEmpty()) {
            throw new Refusal(Errors.error(
                    404,
                    "RoleDefinitionDoesNotExist",
                    "The specified role definition with ID '%s' does not exist."
                            .formatted(ArmId.name(role).replace("-", ""))));
        }
        var principalType = properties.path("principalType").asText("");
        if (principalType.isEmpty()) {
            mustHaveArrived(call, principal);
        }
        var scope = scope(call);
        world.all(RoleAssignment.class)
                .filter(one -> !one.key().equals(ArmId.key(call.path().path())))
                .filter(one -> ArmId.key(one.scope()).equals(ArmId.key(scope))
                        && one.principalId().equalsIgnoreCase(principal)
                        && one.roleGuid().equals(ArmId.key(ArmId.name(role))))
                .findFirst()
                .ifPresent(same -> {
                    throw new Refusal(Errors.error(409, "RoleAssignmentExists", "The role assignment already exists."));
                });
        return world.change(call.path().path(), stored -> {
            if (stored instanceof RoleAssignment before
                    && (!before.principalId().equalsIgnoreCase(principal)
                            || !before.roleGuid().equals(ArmId.key(ArmId.name(role))))) {
                throw new Refusal(Errors.error(
                        409,
                        "RoleAssignmentUpdateNotPermitted",
                        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."));
            }
            var fresh = new RoleAssignment(
                    call.path().path(),
                    scope,
                    role,
                    principal,
                    principalType.isEmpty() ? "ServicePrincipal" : principalType,
                    text(properties.path("description")),
                    text(properties.path("condition")),
                    text(properties.path("conditionVersion")),
                    stored instanceof RoleAssignment before ? before.createdAt() : call.now(),
                    call.caller().objectId());
            return new Change<>(
                    fresh, Answer.json(stored == null ? 201 : 200, Json.compact(show(fresh, stored == null, call))));
        });
    }

    private static @org.jspecify.annotations.Nullable String text(com.fasterxml.jackson.databind.JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }

    /** Who is gone, or just made and not in every replica of the directory, is not found; naming its type skips the look-up. */
    private void mustHaveArrived(Call call, String principal) {
        var visible = call.now().minusMillis(call.settings().consistency().principalVisible());
        if (principals.since(principal).filter(since -> !since.isAfter(visible)).isEmpty()) {
            throw new Refusal(Errors.error(
                    400,
                    "PrincipalNotFound",
                    ("Principal %s does not exist in the directory %s." + (call.since("2020-08-01") ? HINT : ""))
                            .formatted(principal.replace("-", ""), context.tenant())));
        }
    }

    private Answer delete(Call call) {
        return world.change(
                call.path().path(),
                stored -> stored instanceof RoleAssignment there
                        ? new Change<>(null, Answer.json(200, Json.compact(show(there, false, call))))
                        : new Change<>(stored, Answer.empty(204)));
    }

    private static String scope(Call call) {
        return call.path().scope().isEmpty() ? "/" : call.path().scope();
    }

    /** Nobody is named as creator in the answer that creates it. */
    static ObjectNode show(RoleAssignment assignment, boolean created, Call call) {
        var time = TIME.format(assignment.createdAt());
        var node = Json.object();
        var conditions = call.since("2020-04-01");
        var properties = node.putObject("properties")
                .put("roleDefinitionId", assignment.roleDefinitionId())
                .put("principalId", assignment.principalId())
                .put("principalType", assignment.principalType())
                .put("scope", assignment.scope());
        if (conditions) {
            properties.put("condition", assignment.condition()).put("conditionVersion", assignment.conditionVersion());
        }
        properties
                .put("createdOn", time)
                .put("updatedOn", time)
                .put("createdBy", created ? null : assignment.createdBy())
                .put("updatedBy", assignment.createdBy());
        if (conditions) {
            properties.putNull("delegatedManagedIdentityResourceId").put("description", assignment.description());
        }
        return node.put("id", assignment.id())
                .put("type", "Microsoft.Authorization/roleAssignments")
                .put("name", assignment.name());
    }
}
