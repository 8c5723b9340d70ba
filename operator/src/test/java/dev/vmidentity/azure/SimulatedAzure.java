package dev.vmidentity.azure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.Ground;
import dev.vmidentity.fakes.Mishap;
import dev.vmidentity.simulator.Options;
import dev.vmidentity.simulator.Simulator;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The adapter over the simulator: a real TLS server, real tokens, and a clock that stands still until {@link #settle}.
 * One serves a whole class of tests; {@link #emptied} makes it new for each.
 */
final class SimulatedAzure implements Ground {
    /** Longer than any operation takes in the simulator's fast profile. */
    private static final Duration EVERY_OPERATION = Duration.ofSeconds(1);

    private static final String SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final MovedClock clock = new MovedClock();
    private final Simulator simulator = Simulator.start(Options.defaults().withClock(clock));
    private final ArmClients clients = ArmClients.connect(settings(), InstantSource.system(), clock::move);

    /** The settings that fit it. */
    AzureSettings settings() {
        return new AzureSettings(
                simulator.endpoint(),
                simulator.endpoint().toString(),
                simulator.endpoint(),
                Optional.of(simulator.tenantId()),
                Optional.of("vm-identity-operator"),
                Optional.of("a secret"),
                Optional.empty(),
                Optional.of(simulator.ca()),
                Duration.ofSeconds(30));
    }

    Simulator simulator() {
        return simulator;
    }

    URI endpoint() {
        return simulator.endpoint();
    }

    /** A world with an empty subscription, no faults and no requests. */
    Ground emptied() {
        simulator.faults().clear();
        // So few rows that every question about more than a handful has pages.
        simulator.settings().merge("{\"consistency\":{\"resourceGraphPage\":4}}");
        simulator.state().replace(document(List.of(resource("/subscriptions/" + SUBSCRIPTION))));
        simulator.requests().clear();
        return this;
    }

    void stop() {
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

    RoleAssignments roles() {
        return clients.roles();
    }

    @Override
    public Fleet fleet() {
        return clients.fleet();
    }

    @Override
    public Instances instances() {
        return clients.instances();
    }

    @Override
    public void makeGroup(String subscriptionId, String resourceGroup) {
        merge(resource("/subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup));
    }

    @Override
    public void makeMachine(TargetId target) {
        makeGroup(target.id().subscriptionId(), target.id().resourceGroup());
        deleteMachine(target);
        merge(resource(target.id().value()));
    }

    @Override
    public void deleteMachine(TargetId target) {
        remove(target.id());
    }

    @Override
    public void makeIdentity(ArmId id) {
        makeGroup(id.subscriptionId(), id.resourceGroup());
        merge(resource(id.value()));
    }

    @Override
    public void deleteIdentity(ArmId id) {
        remove(id);
    }

    @Override
    public void attach(TargetId target, ArmId identity) {
        change(target, machine -> {
            ObjectNode block = machine.withObjectProperty("identity");
            boolean system = block.path("type").asText("").startsWith("SystemAssigned");
            block.put("type", system ? "SystemAssigned, UserAssigned" : "UserAssigned");
            block.withObjectProperty("userAssignedIdentities").set(identity.value(), JSON.objectNode());
        });
    }

    @Override
    public void enableSystemAssigned(TargetId target) {
        change(target, machine -> {
            ObjectNode block = machine.withObjectProperty("identity");
            block.put("type", block.has("userAssignedIdentities") ? "SystemAssigned, UserAssigned" : "SystemAssigned");
        });
    }

    @Override
    public void makeInstances(TargetId target, Instances.Policy policy, int count) {
        change(target, set -> {
            set.putObject("sku")
                    .put("name", "Standard_D2s_v3")
                    .put("tier", "Standard")
                    .put("capacity", count);
            String mode = switch (policy) {
                case MANUAL -> "Manual";
                case AUTOMATIC -> "Automatic";
                case ROLLING -> "Rolling";
            };
            set.withObjectProperty("properties")
                    .withObjectProperty("upgradePolicy")
                    .put("mode", mode);
        });
    }

    @Override
    public void makeFlexible(TargetId target) {
        remove(target.id());
        ObjectNode set = resource(target.id().value());
        set.putObject("properties").put("orchestrationMode", "Flexible");
        merge(set);
    }

    @Override
    public void touch(TargetId target) {
        change(target, machine -> {});
    }

    @Override
    public void tag(TargetId target, Map<String, String> tags) {
        change(target, machine -> {
            ObjectNode all = machine.putObject("tags");
            tags.forEach(all::put);
        });
    }

    @Override
    public void makeInstance(TargetId virtualMachine, TargetId scaleSet) {
        change(
                virtualMachine,
                machine -> machine.withObjectProperty("properties")
                        .putObject("virtualMachineScaleSet")
                        .put("id", scaleSet.id().value()));
    }

    @Override
    public void nextQuestion(Fault answer) {
        ObjectNode fault = JSON.objectNode().put("method", "POST").put("path", "/Microsoft.ResourceGraph/");
        simulator.faults().add(answered(fault, answer).toString());
    }

    /** It always holds them: its clock stands still. */
    @Override
    public void holdOperations() {}

    @Override
    public void settle() {
        clock.move(EVERY_OPERATION);
    }

    @Override
    public void nextPatch(Mishap mishap) {
        ObjectNode fault = JSON.objectNode().put("method", "PATCH");
        ObjectNode filled = switch (mishap) {
            case Mishap.Answered(Fault answer) -> answered(fault, answer);
            case Mishap.CutBeforeEffect() -> fault.put("cut", "before");
            case Mishap.CutAfterEffect() -> fault.put("cut", "after");
            case Mishap.CutWithinAnswer() -> fault.put("truncate", true);
            case Mishap.LandsLate() -> fault.put("late", 1);
            case Mishap.PreconditionFailedAfterEffect() ->
                error(fault.put("when", "after").put("status", 412), "PreconditionFailed", "moved");
            case Mishap.OperationFails(Fault why, boolean etagMoves) -> failing(fault, why, etagMoves);
        };
        simulator.faults().add(filled.toString());
    }

    @Override
    public void nextRead(Fault answer) {
        ObjectNode fault = JSON.objectNode().put("method", "GET").put("path", "/Microsoft.Compute/");
        simulator.faults().add(answered(fault, answer).toString());
    }

    @Override
    public void nextInstances(Fault answer) {
        ObjectNode fault = JSON.objectNode().put("method", "GET").put("path", "/virtualMachines");
        simulator.faults().add(answered(fault, answer).toString());
    }

    @Override
    public void nextIdentityRequest(Fault answer) {
        ObjectNode fault = JSON.objectNode().put("path", "/Microsoft.ManagedIdentity/");
        simulator.faults().add(answered(fault, answer).toString());
    }

    @Override
    public int patches(TargetId target) {
        return (int) simulator.requests().entries().stream()
                .filter(entry -> entry.method().equals("PATCH"))
                .filter(entry -> entry.path().equalsIgnoreCase(target.id().value()))
                .count();
    }

    /** The next one has it empty; see {@link #stop}. */
    @Override
    public void close() {}

    /** Somebody else writes: whatever is done, the etag moves. */
    private void change(TargetId target, Consumer<ObjectNode> writer) {
        ObjectNode machine = simulator.resource(target.id().value()).orElseThrow();
        writer.accept(machine);
        long etag = Long.parseLong(machine.path("etag").asText().replace("\"", ""));
        machine.put("etag", "\"" + (etag + 1) + "\"");
        merge(machine);
    }

    private void merge(ObjectNode resource) {
        simulator.state().merge(document(List.of(resource)));
    }

    private void remove(ArmId id) {
        ObjectNode world = simulator.state().read();
        ArrayNode resources = world.withArrayProperty("resources");
        for (int i = resources.size() - 1; i >= 0; i--) {
            if (resources.get(i).path("id").asText().equalsIgnoreCase(id.value())) {
                resources.remove(i);
            }
        }
        simulator.state().replace(world);
    }

    private static ObjectNode resource(String id) {
        return JSON.objectNode().put("id", id).put("location", "westeurope");
    }

    private static ObjectNode document(List<ObjectNode> resources) {
        ObjectNode document = JSON.objectNode();
        document.putArray("resources").addAll(resources);
        return document;
    }

    private static ObjectNode answered(ObjectNode request, Fault answer) {
        if (answer instanceof Fault.Throttled throttled) {
            throttled
                    .retryAfter()
                    .ifPresent(
                            wait -> request.putObject("headers").put("Retry-After", Long.toString(wait.toSeconds())));
            return error(request.put("status", 429), "SubscriptionRequestsThrottled", throttled.detail());
        }
        if (answer instanceof Fault.AzureUnwell unwell) {
            return error(request.put("status", unwell.status()), unwell.code(), unwell.detail());
        }
        throw new IllegalArgumentException("not known in ARM's words: " + answer);
    }

    private static ObjectNode failing(ObjectNode request, Fault why, boolean etagMoves) {
        if (!(why instanceof Fault.Busy busy)) {
            throw new IllegalArgumentException("not known in ARM's words: " + why);
        }
        request.putObject("operation")
                .put("code", busy.code())
                .put("message", busy.detail())
                .put("etagMoves", etagMoves);
        return request;
    }

    private static ObjectNode error(ObjectNode request, String code, String message) {
        request.putObject("body").putObject("error").put("code", code).put("message", message);
        return request;
    }

    /** Stands still until it is moved. */
    private static final class MovedClock extends Clock {
        private volatile Instant now = Instant.now();

        void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
