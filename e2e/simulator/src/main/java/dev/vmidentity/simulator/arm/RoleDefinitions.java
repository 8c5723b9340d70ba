package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.BuiltInRoles;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.RoleDefinition;
import dev.vmidentity.simulator.model.World;
import dev.vmidentity.simulator.model.World.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Built-in and custom roles. */
final class RoleDefinitions implements Provider {
    private static final Pattern BY_NAME = Pattern.compile("(?i)roleName eq '([^']*)'");
    private static final Pattern BY_TYPE = Pattern.compile("(?i)type eq '([^']*)'");

    private final World world;

    RoleDefinitions(Context context) {
        this.world = context.world();
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
            case "GET" -> get(call);
            case "PUT" -> put(call);
            case "DELETE" -> delete(call);
            default -> throw new Refusal(Errors.methodNotAllowed(call.method()));
        };
    }

    private Stream<RoleDefinition> all() {
        return Stream.concat(BuiltInRoles.ALL.stream(), world.all(RoleDefinition.class));
    }

    private Answer list(Call call) {
        var filter = call.query("$filter").orElse("");
        var rows = all();
        var name = BY_NAME.matcher(filter);
        if (name.find()) {
            var wanted = name.group(1);
            rows = rows.filter(role -> role.roleName().equalsIgnoreCase(wanted));
        }
        var type = BY_TYPE.matcher(filter);
        if (type.find()) {
            var builtIn = type.group(1).equalsIgnoreCase("BuiltInRole");
            rows = rows.filter(role -> role.builtIn() == builtIn);
        }
        var node = Json.object();
        var value = node.putArray("value");
        rows.map(role -> show(role, call)).forEach(value::add);
        return Answer.json(200, Json.compact(node));
    }

    private Answer get(Call call) {
        return all().filter(role -> role.guid().equalsIgnoreCase(call.path().name()))
                .findFirst()
                .map(role -> Answer.json(200, Json.compact(show(role, call))))
                .orElseThrow(() -> new Refusal(Errors.error(
                        404,
                        "RoleDefinitionDoesNotExist",
                        "The specified role definition with ID '%s' does not exist."
                                .formatted(call.path().name().replace("-", "")))));
    }

    private Answer put(Call call) {
        var id = "/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s"
                .formatted(call.subscription(), call.path().name());
        var role = read(id, call.body());
        return world.change(id, stored -> new Change<>(role, Answer.json(201, Json.compact(show(role, call)))));
    }

    static RoleDefinition read(String id, JsonNode node) {
        var properties = node.path("properties");
        var permissions = properties.path("permissions").path(0);
        return new RoleDefinition(
                id,
                properties.path("roleName").asText(ArmId.name(id)),
                properties.path("description").asText(""),
                false,
                texts(permissions.path("actions")),
                texts(permissions.path("notActions")),
                texts(permissions.path("dataActions")),
                texts(properties.path("assignableScopes")));
    }

    private Answer delete(Call call) {
        var id = "/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s"
                .formatted(call.subscription(), call.path().name());
        return world.change(
                id,
                stored -> stored instanceof RoleDefinition role
                        ? new Change<>(null, Answer.json(200, Json.compact(show(role, call))))
                        : new Change<>(stored, Answer.empty(204)));
    }

    private static List<String> texts(JsonNode array) {
        var list = new ArrayList<String>();
        array.forEach(one -> list.add(one.asText()));
        return List.copyOf(list);
    }

    static ObjectNode show(RoleDefinition role, Call call) {
        var node = Json.object();
        var properties = node.putObject("properties")
                .put("roleName", role.roleName())
                .put("type", role.builtIn() ? "BuiltInRole" : "CustomRole")
                .put("description", role.description());
        var scopes = properties.putArray("assignableScopes");
        role.assignableScopes().forEach(scopes::add);
        var permission = properties.putArray("permissions").addObject();
        role.actions().forEach(permission.putArray("actions")::add);
        role.notActions().forEach(permission.putArray("notActions")::add);
        role.dataActions().forEach(permission.putArray("dataActions")::add);
        permission.putArray("notDataActions");
        var scope = role.builtIn() && !call.subscription().isEmpty() ? "/subscriptions/" + call.subscription() : "";
        return node.put("id", scope + role.id())
                .put("type", "Microsoft.Authorization/roleDefinitions")
                .put("name", role.name());
    }
}
