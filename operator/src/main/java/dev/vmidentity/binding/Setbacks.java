package dev.vmidentity.binding;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.status.Backoff;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong on one machine, and until when to wait with what: one bad identity holds back itself alone, anything
 * else the machine.
 *
 * <p>A refusal that names no identity is narrowed down by sending fewer at a time, until one is left. Not thread-safe: it
 * belongs to one machine's worker.
 */
final class Setbacks {
    private final long seed;
    private final TreeMap<IdentityKey, Held> held = new TreeMap<>();
    private int mostAdds = Patch.MOST_IDENTITIES;
    private @Nullable Trouble trouble;
    private int attempts;

    /**
     * An identity that waits.
     *
     * @param renewed whether it was on the machine and was to be taken off, so as to be attached anew
     */
    private record Held(Fault fault, boolean renewed, int attempts, Instant until) {}

    /** What stands in the way of the machine; {@code demand} is what was asked of it when a write was refused. */
    private record Trouble(
            Fault fault, Instant until, @Nullable TargetDemand demand) {}

    Setbacks(long seed) {
        this.seed = seed;
    }

    /**
     * Takes note of a refused PATCH or a failed operation.
     *
     * @param adds the identities that it was sent for
     * @param renewed of these the ones that it was to take off, so that they are attached anew
     */
    void refused(
            Fault fault,
            Collection<IdentityKey> adds,
            Collection<IdentityKey> renewed,
            TargetDemand demand,
            Instant now) {
        List<IdentityKey> culprits = new ArrayList<>();
        for (ArmId id : identities(fault)) {
            if (adds.contains(IdentityKey.of(id))) {
                culprits.add(IdentityKey.of(id));
            }
        }
        boolean aboutIdentities = isAboutIdentities(fault);
        if (culprits.isEmpty() && aboutIdentities && adds.size() == 1) {
            culprits.addAll(adds);
        }
        if (fault instanceof Fault.Throttled throttled && throttled.scope() == Fault.Throttled.Scope.IDENTITIES) {
            // Said of attaching; what is to be taken off need not wait for it.
            culprits.addAll(adds);
        }
        if (!culprits.isEmpty()) {
            culprits.forEach(culprit -> hold(culprit, fault, renewed.contains(culprit), now));
        } else if (aboutIdentities && adds.size() > 1) {
            mostAdds = adds.size() / 2;
        } else {
            trouble(fault, demand, now);
        }
    }

    /** Takes note of what keeps the machine or its ledger from being read. */
    void trouble(Fault fault, Instant now) {
        trouble(fault, null, now);
    }

    private void trouble(Fault fault, @Nullable TargetDemand demand, Instant now) {
        attempts++;
        trouble = new Trouble(fault, now.plus(Backoff.after(fault, attempts, seed)), demand);
    }

    private void hold(IdentityKey id, Fault fault, boolean renewed, Instant now) {
        Held before = held.get(id);
        int tries = before == null ? 1 : before.attempts() + 1;
        held.put(id, new Held(fault, renewed, tries, now.plus(Backoff.after(fault, tries, seed))));
    }

    /**
     * A PATCH did what it was to do. That it was accepted is not enough: its operation may fail as the one before it did,
     * and until it has ended what went wrong is told, and counts.
     */
    void succeeded(Collection<IdentityKey> adds) {
        held.keySet().removeAll(adds);
        mostAdds = Math.min(Patch.MOST_IDENTITIES, mostAdds * 2);
        atRest();
    }

    /** The machine was read: what kept it from being read is over, a refused write is not. */
    void readable() {
        if (trouble != null && trouble.demand() == null) {
            atRest();
        }
    }

    /** Nothing stands in the way any longer. */
    void atRest() {
        trouble = null;
        attempts = 0;
    }

    /** Whether nothing stands in the way of anything. */
    boolean isClear() {
        return trouble == null && held.isEmpty();
    }

    /** Identities that nobody asks for any longer hold nothing back. */
    void forgetAllBut(Collection<IdentityKey> wanted) {
        held.keySet().retainAll(wanted);
    }

    /** What was to be attached and is on the machine after all, by whatever way, waits for no other try. */
    void arrived(Predicate<IdentityKey> there) {
        held.entrySet().removeIf(entry -> !entry.getValue().renewed() && there.test(entry.getKey()));
    }

    SortedSet<IdentityKey> heldBack(Instant now) {
        TreeSet<IdentityKey> waiting = new TreeSet<>();
        held.forEach((id, hold) -> {
            if (now.isBefore(hold.until())) {
                waiting.add(id);
            }
        });
        return waiting;
    }

    int mostAdds() {
        return mostAdds;
    }

    /**
     * Until when nothing is to be asked of Azure; empty when now is right. What a person changed meanwhile is tried at
     * once, unless Azure itself asked for the wait.
     */
    Optional<Instant> quietUntil(Instant now, TargetDemand demand) {
        if (trouble == null || !now.isBefore(trouble.until())) {
            return Optional.empty();
        }
        boolean obeyed = trouble.fault() instanceof Fault.Throttled;
        boolean changed = trouble.demand() != null && !trouble.demand().equals(demand);
        return changed && !obeyed ? Optional.empty() : Optional.of(trouble.until());
    }

    /** When Azure, or what may be asked of it, lets the machine go on; empty where that is not what it waits for. */
    Optional<Instant> throttledUntil() {
        return Optional.ofNullable(trouble)
                .filter(one -> one.fault() instanceof Fault.Throttled)
                .map(Trouble::until);
    }

    Optional<Fault> fault() {
        return Optional.ofNullable(trouble).map(Trouble::fault);
    }

    Map<IdentityKey, Fault> faults() {
        TreeMap<IdentityKey, Fault> faults = new TreeMap<>();
        held.forEach((id, hold) -> faults.put(id, hold.fault()));
        return faults;
    }

    /** When the next held identity may be tried again; those whose time has come are tried in any round. */
    Optional<Instant> nextTry(Instant now) {
        return held.values().stream()
                .map(Held::until)
                .filter(until -> until.isAfter(now))
                .min(Instant::compareTo);
    }

    private static boolean isAboutIdentities(Fault fault) {
        return switch (fault) {
            case Fault.IdentityMissing _, Fault.IdentityRefused _ -> true;
            case Fault.Forbidden forbidden -> isAssign(forbidden);
            case Fault.Throttled _,
                    Fault.Busy _,
                    Fault.BeingDeleted _,
                    Fault.Refused _,
                    Fault.SubscriptionMissing _,
                    Fault.ResourceGroupMissing _,
                    Fault.CredentialsRefused _,
                    Fault.Unreachable _,
                    Fault.AzureUnwell _,
                    Fault.ChangedMeanwhile _,
                    Fault.LedgerNotOurs _,
                    Fault.LedgerUnavailable _,
                    Fault.DetachHeld _,
                    Fault.PrincipalUnknown _,
                    Fault.RoleMissing _,
                    Fault.ScopeMissing _,
                    Fault.Unexpected _ -> false;
        };
    }

    private static List<ArmId> identities(Fault fault) {
        return switch (fault) {
            case Fault.IdentityMissing missing -> missing.identities();
            case Fault.IdentityRefused refused -> refused.identities();
            case Fault.Forbidden forbidden
            when isAssign(forbidden) ->
                forbidden.scopes().stream()
                        .flatMap(scope -> ArmId.parse(scope).stream())
                        .toList();
            case Fault.Forbidden _,
                    Fault.Throttled _,
                    Fault.Busy _,
                    Fault.BeingDeleted _,
                    Fault.Refused _,
                    Fault.SubscriptionMissing _,
                    Fault.ResourceGroupMissing _,
                    Fault.CredentialsRefused _,
                    Fault.Unreachable _,
                    Fault.AzureUnwell _,
                    Fault.ChangedMeanwhile _,
                    Fault.LedgerNotOurs _,
                    Fault.LedgerUnavailable _,
                    Fault.DetachHeld _,
                    Fault.PrincipalUnknown _,
                    Fault.RoleMissing _,
                    Fault.ScopeMissing _,
                    Fault.Unexpected _ -> List.of();
        };
    }

    private static boolean isAssign(Fault.Forbidden forbidden) {
        return forbidden.action().toLowerCase(Locale.ROOT).endsWith("/assign/action");
    }
}
