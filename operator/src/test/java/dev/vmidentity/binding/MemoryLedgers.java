package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityLedgerSpec;
import dev.vmidentity.api.VmIdentityLedgerStatus;
import dev.vmidentity.core.GrantRecord;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/** Ledgers in memory, through the same mapping as those of the API server, with a script of what goes wrong. */
final class MemoryLedgers implements Ledgers, Holdings {
    private static final VmIdentityLedgerSpec.Owner OWNER = new VmIdentityLedgerSpec.Owner("cluster", "default", null);

    private final Map<TargetId, Stored> stored = new HashMap<>();
    private final Deque<Written> mishaps = new ArrayDeque<>();
    private final Map<TargetId, VmIdentityLedgerStatus> statuses = new HashMap<>();
    private int writes;
    private int statusWrites;
    private boolean restored;

    /** Whether what is stored cannot be read at present. */
    boolean unreadable;

    /** A person's word that orphans may go. */
    Optional<Instant> confirmed = Optional.empty();

    private record Stored(VmIdentityLedgerSpec spec, Version version) {}

    /** What the next write answers, without an effect. */
    void nextWrite(Written answer) {
        mishaps.add(answer);
    }

    /** From now on what is stored counts as brought back by a backup, until it is written. */
    void restore() {
        restored = true;
    }

    /** Another process has noted that a binding gave a role. */
    void note(TargetId target, GrantRecord given) {
        Found.Ours found = (Found.Ours) find(target);
        TreeSet<GrantRecord> roles = new TreeSet<>(found.ledger().roles());
        roles.add(given);
        write(target, Optional.of(found.version()), found.ledger().remembering(roles));
    }

    /** Somebody deletes it by force. */
    void lose(TargetId target) {
        stored.remove(target);
    }

    Ledger look(TargetId target) {
        return stored(target) instanceof Found.Ours ours ? ours.ledger() : Ledger.EMPTY;
    }

    @Override
    public List<TargetId> of(String binding) {
        return stored.keySet().stream().filter(target -> on(target, binding)).toList();
    }

    List<TargetId> machines() {
        return List.copyOf(stored.keySet());
    }

    @Override
    public List<TargetId> rolesOf(String binding) {
        return stored.keySet().stream()
                .filter(target -> rolesOn(target, binding))
                .toList();
    }

    @Override
    public boolean rolesOn(TargetId target, String binding) {
        Stored found = stored.get(target);
        return found != null
                && found.spec().roleAssignments().stream()
                        .anyMatch(role -> role.binding().equals(binding));
    }

    /** How many bindings gave roles that do not exist, over all machines. */
    int lostGivers(Predicate<String> exists) {
        return (int) stored.values().stream()
                .flatMap(one -> one.spec().roleAssignments().stream()
                        .map(VmIdentityLedgerSpec.RoleAssignment::binding)
                        .distinct())
                .filter(exists.negate())
                .count();
    }

    @Override
    public boolean on(TargetId target, String binding) {
        return rolesOn(target, binding) || holdsIdentities(target, binding);
    }

    private boolean holdsIdentities(TargetId target, String binding) {
        return look(target).claims().values().stream()
                .filter(claim -> claim.phase() != Phase.UNSURE)
                .flatMap(claim -> claim.holders().stream())
                .anyMatch(holder -> holder.binding().equals(binding));
    }

    int writes() {
        return writes;
    }

    @Override
    public Found find(TargetId target) {
        return unreadable ? new Found.Failed("down") : stored(target);
    }

    private Found stored(TargetId target) {
        Stored found = stored.get(target);
        return found == null
                ? new Found.None()
                : new Found.Ours(
                        LedgerMapping.toLedger(found.spec()).orElseThrow(), found.version(), restored, confirmed);
    }

    @Override
    public Written write(TargetId target, Optional<Version> expected, Ledger next) {
        Written mishap = mishaps.poll();
        if (mishap != null) {
            return mishap;
        }
        Stored before = stored.get(target);
        if (!expected.equals(Optional.ofNullable(before).map(Stored::version))) {
            return new Written.Lost();
        }
        writes++;
        restored = false;
        Version version = new Version(
                before == null ? UUID.randomUUID().toString() : before.version().uid(), String.valueOf(writes));
        stored.put(target, new Stored(LedgerMapping.toSpec(target, OWNER, next), version));
        return new Written.Done(version);
    }

    @Override
    public Written delete(TargetId target, Version expected) {
        Stored before = stored.get(target);
        if (before == null || !before.version().equals(expected)) {
            return new Written.Lost();
        }
        stored.remove(target);
        return new Written.Done(expected);
    }

    @Override
    public void show(TargetId target, Rendering rendering) {
        VmIdentityLedgerStatus before = statuses.get(target);
        VmIdentityLedgerStatus next = rendering.render(before, 1);
        if (!next.equals(before)) {
            statuses.put(target, next);
            statusWrites++;
        }
    }

    /** How many times a status was another than the one before. */
    int statusWrites() {
        return statusWrites;
    }
}
