package dev.vmidentity.binding;

import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingSpec;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.Explanation;
import dev.vmidentity.status.NotAllowed;
import dev.vmidentity.status.RolesView.Wished;
import java.util.List;
import java.util.Optional;

/** The roles that a binding lists, whether its namespace may assign them, and what is asked for them. Pure. */
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

    /**
     * What the binding asks of the roles of the machine that it is about, or of each of them.
     *
     * @param hindrance what stands in the way of the binding as a whole
     * @param listed the roles that it lists
     */
    static Contribution.Roles asked(
            VmIdentityBindingSpec spec,
            boolean deleting,
            BindingView.Target target,
            Optional<Explanation> hindrance,
            List<Wished> listed) {
        List<Wish> wishes = listed.stream()
                .flatMap(wish -> wish.scope().stream()
                        .map(scope -> new Wish(
                                Role.of(wish.role()), scope, wish.hindrance().isEmpty())))
                .toList();
        return new Contribution.Roles(stance(spec, deleting, target, hindrance), wishes);
    }

    private static Stance stance(
            VmIdentityBindingSpec spec, boolean deleting, BindingView.Target target, Optional<Explanation> hindrance) {
        if (deleting) {
            return ofThoseLeftBehind(spec, true);
        }
        // A target that is not understood, or cannot be resolved at present, is no other target; and while the binding
        // cannot be read as a whole, nothing is concluded from what it does not list.
        boolean unclear = target instanceof BindingView.Target.Unknown
                || hindrance
                        .filter(why -> why.reason() == Reason.NotKnownYet || why.reason() == Reason.NotUnderstood)
                        .isPresent();
        if (unclear || spec.managementPolicy() != ManagementPolicy.Manage) {
            return Stance.HOLD;
        }
        boolean enabled = spec.systemAssigned() != null
                && Boolean.TRUE.equals(spec.systemAssigned().enabled());
        return enabled ? Stance.MAINTAIN : Stance.REMOVE;
    }

    /** What is done about the roles of a machine that the binding was about before, or of one that is being deleted. */
    static Stance ofThoseLeftBehind(VmIdentityBindingSpec spec, boolean deleting) {
        Stance unclear = deleting ? Stance.FORGET : Stance.HOLD;
        if (spec.managementPolicy() != ManagementPolicy.Manage) {
            return unclear;
        }
        return switch (spec.deletionPolicy()) {
            case Detach -> Stance.REMOVE;
            case Retain -> Stance.FORGET;
            case Unknown -> unclear;
        };
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
