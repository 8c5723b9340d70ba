package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Identity;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.Resource;
import dev.vmidentity.simulator.model.World;
import java.util.Comparator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code GET /subscriptions/{s}/resources}: every tracked resource in short. */
final class ResourceList implements Provider {
    private static final Pattern GROUP = Pattern.compile("(?i)resourceGroup eq '([^']*)'");
    private static final Pattern TYPE = Pattern.compile("(?i)resourceType eq '([^']*)'");

    private final World world;
    private final Rights rights;

    ResourceList(Context context, Rights rights) {
        this.rights = rights;
        this.world = context.world();
    }

    @Override
    public Answer handle(Call call) {
        var filter = call.query("$filter").orElse("");
        var group = GROUP.matcher(filter);
        var type = TYPE.matcher(filter);
        var wantedGroup = group.find() ? group.group(1) : "";
        var wantedType = type.find() ? type.group(1) : "";
        var subscription = "/subscriptions/" + call.subscription();
        var rows = Stream.<Resource>concat(
                        world.under(subscription, Machine.class), world.under(subscription, Identity.class))
                .filter(one -> wantedGroup.isEmpty() || ArmId.group(one.id()).equalsIgnoreCase(wantedGroup))
                .filter(one -> wantedType.isEmpty() || typeOf(one).equalsIgnoreCase(wantedType))
                .filter(one -> rights.maySee(call, typeOf(one) + "/read", one.id()))
                .sorted(Comparator.comparing(Resource::key))
                .toList();
        return Answer.json(200, Json.compact(Paging.page(call, rows, Resource::key, ResourceList::show)));
    }

    private static String typeOf(Resource resource) {
        return resource instanceof Machine machine ? machine.type().fullType() : ArmId.IDENTITIES;
    }

    private static ObjectNode show(Resource resource) {
        var node = Json.object()
                .put("id", resource.id())
                .put("name", resource.name())
                .put("type", typeOf(resource));
        switch (resource) {
            case Machine machine -> {
                node.put("location", machine.location());
                if (machine.tags() != null) {
                    node.set("tags", Json.of(machine.tags()));
                }
            }
            case Identity identity -> {
                node.put("location", identity.location());
                node.set("tags", Json.of(identity.tags()));
            }
            case Resource other -> {}
        }
        return node;
    }
}
