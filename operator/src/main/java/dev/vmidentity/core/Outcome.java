package dev.vmidentity.core;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a machine stands after a round: all that status is rendered from.
 *
 * @param seen the newest observation; empty before the first, and while the machine is absent
 * @param absence since when Azure says that there is no such machine
 * @param fault what stands in the way of the whole machine at present
 * @param ledger the memory after the round
 * @param demand what was asked for in the round
 * @param faults what stands in the way of single identities
 * @param underWay whether an operation of ours runs or another round is due at once
 * @param etagMissing whether something is not done because the cloud gives no etags
 * @param waitsUntil when something waits for time alone
 */
public record Outcome(
        TargetId target,
        Optional<Observation> seen,
        Optional<Absence> absence,
        Optional<Fault> fault,
        Ledger ledger,
        TargetDemand demand,
        Map<IdentityKey, Fault> faults,
        boolean underWay,
        boolean etagMissing,
        Optional<Instant> waitsUntil) {
    public Outcome {
        faults = Collections.unmodifiableMap(new TreeMap<>(faults));
    }

    /**
     * A machine that Azure does not have.
     *
     * @param confirmed whether it was told twice, with long enough between for a replica to catch up
     */
    public record Absence(Instant since, boolean confirmed, boolean resourceGroupToo) {}

    /** The same with another observation. */
    public Outcome seeing(Observation observation) {
        return new Outcome(
                target,
                Optional.of(observation),
                absence,
                fault,
                ledger,
                demand,
                faults,
                underWay,
                etagMissing,
                waitsUntil);
    }

    /** The ledger's entry, unless it speaks of what was attached to an earlier machine of this name. */
    public Optional<Claim> claim(IdentityKey id) {
        return ledger.claim(id)
                .filter(claim -> seen.filter(machine -> claim.isVoidOn(machine.machineId()))
                        .isEmpty());
    }

    public Standing standing(IdentityKey id) {
        boolean present = seen.map(observation -> observation.has(id)).orElse(false);
        Optional<Claim> claim = claim(id);
        if (claim.isEmpty()) {
            return present ? Standing.ATTACHED_BY_OTHERS : Standing.ABSENT;
        }
        return switch (claim.get().phase()) {
            case ATTACHED -> present && !unfinished(id) ? Standing.ATTACHED : Standing.ATTACHING;
            case ATTACHING -> Standing.ATTACHING;
            case DETACHING, DETACHED, EVICTING -> Standing.DETACHING;
            case UNSURE -> Standing.UNSURE;
        };
    }

    /** Azure tells an identity's ids only when the operation that attached it has ended. */
    private boolean unfinished(IdentityKey id) {
        return seen.filter(observation -> observation.state().operationRuns())
                .map(observation -> observation.principalId(id) == null)
                .orElse(false);
    }
}
