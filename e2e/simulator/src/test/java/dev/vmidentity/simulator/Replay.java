package dev.vmidentity.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.Recording.Exchange;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Plays a recording's requests against a simulator and says where the answers differ. Ids that Azure made up are carried over from answer
 * to request; the clock moves when the recording shows that time has passed.
 */
final class Replay implements AutoCloseable {
    private static final Pattern GUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private static final String ZEROS = "00000000-0000-0000-0000-000000000000";

    private final Recording recording;
    private final HandClock clock = new HandClock();
    private final Simulator azure;
    private final ArmClient client;
    private final Map<String, String> ours = new HashMap<>();
    private final Map<String, String> polls = new HashMap<>();
    private final List<Difference> differences = new ArrayList<>();
    private final Set<String> groups = new HashSet<>();

    Replay(Recording recording) {
        this.recording = recording;
        this.azure = Simulator.start(Options.defaults().withClock(clock).withSettings(Settings.azure()));
        azure.settings()
                .merge(
                        "{\"throttling\":{\"arm\":false,\"compute\":false},\"wire\":{\"latency\":0},\"operations\":{\"spread\":0}}");
        this.client = new ArmClient(azure);
    }

    /** What differs in one exchange. */
    record Difference(int n, String what, String recorded, String answered) {}

    List<Difference> differences() {
        var seen = new HashSet<String>();
        for (var exchange : recording.exchanges()) {
            if (exchange.isForeign() || (exchange.isPoll() && !polls.containsKey(operationOf(exchange.path())))) {
                continue;
            }
            prepare(exchange, seen);
            play(exchange);
        }
        return differences;
    }

    /** What existed before the recording begins: its groups, and machines that it reads before it writes them. */
    private void prepare(Exchange exchange, Set<String> seen) {
        var path = exchange.path().split("\\?", -1)[0];
        var parts = path.split("/", -1);
        var group = parts.length > 4 && parts[3].equalsIgnoreCase("resourceGroups") ? parts[4] : "";
        if (!group.isEmpty() && groups.add(group.toLowerCase(Locale.ROOT))) {
            var list = Json.array();
            list.addObject().put("id", "/subscriptions/" + parts[2]);
            list.addObject()
                    .put("id", "/subscriptions/" + parts[2] + "/resourceGroups/" + group)
                    .put("location", "westus");
            azure.state().merge(list);
        }
        if (seen.add(path.toLowerCase(Locale.ROOT))
                && exchange.method().equals("GET")
                && exchange.status() == 200
                && exchange.body().has("id")
                && azure.resource(path).isEmpty()) {
            seed(exchange);
        }
        if (path.contains("/virtualMachines/") && path.contains("/providers/Microsoft.Authorization/")) {
            var machine = path.substring(0, path.indexOf("/providers/Microsoft.Authorization/"));
            if (azure.resource(machine).isEmpty()) {
                azure.state().merge(Json.array().add(Json.object().put("id", machine)));
            }
        }
        if (exchange.isPoll() && !exchange.body().path("status").asText().equals("InProgress")) {
            clock.pass(Duration.ofMinutes(5));
        }
        if (exchange.path().contains("/roleAssignments/") && exchange.status() == 201) {
            clock.pass(Duration.ofMinutes(5));
        }
        if (exchange.body().at("/error/code").asText().equals("ResourceGroupNotFound")) {
            client.delete("/subscriptions/" + parts[2] + "/resourceGroups/" + group + "?api-version=2024-11-01");
            clock.pass(Duration.ofMinutes(5));
        }
    }

    private void seed(Exchange exchange) {
        try {
            azure.state()
                    .merge(Json.array()
                            .add(Json.MAPPER.readTree(translate(exchange.body().toString()))));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void play(Exchange exchange) {
        var path = translate(exchange.path());
        if (exchange.isPoll()) {
            path = polls.getOrDefault(operationOf(exchange.path()), path);
        }
        var request =
                exchange.request().isObject() ? translate(exchange.request().toString()) : null;
        var reply = client.send(exchange.method(), path, request);
        compare(exchange, "status", Integer.toString(exchange.status()), Integer.toString(reply.status()));
        learn(exchange, reply);
        headers(exchange, reply);
        if (exchange.body().isObject() != reply.body().isObject()) {
            compare(
                    exchange,
                    "body",
                    String.valueOf(exchange.body().isObject()),
                    String.valueOf(reply.body().isObject()));
            return;
        }
        if (exchange.body() instanceof ObjectNode recorded && reply.body() instanceof ObjectNode answered) {
            body(exchange, recorded, answered, reply);
        }
    }

    private void body(Exchange exchange, ObjectNode recorded, ObjectNode answered, ArmClient.Reply reply) {
        compare(exchange, "members", names(recorded), names(answered));
        for (var member :
                List.of("id", "name", "type", "location", "tags", "sku", "status", "error", "identity", "etag")) {
            compare(
                    exchange,
                    member,
                    translate(recorded.path(member).toString()),
                    answered.path(member).toString());
        }
        if (recorded.has("properties")) {
            compare(exchange, "properties", names(recorded.path("properties")), names(answered.path("properties")));
            compare(
                    exchange,
                    "provisioningState",
                    recorded.at("/properties/provisioningState").asText(),
                    answered.at("/properties/provisioningState").asText());
        }
        if (recorded.path("type").asText().startsWith("Microsoft.Compute/") || recorded.has("startTime")) {
            compare(exchange, "indentation", "CRLF", reply.text().startsWith("{\r\n  \"") ? "CRLF" : "other");
        }
    }

    private void headers(Exchange exchange, ArmClient.Reply reply) {
        for (var header : List.of(
                "etag", "x-ms-failure-cause", "x-ms-request-charge", "azure-asyncnotification", "content-type")) {
            compare(exchange, header, exchange.header(header), value(reply, header));
        }
        if (!recording.name().startsWith("azure-cli") && !exchange.isPoll()) {
            compare(exchange, "retry-after", exchange.header("retry-after"), value(reply, "retry-after"));
        }
        compare(exchange, "location", form(exchange.header("location")), form(value(reply, "location")));
        compare(
                exchange,
                "azure-asyncoperation",
                form(exchange.header("azure-asyncoperation")),
                form(value(reply, "azure-asyncoperation")));
        compare(
                exchange,
                "x-ms-ratelimit-remaining-resource",
                exchange.header("x-ms-ratelimit-remaining-resource").replaceAll(";\\d+", ""),
                value(reply, "x-ms-ratelimit-remaining-resource").replaceAll(";\\d+", ""));
    }

    /** A URL without what differs from run to run. */
    private String form(String url) {
        return GUID.matcher(translate(url).replaceAll("https://[^/]*", "").replaceAll("&t=.*", ""))
                .replaceAll("GUID");
    }

    private static String value(ArmClient.Reply reply, String header) {
        var value = reply.header(header);
        return value == null ? "" : value;
    }

    /** Remembers our ids in the place of those that Azure made up. */
    private void learn(Exchange exchange, ArmClient.Reply reply) {
        var operation = exchange.header("azure-asyncoperation");
        if (!operation.isEmpty() && reply.header("azure-asyncoperation") != null) {
            polls.put(operationOf(operation), value(reply, "azure-asyncoperation"));
            ours.put(operationOf(operation), operationOf(value(reply, "azure-asyncoperation")));
        }
        learn(exchange.body(), reply.body());
    }

    private void learn(JsonNode recorded, JsonNode answered) {
        for (var member : recorded.properties()) {
            var other = answered.path(member.getKey());
            if (member.getKey().equals("userAssignedIdentities")) {
                continue;
            }
            if (Set.of("principalId", "clientId", "tenantId", "vmId", "uniqueId", "name", "updatedBy", "createdBy")
                            .contains(member.getKey())
                    && GUID.matcher(member.getValue().asText()).matches()
                    && other.isTextual()) {
                ours.putIfAbsent(member.getValue().asText(), other.asText());
            } else if (member.getValue().isObject()) {
                learn(member.getValue(), other);
            }
        }
        if (!ours.containsKey("tenant") && recorded.at("/properties/tenantId").isTextual()) {
            ours.put(recorded.at("/properties/tenantId").asText(), azure.tenantId());
        }
    }

    /** Recorded ids to ours. Some recordings have the same zeros for subscription and tenant; the words around tell which is meant. */
    private String translate(String text) {
        var tenants = text.replaceAll(
                "(\"tenantId\":\"|the directory )00000000-0000-0000-0000-000000000000", "$1" + azure.tenantId());
        var translated = GUID.matcher(tenants)
                .replaceAll(match ->
                        match.group().equals(ZEROS) ? match.group() : ours.getOrDefault(match.group(), match.group()));
        for (var entry : ours.entrySet()) {
            translated = translated.replace(
                    entry.getKey().replace("-", ""), entry.getValue().replace("-", ""));
        }
        return translated;
    }

    private static String operationOf(String url) {
        var path = url.split("\\?", -1)[0];
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String names(JsonNode node) {
        var names = new TreeSet<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names.toString();
    }

    private void compare(Exchange exchange, String what, String recorded, String answered) {
        if (!recorded.equals(answered)) {
            differences.add(new Difference(exchange.n(), what, recorded, answered));
        }
    }

    @Override
    public void close() {
        client.close();
        azure.close();
    }
}
