package dev.vmidentity.binding;

import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingSpec;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.RoleAssignment;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.GrantDemand;
import dev.vmidentity.core.GrantDemand.Principal;
import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.GrantName;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.RolesView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From a binding to what it asks of the principals of machines: of its own machine what it lists, and of a machine that it
 * left, that all be deleted. Its status tells which machines those are.
 */
final class Granting {
    private final Resolver resolver;
    private final BiFunction<VmIdentityBinding, TargetId, Optional<Contribution>> many;
    private final RoleGrants grants;
    private final Function<VmIdentityBinding, @Nullable VmIdentityBindingStatus> statuses;
    private final Function<TargetId, Optional<Published>> machines;

    /**
     * @param many what a binding asks of a machine whose spec leads to no one machine
     * @param statuses the newest status of a binding that is known
     * @param machines what is known of a machine
     */
    Granting(
            Resolver resolver,
            BiFunction<VmIdentityBinding, TargetId, Optional<Contribution>> many,
            RoleGrants grants,
            Function<VmIdentityBinding, @Nullable VmIdentityBindingStatus> statuses,
            Function<TargetId, Optional<Published>> machines) {
        this.resolver = resolver;
        this.many = many;
        this.grants = grants;
        this.statuses = statuses;
        this.machines = machines;
    }

    /** Machines on which a binding has, or may have, roles to be deleted: those that its status names. */
    static Set<TargetId> named(@Nullable VmIdentityBindingStatus status) {
        Set<TargetId> named = new TreeSet<>();
        entries(status).forEach(entry -> machine(entry).ifPresent(named::add));
        return named;
    }

    /** What the binding comes to, with whether roles hold back its identity. */
    Resolver.Resolved resolve(VmIdentityBinding binding) {
        Resolver.Resolved resolved = resolver.resolve(binding);
        boolean keeps = resolved.contribution()
                .target()
                .filter(machine -> remains(binding, resolved, machine))
                .isPresent();
        return resolved.with(resolved.contribution().keepingPrincipal(keeps));
    }

    /** What the binding asks of that machine; empty when it has nothing to do with it, any longer. */
    Optional<Contribution> contribution(VmIdentityBinding binding, TargetId machine) {
        Optional<TargetId> one = resolver.target(binding);
        if (one.filter(machine::equals).isPresent()) {
            return Optional.of(resolve(binding).contribution());
        }
        Optional<Contribution> asked = one.isPresent() ? Optional.empty() : many.apply(binding, machine);
        if (!named(statuses.apply(binding)).contains(machine)) {
            return asked;
        }
        Resolver.Resolved resolved = resolver.resolve(binding);
        if (!remains(binding, resolved, machine)) {
            return asked;
        }
        return asked.map(contribution -> contribution.keepingPrincipal(true))
                .or(() ->
                        Optional.of(Contribution.leaving(resolved.contribution().holder(), machine)));
    }

    /** Whether a binding has roles to delete, on any machine. */
    boolean leaves(VmIdentityBinding binding) {
        return !named(statuses.apply(binding)).isEmpty() && leaves(binding, resolver.resolve(binding));
    }

    /** Whether a binding that is being deleted has roles to delete, on any machine. */
    boolean leaves(VmIdentityBinding binding, Resolver.Resolved resolved) {
        return machines(resolved, statuses.apply(binding)).stream()
                .anyMatch(machine -> remains(binding, resolved, machine));
    }

    /** Whether anything that the binding made for the machine's principal may be left and is to be deleted. */
    private boolean remains(VmIdentityBinding binding, Resolver.Resolved resolved, TargetId machine) {
        return stance(binding, resolved, machine) == Stance.REMOVE
                && ((own(resolved, machine) && !resolved.roles().isEmpty())
                        || named(statuses.apply(binding)).contains(machine))
                && !outcome(binding, machine).map(GrantOutcome::cleared).orElse(false);
    }

    /** Asks for all that the binding wants, with what its status says by now. */
    void want(VmIdentityBinding binding, Resolver.Resolved resolved) {
        VmIdentityBindingStatus status = statuses.apply(binding);
        for (TargetId machine : machines(resolved, status)) {
            grants.want(resolved.contribution().holder(), demand(binding, resolved, status, machine));
        }
    }

    /** What is told of roles. */
    RolesView view(VmIdentityBinding binding, Resolver.Resolved resolved) {
        VmIdentityBindingStatus status = statuses.apply(binding);
        List<GrantOutcome> outcomes = new ArrayList<>();
        List<RoleAssignment> untold = new ArrayList<>();
        Set<TargetId> machines = machines(resolved, status);
        for (TargetId machine : machines) {
            told(binding, resolved, machine).ifPresentOrElse(outcomes::add, () -> untold.addAll(of(status, machine)));
        }
        return new RolesView(resolved.roles(), outcomes, untold);
    }

    /** Whether it is known how the roles of the binding's own machine stand, or there are none. */
    boolean told(VmIdentityBinding binding, Resolver.Resolved resolved) {
        Optional<TargetId> machine = resolved.contribution().target();
        return machine.isEmpty()
                || (resolved.roles().isEmpty()
                        && !named(statuses.apply(binding)).contains(machine.get()))
                || told(binding, resolved, machine.get()).isPresent();
    }

    /** One of when something else was asked tells nothing of what is asked now. */
    private Optional<GrantOutcome> told(VmIdentityBinding binding, Resolver.Resolved resolved, TargetId machine) {
        return outcome(binding, machine).filter(known -> known.stance() == stance(binding, resolved, machine));
    }

    private Optional<GrantOutcome> outcome(VmIdentityBinding binding, TargetId machine) {
        return grants.outcome(binding.getMetadata().getUid(), machine);
    }

    private static Set<TargetId> machines(Resolver.Resolved resolved, @Nullable VmIdentityBindingStatus status) {
        Set<TargetId> machines = named(status);
        resolved.contribution().target().ifPresent(machines::add);
        return machines;
    }

    private static boolean own(Resolver.Resolved resolved, TargetId machine) {
        return resolved.contribution().target().filter(machine::equals).isPresent();
    }

    private GrantDemand demand(
            VmIdentityBinding binding,
            Resolver.Resolved resolved,
            @Nullable VmIdentityBindingStatus status,
            TargetId machine) {
        List<Wish> wishes = own(resolved, machine) ? wishes(resolved) : List.of();
        List<Recorded> recorded = of(status, machine).stream()
                .flatMap(entry -> Optional.ofNullable(entry.id()).flatMap(id -> Recorded.of(entry.role(), id)).stream())
                .toList();
        return new GrantDemand(
                new GrantName(grants.cluster(), binding.getMetadata().getUid()),
                machine,
                machines.apply(machine).map(Granting::principal).orElseGet(Principal.Unknown::new),
                wishes,
                stance(binding, resolved, machine),
                recorded);
    }

    private static List<Wish> wishes(Resolver.Resolved resolved) {
        return resolved.roles().stream()
                .flatMap(wish -> wish.scope().stream()
                        .map(scope -> new Wish(
                                Role.of(wish.role()), scope, wish.hindrance().isEmpty())))
                .toList();
    }

    private static Stance stance(VmIdentityBinding binding, Resolver.Resolved resolved, TargetId machine) {
        VmIdentityBindingSpec spec = binding.getSpec();
        boolean deleting = resolved.contribution().deleting();
        if (spec.managementPolicy() != ManagementPolicy.Manage
                || spec.deletionPolicy() == BindingDeletionPolicy.Unknown
                || ((deleting || !own(resolved, machine)) && spec.deletionPolicy() == BindingDeletionPolicy.Retain)) {
            return Stance.HOLD;
        }
        // A target that is not understood, or cannot be resolved at present, is no other target.
        boolean lost = resolved.view().target() instanceof BindingView.Target.Unknown;
        if (lost && !deleting) {
            return Stance.HOLD;
        }
        if (deleting || !own(resolved, machine)) {
            return Stance.REMOVE;
        }
        // While the binding cannot be read as a whole, nothing is concluded from what it does not list.
        boolean unclear = resolved.view()
                .hindrance()
                .filter(why -> why.reason() == Reason.NotKnownYet || why.reason() == Reason.NotUnderstood)
                .isPresent();
        if (unclear) {
            return Stance.HOLD;
        }
        boolean enabled = spec.systemAssigned() != null
                && Boolean.TRUE.equals(spec.systemAssigned().enabled());
        return enabled ? Stance.MAINTAIN : Stance.REMOVE;
    }

    /** What one look at a machine tells of its principal. */
    private static Principal principal(Published published) {
        Outcome outcome = published.outcome();
        Optional<Observation> seen = outcome.seen();
        if (seen.isEmpty()) {
            boolean gone = outcome.absence().filter(Outcome.Absence::confirmed).isPresent();
            return gone ? new Principal.None() : new Principal.Unknown();
        }
        return seen.get()
                .systemAssigned()
                .<Principal>map(
                        system -> new Principal.Known(system.principalId().toLowerCase(Locale.ROOT)))
                .orElseGet(() -> seen.get().state().operationRuns() ? new Principal.Unknown() : new Principal.None());
    }

    private static List<RoleAssignment> of(@Nullable VmIdentityBindingStatus status, TargetId machine) {
        return entries(status).stream()
                .filter(entry -> machine(entry).filter(machine::equals).isPresent())
                .toList();
    }

    private static List<RoleAssignment> entries(@Nullable VmIdentityBindingStatus status) {
        return status == null || status.systemAssigned() == null
                ? List.of()
                : status.systemAssigned().roleAssignments();
    }

    private static Optional<TargetId> machine(RoleAssignment entry) {
        return Optional.ofNullable(entry.machine()).flatMap(ArmId::parse).flatMap(TargetId::of);
    }
}
