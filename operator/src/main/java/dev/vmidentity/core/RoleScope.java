package dev.vmidentity.core;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a role is assigned: a subscription, a resource group, or a resource of any kind, nested ones among them (a
 * container of a storage account is one).
 *
 * <p>Equal when they differ in case alone, as ids in Azure are.
 */
public final class RoleScope implements Comparable<RoleScope> {
    // Nothing that a URL gives a meaning to, and no segment of dots alone: a scope becomes part of a path.
    private static final String SEGMENT = "/(?!\\.+(?:/|$))[-\\w.()]+";
    private static final Pattern FORM = Pattern.compile(
            "/subscriptions" + SEGMENT + "(?:/resourceGroups" + SEGMENT + ")?(?:/providers" + SEGMENT + "(?:" + SEGMENT
                    + SEGMENT + ")+)*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);

    private final String value;
    private final String key;

    private RoleScope(String value) {
        this.value = value;
        this.key = value.toLowerCase(Locale.ROOT);
    }

    /** Empty when the text is no such scope. */
    public static Optional<RoleScope> parse(String text) {
        String stripped = text.strip().replaceFirst("/+$", "");
        return FORM.matcher(stripped).matches() ? Optional.of(new RoleScope(stripped)) : Optional.empty();
    }

    /**
     * The scope that the text is.
     *
     * @throws IllegalArgumentException when {@link #parse} would be empty
     */
    public static RoleScope of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a scope: " + text));
    }

    /** As it was written. */
    public String value() {
        return value;
    }

    /** Lower-case: what is compared. */
    public String key() {
        return key;
    }

    /** Lower-case. */
    public String subscriptionId() {
        return key.split("/", 4)[2];
    }

    /** The whole subscription. */
    public boolean isSubscription() {
        return key.split("/", -1).length == 3;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RoleScope scope && key.equals(scope.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public int compareTo(RoleScope other) {
        return key.compareTo(other.key);
    }

    @Override
    public String toString() {
        return value;
    }
}
