package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.status.Backoff;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all bindings share of Azure's roles: the GUIDs of built-in roles, which never change, and until when a subscription
 * wants to be left in peace. Thread-safe.
 */
final class GrantCalls {
    private final RoleAssignments azure;
    private final Clock clock;
    private final Map<String, String> builtIn = new ConcurrentHashMap<>();
    private final Map<String, Instant> quiet = new ConcurrentHashMap<>();

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

    /** Until when nothing may be asked there. */
    Optional<Instant> quietUntil(String subscription) {
        Instant now = now();
        return Optional.ofNullable(quiet.get(subscription)).filter(now::isBefore);
    }
}
