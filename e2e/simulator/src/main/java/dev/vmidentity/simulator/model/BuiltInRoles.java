package dev.vmidentity.simulator.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Built-in roles with their real ids; actions as far as they concern what exists here. */
public final class BuiltInRoles {
    public static final List<RoleDefinition> ALL = List.of(
            role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner", List.of("*"), List.of(), List.of()),
            role(
                    "b24988ac-6180-42a0-ab88-20f7382dd24c",
                    "Contributor",
                    List.of("*"),
                    List.of(
                            "Microsoft.Authorization/*/Delete",
                            "Microsoft.Authorization/*/Write",
                            "Microsoft.Authorization/elevateAccess/Action"),
                    List.of()),
            role("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader", List.of("*/read"), List.of(), List.of()),
            role(
                    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
                    "User Access Administrator",
                    List.of("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"),
                    List.of(),
                    List.of()),
            role(
                    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
                    "Role Based Access Control Administrator",
                    List.of(
                            "Microsoft.Authorization/roleAssignments/write",
                            "Microsoft.Authorization/roleAssignments/delete",
                            "*/read",
                            "Microsoft.Support/*"),
                    List.of(),
                    List.of()),
            role(
                    "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
                    "Virtual Machine Contributor",
                    List.of(
                            "Microsoft.Authorization/*/read",
                            "Microsoft.Compute/availabilitySets/*",
                            "Microsoft.Compute/locations/*",
                            "Microsoft.Compute/virtualMachines/*",
                            "Microsoft.Compute/virtualMachineScaleSets/*",
                            "Microsoft.Resources/deployments/*",
                            "Microsoft.Resources/subscriptions/resourceGroups/read"),
                    List.of(),
                    List.of()),
            role(
                    "f1a07417-d97a-45cb-824c-7a7467783830",
                    "Managed Identity Operator",
                    List.of(
                            "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
                            "Microsoft.Authorization/*/read",
                            "Microsoft.Resources/deployments/*",
                            "Microsoft.Resources/subscriptions/resourceGroups/read"),
                    List.of(),
                    List.of()),
            role(
                    "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
                    "Managed Identity Contributor",
                    List.of(
                            "Microsoft.ManagedIdentity/userAssignedIdentities/read",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/write",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
                            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete",
                            "Microsoft.Authorization/*/read",
                            "Microsoft.Resources/deployments/*",
                            "Microsoft.Resources/subscriptions/resourceGroups/read"),
                    List.of(),
                    List.of()),
            role(
                    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
                    "Storage Blob Data Reader",
                    List.of("Microsoft.Storage/storageAccounts/blobServices/containers/read"),
                    List.of(),
                    List.of("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read")),
            role(
                    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
                    "Storage Blob Data Contributor",
                    List.of(
                            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
                            "Microsoft.Storage/storageAccounts/blobServices/containers/write"),
                    List.of(),
                    List.of(
                            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
                            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write")),
            role(
                    "4633458b-17de-408a-b874-0445c86b69e6",
                    "Key Vault Secrets User",
                    List.of(),
                    List.of(),
                    List.of("Microsoft.KeyVault/vaults/secrets/getSecret/action")),
            role(
                    "7f951dda-4ed3-4680-a7ca-43fe172d538d",
                    "AcrPull",
                    List.of("Microsoft.ContainerRegistry/registries/pull/read"),
                    List.of(),
                    List.of()));

    /** By GUID. */
    public static final Map<String, RoleDefinition> BY_GUID =
            ALL.stream().collect(Collectors.toUnmodifiableMap(RoleDefinition::guid, role -> role));

    private BuiltInRoles() {}

    private static RoleDefinition role(
            String guid, String name, List<String> actions, List<String> notActions, List<String> dataActions) {
        return new RoleDefinition(
                "/providers/Microsoft.Authorization/roleDefinitions/" + guid,
                name,
                name,
                true,
                actions,
                notActions,
                dataActions,
                List.of("/"));
    }
}
