package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;

/** What {@code $expand=instanceView} adds to a virtual machine. */
final class InstanceView {
    private InstanceView() {}

    static void add(ObjectNode shown, Machine machine) {
        if (shown.get("properties") instanceof ObjectNode properties) {
            properties.set("instanceView", of(machine));
        }
    }

    static ObjectNode of(Machine machine) {
        var time = LongRunning.TIME.format(machine.createdAt());
        var view = Json.object().put("computerName", machine.name()).put("hyperVGeneration", "V1");
        var statuses = view.putArray("statuses");
        statuses.addObject()
                .put("code", "ProvisioningState/" + machine.provisioningState().toLowerCase(java.util.Locale.ROOT))
                .put("level", "Info")
                .put(
                        "displayStatus",
                        "Provisioning " + machine.provisioningState().toLowerCase(java.util.Locale.ROOT))
                .put("time", time);
        statuses.addObject()
                .put("code", "PowerState/running")
                .put("level", "Info")
                .put("displayStatus", "VM running");
        return view;
    }
}
