package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.World;

/** What {@code $expand=instanceView} adds to a virtual machine, and {@code GET …/instanceView} answers alone. */
final class InstanceView implements Provider {
    private final World world;

    InstanceView(Context context) {
        this.world = context.world();
    }

    @Override
    public Answer handle(Call call) {
        if (!call.method().equals("GET")) {
            throw new Refusal(Errors.methodNotAllowed(call.method()));
        }
        var path = call.path().path();
        var id = path.substring(0, path.lastIndexOf('/'));
        return world.find(id, Machine.class)
                .map(machine -> Answer.json(200, Json.indented(of(machine))))
                .orElseThrow(() -> new Refusal(Errors.noParentResource(ArmId.name(id))));
    }

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
