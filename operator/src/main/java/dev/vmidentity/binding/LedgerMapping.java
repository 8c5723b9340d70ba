package dev.vmidentity.binding;

import dev.vmidentity.api.LedgerPhase;
import dev.vmidentity.api.OnRelease;
import dev.vmidentity.api.VmIdentityLedgerSpec;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.GrantDemand;
import dev.vmidentity.core.GrantRecord;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.TargetId;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Between the ledger as the core knows it and as Kubernetes stores it. */
final class LedgerMapping {
    /** The version of the protocol that this operator speaks. */
    static final int PROTOCOL = 1;

    private LedgerMapping() {}

    static VmIdentityLedgerSpec toSpec(TargetId target, VmIdentityLedgerSpec.Owner owner, Ledger ledger) {
        String machineId = machineId(ledger);
        List<VmIdentityLedgerSpec.Entry> entries = ledger.claims().values().stream()
                .map(claim -> toEntry(claim, machineId))
                .toList();
        List<VmIdentityLedgerSpec.RoleAssignment> roles =
                ledger.roles().stream().map(LedgerMapping::toRole).toList();
        return new VmIdentityLedgerSpec(PROTOCOL, target.id().value(), owner, machineId, entries, roles);
    }

    /** Empty when an entry says something that this version does not understand. */
    static Optional<Ledger> toLedger(VmIdentityLedgerSpec spec) {
        TreeMap<IdentityKey, Claim> claims = new TreeMap<>();
        for (VmIdentityLedgerSpec.Entry entry : spec.entries()) {
            Optional<Claim> claim = toClaim(entry, spec.machineId());
            if (claim.isEmpty()) {
                return Optional.empty();
            }
            claims.put(claim.get().id(), claim.get());
        }
        TreeSet<GrantRecord> roles = new TreeSet<>();
        for (VmIdentityLedgerSpec.RoleAssignment role : spec.roleAssignments()) {
            Optional<GrantRecord> known = toRecord(role);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            roles.add(known.get());
        }
        return Optional.of(Ledger.of(claims).remembering(roles));
    }

    private static VmIdentityLedgerSpec.RoleAssignment toRole(GrantRecord known) {
        return new VmIdentityLedgerSpec.RoleAssignment(
                known.binding(),
                known.namespace(),
                known.name(),
                known.assignment().role(),
                known.assignment().id());
    }

    private static Optional<GrantRecord> toRecord(VmIdentityLedgerSpec.RoleAssignment role) {
        String namespace = role.namespace() == null ? "" : role.namespace();
        String name = role.name() == null ? "" : role.name();
        return GrantDemand.Recorded.of(role.role(), role.id())
                .map(assignment -> new GrantRecord(role.binding(), namespace, name, assignment));
    }

    /** As a rule all claims are of one incarnation, which the ledger then carries once. */
    private static @Nullable String machineId(Ledger ledger) {
        return ledger.claims().values().stream()
                .map(Claim::machineId)
                .findFirst()
                .orElse(null);
    }

    private static VmIdentityLedgerSpec.Entry toEntry(Claim claim, @Nullable String ledgersMachine) {
        List<VmIdentityLedgerSpec.Holder> holders = claim.holders().stream()
                .map(holder -> new VmIdentityLedgerSpec.Holder(
                        holder.binding(), holder.namespace(), holder.name(), toOnRelease(holder.onRelease())))
                .toList();
        return new VmIdentityLedgerSpec.Entry(
                claim.id().value(),
                toPhase(claim.phase()),
                claim.etag(),
                claim.machineId().equals(ledgersMachine) ? null : claim.machineId(),
                claim.sentAt(),
                claim.principalId(),
                null,
                holders);
    }

    private static Optional<Claim> toClaim(VmIdentityLedgerSpec.Entry entry, @Nullable String ledgersMachine) {
        String machineId = entry.machineId() == null ? ledgersMachine : entry.machineId();
        Optional<Phase> phase = phase(entry.phase());
        if (phase.isEmpty() || machineId == null) {
            return Optional.empty();
        }
        TreeSet<Holder> holders = new TreeSet<>();
        for (VmIdentityLedgerSpec.Holder holder : entry.holders()) {
            Optional<Release> release = release(holder.onRelease());
            if (release.isEmpty()) {
                return Optional.empty();
            }
            String namespace = holder.namespace() == null ? "" : holder.namespace();
            String name = holder.name() == null ? "" : holder.name();
            holders.add(new Holder(holder.binding(), namespace, name, release.get()));
        }
        return Optional.of(new Claim(
                IdentityKey.parse(entry.id()),
                phase.get(),
                entry.etag(),
                machineId,
                entry.sentAt(),
                entry.principalId(),
                holders));
    }

    private static LedgerPhase toPhase(Phase phase) {
        return switch (phase) {
            case ATTACHING -> LedgerPhase.Attaching;
            case ATTACHED -> LedgerPhase.Attached;
            case DETACHING -> LedgerPhase.Detaching;
            case DETACHED -> LedgerPhase.Detached;
            case EVICTING -> LedgerPhase.Evicting;
            case UNSURE -> LedgerPhase.Unsure;
        };
    }

    private static Optional<Phase> phase(LedgerPhase phase) {
        return switch (phase) {
            case Attaching -> Optional.of(Phase.ATTACHING);
            case Attached -> Optional.of(Phase.ATTACHED);
            case Detaching -> Optional.of(Phase.DETACHING);
            case Detached -> Optional.of(Phase.DETACHED);
            case Evicting -> Optional.of(Phase.EVICTING);
            case Unsure -> Optional.of(Phase.UNSURE);
            case Unknown -> Optional.empty();
        };
    }

    private static OnRelease toOnRelease(Release release) {
        return switch (release) {
            case DETACH -> OnRelease.Detach;
            case RETAIN -> OnRelease.Retain;
        };
    }

    private static Optional<Release> release(OnRelease release) {
        return switch (release) {
            case Detach -> Optional.of(Release.DETACH);
            case Retain -> Optional.of(Release.RETAIN);
            case Unknown -> Optional.empty();
        };
    }
}
