package dev.vmidentity.binding;

import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.RoleAssignment;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.RolesView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a binding asks of a machine: of those that it is about what it says, and of those that it was about before what is
 * to become of what it left there. And what is told of its roles.
 */
final class Granting {
    private final Resolver resolver;
    private final BiFunction<VmIdentityBinding, TargetId, Optional<Contribution>> many;
    private final BiFunction<String, TargetId, Optional<GrantOutcome>> outcomes;
    private final Holdings holdings;

    /**
     * @param many what a binding asks of a machine whose spec leads to no one machine
     * @param outcomes how the roles of a binding stand on a machine, as far as that is known
     */
    Granting(
            Resolver resolver,
            BiFunction<VmIdentityBinding, TargetId, Optional<Contribution>> many,
            BiFunction<String, TargetId, Optional<GrantOutcome>> outcomes,
            Holdings holdings) {
        this.resolver = resolver;
        this.many = many;
        this.outcomes = outcomes;
        this.holdings = holdings;
    }

    /** What the binding asks of that machine; empty when it has nothing to do with it, any longer. */
    Optional<Contribution> contribution(VmIdentityBinding binding, TargetId machine) {
        Optional<TargetId> one = resolver.target(binding);
        if (one.filter(machine::equals).isPresent()) {
            return Optional.of(resolver.resolve(binding).contribution());
        }
        Optional<Contribution> asked = one.isPresent() ? Optional.empty() : many.apply(binding, machine);
        return asked.or(() -> leftBehind(binding, machine));
    }

    /**
     * What the binding asks of a machine that it is about no longer. To observe is to write nothing: what it put there before
     * stays, and goes when the binding acts again.
     */
    private Optional<Contribution> leftBehind(VmIdentityBinding binding, TargetId machine) {
        if (binding.getSpec().managementPolicy() == ManagementPolicy.Observe
                && holdings.on(machine, binding.getMetadata().getUid())) {
            Contribution own = resolver.resolve(binding).contribution();
            return Optional.of(own.deleting() ? own.on(machine) : own.keptOn(machine));
        }
        return holdings.rolesOn(machine, binding.getMetadata().getUid())
                ? Optional.of(Contribution.leaving(
                        resolver.resolve(binding).contribution().holder(), machine, stance(binding)))
                : Optional.empty();
    }

    private static Stance stance(VmIdentityBinding binding) {
        return RoleWishes.ofThoseLeftBehind(binding.getSpec(), binding.isMarkedForDeletion());
    }

    /**
     * What is told of the roles of a binding that is about one machine.
     *
     * @param before the status as it is now; what it says of roles of which it is not known yet, it goes on saying
     */
    RolesView view(VmIdentityBinding binding, Resolver.Resolved resolved, @Nullable VmIdentityBindingStatus before) {
        List<GrantOutcome> known = new ArrayList<>();
        List<RoleAssignment> untold = new ArrayList<>();
        Set<TargetId> machines = new TreeSet<>(holdings.rolesOf(uid(resolved)));
        resolved.contribution().target().ifPresent(machines::add);
        for (TargetId machine : machines) {
            boolean own =
                    resolved.contribution().target().filter(machine::equals).isPresent();
            Stance asked = own ? resolved.contribution().roles().stance() : stance(binding);
            told(resolved, machine, asked).ifPresentOrElse(known::add, () -> untold.addAll(of(before, machine)));
        }
        return new RolesView(resolved.roles(), known, untold);
    }

    /** What is told of the roles on the one machine that is spoken of; empty while that is not known. */
    Optional<RolesView> view(Resolver.Resolved resolved) {
        TargetId machine = resolved.contribution().target().orElseThrow();
        if (hasNone(resolved, machine)) {
            return Optional.of(RolesView.NONE);
        }
        return told(resolved, machine, resolved.contribution().roles().stance())
                .map(outcome -> new RolesView(resolved.roles(), List.of(outcome), List.of()));
    }

    /** Whether it is known how the roles of the binding's own machine stand, or there are none. */
    boolean told(Resolver.Resolved resolved) {
        return resolved.contribution().target().isEmpty() || view(resolved).isPresent();
    }

    private boolean hasNone(Resolver.Resolved resolved, TargetId machine) {
        return resolved.roles().isEmpty() && !holdings.rolesOn(machine, uid(resolved));
    }

    /** One of when something else was asked tells nothing of what is asked now. */
    private Optional<GrantOutcome> told(Resolver.Resolved resolved, TargetId machine, Stance asked) {
        return outcomes.apply(uid(resolved), machine).filter(known -> known.stance() == asked);
    }

    private static String uid(Resolver.Resolved resolved) {
        return resolved.contribution().holder().binding();
    }

    private static List<RoleAssignment> of(@Nullable VmIdentityBindingStatus status, TargetId machine) {
        return status == null || status.systemAssigned() == null
                ? List.of()
                : status.systemAssigned().roleAssignments().stream()
                        .filter(entry -> Optional.ofNullable(entry.machine())
                                .flatMap(ArmId::parse)
                                .flatMap(TargetId::of)
                                .filter(machine::equals)
                                .isPresent())
                        .toList();
    }
}
