package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Subscription;
import dev.vmidentity.simulator.model.World;
import java.util.List;
import java.util.Locale;

/** Paths without a provider's type: subscriptions, their regions and groups. */
final class Subscriptions implements Provider {
    private final World world;
    private final Context context;
    private final Groups groups;
    private final Rights rights;

    Subscriptions(Context context, Groups groups, Rights rights) {
        this.rights = rights;
        this.world = context.world();
        this.context = context;
        this.groups = groups;
    }

    @Override
    public Answer handle(Call call) {
        if (!ApiVersions.ofResources().contains(call.apiVersion())) {
            throw new Refusal(Errors.unknownApiVersion(call.apiVersion(), ApiVersions.ofResources()));
        }
        var segments =
                List.of(call.path().path().substring(1).toLowerCase(Locale.ROOT).split("/"));
        return switch (segments.getFirst()) {
            case "subscriptions" -> below(call, segments);
            case "tenants" -> segments.size() == 1 ? tenants() : missing();
            default -> missing();
        };
    }

    private Answer below(Call call, List<String> segments) {
        if (segments.size() == 1) {
            readOnly(call);
            var rows = world.all(Subscription.class)
                    .filter(one -> rights.hasAnyIn(call, one.id()))
                    .toList();
            var page = Paging.page(call, rows, Subscription::key, this::show);
            page.putObject("count").put("type", "Total").put("value", rows.size());
            return Answer.json(200, Json.compact(page));
        }
        if (segments.size() == 2) {
            readOnly(call);
            return world.find(call.path().path(), Subscription.class)
                    .map(one -> Answer.json(200, Json.compact(show(one))))
                    .orElseGet(Subscriptions::missing);
        }
        return switch (segments.get(2)) {
            case "resourcegroups" -> segments.size() <= 4 ? groups.handle(call) : missing();
            case "locations" -> locations(call);
            case "providers" -> providers(call);
            case "resources" -> new ResourceList(context, rights).handle(call);
            case "operationresults" -> segments.size() == 4 ? groups.poll(call, last(call)) : missing();
            default -> missing();
        };
    }

    private static Answer providers(Call call) {
        readOnly(call);
        var namespace = call.path().namespace();
        return namespace == null
                ? Answer.json(200, Json.compact(ProviderCatalog.all(call)))
                : ProviderCatalog.show(call, namespace)
                        .map(one -> Answer.json(200, Json.compact(one)))
                        .orElseThrow(() -> new Refusal(Errors.unknownNamespace(namespace)));
    }

    private static String last(Call call) {
        var path = call.path().path();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void readOnly(Call call) {
        if (!call.method().equals("GET")) {
            throw new Refusal(Errors.methodNotAllowed(call.method()));
        }
    }

    private static Answer missing() {
        return Errors.noSuchPath();
    }

    private Answer tenants() {
        var node = Json.object();
        node.putArray("value")
                .addObject()
                .put("id", "/tenants/" + context.tenant())
                .put("tenantId", context.tenant())
                .put("displayName", "Simulator");
        return Answer.json(200, Json.compact(node));
    }

    private static Answer locations(Call call) {
        var node = Json.object();
        var value = node.putArray("value");
        for (var name : Locations.inOrder()) {
            var display = Locations.displayNames().getOrDefault(name, name);
            var one = value.addObject();
            one.put("id", "/subscriptions/" + call.subscription() + "/locations/" + name)
                    .put("name", name)
                    .put("type", "Region")
                    .put("displayName", display)
                    .put("regionalDisplayName", display);
            one.putObject("metadata").put("regionType", "Physical").put("regionCategory", "Recommended");
        }
        return Answer.json(200, Json.compact(node));
    }

    private ObjectNode show(Subscription subscription) {
        var node = Json.object()
                .put("id", subscription.id())
                .put("authorizationSource", "RoleBased")
                .put("subscriptionId", subscription.name())
                .put("tenantId", context.tenant())
                .put("displayName", subscription.displayName())
                .put("state", "Enabled");
        node.putArray("managedByTenants");
        node.putObject("subscriptionPolicies")
                .put("locationPlacementId", "Public_2014-09-01")
                .put("quotaId", "PayAsYouGo_2014-09-01")
                .put("spendingLimit", "Off");
        return node;
    }
}
