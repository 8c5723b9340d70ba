package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.model.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code GET /subscriptions/{s}/providers[/{namespace}]}: which types and versions there are. */
final class ProviderCatalog {
    private static final Map<String, List<String>> TYPES = new LinkedHashMap<>();

    static {
        TYPES.put(
                "Microsoft.Compute",
                List.of(
                        "virtualMachines",
                        "virtualMachineScaleSets",
                        "virtualMachineScaleSets/virtualMachines",
                        "locations/operations"));
        TYPES.put(
                "Microsoft.ManagedIdentity",
                List.of("userAssignedIdentities", "userAssignedIdentities/federatedIdentityCredentials"));
        TYPES.put("Microsoft.Authorization", List.of("roleAssignments", "roleDefinitions", "locks"));
        TYPES.put("Microsoft.ResourceGraph", List.of("resources"));
    }

    private ProviderCatalog() {}

    static Optional<ObjectNode> show(Call call, String namespace) {
        return TYPES.keySet().stream()
                .filter(namespace::equalsIgnoreCase)
                .findFirst()
                .map(known -> one(call, known));
    }

    static ObjectNode all(Call call) {
        var node = Json.object();
        var value = node.putArray("value");
        TYPES.keySet().forEach(namespace -> value.add(one(call, namespace)));
        return node;
    }

    private static ObjectNode one(Call call, String namespace) {
        var node = Json.object()
                .put("id", "/subscriptions/" + call.subscription() + "/providers/" + namespace)
                .put("namespace", namespace);
        var types = node.putArray("resourceTypes");
        for (var type : TYPES.getOrDefault(namespace, List.of())) {
            var entry = types.addObject().put("resourceType", type);
            Locations.inOrder().stream()
                    .map(name -> Locations.displayNames().getOrDefault(name, name))
                    .forEach(entry.putArray("locations")::add);
            ApiVersions.of((namespace + "/" + type).toLowerCase(java.util.Locale.ROOT))
                    .reversed()
                    .forEach(entry.putArray("apiVersions")::add);
            entry.put("capabilities", "SupportsTags, SupportsLocation");
        }
        return node.put("registrationState", "Registered").put("registrationPolicy", "RegistrationRequired");
    }
}
