package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.model.Entropy;
import dev.vmidentity.simulator.model.Instance;
import dev.vmidentity.simulator.model.Machine;
import java.util.ArrayList;
import java.util.List;

/** Instances of a uniform scale set and the version of the model that each runs. */
final class ScaleSetModel {
    private ScaleSetModel() {}

    /** With as many instances as {@code sku.capacity} says. */
    static Machine resized(Machine machine, Entropy entropy) {
        if (machine.type() != Machine.Type.SCALE_SET || machine.isFlexible()) {
            return machine;
        }
        int capacity = machine.extra().path("sku").path("capacity").asInt(0);
        var instances = new ArrayList<>(machine.instances());
        if (instances.size() == capacity) {
            return machine;
        }
        while (instances.size() > capacity) {
            instances.removeLast();
        }
        int next =
                instances.isEmpty() ? 0 : Integer.parseInt(instances.getLast().instanceId()) + 1;
        while (instances.size() < capacity) {
            instances.add(new Instance(Integer.toString(next++), entropy.guid(), machine.model()));
        }
        return machine.withModel(machine.model(), instances);
    }

    /** With a new model; under another policy than Manual the instances follow. */
    static Machine changed(Machine machine) {
        if (machine.type() != Machine.Type.SCALE_SET) {
            return machine;
        }
        long model = machine.model() + 1;
        var manual = machine.properties()
                .path("upgradePolicy")
                .path("mode")
                .asText("Manual")
                .equalsIgnoreCase("Manual");
        return machine.withModel(
                model, manual ? machine.instances() : upgraded(machine.instances(), model, List.of("*")));
    }

    /** With the named instances ({@code *} for all) on that model. */
    static List<Instance> upgraded(List<Instance> instances, long model, List<String> ids) {
        return instances.stream()
                .map(one -> ids.contains("*") || ids.contains(one.instanceId())
                        ? new Instance(one.instanceId(), one.vmId(), model)
                        : one)
                .toList();
    }
}
