package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.model.Entropy;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The body of a machine: what the service fills in and leaves out, and how it is shown. */
final class MachineBody {
    /** Top-level members that have a place of their own, or are never kept. */
    private static final Set<String> OWN =
            Set.of("id", "name", "type", "location", "tags", "identity", "properties", "etag", "resources");

    private static final Set<String> READ_ONLY =
            Set.of("provisioningState", "vmId", "uniqueId", "timeCreated", "instanceView");

    private final IdentityBlock identities;
    private final String tenant;
    private final Entropy entropy;

    MachineBody(IdentityBlock identities, Context context) {
        this.identities = identities;
        this.tenant = context.tenant();
        this.entropy = context.entropy();
    }

    /** Whether versions of that age carry etags. */
    static boolean hasEtag(Call call) {
        return call.settings().etags().sent() && call.since("2024-01-01");
    }

    ObjectNode show(Machine machine, Call call) {
        var node = Json.object()
                .put("name", machine.name())
                .put("id", machine.id())
                .put("type", machine.type().fullType())
                .put("location", machine.location());
        if (machine.tags() != null) {
            node.set("tags", Json.of(machine.tags()));
        }
        var identity = identities.show(machine.identity(), call, tenant);
        if (identity != null) {
            node.set("identity", identity);
        }
        var etag = "\"" + machine.etag() + "\"";
        var extra = machine.extra().deepCopy();
        if (machine.type() == Machine.Type.VM) {
            node.setAll(extra);
            node.set("properties", properties(machine, call, "vmId"));
            if (hasEtag(call)) {
                node.put("etag", etag);
            }
        } else {
            var sku = extra.remove("sku");
            if (sku != null) {
                node.set("sku", inOrder(sku));
            }
            node.setAll(extra);
            if (hasEtag(call)) {
                node.put("etag", etag);
            }
            node.set("properties", properties(machine, call, "uniqueId"));
        }
        return node;
    }

    private static JsonNode inOrder(JsonNode sku) {
        var ordered = Json.object();
        for (var member : List.of("name", "tier", "capacity")) {
            if (sku.has(member)) {
                ordered.set(member, sku.get(member));
            } else if (member.equals("tier") && sku.has("name")) {
                ordered.put(member, "Standard");
            }
        }
        return ordered;
    }

    private static ObjectNode properties(Machine machine, Call call, String idName) {
        var shown = Json.object();
        var vm = machine.type() == Machine.Type.VM;
        var rest = machine.properties().deepCopy();
        for (var first : vm
                ? List.of("hardwareProfile")
                : List.of("singlePlacementGroup", "orchestrationMode", "upgradePolicy", "virtualMachineProfile")) {
            var value = rest.remove(first);
            if (value != null) {
                shown.set(first, value);
            }
        }
        shown.put("provisioningState", machine.provisioningState());
        if (vm) {
            shown.put(idName, machine.machineId());
            shown.setAll(rest);
        } else {
            shown.setAll(rest);
            shown.put(idName, machine.machineId());
        }
        if (call.since("2021-11-01")) {
            shown.put("timeCreated", LongRunning.TIME.format(machine.createdAt()));
        }
        return shown;
    }

    /** Members of a body that are kept as they are. */
    static ObjectNode extra(ObjectNode body) {
        var extra = Json.object();
        body.properties().forEach(member -> {
            if (!OWN.contains(member.getKey()) && !member.getValue().isNull()) {
                extra.set(member.getKey(), member.getValue());
            }
        });
        return extra;
    }

    /** Properties as they are stored: secrets and what only the service says left out, its defaults filled in. */
    ObjectNode properties(@Nullable JsonNode sent, @Nullable Machine before, Machine.Type type, String id) {
        var properties = sent instanceof ObjectNode object ? object.deepCopy() : Json.object();
        properties.remove(READ_ONLY);
        var old = before == null ? Json.object() : before.properties();
        if (type == Machine.Type.VM) {
            fillVm(properties, old, id);
        } else {
            fillScaleSet(properties);
        }
        return properties;
    }

    private void fillVm(ObjectNode properties, ObjectNode old, String id) {
        var storage = properties.withObjectProperty("storageProfile");
        var image = storage.get("imageReference");
        if (image instanceof ObjectNode reference
                && reference.path("version").asText().equals("latest")) {
            reference.put(
                    "exactVersion", reference.path("sku").asText().startsWith("18.04") ? "18.04.202401161" : "1.0.0");
        }
        var disk = storage.withObjectProperty("osDisk");
        var windows = properties.path("osProfile").has("windowsConfiguration")
                || storage.path("imageReference").path("publisher").asText().contains("Windows");
        var before = old.path("storageProfile").path("osDisk");
        fill(disk, "osType", windows ? "Windows" : "Linux");
        if (!disk.has("name")) {
            disk.put(
                    "name",
                    before.has("name")
                            ? before.get("name").asText()
                            : "%s_OsDisk_1_%s"
                                    .formatted(
                                            id.substring(id.lastIndexOf('/') + 1),
                                            entropy.guid().replace("-", "")));
        }
        fill(disk, "createOption", "FromImage");
        fill(disk, "caching", "ReadWrite");
        var managed = disk.withObjectProperty("managedDisk");
        fill(managed, "storageAccountType", "Standard_LRS");
        fill(
                managed,
                "id",
                id.substring(0, id.indexOf("/providers/")) + "/providers/Microsoft.Compute/disks/"
                        + disk.path("name").asText());
        fill(disk, "deleteOption", "Detach");
        if (!disk.has("diskSizeGB")) {
            disk.put("diskSizeGB", windows ? 127 : 30);
        }
        if (!storage.has("dataDisks")) {
            storage.putArray("dataDisks");
        }
        if (properties.get("osProfile") instanceof ObjectNode os) {
            os.remove(List.of("adminPassword", "customData"));
            if (!os.has("secrets")) {
                os.putArray("secrets");
            }
            if (!os.has("allowExtensionOperations")) {
                os.put("allowExtensionOperations", true);
            }
            if (!os.has("requireGuestProvisionSignal")) {
                os.put("requireGuestProvisionSignal", true);
            }
        }
    }

    private static void fillScaleSet(ObjectNode properties) {
        if (!properties.has("singlePlacementGroup")) {
            properties.put("singlePlacementGroup", true);
        }
        fill(properties, "orchestrationMode", "Uniform");
        var policy = properties.withObjectProperty("upgradePolicy");
        fill(policy, "mode", "Manual");
        if (properties.path("virtualMachineProfile").get("osProfile") instanceof ObjectNode os) {
            os.remove(List.of("adminPassword", "customData"));
        }
        if (!properties.has("overprovision")) {
            properties.put("overprovision", true);
        }
        if (!properties.has("doNotRunExtensionsOnOverprovisionedVMs")) {
            properties.put("doNotRunExtensionsOnOverprovisionedVMs", false);
        }
    }

    private static void fill(ObjectNode node, String member, String value) {
        if (!node.has(member) || node.get(member).isNull()) {
            node.put(member, value);
        }
    }

    /** RFC 7396, on a copy. */
    static ObjectNode merged(ObjectNode old, ObjectNode patch) {
        var result = old.deepCopy();
        patch.properties().forEach(member -> {
            if (member.getValue().isNull()) {
                result.remove(member.getKey());
            } else if (member.getValue() instanceof ObjectNode inner
                    && result.get(member.getKey()) instanceof ObjectNode oldInner) {
                result.set(member.getKey(), merged(oldInner, inner));
            } else {
                result.set(member.getKey(), member.getValue().deepCopy());
            }
        });
        return result;
    }

    static ObjectNode withoutReadOnly(ObjectNode properties) {
        var copy = properties.deepCopy();
        copy.remove(READ_ONLY);
        return copy;
    }
}
