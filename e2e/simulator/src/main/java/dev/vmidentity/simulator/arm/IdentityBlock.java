package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Attachment;
import dev.vmidentity.simulator.model.Entropy;
import dev.vmidentity.simulator.model.Identity;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.MachineIdentity;
import dev.vmidentity.simulator.model.Settings.Dangling;
import dev.vmidentity.simulator.model.Settings.Leniency;
import dev.vmidentity.simulator.model.Settings.Policy;
import dev.vmidentity.simulator.model.World;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code identity} member of a machine: what a request asks for, what comes of it, and how it is shown. PATCH merges the dictionary
 * and takes {@code type} as the whole goal; PUT replaces the dictionary; the array of the versions up to 2017-12-01 replaces as well.
 */
final class IdentityBlock {
    private static final int MOST_IN_ONE_REQUEST = 150;
    private static final String ARRAY = "identityIds";
    private static final String DICTIONARY = "userAssignedIdentities";

    private final World world;
    private final Entropy entropy;

    IdentityBlock(World world, Entropy entropy) {
        this.world = world;
        this.entropy = entropy;
    }

    /**
     * What a request asks for.
     *
     * @param type as the service spells it
     * @param ids  null when none were sent; a null value removes
     * @param replaces whether ids are the whole set
     */
    record Wanted(
            boolean system,
            boolean user,
            String type,
            @Nullable Map<String, @Nullable JsonNode> ids,
            boolean replaces) {

        /** Ids that the request wants to be attached afterwards. */
        List<String> assigned() {
            var list = new ArrayList<String>();
            if (ids != null) {
                ids.forEach((id, value) -> {
                    if (value != null) {
                        list.add(id);
                    }
                });
            }
            return list;
        }
    }

    /** Reads what was sent; refuses what ARM cannot read. */
    Wanted read(JsonNode identity, Call call, Machine target) {
        if (!identity.isObject()) {
            throw new Refusal(
                    Errors.notDeserializable("Error converting value to type 'ResourceIdentity'. Path 'identity'."));
        }
        var type = identity.get("type");
        if (type == null || type.isNull()) {
            throw new Refusal(Errors.notDeserializable("Required property 'type' not found in JSON. Path 'identity'."));
        }
        boolean system = false;
        boolean user = false;
        for (var part : type.asText().split(",", -1)) {
            switch (part.strip().toLowerCase(Locale.ROOT)) {
                case "systemassigned" -> system = true;
                case "userassigned" -> user = true;
                case "none" -> {}
                default ->
                    throw new Refusal(Errors.notDeserializable(
                            "Error converting value \"%s\" to type 'ResourceIdentityType'. Path 'identity.type'."
                                    .formatted(type.asText())));
            }
        }
        var put = call.method().equals("PUT");
        var array = call.apiVersion().compareTo("2018-06-01") <= 0 ? identity.get(ARRAY) : null;
        @Nullable
        Map<String, @Nullable JsonNode> ids =
                array != null && array.isArray() ? fromArray(array) : fromDictionary(identity.get(DICTIONARY));
        var replaces = put || call.apiVersion().compareTo("2018-06-01") < 0;
        var spelled =
                system ? user ? "SystemAssigned, UserAssigned" : "SystemAssigned" : user ? "UserAssigned" : "None";
        if (ids != null) {
            check(ids, array != null, target);
            if (!user && !ids.isEmpty()) {
                throw new Refusal(
                        array != null
                                ? Errors.invalidParameter(
                                        "ResourceIdentity identityIds should not be provided if the type is \"%s\"."
                                                .formatted(spelled),
                                        "resourceIdentity.identityIds")
                                : Errors.failedIdentityOperation(
                                        target.id(),
                                        "BadRequest",
                                        "BadRequest",
                                        "The request format was unexpected, a non-UserAssigned identity type should not contain: userAssignedIdentities"));
            }
        }
        if (system && target.isFlexible()) {
            throw new Refusal(Errors.invalidParameter(
                    "The value '%s' of parameter 'identity.type' is not allowed for Virtual Machine Scale Sets with Flexible orchestration mode. Allowed values are: UserAssigned, None"
                            .formatted(spelled),
                    "identity.type"));
        }
        return new Wanted(system, user, spelled, ids, replaces);
    }

    /** What the block becomes; refuses what cannot be. */
    MachineIdentity apply(MachineIdentity before, Wanted wanted, Call call, Machine target) {
        @Nullable
        String principal =
                wanted.system() ? before.principalId() != null ? before.principalId() : entropy.guid() : null;
        if (!wanted.user()) {
            return new MachineIdentity(principal, List.of());
        }
        var attached = wanted.replaces() && wanted.ids() != null
                ? new ArrayList<Attachment>()
                : new ArrayList<>(before.attached());
        var removes = false;
        if (wanted.ids() != null) {
            for (var entry : wanted.ids().entrySet()) {
                var id = entry.getKey();
                if (entry.getValue() == null) {
                    var there = attached.removeIf(one -> one.id().equalsIgnoreCase(id));
                    removes |= there;
                    if (!there
                            && !wanted.replaces()
                            && call.settings().unknowns().nullOfAbsent() == Leniency.REFUSE) {
                        throw new Refusal(Errors.failedIdentityOperation(
                                target.id(), "BadRequest", "BadRequest", Errors.identityGone(id)));
                    }
                } else {
                    attach(attached, before, id, call, target);
                }
            }
        }
        if (attached.isEmpty()) {
            if (removes && call.settings().unknowns().lastWithUserAssigned() == Leniency.ACCEPT) {
                return new MachineIdentity(principal, List.of());
            }
            throw new Refusal(Errors.noIdentityIds(wanted.type()));
        }
        return new MachineIdentity(principal, attached);
    }

    /** What a policy with the effect Modify makes of a machine that is created or replaced. */
    Machine policed(Machine machine, Policy policy) {
        var before = machine.identity();
        @Nullable
        String principal =
                before.principalId() == null && policy.systemAssigned() ? entropy.guid() : before.principalId();
        var attached = new ArrayList<>(before.attached());
        for (var id : policy.userAssigned()) {
            if (attached.stream().noneMatch(one -> one.id().equalsIgnoreCase(id))) {
                world.find(id, Identity.class)
                        .ifPresent(identity ->
                                attached.add(new Attachment(id, identity.principalId(), identity.clientId(), false)));
            }
        }
        var policed = machine.withIdentity(new MachineIdentity(principal, attached));
        if (policy.tags().isEmpty()) {
            return policed;
        }
        var tags = new LinkedHashMap<String, String>(machine.tags() == null ? Map.of() : machine.tags());
        tags.putAll(policy.tags());
        return policed.withBody(tags, machine.extra(), machine.properties());
    }

    private void attach(List<Attachment> attached, MachineIdentity before, String id, Call call, Machine target) {
        var identity = world.find(id, Identity.class)
                .orElseThrow(() -> new Refusal(
                        call.settings().access().missingAsForbidden()
                                ? Errors.linkedForbidden(
                                        call.caller(),
                                        target.type().fullType() + "/write",
                                        target.id(),
                                        Rights.ASSIGN,
                                        List.of(id))
                                : Errors.failedIdentityOperation(
                                        target.id(), "BadRequest", "BadRequest", Errors.identityGone(id))));
        if (identity.isolationScope().equals("Regional") && !identity.location().equals(target.location())) {
            throw new Refusal(Errors.failedIdentityOperation(
                    target.id(),
                    "BadRequest",
                    "BadRequest",
                    "Identity '%s' with isolation scope 'Regional' in location '%s' cannot be assigned to a resource in location '%s'."
                            .formatted(ArmId.lowerGroup(id), identity.location(), target.location())));
        }
        if (attached.stream().noneMatch(one -> one.id().equalsIgnoreCase(id))) {
            attached.add(before.find(id)
                    .orElseGet(() -> new Attachment(id, identity.principalId(), identity.clientId(), false)));
        }
    }

    /** The block as shown; null when there is none and ARM leaves the key out. */
    @Nullable
    ObjectNode show(MachineIdentity identity, Call call, String tenant) {
        if (identity.isNone()) {
            return null;
        }
        var node = Json.object().put("type", identity.type());
        if (identity.principalId() != null) {
            node.put("principalId", identity.principalId()).put("tenantId", tenant);
        }
        if (identity.attached().isEmpty()) {
            return node;
        }
        if (call.apiVersion().compareTo("2018-06-01") < 0) {
            var ids = node.putArray(ARRAY);
            identity.attached().forEach(one -> ids.add(one.id()));
            return node;
        }
        var ids = node.putObject(DICTIONARY);
        for (var one : identity.attached()) {
            var value = ids.putObject(one.id());
            if (one.settled() && (stands(one) || call.settings().unknowns().dangling() == Dangling.STALE)) {
                value.put("principalId", one.principalId()).put("clientId", one.clientId());
            }
        }
        return node;
    }

    /** Whether the identity that was attached still exists, and is not another one under the same name. */
    private boolean stands(Attachment attachment) {
        return world.find(attachment.id(), Identity.class)
                .map(identity -> identity.principalId().equals(attachment.principalId()))
                .orElse(false);
    }

    private static void check(Map<String, @Nullable JsonNode> ids, boolean array, Machine target) {
        var seen = new HashSet<String>();
        int assigned = 0;
        for (var entry : ids.entrySet()) {
            var id = entry.getKey();
            var value = entry.getValue();
            if (!id.startsWith("/")) {
                throw new Refusal(Errors.malformedIdentityId(id));
            }
            if (!ArmId.isIdentity(id)) {
                throw new Refusal(Errors.failedIdentityOperation(
                        target.id(),
                        "BadRequest",
                        "BadRequest",
                        "Resource Id '%s' is not a valid user assigned identity resource id.".formatted(id)));
            }
            if (!seen.add(ArmId.key(id))) {
                throw new Refusal(
                        array
                                ? Errors.invalidParameter(
                                        "The identityId '%s' cannot be duplicated.".formatted(id),
                                        "resourceIdentity.identityIds")
                                : Errors.twiceTheSameId(ArmId.lowerGroup(id)));
            }
            if (value != null) {
                assigned++;
                if (!value.isObject() || !value.isEmpty()) {
                    throw new Refusal(Errors.echoedIdentityValue(id));
                }
            }
        }
        if (assigned > MOST_IN_ONE_REQUEST) {
            throw new Refusal(Errors.failedIdentityOperation(
                    target.id(),
                    "BadRequest",
                    "BadRequest",
                    "User Assigned Identities Number '%d' Assign exceed limit '%d' in one request"
                            .formatted(assigned, MOST_IN_ONE_REQUEST)));
        }
    }

    private static Map<String, @Nullable JsonNode> fromArray(JsonNode array) {
        var ids = new LinkedHashMap<String, @Nullable JsonNode>();
        for (var id : array) {
            if (ids.put(id.asText(), Json.object()) != null) {
                throw new Refusal(Errors.invalidParameter(
                        "The identityId '%s' cannot be duplicated.".formatted(id.asText()),
                        "resourceIdentity.identityIds"));
            }
        }
        return ids;
    }

    private static @Nullable Map<String, @Nullable JsonNode> fromDictionary(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isObject()) {
            throw new Refusal(
                    Errors.notDeserializable(
                            "Error converting value to type 'UserAssignedIdentities'. Path 'identity.userAssignedIdentities'."));
        }
        var ids = new LinkedHashMap<String, @Nullable JsonNode>();
        node.properties()
                .forEach(entry -> ids.put(entry.getKey(), entry.getValue().isNull() ? null : entry.getValue()));
        return ids;
    }
}
