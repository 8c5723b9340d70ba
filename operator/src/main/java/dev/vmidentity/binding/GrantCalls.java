package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.status.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What all bindings share of Azure's roles: the GUIDs of built-in roles, which never change, the turns to look, and until
 * when a subscription wants to be left in peace. Thread-safe.
 */
final class GrantCalls {
    /** Looks in a subscription: so many at once, and then one in so long. Azure lets a principal read 25 times a second. */
    private static final int LOOKS_AT_ONCE = 50;

    private static final Duration LOOKS_APART = Duration.ofMillis(200);

    private final RoleAssignments azure;
    private final Clock clock;
    private final Map<String, String> builtIn = new ConcurrentHashMap<>();
    private final Map<String, Instant> quiet = new ConcurrentHashMap<>();
    private final Map<String, Bucket> looks = new HashMap<>();

    GrantCalls(RoleAssignments azure, Clock clock) {
        this.azure = azure;
        this.clock = clock;
    }

    RoleAssignments azure() {
        return azure;
    }

    Instant now() {
        return clock.instant();
    }

    /** The GUID of a role, if it is known without asking. */
    Optional<String> known(Role role) {
        return switch (role) {
            case Role.ById(String _, String guid) -> Optional.of(guid);
            case Role.Named named -> Optional.ofNullable(builtIn.get(named.key()));
        };
    }

    RoleAssignments.Found find(Role role, RoleScope scope) {
        RoleAssignments.Found found = azure.find(scope, role.text());
        if (found instanceof RoleAssignments.Found.Known(String guid)) {
            builtIn.put(role.key(), guid);
        }
        return found;
    }

    /** Takes note that a subscription asked for a pause, which holds for every binding. */
    void heard(Fault fault, String subscription) {
        if (fault instanceof Fault.Throttled) {
            quiet.merge(
                    subscription,
                    now().plus(Backoff.after(fault, 1, subscription.hashCode())),
                    (one, other) -> one.isAfter(other) ? one : other);
        }
    }

    /** A place among those who look there: the moment at which to. A fleet is looked at in turn, however large it is. */
    synchronized Instant turn(Stream<String> subscriptions) {
        Instant now = now();
        return subscriptions
                .distinct()
                .map(subscription -> looks.computeIfAbsent(subscription, _ -> new Bucket(LOOKS_AT_ONCE, LOOKS_APART))
                        .take(now))
                .max(Instant::compareTo)
                .orElse(now);
    }

    /** Until when nothing may be asked there. */
    Optional<Instant> quietUntil(String subscription) {
        Instant now = now();
        return Optional.ofNullable(quiet.get(subscription)).filter(now::isBefore);
    }
}
