package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.arm.Budgets.Rule;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.History;
import dev.vmidentity.simulator.model.Identity;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** {@code POST /providers/Microsoft.ResourceGraph/resources}: late, in pages, only what the caller may read. */
final class ResourceGraph implements Provider {
    private static final Rule QUOTA = new Rule(15, 3);
    private static final int MOST_ROWS = 1000;

    private final Context context;
    private final History history;
    private final Rights rights;
    private final MachineBody bodies;
    private final Budgets quota = new Budgets();

    ResourceGraph(Context context, History history, Rights rights) {
        this.context = context;
        this.history = history;
        this.rights = rights;
        this.bodies = new MachineBody(new IdentityBlock(context.world(), context.entropy()), context);
    }

    @Override
    public Answer handle(Call call) {
        if (!call.method().equals("POST")) {
            throw new Refusal(Errors.methodNotAllowed(call.method()));
        }
        var taken = quota.take(call.caller().objectId(), QUOTA, call.now());
        if (taken.refused() && call.settings().throttling().resourceGraph()) {
            return quota(rateLimited().with("Retry-After", "5"), 0);
        }
        return quota(query(call), taken.remaining());
    }

    private Answer query(Call call) {
        var body = call.body();
        var subscriptions = StreamSupport.stream(body.path("subscriptions").spliterator(), false)
                .map(one -> one.asText().toLowerCase(Locale.ROOT))
                .toList();
        var then = call.now().minusMillis(call.settings().consistency().resourceGraph());
        var visible = history.all(then)
                .filter(resource -> subscriptions.isEmpty()
                        || subscriptions.contains(
                                ArmId.subscription(resource.id()).toLowerCase(Locale.ROOT)))
                .flatMap(resource -> row(resource, call).stream())
                .toList();
        List<ObjectNode> rows;
        try {
            rows = KustoQuery.run(body.path("query").asText(""), visible);
        } catch (IllegalArgumentException e) {
            throw new Refusal(badQuery(String.valueOf(e.getMessage())));
        }
        var options = body.path("options");
        int top = Math.min(
                options.path("$top").asInt(MOST_ROWS),
                Math.min(MOST_ROWS, call.settings().consistency().resourceGraphPage()));
        int from = options.hasNonNull("$skipToken")
                ? decode(options.path("$skipToken").asText())
                : options.path("$skip").asInt(0);
        int to = Math.min(rows.size(), from + Math.max(1, top));
        var page = from >= rows.size() ? List.<ObjectNode>of() : rows.subList(from, to);
        var node = Json.object().put("totalRecords", rows.size()).put("count", page.size());
        var data = node.putArray("data");
        page.forEach(data::add);
        node.putArray("facets");
        node.put("resultTruncated", "false");
        if (to < rows.size()) {
            node.put("$skipToken", encode(to));
        }
        return Answer.json(200, Json.compact(node));
    }

    private Optional<ObjectNode> row(Resource resource, Call call) {
        var versioned = new Call(
                call.request(),
                call.path(),
                resource instanceof Identity ? "2024-11-30" : "2025-04-01",
                call.caller(),
                call.settings(),
                call.now(),
                null);
        return switch (resource) {
            case Machine machine
            when rights.maySee(call, machine.type().fullType() + "/read", machine.id()) ->
                Optional.of(row(bodies.show(machine, versioned), machine));
            case Identity identity
            when rights.maySee(call, ArmId.IDENTITIES + "/read", identity.id()) ->
                Optional.of(row(Identities.show(identity, versioned), identity));
            case Resource other -> Optional.empty();
        };
    }

    /** Types and groups in lower case; members that a resource lacks are null. */
    private ObjectNode row(ObjectNode shown, Resource resource) {
        var row = Json.object()
                .put("id", resource.id())
                .put("name", resource.name())
                .put("type", shown.path("type").asText().toLowerCase(Locale.ROOT))
                .put("tenantId", context.tenant())
                .put("kind", "");
        row.set("location", shown.get("location"));
        row.put("resourceGroup", ArmId.group(resource.id()).toLowerCase(Locale.ROOT))
                .put("subscriptionId", ArmId.subscription(resource.id()))
                .put("managedBy", shown.path("managedBy").asText(""));
        for (var member : List.of("sku", "plan", "properties", "tags", "identity", "zones", "extendedLocation")) {
            row.set(member, shown.get(member));
        }
        return row;
    }

    private static Answer quota(Answer answer, int remaining) {
        return answer.with("x-ms-user-quota-remaining", Integer.toString(remaining))
                .with("x-ms-user-quota-resets-after", "00:00:05")
                .with("x-ms-resource-graph-request-duration", "0:00:00:00.0010000");
    }

    private static Answer rateLimited() {
        var error = Json.object()
                .put("code", "RateLimiting")
                .put("message", "Please provide below info when asking for support: timestamp = , correlationId = .");
        error.putArray("details")
                .addObject()
                .put("code", "RateLimiting")
                .put(
                        "message",
                        "Client application has been throttled and should not attempt to repeat the request until an amount of "
                                + "time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.");
        return Answer.json(429, Json.compact(Json.object().set("error", error)));
    }

    private static Answer badQuery(String what) {
        var error = Json.object()
                .put("code", "BadRequest")
                .put("message", "Please provide below info when asking for support: timestamp = , correlationId = .");
        var details = error.putArray("details");
        details.addObject()
                .put("code", "InvalidQuery")
                .put(
                        "message",
                        "Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.");
        details.addObject().put("code", "ParserFailure").put("message", what);
        return Answer.json(400, Json.compact(Json.object().set("error", error)));
    }

    private static String encode(int from) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("from " + from).getBytes(StandardCharsets.UTF_8));
    }

    private static int decode(String token) {
        try {
            return Integer.parseInt(new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8)
                    .substring("from ".length()));
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw new Refusal(badQuery("The skip token is invalid."));
        }
    }
}
