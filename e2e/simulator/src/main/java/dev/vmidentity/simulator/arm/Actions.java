package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.model.ArmId;
import java.util.Map;

/** Names of permissions, as error texts spell them. */
final class Actions {
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("microsoft.compute/virtualmachines", "Microsoft.Compute/virtualMachines"),
            Map.entry(
                    "microsoft.compute/virtualmachines/instanceview", "Microsoft.Compute/virtualMachines/instanceView"),
            Map.entry("microsoft.compute/virtualmachinescalesets", "Microsoft.Compute/virtualMachineScaleSets"),
            Map.entry(
                    "microsoft.compute/virtualmachinescalesets/virtualmachines",
                    "Microsoft.Compute/virtualMachineScaleSets/virtualMachines"),
            Map.entry("microsoft.compute/locations/operations", "Microsoft.Compute/locations/operations"),
            Map.entry("microsoft.managedidentity/userassignedidentities", ArmId.IDENTITIES),
            Map.entry(
                    "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials",
                    ArmId.IDENTITIES + "/federatedIdentityCredentials"),
            Map.entry("microsoft.authorization/roleassignments", "Microsoft.Authorization/roleAssignments"),
            Map.entry("microsoft.authorization/roledefinitions", "Microsoft.Authorization/roleDefinitions"),
            Map.entry("microsoft.authorization/locks", "Microsoft.Authorization/locks"),
            Map.entry(
                    "microsoft.compute/virtualmachinescalesets/manualupgrade",
                    "Microsoft.Compute/virtualMachineScaleSets/manualupgrade"),
            Map.entry(
                    "microsoft.managedidentity/userassignedidentities/listassociatedresources",
                    ArmId.IDENTITIES + "/listAssociatedResources"));

    private Actions() {}

    /** {@code Microsoft.Compute/virtualMachines/write}. */
    static String of(Call call) {
        var path = call.path();
        if (path.namespace() == null) {
            return (path.group() == null
                            ? "Microsoft.Resources/subscriptions"
                            : "Microsoft.Resources/subscriptions/resourceGroups")
                    + "/" + verb(call);
        }
        var type = TYPES.getOrDefault(path.type(), path.namespace() + "/" + String.join("/", path.types()));
        return type + "/" + verb(call);
    }

    private static String verb(Call call) {
        return switch (call.method()) {
            case "GET", "HEAD" -> "read";
            case "DELETE" -> "delete";
            case "POST" -> "action";
            default -> "write";
        };
    }

    /** What the permission is needed on: the resource, or for a list the group or subscription. */
    static String scope(Call call) {
        var path = call.path();
        var extension = path.type().startsWith("microsoft.authorization/");
        if (path.namespace() == null || (path.isInstance() && !extension)) {
            return path.path();
        }
        if (extension) {
            return path.isInstance() ? path.path() : path.scope().isEmpty() ? "/" : path.scope();
        }
        return path.names().isEmpty()
                ? path.scope() + "/providers/" + path.namespace()
                : path.path().substring(0, path.path().lastIndexOf('/'));
    }
}
