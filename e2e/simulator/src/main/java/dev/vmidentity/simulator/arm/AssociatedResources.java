package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Identity;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.Subscription;
import dev.vmidentity.simulator.model.World;

/** {@code POST …/userAssignedIdentities/{name}/listAssociatedResources}. */
final class AssociatedResources implements Provider {
    private final World world;

    AssociatedResources(Context context) {
        this.world = context.world();
    }

    @Override
    public Answer handle(Call call) {
        if (!call.method().equals("POST")) {
            throw new Refusal(Errors.methodNotAllowed(call.method()));
        }
        var path = call.path().path();
        var id = path.substring(0, path.lastIndexOf('/'));
        if (world.find(id, Identity.class).isEmpty()) {
            throw new Refusal(Errors.noResource(ArmId.IDENTITIES + "/" + ArmId.name(id), call.group()));
        }
        var node = Json.object();
        var rows = world.all(Machine.class)
                .filter(machine -> machine.identity().find(id).isPresent())
                .toList();
        node.put("totalCount", rows.size());
        var value = node.putArray("value");
        for (var machine : rows) {
            var subscription = ArmId.subscription(machine.id());
            value.addObject()
                    .put("id", machine.id())
                    .put("name", machine.name())
                    .put("type", machine.type().fullType().toLowerCase(java.util.Locale.ROOT))
                    .put("resourceGroup", ArmId.group(machine.id()))
                    .put("subscriptionId", subscription)
                    .put(
                            "subscriptionDisplayName",
                            world.find("/subscriptions/" + subscription, Subscription.class)
                                    .map(Subscription::displayName)
                                    .orElse(""));
        }
        return Answer.json(200, Json.compact(node));
    }
}
