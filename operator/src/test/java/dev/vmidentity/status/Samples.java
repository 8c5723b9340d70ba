package dev.vmidentity.status;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Observation.SystemIdentity;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Outcome.Absence;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.Rollout;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.core.TargetId;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A machine, two identities and a binding, and outcomes in words. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    static final String SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
    static final TargetId VM = TargetId.of(MachineKind.VIRTUAL_MACHINE, SUBSCRIPTION, "rg-vms", "vm1");
    static final TargetId VMSS = TargetId.of(MachineKind.SCALE_SET, SUBSCRIPTION, "rg-vms", "vmss1");
    static final ArmId WEB = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg", "web-id");
    static final ArmId DB = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg", "db-id");
    static final String BINDING = "uid-1";

    private Samples() {}

    static BindingView.Listed listed(String name, ArmId id) {
        return new BindingView.Listed(Optional.of(name), Optional.of(id), Optional.empty());
    }

    static BindingView binding(BindingView.Listed... listed) {
        return new BindingView(
                BINDING, new BindingView.Target.Known(VM), List.of(listed), Optional.empty(), Optional.empty(), false);
    }

    static BindingView withSystem(BindingView view, boolean enabled) {
        return withSystem(view, new BindingView.SystemWish(enabled, Optional.empty()));
    }

    static BindingView withSystem(BindingView view, BindingView.SystemWish wish) {
        return new BindingView(
                view.uid(),
                view.target(),
                view.userAssigned(),
                Optional.of(wish),
                view.hindrance(),
                view.beingDeleted());
    }

    static BindingView deleted(BindingView view) {
        return new BindingView(
                view.uid(), view.target(), view.userAssigned(), view.systemAssigned(), view.hindrance(), true);
    }

    static Claim claim(IdentityKey id, Phase phase, String... holders) {
        var held = new TreeSet<Holder>();
        Arrays.stream(holders).forEach(uid -> held.add(new Holder(uid, "team-a", uid, Release.DETACH)));
        return new Claim(id, phase, "1", "m-1", NOW, null, held);
    }

    /** The machine on which those are, settled, and of which nothing is ours. */
    static Machine machine(ArmId... there) {
        return new Machine().with(there);
    }

    /** An outcome under construction. */
    static final class Machine {
        private final Map<IdentityKey, AttachedIdentity> attached = new HashMap<>();
        private final Map<IdentityKey, Claim> claims = new HashMap<>();
        private final Map<IdentityKey, Fault> faults = new HashMap<>();
        private Optional<SystemIdentity> system = Optional.empty();
        private MachineState state = MachineState.SETTLED;
        private boolean seen = true;
        private @Nullable Absence absence;
        private @Nullable Fault fault;
        private TargetDemand demand = TargetDemand.NOTHING;
        private boolean underWay;
        private boolean etagMissing;
        private @Nullable Instant waitsUntil;
        private TargetId target = VM;
        private @Nullable Rollout rollout;

        Machine with(ArmId... there) {
            for (ArmId id : there) {
                attached.put(
                        IdentityKey.of(id), new AttachedIdentity(id, "client-" + id.name(), "principal-" + id.name()));
            }
            return this;
        }

        Machine withSystem() {
            system = Optional.of(new SystemIdentity("principal-system", "tenant"));
            return this;
        }

        Machine claiming(IdentityKey id, Phase phase, String... holders) {
            claims.put(id, claim(id, phase, holders));
            return this;
        }

        Machine claiming(ArmId id, Phase phase, String... holders) {
            return claiming(IdentityKey.of(id), phase, holders);
        }

        Machine in(MachineState now) {
            state = now;
            return this;
        }

        Machine absent(boolean groupToo) {
            seen = false;
            absence = new Absence(NOW, true, groupToo);
            return this;
        }

        Machine unseen() {
            seen = false;
            return this;
        }

        Machine fault(Fault what) {
            fault = what;
            return this;
        }

        Machine fault(ArmId of, Fault what) {
            faults.put(IdentityKey.of(of), what);
            return this;
        }

        /** Those are wanted, by one binding that blocks what changes the machine's default identity. */
        Machine guarding(boolean expecting, IdentityKey... ids) {
            Map<IdentityKey, TargetDemand.Wish> wishes = new HashMap<>();
            Arrays.stream(ids)
                    .forEach(id -> wishes.put(
                            id, new TargetDemand.Wish(Demand.WANT, false, new TreeSet<>(), Optional.empty())));
            var guarded = new TargetDemand.Guarded(new TreeSet<>(List.of(ids)), expecting);
            demand = new TargetDemand(wishes, Demand.UNWANTED, Set.of(), List.of(guarded));
            return this;
        }

        /** It is left as it is for the sake of those bindings, which enabled it and no longer speak of it. */
        Machine keeping(IdentityKey id, String... holders) {
            var wish = new TargetDemand.Wish(
                    Demand.KEEP, false, claim(id, Phase.ATTACHED, holders).holders(), Optional.empty());
            demand = new TargetDemand(Map.of(id, wish), Demand.UNWANTED);
            return this;
        }

        Machine underWay() {
            underWay = true;
            return this;
        }

        Machine withoutEtags() {
            etagMissing = true;
            return this;
        }

        Machine waitingUntil(Instant moment) {
            waitsUntil = moment;
            return this;
        }

        /** The machine is a scale set, and what is known of its instances is this. */
        Machine scaleSet(@Nullable Rollout known) {
            target = VMSS;
            rollout = known;
            return this;
        }

        Outcome outcome() {
            var observation = new Observation(target, "1", "m-1", state, system, attached, "westeurope", NOW);
            return new Outcome(
                            target,
                            Optional.of(observation).filter(_ -> seen),
                            Optional.ofNullable(absence),
                            Optional.ofNullable(fault),
                            Ledger.of(claims),
                            demand,
                            faults,
                            underWay,
                            etagMissing,
                            Optional.ofNullable(waitsUntil))
                    .withRollout(Optional.ofNullable(rollout));
        }
    }
}
