package dev.vmidentity.binding;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.status.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which attachments of ours are dead: their identity was deleted, or deleted and made anew under its name. The
 * machine goes on naming it, with ids that are missing or old.
 *
 * <p>Detaching and attaching is dangerous: a workload loses its tokens for as long as Azure caches. So an identity is asked
 * for only when the machine has shown the same doubtful thing for a while, and it counts only when the identity itself says
 * the same twice. What an identity was when it was attached is never renewed to the same again. Not thread-safe: it
 * belongs to one machine's worker.
 */
final class Renewals {
    /** Between two questions of what has nothing to it: in looks at the machine. One identity is asked about each time. */
    private static final int SELDOM = 24;

    private final Identities identities;
    private final Timing timing;
    private final long seed;
    private final TreeMap<IdentityKey, Doubt> doubts = new TreeMap<>();
    private final TreeMap<IdentityKey, String> shownBefore = new TreeMap<>();
    private final TreeMap<IdentityKey, String> principals = new TreeMap<>();
    private @Nullable Instant seldom;
    private @Nullable IdentityKey lastAsked;

    /**
     * An attachment that may be dead.
     *
     * @param shown the principal that the machine tells; null for none
     * @param told what the identity itself said last; null before it was asked
     * @param dead whether it said so twice
     * @param again when to ask next
     */
    private record Doubt(@Nullable String shown, @Nullable Told told, boolean dead, Instant again) {}

    /**
     * What an identity says of itself.
     *
     * @param principalId null when it does not exist
     */
    private record Told(@Nullable String principalId) {}

    Renewals(Identities identities, Timing timing, long seed) {
        this.identities = identities;
        this.timing = timing;
        this.seed = seed;
    }

    /** Takes note of what a machine without a running operation shows; asks for at most one identity. */
    void look(Observation seen, Ledger ledger, TargetDemand demand, Instant now) {
        Map<IdentityKey, Claim> ours = new TreeMap<>(ledger.claims());
        ours.values().removeIf(claim -> !isAlive(claim, seen, demand));
        doubts.keySet().retainAll(ours.keySet());
        shownBefore.keySet().retainAll(ledger.claims().keySet());
        principals.keySet().retainAll(ledger.claims().keySet());
        for (IdentityKey id : ours.keySet()) {
            String shown = seen.principalId(id);
            doubts.computeIfPresent(id, (_, doubt) -> Objects.equals(doubt.shown(), shown) ? doubt : null);
            if (shown == null) {
                doubts.putIfAbsent(id, new Doubt(null, null, false, now.plus(timing.gone())));
            } else if (!doubts.containsKey(id)) {
                shownBefore.put(id, shown);
            }
        }
        Optional<IdentityKey> due = doubts.entrySet().stream()
                .filter(doubt -> !now.isBefore(doubt.getValue().again()))
                .map(Map.Entry::getKey)
                .findFirst();
        due.or(() -> seldom(List.copyOf(ours.keySet()), now))
                .ifPresent(id -> ask(Objects.requireNonNull(ours.get(id)), seen, now));
    }

    private static boolean isAlive(Claim claim, Observation seen, TargetDemand demand) {
        return claim.phase() == Phase.ATTACHED
                && !claim.id().isSystemAssigned()
                && claim.machineId().equals(seen.machineId())
                && seen.has(claim.id())
                && demand.wish(claim.id()).demand() == Demand.WANT;
    }

    /** One after the other, whether there is a doubt or not: the machine may tell old ids for ever. */
    private Optional<IdentityKey> seldom(List<IdentityKey> ours, Instant now) {
        if (seldom == null) {
            seldom = now.plus(pause());
        }
        if (now.isBefore(seldom) || ours.isEmpty()) {
            return Optional.empty();
        }
        seldom = now.plus(pause());
        IdentityKey last = lastAsked;
        lastAsked = ours.stream()
                .filter(id -> last == null || id.compareTo(last) > 0)
                .findFirst()
                .orElseGet(ours::getFirst);
        return Optional.of(lastAsked).filter(id -> !doubts.containsKey(id));
    }

    private Duration pause() {
        return Backoff.spread(timing.observe().multipliedBy(SELDOM), seed);
    }

    private void ask(Claim claim, Observation seen, Instant now) {
        IdentityKey id = claim.id();
        String shown = seen.principalId(id);
        ArmId spelled = Objects.requireNonNull(seen.userAssigned().get(id)).id();
        switch (identities.read(spelled)) {
            case Identities.Seen.Present present -> {
                String principal = present.identity().principalId();
                principals.put(id, principal);
                if (principal.equals(shown)) {
                    doubts.remove(id);
                } else if (principal.equals(claim.principalId())
                        || (shown == null && principal.equals(shownBefore.get(id)))) {
                    // It is the very identity that was attached: Azure does not tell its ids at present.
                    doubts.put(id, new Doubt(shown, null, false, now.plus(pause())));
                } else {
                    told(id, shown, new Told(principal), now);
                }
            }
            case Identities.Seen.Absent _ -> told(id, shown, new Told(null), now);
            case Identities.Seen.Failed _ ->
                doubts.computeIfPresent(
                        id, (_, doubt) -> new Doubt(shown, doubt.told(), doubt.dead(), now.plus(timing.gone())));
        }
    }

    private void told(IdentityKey id, @Nullable String shown, Told told, Instant now) {
        Doubt before = doubts.get(id);
        boolean twice = before != null && told.equals(before.told());
        doubts.put(id, new Doubt(shown, told, twice, now.plus(twice ? pause() : timing.gone())));
    }

    /** One that is dead and not held back: to be detached, and then attached if it exists. */
    Optional<IdentityKey> next(Collection<IdentityKey> heldBack) {
        return doubts.entrySet().stream()
                .filter(doubt -> doubt.getValue().dead() && !heldBack.contains(doubt.getKey()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What identities said of themselves when they were asked last. */
    Map<IdentityKey, String> principals() {
        return principals;
    }

    /**
     * When to look again at a machine that was just looked at and is left as it is; empty while there is no doubt. A machine
     * that is absent, busy or waits is not looked at for the sake of a doubt: nothing can be asked of it then.
     */
    Optional<Instant> again(Instant now) {
        // Several may be due, and one is asked for at a time.
        Instant soon = now.plus(timing.poll());
        return doubts.values().stream()
                .map(Doubt::again)
                .min(Instant::compareTo)
                .map(again -> again.isAfter(soon) ? again : soon);
    }
}
