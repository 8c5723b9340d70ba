package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.ResourceGroup;
import dev.vmidentity.simulator.model.World;
import dev.vmidentity.simulator.model.World.Change;

/** Resource groups. */
final class Groups implements Provider {
    private final World world;
    private final Rights rights;

    Groups(Context context, Rights rights) {
        this.world = context.world();
        this.rights = rights;
    }

    static String id(Call call) {
        return "/subscriptions/%s/resourceGroups/%s".formatted(call.subscription(), call.group());
    }

    @Override
    public Answer handle(Call call) {
        if (call.path().group() == null) {
            if (!call.method().equals("GET")) {
                throw new Refusal(Errors.methodNotAllowed(call.method()));
            }
            var rows = world.under("/subscriptions/" + call.subscription(), ResourceGroup.class)
                    .filter(group -> rights.hasAnyIn(call, group.id()))
                    .toList();
            return Answer.json(200, Json.compact(Paging.page(call, rows, ResourceGroup::key, Groups::show)));
        }
        return switch (call.method()) {
            case "GET" -> Answer.json(200, Json.compact(show(existing(call))));
            case "HEAD" ->
                Answer.empty(world.find(id(call), ResourceGroup.class).isPresent() ? 204 : 404);
            case "PUT" -> put(call);
            case "PATCH" -> patch(call);
            case "DELETE" -> delete(call);
            default -> throw new Refusal(Errors.methodNotAllowed(call.method()));
        };
    }

    private ResourceGroup existing(Call call) {
        return world.find(id(call), ResourceGroup.class).orElseThrow(() -> new Refusal(Errors.noGroup(call.group())));
    }

    private Answer put(Call call) {
        var body = call.body();
        var location = body.path("location").asText("");
        if (location.isBlank()) {
            throw new Refusal(Errors.locationRequired());
        }
        if (!Locations.exists(location)) {
            throw new Refusal(Errors.locationUnavailable(location, "Microsoft.Resources/resourceGroups"));
        }
        if (world.find(id(call), ResourceGroup.class).isEmpty()) {
            world.forgetUnder(id(call));
        }
        return world.change(id(call), stored -> {
            var before = stored instanceof ResourceGroup group ? group : null;
            if (before != null && before.deletedAt() != null) {
                throw new Refusal(Errors.groupBeingDeleted(call.group()));
            }
            if (before != null && !before.location().equals(Locations.normal(location))) {
                throw new Refusal(Errors.gateway(
                        409,
                        "InvalidResourceGroupLocation",
                        "Invalid resource group location '%s'. The Resource group already exists in location '%s'."
                                .formatted(Locations.normal(location), before.location())));
            }
            var group = new ResourceGroup(
                    before == null ? id(call) : before.id(),
                    Locations.normal(location),
                    Json.strings(body.get("tags")),
                    null);
            return new Change<>(group, Answer.json(before == null ? 201 : 200, Json.compact(show(group))));
        });
    }

    private Answer patch(Call call) {
        var body = call.body();
        return world.change(id(call), stored -> {
            if (!(stored instanceof ResourceGroup group)) {
                throw new Refusal(Errors.noGroup(call.group()));
            }
            var after = new ResourceGroup(
                    group.id(),
                    group.location(),
                    body.hasNonNull("tags") ? Json.strings(body.get("tags")) : group.tags(),
                    group.deletedAt());
            return new Change<>(after, Answer.json(200, Json.compact(show(after))));
        });
    }

    private Answer delete(Call call) {
        world.change(id(call), stored -> {
            if (!(stored instanceof ResourceGroup group)) {
                throw new Refusal(Errors.noGroup(call.group()));
            }
            var after = group.deletedAt() != null
                    ? group
                    : new ResourceGroup(
                            group.id(),
                            group.location(),
                            group.tags(),
                            call.now().plusMillis(call.settings().operations().groupDelete()));
            return new Change<>(after, true);
        });
        var seconds = call.settings().operations().retryAfterSeconds();
        return Answer.empty(202)
                .with(
                        "Location",
                        "%s/subscriptions/%s/operationresults/%s?api-version=%s"
                                .formatted(
                                        call.request().origin(), call.subscription(), token(call), call.apiVersion()))
                .with("Retry-After", Integer.toString(seconds > 0 ? seconds : 15));
    }

    private static String token(Call call) {
        return java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(call.group().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** {@code GET /subscriptions/{s}/operationresults/{token}}: 202 while the group is being deleted, 200 then. */
    Answer poll(Call call, String token) {
        String group;
        try {
            group = new String(java.util.Base64.getUrlDecoder().decode(token), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Errors.noSuchPath());
        }
        var there = world.find("/subscriptions/%s/resourceGroups/%s".formatted(call.subscription(), group));
        if (there.isEmpty()) {
            return Answer.empty(200);
        }
        var seconds = call.settings().operations().retryAfterSeconds();
        return Answer.empty(202)
                .with("Location", call.request().url())
                .with("Retry-After", Integer.toString(seconds > 0 ? seconds : 15));
    }

    static ObjectNode show(ResourceGroup group) {
        var node = Json.object()
                .put("id", group.id())
                .put("name", group.name())
                .put("type", "Microsoft.Resources/resourceGroups")
                .put("location", group.location());
        node.set("tags", Json.of(group.tags()));
        node.putObject("properties").put("provisioningState", group.deletedAt() == null ? "Succeeded" : "Deleting");
        return node;
    }
}
