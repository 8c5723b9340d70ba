package dev.vmidentity.core;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a resource of Azure Resource Manager that sits directly in a resource group.
 *
 * <p>Azure compares ids without case and answers in whatever case it was sent, so two ids are equal when they differ in
 * case alone; {@link #value()} keeps the spelling, {@link #key()} is the lower-case form that ledgers carry.
 */
public final class ArmId implements Comparable<ArmId> {
    // What names in ARM are made of. Nothing that a URL gives a meaning to: no %, ?, #, no segment of dots alone.
    private static final String NAME = "(?!\\.+(?:/|$))([-\\w.()]+)";
    private static final Pattern FORM = Pattern.compile(
            "/subscriptions/NAME/resourceGroups/NAME/providers/NAME/NAME/NAME".replace("NAME", NAME),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);

    private final String value;
    private final String key;
    private final String subscriptionId;
    private final String resourceGroup;
    private final String type;
    private final String name;

    private ArmId(String value, Matcher matched) {
        this.value = value;
        this.key = value.toLowerCase(Locale.ROOT);
        this.subscriptionId = matched.group(1);
        this.resourceGroup = matched.group(2);
        this.type = (matched.group(3) + "/" + matched.group(4)).toLowerCase(Locale.ROOT);
        this.name = matched.group(5);
    }

    /** Empty when the text is not the id of a resource directly in a resource group. */
    public static Optional<ArmId> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        return matcher.matches() ? Optional.of(new ArmId(text.strip(), matcher)) : Optional.empty();
    }

    /**
     * The id that the text is.
     *
     * @throws IllegalArgumentException when {@link #parse} would be empty
     */
    public static ArmId of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not an ARM resource id: " + text));
    }

    public static ArmId userAssignedIdentity(String subscriptionId, String resourceGroup, String name) {
        return of("/subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup
                + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" + name);
    }

    public boolean isUserAssignedIdentity() {
        return type.equals("microsoft.managedidentity/userassignedidentities");
    }

    /** As it was written. */
    public String value() {
        return value;
    }

    /** Lower-case: what is compared and what ledgers carry. */
    public String key() {
        return key;
    }

    public String subscriptionId() {
        return subscriptionId;
    }

    public String resourceGroup() {
        return resourceGroup;
    }

    /** Provider namespace and type, lower-case, such as {@code microsoft.compute/virtualmachines}. */
    public String type() {
        return type;
    }

    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ArmId id && key.equals(id.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public int compareTo(ArmId other) {
        return key.compareTo(other.key);
    }

    @Override
    public String toString() {
        return value;
    }
}
