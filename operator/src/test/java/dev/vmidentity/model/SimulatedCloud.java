package dev.vmidentity.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.azure.ArmClients;
import dev.vmidentity.azure.AzureSettings;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.Mishap;
import dev.vmidentity.simulator.Options;
import dev.vmidentity.simulator.Simulator;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The simulator behind the adapter that ships: TLS, tokens, ARM's own error texts, operations that are polled. Other
 * people come over the same wire, with requests of their own making.
 */
final class SimulatedCloud implements Cloud, AutoCloseable {
    private static final String MACHINES = "2024-07-01";
    private static final String IDENTITIES = "2023-01-31";
    private static final String WRITTEN = "written";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final HandClock clock;
    private final Simulator simulator;
    private final ArmClients clients;
    private final HttpClient others;
    private int writes;

    SimulatedCloud(HandClock clock) {
        this.clock = clock;
        // Certificates are checked by the real time.
        clock.set(Instant.now());
        simulator = Simulator.start(Options.defaults().withClock(clock));
        clients = ArmClients.connect(
                new AzureSettings(
                        simulator.endpoint(),
                        simulator.endpoint().toString(),
                        simulator.endpoint(),
                        Optional.of(simulator.tenantId()),
                        Optional.of("vm-identity-operator"),
                        Optional.of("a secret"),
                        Optional.empty(),
                        Optional.of(simulator.ca()),
                        Duration.ofSeconds(30)),
                clock);
        others = HttpClient.newBuilder()
                .sslContext(simulator.clientContext())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** A new world for each history. */
    void empty(History history) {
        clock.set(Instant.parse("2026-01-01T00:00:00Z"));
        simulator.faults().clear();
        simulator.state().replace(document(resource("/subscriptions/" + Author.SUBSCRIPTION)));
        simulator.requests().clear();
        long operation = history.climate().operations().toMillis();
        simulator
                .settings()
                .merge(
                        "{\"operations\":{\"vmPatch\":%d,\"scaleSetPatch\":%d,\"delete\":0},\"etags\":{\"noopMoves\":%b,\"movesOnCompletion\":%b}}"
                                .formatted(
                                        operation,
                                        operation,
                                        !history.climate().fenceless(),
                                        history.climate().etagsMoveAtTheEnd()));
    }

    @Override
    public void close() {
        others.close();
        clients.close();
        simulator.close();
    }

    @Override
    public Machines machines() {
        return clients.machines();
    }

    @Override
    public Identities identities() {
        return clients.identities();
    }

    @Override
    public Instances instances() {
        return clients.instances();
    }

    @Override
    public void makeInstances(TargetId target, int count) {
        ObjectNode set = simulator.resource(target.id().value()).orElseThrow();
        set.putObject("sku")
                .put("name", "Standard_D2s_v3")
                .put("tier", "Standard")
                .put("capacity", count);
        set.withObjectProperty("properties").withObjectProperty("upgradePolicy").put("mode", "Manual");
        simulator.state().merge(document(set));
    }

    @Override
    public Fleet fleet() {
        return clients.fleet();
    }

    @Override
    public Optional<Observation> look(TargetId target) {
        return switch (clients.machines().read(target)) {
            case Machines.Seen.Present(Observation machine) -> Optional.of(machine);
            case Machines.Seen.Absent _ -> Optional.empty();
            case Machines.Seen.Failed(Fault fault) -> throw new IllegalStateException("cannot look: " + fault);
        };
    }

    @Override
    public boolean has(ArmId identity) {
        return simulator.resource(identity.value()).isPresent();
    }

    @Override
    public Optional<String> principal(ArmId identity) {
        return simulator
                .resource(identity.value())
                .map(found -> found.path("properties").path("principalId").asText());
    }

    @Override
    public void makeIdentity(ArmId id) {
        make(id);
    }

    @Override
    public void deleteIdentity(ArmId id) {
        send("DELETE", id, IDENTITIES, "");
    }

    @Override
    public void makeMachine(TargetId target) {
        make(target.id());
    }

    @Override
    public void deleteMachine(TargetId target) {
        send("DELETE", target.id(), MACHINES, "");
    }

    /** Azure refuses it while another operation runs. */
    @Override
    public void replace(TargetId target, List<ArmId> ids, boolean systemAssigned) {
        Observation before = look(target).orElseThrow();
        ObjectNode identity = JSON.objectNode();
        String system = systemAssigned ? "SystemAssigned" : "None";
        identity.put("type", ids.isEmpty() ? system : systemAssigned ? system + ", UserAssigned" : "UserAssigned");
        if (!ids.isEmpty()) {
            ObjectNode listed = identity.putObject("userAssignedIdentities");
            before.userAssigned().values().stream()
                    .filter(attached -> !ids.contains(attached.id()))
                    .forEach(attached -> listed.putNull(attached.id().value()));
            ids.stream().filter(id -> !before.has(IdentityKey.of(id))).forEach(id -> listed.putObject(id.value()));
            if (listed.isEmpty()) {
                identity.remove("userAssignedIdentities");
            }
        }
        ObjectNode body = JSON.objectNode();
        body.set("identity", identity);
        send("PATCH", target.id(), MACHINES, body.toString());
    }

    @Override
    public void touch(TargetId target) {
        occupy(target);
    }

    @Override
    public void occupy(TargetId target) {
        Map<String, String> tags = new TreeMap<>(tags(target));
        tags.put(WRITTEN, Integer.toString(++writes));
        patchTags(target, tags);
    }

    @Override
    public void tag(TargetId target, Map<String, String> tags) {
        patchTags(target, tags);
    }

    private void patchTags(TargetId target, Map<String, String> tags) {
        ObjectNode body = JSON.objectNode();
        ObjectNode all = body.putObject("tags");
        tags.forEach(all::put);
        send("PATCH", target.id(), MACHINES, body.toString());
    }

    /** But for the one that this class writes. */
    @Override
    public Map<String, String> tags(TargetId target) {
        Map<String, String> tags = new TreeMap<>();
        simulator
                .resource(target.id().value())
                .ifPresent(found -> found.path("tags")
                        .properties()
                        .forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText())));
        tags.remove(WRITTEN);
        return tags;
    }

    @Override
    public void nextPatch(Mishap mishap) {
        ObjectNode fault = JSON.objectNode().put("method", "PATCH");
        ObjectNode filled = switch (mishap) {
            case Mishap.Answered(Fault.Throttled throttled) -> {
                fault.putObject("headers")
                        .put(
                                "Retry-After",
                                Long.toString(
                                        throttled.retryAfter().orElseThrow().toSeconds()));
                yield error(fault.put("status", 429), "SubscriptionRequestsThrottled", throttled.detail());
            }
            case Mishap.Answered(Fault.AzureUnwell unwell) ->
                error(fault.put("status", unwell.status()), unwell.code(), unwell.detail());
            case Mishap.Answered(Fault other) -> throw new IllegalArgumentException("not scripted here: " + other);
            case Mishap.CutBeforeEffect() -> fault.put("cut", "before");
            case Mishap.CutAfterEffect() -> fault.put("cut", "after");
            case Mishap.CutWithinAnswer() -> fault.put("truncate", true);
            case Mishap.LandsLate() -> throw new IllegalArgumentException("the model's own wire does this");
            case Mishap.PreconditionFailedAfterEffect() ->
                error(fault.put("when", "after").put("status", 412), "PreconditionFailed", "moved");
            case Mishap.OperationFails(Fault why, boolean etagMoves) -> {
                fault.putObject("operation")
                        .put("code", why instanceof Fault.Busy busy ? busy.code() : "InternalExecutionError")
                        .put("message", why.detail())
                        .put("etagMoves", etagMoves);
                yield fault;
            }
        };
        simulator.faults().add(filled.toString());
    }

    private static ObjectNode error(ObjectNode request, String code, String message) {
        request.putObject("body").putObject("error").put("code", code).put("message", message);
        return request;
    }

    /** Somebody else's request. A busy machine refuses it. */
    private void send(String method, ArmId id, String version, String body) {
        HttpRequest request = HttpRequest.newBuilder(
                        simulator.endpoint().resolve(id.value() + "?api-version=" + version))
                .header("Authorization", "Bearer " + simulator.token("somebody-else"))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = others.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 400 && answer.statusCode() != 409) {
                throw new IllegalStateException("somebody else's write: " + answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void make(ArmId id) {
        ObjectNode group = resource("/subscriptions/" + id.subscriptionId() + "/resourceGroups/" + id.resourceGroup());
        simulator.state().merge(document(group, resource(id.value())));
    }

    private static ObjectNode resource(String id) {
        return JSON.objectNode().put("id", id).put("location", "westeurope");
    }

    private static ObjectNode document(ObjectNode... resources) {
        ObjectNode document = JSON.objectNode();
        document.putArray("resources").addAll(List.of(resources));
        return document;
    }
}
