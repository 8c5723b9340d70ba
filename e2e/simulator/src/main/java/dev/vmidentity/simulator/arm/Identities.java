package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Identity;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Resource;
import dev.vmidentity.simulator.model.Settings.Racing;
import dev.vmidentity.simulator.model.World;
import dev.vmidentity.simulator.model.World.Change;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** User-assigned identities. Nothing about them is long-running. */
final class Identities implements Provider {
    private final World world;
    private final Context context;
    private final Occupied writes = new Occupied();

    Identities(Context context) {
        this.world = context.world();
        this.context = context;
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
            case "PATCH" -> patch(call);
            case "DELETE" -> delete(call);
            default -> throw new Refusal(Errors.methodNotAllowed(call.method()));
        };
    }

    private Answer list(Call call) {
        var rows = world.under(call.path().scope(), Identity.class).toList();
        return Answer.json(200, Json.compact(Paging.page(call, rows, Resource::key, one -> show(one, call))));
    }

    private Answer get(Call call) {
        return world.find(call.path().path(), Identity.class)
                .filter(identity -> visible(identity, call))
                .map(identity -> Answer.json(200, Json.compact(show(identity, call))))
                .orElseThrow(() -> new Refusal(absent(call)));
    }

    static boolean visible(Identity identity, Call call) {
        var delay = call.settings().consistency().identityVisible();
        return delay <= 0 || !call.now().isBefore(identity.createdAt().plusMillis(delay));
    }

    private Answer put(Call call) {
        var body = call.body();
        var location = body.path("location").asText("");
        if (location.isBlank()) {
            throw new Refusal(Errors.locationRequired());
        }
        if (!Locations.exists(location)) {
            throw new Refusal(Errors.locationUnavailable(location, ArmId.IDENTITIES));
        }
        if (!call.path().name().matches("[A-Za-z0-9][A-Za-z0-9_-]{2,127}")) {
            throw new Refusal(Errors.error(
                    400,
                    "BadRequest",
                    ("The identity name '%s' is invalid. Valid names are 3 to 128 characters long, start with a letter or number "
                                    + "and contain only letters, numbers, hyphens and underscores.")
                            .formatted(call.path().name())));
        }
        var id = call.path().path();
        var known = world.find(id).isPresent();
        if (!known) {
            world.forgetUnder(id);
        }
        var racing = call.settings().unknowns().racingPuts();
        LongSupplier millis = () -> context.settings().get().operations().identityWrite();
        Supplier<Answer> write = () -> write(call, body, racing == Racing.LAST && !known);
        return writes.write(id, millis, write, () -> {
            if (racing == Racing.CONFLICT) {
                throw new Refusal(Errors.interrupted());
            }
            Occupied.pass(millis);
            return write.get();
        });
    }

    /** Makes or updates it; {@code anew} makes it in the place of what is there. */
    private Answer write(Call call, ObjectNode body, boolean anew) {
        var location = body.path("location").asText("");
        return world.change(call.path().path(), stored -> {
            var tags = Json.strings(body.get("tags"));
            if (stored instanceof Identity before && !anew) {
                if (!before.location().equals(Locations.normal(location))) {
                    throw new Refusal(Errors.otherLocation(
                            before.name(), before.location(), call.group(), Locations.normal(location)));
                }
                var after = before.withTags(tags, isolation(body, before.isolationScope()));
                return new Change<>(after, Answer.json(200, Json.compact(show(after, call))));
            }
            var id = "/subscriptions/%s/resourcegroups/%s/providers/%s/%s"
                    .formatted(
                            call.subscription(),
                            call.group(),
                            ArmId.IDENTITIES,
                            call.path().name());
            var fresh = new Identity(
                    id,
                    Locations.normal(location),
                    tags,
                    context.entropy().guid(),
                    context.entropy().guid(),
                    context.tenant(),
                    isolation(body, "None"),
                    call.now());
            return new Change<>(
                    fresh, Answer.json(201, Json.compact(show(fresh, call))).with("Location", id));
        });
    }

    private static String isolation(ObjectNode body, String otherwise) {
        var scope = body.path("properties").path("isolationScope").asText(otherwise);
        if (!scope.equals("None") && !scope.equals("Regional")) {
            throw new Refusal(Errors.error(
                    400,
                    "BadRequest",
                    "The isolation scope '%s' is invalid. Valid values are None, Regional.".formatted(scope)));
        }
        return scope;
    }

    private Answer patch(Call call) {
        var body = call.body();
        return world.change(call.path().path(), stored -> {
            if (!(stored instanceof Identity before)) {
                throw new Refusal(absent(call));
            }
            var tags = body.hasNonNull("tags") ? Json.strings(body.get("tags")) : before.tags();
            var after = before.withTags(tags, isolation(body, before.isolationScope()));
            return new Change<>(after, Answer.json(200, Json.compact(show(after, call))));
        });
    }

    private Answer delete(Call call) {
        // First what is inside: whatever interrupts this, no credential of the old one is there for a new one.
        world.forgetUnder(call.path().path());
        var there = world.remove(call.path().path());
        return Answer.empty(there ? 200 : 204);
    }

    private Answer absent(Call call) {
        return Errors.noResource(ArmId.IDENTITIES + "/" + call.path().name(), call.group());
    }

    /** Compact, id with lower-case {@code resourcegroups}. */
    static ObjectNode show(Identity identity, Call call) {
        var node = Json.object().put("location", identity.location());
        node.set("tags", Json.of(identity.tags()));
        node.put("id", identity.id()).put("name", identity.name()).put("type", ArmId.IDENTITIES);
        var properties = node.putObject("properties");
        if (call.since("2024-11-30")) {
            properties.put("isolationScope", identity.isolationScope());
        }
        properties
                .put("tenantId", identity.tenantId())
                .put("principalId", identity.principalId())
                .put("clientId", identity.clientId());
        if (!call.since("2018-11-30")) {
            properties.put(
                    "clientSecretUrl",
                    "https://control-%s.identity.azure.net%s/credentials?tid=%s&oid=%s&aid=%s"
                            .formatted(
                                    identity.location(),
                                    identity.id(),
                                    identity.tenantId(),
                                    identity.principalId(),
                                    identity.clientId()));
        }
        return node;
    }
}
