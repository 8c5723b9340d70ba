package dev.vmidentity.simulator.model;

import java.util.Locale;

/**
 * Resource ids. ARM compares them without case; the key of a resource is its id in lower case.
 */
public final class ArmId {
    public static final String IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities";

    private ArmId() {}

    public static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    /** Whether the id is spelled as a user-assigned identity's, whatever the case. */
    public static boolean isIdentity(String id) {
        var parts = id.split("/", -1);
        return parts.length == 9
                && parts[0].isEmpty()
                && parts[1].equalsIgnoreCase("subscriptions")
                && parts[3].equalsIgnoreCase("resourceGroups")
                && parts[5].equalsIgnoreCase("providers")
                && parts[6].equalsIgnoreCase("Microsoft.ManagedIdentity")
                && parts[7].equalsIgnoreCase("userAssignedIdentities")
                && !parts[8].isEmpty();
    }

    /** The id with {@code resourcegroups} in lower case, as Microsoft.ManagedIdentity and its errors spell it. */
    public static String lowerGroup(String id) {
        return id.replaceFirst("(?i)/resourcegroups/", "/resourcegroups/");
    }

    /** Last segment. */
    public static String name(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    /** Segment after {@code subscriptions}; empty when there is none. */
    public static String subscription(String id) {
        var parts = id.split("/", 4);
        return parts.length > 2 && parts[1].equalsIgnoreCase("subscriptions") ? parts[2] : "";
    }

    /** Segment after {@code resourceGroups}; empty when there is none. */
    public static String group(String id) {
        var parts = id.split("/", 6);
        return parts.length > 4 && parts[3].equalsIgnoreCase("resourceGroups") ? parts[4] : "";
    }
}
