package dev.vmidentity.simulator.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A path under ARM, taken apart. Everything after the last {@code /providers/} belongs to one provider; what is before it is the scope.
 *
 * @param path         without trailing slash, as sent
 * @param subscription null outside of subscriptions
 * @param group        null when the path names none
 * @param scope        what comes before the last {@code /providers/}; the path when there is none; empty at the root
 * @param namespace    as sent; null when there is no provider
 * @param types        lower case
 * @param names        as sent; one less than types for a collection or an action
 */
record ArmPath(
        String path,
        @Nullable String subscription,
        @Nullable String group,
        String scope,
        @Nullable String namespace,
        List<String> types,
        List<String> names) {

    static ArmPath parse(String raw) {
        var path = "/"
                + List.of(raw.split("/")).stream()
                        .filter(segment -> !segment.isEmpty())
                        .collect(Collectors.joining("/"));
        var segments = List.of(path.substring(1).split("/"));
        @Nullable String subscription = null;
        @Nullable String group = null;
        if (segments.size() > 1 && segments.get(0).equalsIgnoreCase("subscriptions")) {
            subscription = segments.get(1);
            if (segments.size() > 3 && segments.get(2).equalsIgnoreCase("resourceGroups")) {
                group = segments.get(3);
            }
        }
        int providers = -1;
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).equalsIgnoreCase("providers")) {
                providers = i;
            }
        }
        if (providers < 0 || providers + 1 >= segments.size()) {
            return new ArmPath(path, subscription, group, path, null, List.of(), List.of());
        }
        var scope = providers == 0 ? "" : "/" + String.join("/", segments.subList(0, providers));
        var types = new ArrayList<String>();
        var names = new ArrayList<String>();
        for (int i = providers + 2; i < segments.size(); i++) {
            if ((i - providers) % 2 == 0) {
                types.add(segments.get(i).toLowerCase(Locale.ROOT));
            } else {
                names.add(segments.get(i));
            }
        }
        return new ArmPath(
                path, subscription, group, scope, segments.get(providers + 1), List.copyOf(types), List.copyOf(names));
    }

    /** {@code microsoft.compute/virtualmachines}: provider and types in lower case, without an action. */
    String type() {
        return (namespace == null ? "" : namespace.toLowerCase(Locale.ROOT)) + "/" + String.join("/", types);
    }

    /** Whether it names one resource, not a collection or an action. */
    boolean isInstance() {
        return !types.isEmpty() && types.size() == names.size();
    }

    String name() {
        return names.getLast();
    }
}
