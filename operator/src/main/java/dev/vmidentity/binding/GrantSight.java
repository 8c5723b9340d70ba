package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.GrantDemand;
import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.RoleAssignments.Assignment;
import dev.vmidentity.core.RoleScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One look at the role assignments that a binding may have to do with: all of its principal, in each subscription that is
 * spoken of, and one by one what is remembered beside them.
 */
final class GrantSight {
    private final GrantCalls calls;
    private final GrantDemand demand;
    private final Map<Role, String> roles;
    private final List<Assignment> found = new ArrayList<>();
    private Optional<Fault> fault = Optional.empty();

    private GrantSight(GrantCalls calls, GrantDemand demand, Map<Role, String> roles) {
        this.calls = calls;
        this.demand = demand;
        this.roles = roles;
    }

    /** What came of it. */
    sealed interface Look {
        record Complete(List<Assignment> found) implements Look {}

        /** A part could not be read, and then nothing is concluded from the rest. */
        record Failed(Fault fault) implements Look {}
    }

    /** @param roles the GUIDs of the roles, as far as they are known */
    static Look look(GrantCalls calls, GrantDemand demand, Map<Role, String> roles) {
        var sight = new GrantSight(calls, demand, roles);
        sight.look();
        return sight.fault.<Look>map(Look.Failed::new).orElseGet(() -> new Look.Complete(sight.found));
    }

    private void look() {
        demand.principal().known().ifPresent(principal -> {
            for (String subscription : subscriptions()) {
                list(subscription, principal);
            }
        });
        for (Recorded one : demand.recorded()) {
            if (fault.isEmpty() && found.stream().noneMatch(one::is)) {
                read(one.scope(), one.name());
            }
        }
    }

    private Set<String> subscriptions() {
        Set<String> subscriptions = new TreeSet<>();
        Stream.concat(
                        demand.wishes().stream().map(Wish::scope),
                        demand.recorded().stream().map(Recorded::scope))
                .map(RoleScope::subscriptionId)
                .forEach(subscriptions::add);
        return subscriptions;
    }

    private void list(String subscription, String principal) {
        if (fault.isPresent()) {
            return;
        }
        switch (calls.azure().list(subscription, principal)) {
            case RoleAssignments.Listed.All(List<Assignment> all) -> found.addAll(all);
            // Whose rights are those of a resource group sees what is in there, one by one.
            case RoleAssignments.Listed.Failed(Fault.Forbidden _) -> readExpected(subscription, principal);
            case RoleAssignments.Listed.Failed(Fault why) -> failed(why, subscription);
        }
    }

    private void readExpected(String subscription, String principal) {
        for (Wish wish : demand.wishes()) {
            String role = roles.get(wish.role());
            if (role != null && fault.isEmpty() && wish.scope().subscriptionId().equals(subscription)) {
                read(wish.scope(), demand.name().of(principal, role, wish.scope()));
            }
        }
    }

    private void read(RoleScope scope, String name) {
        switch (calls.azure().read(scope, name)) {
            case RoleAssignments.Seen.Present(Assignment assignment) -> found.add(assignment);
            case RoleAssignments.Seen.Absent _ -> {}
            case RoleAssignments.Seen.Failed(Fault why) -> failed(why, scope.subscriptionId());
        }
    }

    private void failed(Fault why, String subscription) {
        calls.heard(why, subscription);
        fault = Optional.of(why);
    }
}
