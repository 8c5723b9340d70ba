package dev.vmidentity.status;

import dev.vmidentity.api.VmIdentityBindingStatus.RoleAssignment;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.RoleScope;
import java.util.List;
import java.util.Optional;

/**
 * What a binding's status tells of roles.
 *
 * @param wishes one for each role that the binding lists, in that order
 * @param outcomes how they stand, for each machine of which that is known; the binding's own comes first
 * @param untold what the status says of machines of which it is not known yet: it goes on saying so
 */
public record RolesView(List<Wished> wishes, List<GrantOutcome> outcomes, List<RoleAssignment> untold) {
    public static final RolesView NONE = new RolesView(List.of(), List.of(), List.of());

    public RolesView {
        wishes = List.copyOf(wishes);
        outcomes = List.copyOf(outcomes);
        untold = List.copyOf(untold);
    }

    /**
     * A role that is listed.
     *
     * @param scope empty when it is none that this version understands
     * @param hindrance why it is not assigned: the namespace may not
     */
    public record Wished(String role, String text, Optional<RoleScope> scope, Optional<Explanation> hindrance) {}
}
