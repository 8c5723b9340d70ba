package dev.vmidentity.core;

import dev.vmidentity.core.DefaultIdentity.Change;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** How attaches changed, or would change, the {@link DefaultIdentity} of a machine, where something that works ceases to. */
public final class DefaultIdentityChanges {
    private DefaultIdentityChanges() {}

    /**
     * What attaches of a binding changed, and the machine still shows: of those who are there the ones that the ledger says
     * are ours are taken to have come in the order in which they were sent, after all others. Empty when nothing that worked
     * ceased to. It needs nothing but what is on the machine and in the ledger, so a restart tells the same.
     *
     * @param binding the uid
     */
    static Optional<Change> causedBy(String binding, Observation seen, Ledger ledger) {
        TreeMap<Instant, TreeSet<IdentityKey>> ours = new TreeMap<>();
        TreeSet<IdentityKey> there = new TreeSet<>(seen.identities());
        for (IdentityKey id : seen.identities()) {
            ledger.claim(id)
                    .filter(claim ->
                            claim.phase() == Phase.ATTACHED && claim.machineId().equals(seen.machineId()))
                    .map(Claim::sentAt)
                    .ifPresent(sentAt ->
                            ours.computeIfAbsent(sentAt, _ -> new TreeSet<>()).add(id));
        }
        ours.values().forEach(there::removeAll);
        // What came after it mended nothing, since nothing leaves on this way: it may only be another one now.
        DefaultIdentity now = DefaultIdentity.of(seen.identities());
        for (Map.Entry<Instant, TreeSet<IdentityKey>> sent : ours.entrySet()) {
            DefaultIdentity before = DefaultIdentity.of(there);
            there.addAll(sent.getValue());
            boolean broke = new Change(before, DefaultIdentity.of(there)).breaks();
            if (broke && sent.getValue().stream().anyMatch(id -> isHeld(ledger, id, binding))) {
                return Optional.of(new Change(before, now));
            }
        }
        return Optional.empty();
    }

    /** How the machine's default identity would change by a plan and by what it leaves out as refused. */
    public static Optional<Change> plannedBy(Plan plan, Collection<IdentityKey> refused) {
        TreeSet<IdentityKey> before = new TreeSet<>(plan.observed().identities());
        TreeSet<IdentityKey> adds = new TreeSet<>(refused);
        plan.sent().forEach((id, sent) -> {
            if (sent.decision() instanceof Decision.Send(Phase phase)) {
                if (phase == Phase.ATTACHING) {
                    adds.add(id);
                } else {
                    before.remove(id);
                }
            }
        });
        TreeSet<IdentityKey> after = new TreeSet<>(before);
        after.addAll(adds);
        return Optional.of(Change.between(before, after)).filter(Change::breaks);
    }

    private static boolean isHeld(Ledger ledger, IdentityKey id, String binding) {
        return ledger.claim(id).stream()
                .flatMap(claim -> claim.holders().stream())
                .anyMatch(holder -> holder.binding().equals(binding));
    }
}
