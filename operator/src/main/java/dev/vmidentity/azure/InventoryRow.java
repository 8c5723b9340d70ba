package dev.vmidentity.azure;

import com.azure.core.management.SubResource;
import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import com.azure.json.JsonWriter;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineScaleSetInner;
import com.azure.resourcemanager.compute.models.VirtualMachineIdentity;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fleet.Glance;
import dev.vmidentity.core.TargetId;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A machine with what surrounds it, from an inventory or a GET; how much of it is understood is the reading's to say. */
record InventoryRow(TargetId target, MachineReading reading, Map<String, String> tags, Optional<String> managedBy) {
    /** What AKS writes on the scale sets and machines of its node pools. */
    private static final String NODE_POOL = "aks-managed-poolName";

    static InventoryRow of(TargetId target, VirtualMachineInner vm, Instant readAt) {
        Map<String, String> tags = vm.tags() == null ? Map.of() : vm.tags();
        SubResource set = vm.virtualMachineScaleSet();
        return new InventoryRow(
                target,
                MachineReading.of(target, vm, readAt),
                tags,
                managedBy(vm.managedBy(), set == null ? null : set.id(), tags));
    }

    static InventoryRow of(TargetId target, VirtualMachineScaleSetInner set, Instant readAt) {
        Map<String, String> tags = set.tags() == null ? Map.of() : set.tags();
        return new InventoryRow(target, MachineReading.of(target, set, readAt), tags, managedBy(null, null, tags));
    }

    /** A row of Resource Graph. Empty when it names no machine. */
    static Optional<InventoryRow> of(Map<?, ?> columns, Instant readAt) {
        return Optional.ofNullable(text(columns, "id"))
                .flatMap(ArmId::parse)
                .flatMap(TargetId::of)
                .map(target -> {
                    Map<String, String> tags = tags(columns.get("tags"));
                    return new InventoryRow(
                            target,
                            reading(target, columns, readAt),
                            tags,
                            managedBy(text(columns, "managedBy"), text(columns, "scaleSet"), tags));
                });
    }

    Optional<Glance> glance() {
        return reading instanceof MachineReading.Understood(var observation)
                ? Optional.of(new Glance(observation, tags, managedBy))
                : Optional.empty();
    }

    /** For a person. */
    String notUnderstood() {
        return reading instanceof MachineReading.NotUnderstood(String why) ? target + ": " + why : "";
    }

    /** Whether all the tags are there: names without case, values with it. */
    static boolean hasAll(Map<String, String> tags, Map<String, String> wanted) {
        return wanted.entrySet().stream()
                .allMatch(tag -> tags.entrySet().stream()
                        .anyMatch(one -> one.getKey().equalsIgnoreCase(tag.getKey())
                                && one.getValue().equals(tag.getValue())));
    }

    private static MachineReading reading(TargetId target, Map<?, ?> columns, Instant readAt) {
        Optional<VirtualMachineIdentity> identity;
        try {
            identity = identity(columns.get("identity"));
        } catch (IOException | RuntimeException e) {
            return new MachineReading.NotUnderstood("its identity block cannot be read: " + e.getMessage());
        }
        String machineId = text(
                columns,
                switch (target.kind()) {
                    case VIRTUAL_MACHINE -> "vmId";
                    case SCALE_SET -> "uniqueId";
                });
        // A machine without a state is settled by ARM's rule; a row without one is a row that lacks something.
        String state = text(columns, "provisioningState");
        return state == null
                ? new MachineReading.NotUnderstood("Resource Graph does not tell its state")
                : MachineReading.of(target, machineId, state, text(columns, "location"), identity, readAt);
    }

    /** Empty for a machine that has none; what is neither none nor a block is an error. */
    private static Optional<VirtualMachineIdentity> identity(@Nullable Object column) throws IOException {
        if (column == null || column.equals("")) {
            return Optional.empty();
        }
        if (!(column instanceof Map<?, ?> block)) {
            throw new IOException("not an object");
        }
        StringWriter text = new StringWriter();
        try (JsonWriter writer = JsonProviders.createWriter(text)) {
            writer.writeUntyped(block);
        }
        try (JsonReader reader = JsonProviders.createReader(text.toString())) {
            return Optional.ofNullable(VirtualMachineIdentity.fromJson(reader));
        }
    }

    private static Map<String, String> tags(@Nullable Object column) {
        Map<String, String> tags = new TreeMap<>();
        if (column instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (name instanceof String key && value instanceof String text) {
                    tags.put(key, text);
                }
            });
        }
        return tags;
    }

    private static Optional<String> managedBy(
            @Nullable String manager, @Nullable String scaleSet, Map<String, String> tags) {
        return Stream.of(Optional.ofNullable(manager), Optional.ofNullable(scaleSet), nodePool(tags))
                .flatMap(Optional::stream)
                .filter(text -> !text.isBlank())
                .findFirst();
    }

    private static Optional<String> nodePool(Map<String, String> tags) {
        return tags.entrySet().stream()
                .filter(tag -> tag.getKey().equalsIgnoreCase(NODE_POOL))
                .map(tag -> "AKS node pool " + tag.getValue())
                .findFirst();
    }

    private static @Nullable String text(Map<?, ?> columns, String name) {
        return columns.get(name) instanceof String text && !text.isEmpty() ? text : null;
    }
}
