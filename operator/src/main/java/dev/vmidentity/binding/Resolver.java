package dev.vmidentity.binding;

import dev.vmidentity.api.AdoptionPolicy;
import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.DefaultIdentityGuard;
import dev.vmidentity.api.InstanceUpgrade;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.Ownership;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.TargetType;
import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.UserAssignedIdentitySpec;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingSpec;
import dev.vmidentity.binding.Contribution.Ask;
import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.Rights.Allowance;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.BindingView.Listed;
import dev.vmidentity.status.BindingView.SystemWish;
import dev.vmidentity.status.Explanation;
import dev.vmidentity.status.NotAllowed;
import dev.vmidentity.status.RolesView.Wished;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From a binding to what it asks of which machine, and to what its status says of it. The one place where names become
 * ids and where a namespace's rights are asked.
 *
 * <p>What is not known, not allowed or not understood never turns into "not wanted": it is kept as it is.
 */
final class Resolver {
    private final BiFunction<String, String, Optional<UserAssignedIdentity>> identities;
    private final Function<String, Optional<Rights>> rights;
    private final Optional<String> defaultSubscription;

    /**
     * @param identities by namespace and name
     * @param rights of a namespace; empty while they are not known
     * @param defaultSubscription for specs that name none
     */
    Resolver(
            BiFunction<String, String, Optional<UserAssignedIdentity>> identities,
            Function<String, Optional<Rights>> rights,
            Optional<String> defaultSubscription) {
        this.identities = identities;
        this.rights = rights;
        this.defaultSubscription = defaultSubscription;
    }

    /**
     * What a binding comes to.
     *
     * @param may what its namespace may do
     * @param roles the roles that it lists
     * @param blocked whether something stands in the way of the binding as a whole, so that nothing new is done for it
     */
    record Resolved(Contribution contribution, BindingView view, Rights may, List<Wished> roles, boolean blocked) {
        Resolved {
            roles = List.copyOf(roles);
        }

        /** The same, of one of the machines that match. */
        Resolved on(TargetId machine) {
            return new Resolved(contribution.on(machine), view.on(machine), may, roles, blocked);
        }

        /** Whether the namespace may know what is on the machine. */
        boolean maySee() {
            return contribution
                    .target()
                    .filter(machine -> may.targets().covers(machine.id()))
                    .isPresent();
        }
    }

    /** What a binding is about that has a selector. */
    Optional<Selector> selector(VmIdentityBinding binding) {
        return binding.getSpec() != null
                        && target(binding.getSpec()) instanceof BindingView.Target.Matching(Selector selector)
                ? Optional.of(selector)
                : Optional.empty();
    }

    /** The machine that a binding is about, allowed or not; empty when its spec leads to none, or to many. */
    Optional<TargetId> target(VmIdentityBinding binding) {
        return target(binding.getSpec()) instanceof BindingView.Target.Known(TargetId id)
                ? Optional.of(id)
                : Optional.empty();
    }

    Resolved resolve(VmIdentityBinding binding) {
        VmIdentityBindingSpec spec = binding.getSpec();
        String namespace = binding.getMetadata().getNamespace();
        boolean deleting = binding.isMarkedForDeletion();
        Holder holder = new Holder(
                binding.getMetadata().getUid(),
                namespace,
                binding.getMetadata().getName(),
                spec.deletionPolicy() == BindingDeletionPolicy.Retain ? Release.RETAIN : Release.DETACH);
        BindingView.Target target = target(spec);
        Optional<TargetId> id =
                target instanceof BindingView.Target.Known(TargetId known) ? Optional.of(known) : Optional.empty();
        Optional<Rights> known = rights.apply(namespace);
        Optional<Explanation> hindrance = hindrance(spec, namespace, id, known);
        Rights may = known.orElse(Rights.NONE);
        boolean barred =
                known.flatMap(rights -> notAllowed(spec, namespace, id, rights)).isPresent();

        List<Listed> listed = new ArrayList<>();
        List<Ask> asks = new ArrayList<>();
        boolean complete = known.isPresent() && hindrance.isEmpty();
        for (VmIdentityBindingSpec.UserAssigned entry : spec.userAssigned()) {
            Listed one = listed(entry, namespace, may, hindrance);
            listed.add(one);
            boolean adopt = spec.adoptionPolicy() == AdoptionPolicy.Adopt && may.mayDo(Allowance.ADOPT);
            one.id()
                    .ifPresent(identity ->
                            asks.add(new Ask(identity, one.hindrance().isEmpty(), adopt)));
            complete &= one.id().isPresent();
        }
        // What a namespace that may not bind the machine asks for is no matter of anybody else's.
        complete |= barred;
        Manner manner = manner(spec, may);
        boolean heard = !barred || !manner.looks();
        Optional<SystemWish> systemWish = systemWish(spec, namespace, may, hindrance);
        List<Wished> roles = RoleWishes.of(spec, namespace, may, hindrance);
        Contribution contribution = new Contribution(
                        holder,
                        deleting,
                        id,
                        heard ? asks : List.of(),
                        heard ? systemAsk(spec, systemWish, may) : SystemAsk.NOTHING,
                        barred && !manner.looks() ? Manner.BARRED : manner,
                        guard(spec, listed),
                        complete)
                .upgrading(hindrance.isEmpty() && upgrades(spec) ? atOnce(spec) : 0)
                .giving(RoleWishes.asked(spec, deleting, target, hindrance, roles));
        BindingView view = new BindingView(
                        holder.binding(),
                        target,
                        listed,
                        systemWish,
                        hindrance.or(() -> refusedByName(spec, namespace, may)),
                        deleting)
                .telling(new BindingView.DefaultIdentityTelling(
                        spec.defaultIdentityGuard() != DefaultIdentityGuard.Off, may.assign()));
        return new Resolved(
                contribution,
                upgrades(spec) ? view.upgradingInstances() : view,
                may,
                roles,
                known.isEmpty() || hindrance.isPresent());
    }

    /** What stands in the way of the binding as a whole. */
    private Optional<Explanation> hindrance(
            VmIdentityBindingSpec spec, String namespace, Optional<TargetId> target, Optional<Rights> known) {
        if (isNotUnderstood(spec)) {
            return Optional.of(Explanation.of(Reason.NotUnderstood));
        }
        if (known.isEmpty()) {
            return Optional.of(new Explanation(
                    Reason.NotKnownYet, "The namespace " + namespace + " could not be read yet. Nothing is changed."));
        }
        return notAllowed(spec, namespace, target, known.get());
    }

    private static Optional<Explanation> notAllowed(
            VmIdentityBindingSpec spec, String namespace, Optional<TargetId> target, Rights may) {
        if (spec.target().selector() != null && !may.mayDo(Allowance.SELECTOR)) {
            return Optional.of(NotAllowed.allow(namespace, may, Allowance.SELECTOR));
        }
        return target.filter(id -> !may.targets().covers(id.id()))
                .map(id -> NotAllowed.target(namespace, may.targets(), id.id()));
    }

    private static boolean isNotUnderstood(VmIdentityBindingSpec spec) {
        return spec.adoptionPolicy() == AdoptionPolicy.Unknown
                || spec.deletionPolicy() == BindingDeletionPolicy.Unknown
                || spec.ownership() == Ownership.Unknown
                || spec.managementPolicy() == ManagementPolicy.Unknown
                || spec.defaultIdentityGuard() == DefaultIdentityGuard.Unknown
                || spec.instanceUpgrade() == InstanceUpgrade.Unknown;
    }

    /** A value that is not understood lets nothing be attached, whatever this says. */
    private static Guard guard(VmIdentityBindingSpec spec, List<Listed> listed) {
        if (spec.defaultIdentityGuard() != DefaultIdentityGuard.Block) {
            return Guard.NONE;
        }
        boolean expecting = listed.stream()
                .flatMap(one -> one.hindrance().stream())
                .anyMatch(why -> why.reason() == Reason.WaitingForIdentity);
        return expecting ? Guard.BLOCK_EXPECTING : Guard.BLOCK;
    }

    private static boolean upgrades(VmIdentityBindingSpec spec) {
        return spec.instanceUpgrade() == InstanceUpgrade.Automatic
                && spec.managementPolicy() == ManagementPolicy.Manage;
    }

    private static int atOnce(VmIdentityBindingSpec spec) {
        return spec.instanceUpgradeBatchSize() == null ? 1 : spec.instanceUpgradeBatchSize();
    }

    private static Manner manner(VmIdentityBindingSpec spec, Rights may) {
        boolean exclusive = spec.ownership() == Ownership.Exclusive && may.mayDo(Allowance.EXCLUSIVE);
        if (spec.managementPolicy() == ManagementPolicy.Manage) {
            return exclusive ? Manner.EXCLUSIVE : Manner.SHARED;
        }
        return exclusive ? Manner.OBSERVED_EXCLUSIVE : Manner.OBSERVED;
    }

    private Listed listed(
            VmIdentityBindingSpec.UserAssigned entry, String namespace, Rights may, Optional<Explanation> hindrance) {
        Optional<String> name = Optional.ofNullable(entry.name());
        Named named = name.map(given -> named(namespace, given)).orElseGet(() -> byId(entry.resourceId()));
        Optional<Explanation> why = hindrance
                .or(() -> named.id()
                        .filter(id -> !may.assign().covers(id))
                        .map(id -> NotAllowed.assign(namespace, may.assign(), id)))
                .or(named::hindrance);
        return new Listed(name, named.id(), why);
    }

    /** An identity as far as it is known. */
    private record Named(Optional<ArmId> id, Optional<Explanation> hindrance) {
        static Named unknown(Reason reason, String message) {
            return new Named(Optional.empty(), Optional.of(new Explanation(reason, message)));
        }
    }

    private static Named byId(@Nullable String resourceId) {
        Optional<ArmId> id =
                Optional.ofNullable(resourceId).flatMap(ArmId::parse).filter(ArmId::isUserAssignedIdentity);
        return id.isPresent()
                ? new Named(id, Optional.empty())
                : Named.unknown(
                        Reason.InvalidIdentity,
                        "'" + resourceId
                                + "' is not the id of a user-assigned identity. Write /subscriptions/<subscription>"
                                + "/resourceGroups/<group>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>.");
    }

    /** By the identity's spec: its status may be of an older spec, lost, or restored. Where there is one, it is the pin. */
    private Named named(String namespace, String name) {
        Optional<UserAssignedIdentity> identity = identities.apply(namespace, name);
        if (identity.isEmpty()) {
            return Named.unknown(
                    Reason.WaitingForIdentity,
                    "There is no UserAssignedIdentity " + name + " in namespace " + namespace
                            + ". Apply it, or correct the name.");
        }
        Optional<ArmId> declared = declared(identity.get());
        var status = identity.get().getStatus();
        Optional<ArmId> pinned =
                Optional.ofNullable(status == null ? null : status.resourceId()).flatMap(ArmId::parse);
        if (declared.isEmpty()) {
            return Named.unknown(
                    Reason.WaitingForIdentity,
                    "UserAssignedIdentity " + name + " names no subscription yet; see its own conditions.");
        }
        // The pin is written before the identity is made; that it exists shows in its principal.
        if (pinned.isEmpty() || status == null || status.principalId() == null) {
            return new Named(
                    declared,
                    Optional.of(new Explanation(
                            Reason.WaitingForIdentity,
                            "UserAssignedIdentity " + name + " is not ready yet; see its own conditions.")));
        }
        if (!pinned.equals(declared)) {
            return new Named(
                    pinned,
                    Optional.of(new Explanation(
                            Reason.WaitingForIdentity,
                            "UserAssignedIdentity " + name + " resolves to another identity than before; see its own"
                                    + " conditions.")));
        }
        return new Named(pinned, Optional.empty());
    }

    private Optional<ArmId> declared(UserAssignedIdentity identity) {
        UserAssignedIdentitySpec spec = identity.getSpec();
        String name = spec.name() == null ? identity.getMetadata().getName() : spec.name();
        return Optional.ofNullable(spec.subscriptionId())
                .or(() -> defaultSubscription)
                .map(subscription -> ArmId.userAssignedIdentity(subscription, spec.resourceGroup(), name));
    }

    private BindingView.Target target(VmIdentityBindingSpec spec) {
        VmIdentityBindingSpec.Target target = spec.target();
        if (target.virtualMachine() != null) {
            return machine(MachineKind.VIRTUAL_MACHINE, target.virtualMachine());
        }
        if (target.virtualMachineScaleSet() != null) {
            return machine(MachineKind.SCALE_SET, target.virtualMachineScaleSet());
        }
        if (target.selector() != null) {
            return selecting(target.selector());
        }
        return Optional.ofNullable(target.resourceId())
                .flatMap(ArmId::parse)
                .flatMap(TargetId::of)
                .<BindingView.Target>map(BindingView.Target.Known::new)
                .orElseGet(() -> new BindingView.Target.Unknown(new Explanation(
                        Reason.NotUnderstood,
                        "spec.target names no virtual machine or scale set that this version understands.")));
    }

    private static BindingView.Target selecting(VmIdentityBindingSpec.Selector given) {
        Set<MachineKind> kinds = EnumSet.noneOf(MachineKind.class);
        boolean understood = true;
        for (TargetType kind : given.kinds()) {
            switch (kind) {
                case VirtualMachine -> kinds.add(MachineKind.VIRTUAL_MACHINE);
                case VirtualMachineScaleSet -> kinds.add(MachineKind.SCALE_SET);
                case Unknown -> understood = false;
            }
        }
        Selector selector = Selector.of(kinds, given.scopes(), given.matchTags());
        return understood && selector.isUnderstood()
                ? new BindingView.Target.Matching(selector)
                : new BindingView.Target.Unknown(new Explanation(
                        Reason.NotUnderstood,
                        "spec.target.selector has a kind or a scope that this version does not understand. Nothing is"
                                + " changed."));
    }

    private BindingView.Target machine(MachineKind kind, VmIdentityBindingSpec.Machine machine) {
        return Optional.ofNullable(machine.subscriptionId())
                .or(() -> defaultSubscription)
                .<BindingView.Target>map(subscription -> new BindingView.Target.Known(
                        TargetId.of(kind, subscription, machine.resourceGroup(), machine.name())))
                .orElseGet(() -> new BindingView.Target.Unknown(Explanation.of(Reason.SubscriptionRequired)));
    }

    private static Optional<SystemWish> systemWish(
            VmIdentityBindingSpec spec, String namespace, Rights may, Optional<Explanation> hindrance) {
        Boolean enabled =
                spec.systemAssigned() == null ? null : spec.systemAssigned().enabled();
        if (enabled == null) {
            return Optional.empty();
        }
        Optional<Explanation> why = hindrance.or(() -> enabled || may.mayDo(Allowance.DISABLE_SYSTEM_ASSIGNED)
                ? Optional.empty()
                : Optional.of(NotAllowed.allow(namespace, may, Allowance.DISABLE_SYSTEM_ASSIGNED)));
        return Optional.of(new SystemWish(enabled, why));
    }

    private static SystemAsk systemAsk(VmIdentityBindingSpec spec, Optional<SystemWish> wish, Rights may) {
        if (wish.isEmpty()) {
            return SystemAsk.NOTHING;
        }
        if (wish.get().hindrance().isPresent()) {
            return SystemAsk.REFUSED;
        }
        if (!wish.get().enabled()) {
            return SystemAsk.DISABLED;
        }
        boolean adopt = spec.adoptionPolicy() == AdoptionPolicy.Adopt && may.mayDo(Allowance.ADOPT);
        return adopt ? SystemAsk.ENABLED_ADOPT : SystemAsk.ENABLED;
    }

    /** What it asks for that a namespace may only when it is allowed by name; the rest of the binding is done. */
    private static Optional<Explanation> refusedByName(VmIdentityBindingSpec spec, String namespace, Rights may) {
        if (spec.adoptionPolicy() == AdoptionPolicy.Adopt && !may.mayDo(Allowance.ADOPT)) {
            return Optional.of(NotAllowed.allow(namespace, may, Allowance.ADOPT));
        }
        return spec.ownership() == Ownership.Exclusive && !may.mayDo(Allowance.EXCLUSIVE)
                ? Optional.of(NotAllowed.allow(namespace, may, Allowance.EXCLUSIVE))
                : Optional.empty();
    }
}
