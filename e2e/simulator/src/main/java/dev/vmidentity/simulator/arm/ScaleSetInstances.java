package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Instance;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.Work;
import dev.vmidentity.simulator.model.World;
import dev.vmidentity.simulator.model.World.Change;
import java.util.ArrayList;

/** Instances of a uniform scale set: listed, read, brought to the latest model. */
final class ScaleSetInstances {
    private final World world;
    private final LongRunning operations;
    private final IdentityBlock identities;
    private final Context context;

    ScaleSetInstances(Context context, LongRunning operations) {
        this.world = context.world();
        this.context = context;
        this.operations = operations;
        this.identities = new IdentityBlock(context.world(), context.entropy());
    }

    /** {@code GET …/virtualMachines[/{instanceId}]}. */
    Answer instances(Call call) {
        if (!call.method().equals("GET")) {
            throw new Refusal(Errors.methodNotAllowed(call.method()));
        }
        var path = call.path();
        var set = scaleSet(path.path().substring(0, ArmId.key(path.path()).lastIndexOf("/virtualmachines")));
        if (!path.isInstance()) {
            return Answer.json(
                    200,
                    Json.indented(Paging.page(
                            call,
                            set.instances(),
                            one -> "%09d".formatted(Integer.parseInt(one.instanceId())),
                            one -> show(set, one, call))));
        }
        return set.instances().stream()
                .filter(one -> one.instanceId().equals(path.name()))
                .findFirst()
                .map(one -> Answer.json(200, Json.indented(show(set, one, call))))
                .orElseThrow(() -> new Refusal(Errors.compute(
                        404,
                        "InstanceIdNotFound",
                        "The instanceId '%s' was not found in the VM scale set.".formatted(path.name()),
                        "instanceIds")));
    }

    /** {@code POST …/manualupgrade}: 202 with both headers; the etag moves by one. */
    Answer manualUpgrade(Call call) {
        if (!call.method().equals("POST")) {
            throw new Refusal(Errors.methodNotAllowed(call.method()));
        }
        var id = call.path().path().substring(0, call.path().path().lastIndexOf('/'));
        var ids = new ArrayList<String>();
        call.body().path("instanceIds").forEach(one -> ids.add(one.asText()));
        if (ids.isEmpty()) {
            throw new Refusal(
                    Errors.invalidParameter("Required parameter 'instanceIds' is missing (null).", "instanceIds"));
        }
        scaleSet(id);
        return world.change(id, stored -> {
            if (!(stored instanceof Machine before)) {
                throw new Refusal(Errors.noEntity());
            }
            if (before.isFlexible()) {
                throw new Refusal(Errors.compute(
                        409,
                        "OperationNotAllowed",
                        "Operation 'UpdateInstances' is not allowed on Virtual Machine Scale Sets with Flexible orchestration mode.",
                        null));
            }
            if (before.work() != null) {
                throw new Refusal(Errors.conflict());
            }
            var unknown = ids.stream()
                    .filter(one -> !one.equals("*")
                            && before.instances().stream()
                                    .noneMatch(instance -> instance.instanceId().equals(one)))
                    .findFirst();
            if (unknown.isPresent()) {
                throw new Refusal(Errors.invalidParameter(
                        "The provided instanceId %s is not an active Virtual Machine Scale Set VM instanceId."
                                .formatted(unknown.get()),
                        "instanceIds"));
            }
            var started = operations.start(
                    call, before, Work.Kind.UPDATE, call.settings().operations().upgrade(), before.identity(), 10);
            var after = before.withModel(
                            before.model(), ScaleSetModel.upgraded(before.instances(), before.model(), ids))
                    .withEtag(before.etag() + 1)
                    .withWork(started.work());
            return new Change<>(after, operations.announce(Answer.empty(202), call, started.operation(), true, 10));
        });
    }

    private Machine scaleSet(String id) {
        return world.find(id, Machine.class)
                .filter(machine -> machine.type() == Machine.Type.SCALE_SET)
                .orElseThrow(() -> new Refusal(Errors.noParentResource(ArmId.name(id))));
    }

    private ObjectNode show(Machine set, Instance instance, Call call) {
        var name = set.name() + "_" + instance.instanceId();
        var node = Json.object()
                .put("name", name)
                .put("instanceId", instance.instanceId())
                .put("id", set.id() + "/virtualMachines/" + instance.instanceId())
                .put("type", "Microsoft.Compute/virtualMachineScaleSets/virtualMachines")
                .put("location", set.location());
        if (set.tags() != null) {
            node.set("tags", Json.of(set.tags()));
        }
        var identity = identities.show(set.identity(), call, context.tenant());
        if (identity != null && instance.model() == set.model()) {
            node.set("identity", identity);
        }
        var sku = set.extra().path("sku");
        node.putObject("sku")
                .put("name", sku.path("name").asText(""))
                .put("tier", sku.path("tier").asText("Standard"));
        node.putObject("properties")
                .put("latestModelApplied", instance.model() == set.model())
                .put("modelDefinitionApplied", "VirtualMachineScaleSet")
                .put("provisioningState", set.provisioningState().equals("Creating") ? "Creating" : "Succeeded")
                .put("vmId", instance.vmId());
        return node;
    }
}
