package dev.vmidentity.api;

/**
 * Rules in CEL that more than one field needs, each with the sentence that a person reads when it does not hold.
 *
 * <p>A rule rather than a {@code pattern} wherever a person can err: a pattern answers with a regular expression.
 */
final class Rules {
    private static final String GUID_PATTERN = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";
    private static final String SCOPE_PATTERN = "^/subscriptions/" + GUID_PATTERN + "/resourceGroups/[^/]+/providers/";

    /**
     * Longest id that a spec may have. The longest legal one of our types has 345 characters; with 366 or more the API server
     * would find the search for one listed twice too costly.
     */
    static final int LONGEST_ID = 352;

    /** In status, where ids come from Azure itself, there is room for what Azure may come to say. */
    static final int LONGEST_ID_READ = 2048;

    static final int LONGEST_GUID = 64;

    static final String GUID = "self.matches('^" + GUID_PATTERN + "$')";
    static final String GUID_MESSAGE = "a subscription is named by its GUID, such as"
            + " 11111111-2222-3333-4444-555555555555: write what 'az account show --query id -o tsv' prints";

    static final String RESOURCE_GROUP = "self.matches('^[\\\\p{L}\\\\p{N}_.()-]*[\\\\p{L}\\\\p{N}_()-]$')";
    static final String RESOURCE_GROUP_MESSAGE =
            "a resource group is named by its name alone: 1 to 90 letters, numbers,"
                    + " '_', '-', '.', '(' and ')', not ending with '.'";

    static final String IDENTITY_NAME_PATTERN = "^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$";
    static final String IDENTITY_NAME_FORM = "3 to 128 letters, numbers, '-' and '_', the first a letter or a number";

    static final String MACHINE_NAME = "self.matches('^[\\\\p{L}\\\\p{N}_][\\\\p{L}\\\\p{N}_.-]*$')";
    static final String MACHINE_NAME_MESSAGE =
            "write the machine's name alone, as Azure shows it; an id that begins with"
                    + " /subscriptions/ goes into target.resourceId";

    static final String MACHINE_ID = "self.matches('(?i)" + SCOPE_PATTERN
            + "Microsoft\\\\.Compute/(virtualMachines|virtualMachineScaleSets)/[^/]+$')";
    static final String MACHINE_ID_MESSAGE = "not the id of a virtual machine or scale set: write"
            + " /subscriptions/<guid>/resourceGroups/<group>/providers/Microsoft.Compute/virtualMachines/<name> or"
            + " …/virtualMachineScaleSets/<name>; 'az vm show' and 'az vmss show' print it with --query id";

    static final String MACHINE_SCOPES = "self.all(scope, scope.matches('(?i)^/subscriptions/" + GUID_PATTERN
            + "(/resourceGroups/[^/,\\\\s]+(/providers/Microsoft\\\\.Compute/(virtualMachines|virtualMachineScaleSets)/[^/,\\\\s]+)?)?/?$'))";
    static final String MACHINE_SCOPES_MESSAGE = "not where machines are: write /subscriptions/<guid>,"
            + " /subscriptions/<guid>/resourceGroups/<group>, or the whole id of a virtual machine or scale set";

    static final String IDENTITY_ID =
            "self.matches('(?i)" + SCOPE_PATTERN + "Microsoft\\\\.ManagedIdentity/userAssignedIdentities/[^/]+$')";
    static final String IDENTITY_ID_MESSAGE = "not the id of a user-assigned identity: write /subscriptions/<guid>"
            + "/resourceGroups/<group>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>;"
            + " 'az identity show' prints it with --query id";

    static final int LONGEST_ROLE = 256;
    static final int LONGEST_SCOPE = 512;

    static final String ROLE = "!self.startsWith('/') || self.matches('(?i)^(/subscriptions/" + GUID_PATTERN
            + ")?/providers/Microsoft\\\\.Authorization/roleDefinitions/" + GUID_PATTERN + "$')";
    static final String ROLE_MESSAGE = "not the id of a role: write /subscriptions/<guid>/providers"
            + "/Microsoft.Authorization/roleDefinitions/<guid>, which 'az role definition list --name <name> --query"
            + " [].id -o tsv' prints; or the name of a built-in role, such as Reader";

    static final String SCOPE = "self.matches('(?i)^/subscriptions/" + GUID_PATTERN
            + "(/resourceGroups/[^/?#%]+)?(/providers/[^/?#%]+(/[^/?#%]+/[^/?#%]+)+)*$')";
    static final String SCOPE_MESSAGE = "not the id of a subscription, resource group or resource: write"
            + " /subscriptions/<guid>, …/resourceGroups/<group>, or the id that 'az resource show --query id' prints";

    private Rules() {}
}
