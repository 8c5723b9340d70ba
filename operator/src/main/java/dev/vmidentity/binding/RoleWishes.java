package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityBindingSpec;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.status.Explanation;
import dev.vmidentity.status.NotAllowed;
import dev.vmidentity.status.RolesView.Wished;
import java.util.List;
import java.util.Optional;

/** The roles that a binding lists, and whether its namespace may assign them. Pure. */
final class RoleWishes {
    private RoleWishes() {}

    /** @param hindrance what stands in the way of the binding as a whole */
    static List<Wished> of(VmIdentityBindingSpec spec, String namespace, Rights may, Optional<Explanation> hindrance) {
        return spec.systemAssigned() == null
                ? List.of()
                : spec.systemAssigned().roleAssignments().stream()
                        .map(listed -> wished(listed, namespace, may, hindrance))
                        .toList();
    }

    private static Wished wished(
            VmIdentityBindingSpec.RoleAssignment listed,
            String namespace,
            Rights may,
            Optional<Explanation> hindrance) {
        Optional<RoleScope> scope = RoleScope.parse(listed.scope());
        Role role = Role.of(listed.role());
        Optional<Explanation> why = hindrance
                .or(() -> scope.filter(at -> !may.grant().covers(at))
                        .map(at -> NotAllowed.grant(namespace, may.grant(), at)))
                .or(() -> may.roles().allow(role)
                        ? Optional.empty()
                        : Optional.of(NotAllowed.role(namespace, may.roles(), role)));
        return new Wished(role.text(), listed.scope(), scope, why);
    }
}
