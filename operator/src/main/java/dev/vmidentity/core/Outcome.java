package dev.vmidentity.core;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
 * @param rollout of a scale set, once it was looked into: how its instances stand
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
        Optional<Instant> waitsUntil,
        Optional<Rollout> rollout) {
    public Outcome {
        faults = Collections.unmodifiableMap(new TreeMap<>(faults));
    }

    /** Of a machine without instances, or of whose instances nothing is known. */
    public Outcome(
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
        this(target, seen, absence, fault, ledger, demand, faults, underWay, etagMissing, waitsUntil, Optional.empty());
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
                waitsUntil,
                rollout);
    }

    /** The same, with what is known of its instances. */
    public Outcome withRollout(Optional<Rollout> known) {
        return new Outcome(
                target, seen, absence, fault, ledger, demand, faults, underWay, etagMissing, waitsUntil, known);
    }

    /** The ledger's entry, unless it speaks of what was attached to an earlier machine of this name. */
    public Optional<Claim> claim(IdentityKey id) {
        return ledger.claim(id)
                .filter(claim -> seen.filter(machine -> claim.isVoidOn(machine.machineId()))
                        .isEmpty());
    }

    /** What is not attached for the sake of the machine's default identity; empty while the ledger is not known. */
    public SortedMap<IdentityKey, DefaultIdentityGuard.Refusal> refusals() {
        boolean known = fault.filter(
                        any -> any instanceof Fault.LedgerUnavailable || any instanceof Fault.LedgerNotOurs)
                .isEmpty();
        // What the brake holds stays, so it counts as being there.
        Set<IdentityKey> held = faults.keySet().stream()
                .filter(id -> faults.get(id) instanceof Fault.DetachHeld)
                .collect(Collectors.toSet());
        return seen.filter(_ -> known)
                .map(observation -> DefaultIdentityGuard.refusals(observation, ledger, demand.keeping(held)))
                .orElseGet(Collections::emptySortedMap);
    }

    /** How what a binding attached changed the machine's default identity, where something that worked ceased to. */
    public Optional<DefaultIdentity.Change> defaultChangedBy(String binding) {
        return seen.flatMap(observation -> DefaultIdentityChanges.causedBy(binding, observation, ledger));
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
