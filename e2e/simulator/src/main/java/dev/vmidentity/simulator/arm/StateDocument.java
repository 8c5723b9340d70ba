package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Attachment;
import dev.vmidentity.simulator.model.FederatedCredential;
import dev.vmidentity.simulator.model.Identity;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Lock;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.MachineIdentity;
import dev.vmidentity.simulator.model.Resource;
import dev.vmidentity.simulator.model.ResourceGroup;
import dev.vmidentity.simulator.model.RoleAssignment;
import dev.vmidentity.simulator.model.RoleDefinition;
import dev.vmidentity.simulator.model.Subscription;
import dev.vmidentity.simulator.model.World;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The world as a document: a list of resources as ARM shows them. What a resource in it does not say (ids of principals, vmId, etag) is
 * made up, so a seed can be short.
 */
public final class StateDocument {
    private static final String COMPUTE_VERSION = "2025-04-01";
    private static final String IDENTITY_VERSION = "2024-11-30";

    private final Context context;
    private final World world;
    private final MachineBody bodies;

    public StateDocument(Context context) {
        this.context = context;
        this.world = context.world();
        this.bodies = new MachineBody(new IdentityBlock(context.world(), context.entropy()), context);
    }

    /** {@code {"resources":[…]}}. */
    public ObjectNode read() {
        var document = Json.object();
        var list = document.putArray("resources");
        world.all().forEach(resource -> show(resource).ifPresent(list::add));
        return document;
    }

    /** One resource as ARM would show it; empty for an id that is not there. */
    public Optional<ObjectNode> read(String id) {
        return world.find(id).flatMap(this::show);
    }

    /** Replaces the whole world. Throws IllegalArgumentException, before anything changed, for what it cannot read. */
    public void replace(JsonNode document) {
        var parsed = parse(document, false);
        world.together(() -> {
            world.clear();
            parsed.forEach(world::put);
        });
    }

    /**
     * Adds resources, or writes over those with the same id: what the document says of one takes the place of what was; ids that Azure
     * made, when it was made, and for a machine properties, stay unless it says them, and its etag moves by one.
     */
    public void merge(JsonNode document) {
        var parsed = parse(document, true);
        world.together(() -> parsed.forEach(world::put));
    }

    private Optional<ObjectNode> show(Resource resource) {
        return switch (resource) {
            case Machine machine -> Optional.of(bodies.show(machine, call(COMPUTE_VERSION)));
            case Identity identity -> Optional.of(Identities.show(identity, call(IDENTITY_VERSION)));
            case ResourceGroup group -> Optional.of(Groups.show(group));
            case Subscription subscription ->
                Optional.of(Json.object()
                        .put("id", subscription.id())
                        .put("type", "Microsoft.Resources/subscriptions")
                        .put("displayName", subscription.displayName()));
            case FederatedCredential credential -> Optional.of(FederatedCredentials.show(credential));
            case RoleDefinition role -> Optional.of(RoleDefinitions.show(role, call("2022-04-01")));
            case RoleAssignment assignment -> Optional.of(RoleAssignments.show(assignment, false, call("2022-04-01")));
            case Lock lock -> Optional.of(Locks.show(lock));
        };
    }

    private Call call(String version) {
        var request = new Request("GET", "https://localhost/", "/", Map.of(), Map.of(), "");
        return new Call(
                request,
                ArmPath.parse("/"),
                version,
                new Caller("", ""),
                context.settings().get(),
                world.now(),
                null);
    }

    private List<Resource> parse(JsonNode document, boolean merge) {
        var list = document.isArray() ? document : document.path("resources");
        if (!(list instanceof ArrayNode array)) {
            throw new IllegalArgumentException("A state is a list of resources, or an object with one in 'resources'.");
        }
        var resources = new ArrayList<Resource>();
        for (var node : array) {
            if (!(node instanceof ObjectNode object) || !object.path("id").isTextual()) {
                throw new IllegalArgumentException("A resource is an object with an 'id': " + node);
            }
            resources.add(
                    parse(object, resources, merge ? world.find(object.get("id").asText()) : Optional.empty()));
        }
        return resources;
    }

    private Resource parse(ObjectNode node, List<Resource> earlier, Optional<Resource> before) {
        var id = node.get("id").asText();
        var path = ArmPath.parse(id);
        if (path.namespace() == null) {
            return path.group() == null
                    ? new Subscription(id, node.path("displayName").asText("Simulator"))
                    : new ResourceGroup(
                            id,
                            Locations.normal(node.path("location").asText("westus")),
                            Json.strings(node.get("tags")),
                            null);
        }
        return switch (path.type()) {
            case "microsoft.compute/virtualmachines" -> machine(node, id, Machine.Type.VM, earlier, machine(before));
            case "microsoft.compute/virtualmachinescalesets" ->
                machine(node, id, Machine.Type.SCALE_SET, earlier, machine(before));
            case "microsoft.managedidentity/userassignedidentities" ->
                identity(node, id, before.filter(Identity.class::isInstance).map(Identity.class::cast));
            case "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials" ->
                credential(node, id);
            case "microsoft.authorization/roledefinitions" -> RoleDefinitions.read(id, node);
            case "microsoft.authorization/roleassignments" -> assignment(node, id, path.scope());
            case "microsoft.authorization/locks" ->
                new Lock(id, node.at("/properties/level").asText("CanNotDelete"), null);
            default ->
                throw new IllegalArgumentException(
                        "Resources of type '%s' are not kept: %s".formatted(path.type(), id));
        };
    }

    private static FederatedCredential credential(ObjectNode node, String id) {
        var properties = node.path("properties");
        var audiences = new ArrayList<String>();
        properties.path("audiences").forEach(one -> audiences.add(one.asText()));
        return new FederatedCredential(
                ArmId.lowerGroup(id),
                properties.path("issuer").asText(),
                properties.path("subject").asText(),
                audiences);
    }

    private RoleAssignment assignment(ObjectNode node, String id, String scope) {
        var properties = node.path("properties");
        return new RoleAssignment(
                id,
                scope.isEmpty() ? "/" : scope,
                properties.path("roleDefinitionId").asText(),
                properties.path("principalId").asText(),
                properties.path("principalType").asText("ServicePrincipal"),
                text(properties, "description"),
                text(properties, "condition"),
                text(properties, "conditionVersion"),
                world.now().minusSeconds(86_400),
                "");
    }

    private static @Nullable String text(JsonNode node, String name) {
        return node.path(name).isTextual() ? node.path(name).asText() : null;
    }

    private static Optional<Machine> machine(Optional<Resource> resource) {
        return resource.filter(Machine.class::isInstance).map(Machine.class::cast);
    }

    private Identity identity(ObjectNode node, String id, Optional<Identity> before) {
        var properties = node.path("properties");
        return new Identity(
                before.map(Identity::id).orElse(ArmId.lowerGroup(id)),
                Locations.normal(node.path("location")
                        .asText(before.map(Identity::location).orElse("westus"))),
                node.hasNonNull("tags")
                        ? Json.strings(node.get("tags"))
                        : before.map(Identity::tags).orElse(Map.of()),
                said(properties, "principalId")
                        .or(() -> before.map(Identity::principalId))
                        .orElseGet(this::made),
                said(properties, "clientId")
                        .or(() -> before.map(Identity::clientId))
                        .orElseGet(this::made),
                context.tenant(),
                said(properties, "isolationScope")
                        .or(() -> before.map(Identity::isolationScope))
                        .orElse("None"),
                before.map(Identity::createdAt).orElse(world.now().minusSeconds(86_400)));
    }

    private Machine machine(
            ObjectNode node, String id, Machine.Type type, List<Resource> earlier, Optional<Machine> before) {
        var properties = node.path("properties");
        var idName = type == Machine.Type.VM ? "vmId" : "uniqueId";
        var state = said(properties, "provisioningState");
        // What goes on goes on, unless the document says that it is over.
        var work = before.map(Machine::work)
                .filter(going ->
                        state.isEmpty() || state.get().equals(going.kind().state()))
                .orElse(null);
        var machine = new Machine(
                before.map(Machine::id).orElse(id),
                type,
                Locations.normal(node.path("location")
                        .asText(before.map(Machine::location).orElse("westus"))),
                node.hasNonNull("tags")
                        ? Json.strings(node.get("tags"))
                        : before.map(Machine::tags).orElse(null),
                identityOf(
                        node.get("identity"),
                        earlier,
                        before.map(Machine::identity).orElse(MachineIdentity.NONE)),
                before.map(Machine::extra)
                        .map(old -> MachineBody.merged(old, MachineBody.extra(node)))
                        .orElseGet(() -> MachineBody.extra(node)),
                properties.isMissingNode() && before.isPresent()
                        ? before.get().properties()
                        : bodies.properties(properties, before.orElse(null), type, id),
                said(properties, idName)
                        .or(() -> before.map(Machine::machineId))
                        .orElseGet(this::made),
                said(node, "etag")
                        .map(etag -> Long.parseLong(etag.replace("\"", "")))
                        .orElse(before.map(Machine::etag).orElse(0L) + 1),
                work != null ? "Succeeded" : state.orElse("Succeeded"),
                said(properties, "timeCreated")
                        .map(text -> OffsetDateTime.parse(text).toInstant())
                        .or(() -> before.map(Machine::createdAt))
                        .orElse(world.now()),
                work,
                before.map(Machine::model).orElse(1L),
                before.map(Machine::instances).orElse(List.of()));
        return ScaleSetModel.resized(machine, context.entropy());
    }

    private static Optional<String> said(JsonNode node, String member) {
        return node.hasNonNull(member) ? Optional.of(node.get(member).asText()) : Optional.empty();
    }

    private String made() {
        return context.entropy().guid();
    }

    /** Without the member: as it was. A null takes it away. */
    private MachineIdentity identityOf(@Nullable JsonNode node, List<Resource> earlier, MachineIdentity before) {
        if (node == null) {
            return before;
        }
        if (!node.isObject()) {
            return MachineIdentity.NONE;
        }
        var system = node.path("type").asText("").contains("SystemAssigned");
        var attached = new ArrayList<Attachment>();
        for (var entry : node.path("userAssignedIdentities").properties()) {
            var known = earlier.stream()
                    .filter(resource -> resource.key().equals(ArmId.key(entry.getKey())))
                    .findFirst()
                    .or(() -> world.find(entry.getKey()))
                    .filter(Identity.class::isInstance)
                    .map(Identity.class::cast);
            var value = entry.getValue();
            attached.add(new Attachment(
                    entry.getKey(),
                    value.path("principalId")
                            .asText(known.map(Identity::principalId).orElse("")),
                    value.path("clientId").asText(known.map(Identity::clientId).orElse("")),
                    true));
        }
        return new MachineIdentity(
                system
                        ? said(node, "principalId")
                                .or(() -> Optional.ofNullable(before.principalId()))
                                .orElseGet(this::made)
                        : null,
                attached);
    }

    /** The document in a text. */
    public static JsonNode parse(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }
}
