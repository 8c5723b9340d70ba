package dev.vmidentity.core;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a round does: first the ledger becomes {@link #claimed()}, then the PATCH is sent, then the ledger becomes what
 * {@link #settle} says.
 *
 * @param observed what it was planned on
 * @param before the ledger that it was planned on
 * @param claimed the ledger to write before the PATCH; equal to {@code before} when nothing is to be written
 * @param patch empty when nothing is to be sent
 * @param sent what rides on the PATCH
 * @param notBefore when something waits for time alone
 * @param deferred whether something had no place in this PATCH, so that another round is due
 * @param etagMissing whether something would be sent if the cloud gave etags
 */
public record Plan(
        Observation observed,
        Ledger before,
        Ledger claimed,
        Optional<Patch> patch,
        Map<IdentityKey, Sent> sent,
        Optional<Instant> notBefore,
        boolean deferred,
        boolean etagMissing) {
    /** Refusals of Azure Resource Manager itself, before it hands a request on. */
    private static final Set<String> AT_THE_DOOR = Set.of(
            "ScopeLocked", "RequestDisallowedByPolicy", "RequestDisallowedByAzure", "ReadOnlyDisabledSubscription");

    public Plan {
        sent = Collections.unmodifiableMap(new TreeMap<>(sent));
    }

    /**
     * One decision on its way.
     *
     * @param freshDetach whether the plan wrote this {@link Phase#DETACHING} over {@link Phase#ATTACHED}
     */
    public record Sent(Decision decision, boolean freshDetach) {}

    public boolean writesLedger() {
        return !claimed.equals(before);
    }

    /** Nothing to write and nothing to send: the machine is as everybody wants it, as far as can be. */
    public boolean isAtRest() {
        return !writesLedger() && patch.isEmpty();
    }

    /** The ledger after the answer. Call it once for the one attempt that was made. */
    public Ledger settle(Machines.Patched answer) {
        Patch carried = patch.orElseThrow(() -> new IllegalStateException("nothing was sent"));
        TreeMap<IdentityKey, Claim> claims = new TreeMap<>(claimed.claims());
        sent.forEach((id, what) -> {
            Claim claim = claims.remove(id);
            if (claim == null) {
                throw new IllegalStateException("sent without a claim: " + id);
            }
            Protocol.settle(
                            claim,
                            what.decision(),
                            told(id, answer),
                            carried.ifMatch(),
                            observed.machineId(),
                            what.freshDetach())
                    .ifPresent(next -> claims.put(id, next));
        });
        return claimed.with(claims);
    }

    private static Protocol.Answer told(IdentityKey id, Machines.Patched answer) {
        return switch (answer) {
            case Machines.Patched.Accepted accepted -> accepted(id, accepted.after());
            case Machines.Patched.PreconditionFailed _ -> new Protocol.Answer.PreconditionFailed();
            case Machines.Patched.Rejected(Fault fault) ->
                isBeforeAnyEffect(fault) ? new Protocol.Answer.Refused() : new Protocol.Answer.Unknown();
        };
    }

    /**
     * What is checked before a write begins. Not that another write is under way: that one may be an earlier copy of this
     * very request, and a conflict of an unknown code may be such a one. Nor what the identity service says, which is asked
     * in the midst of it.
     */
    private static boolean isBeforeAnyEffect(Fault fault) {
        return fault instanceof Fault.Forbidden
                || fault instanceof Fault.CredentialsRefused
                || (fault instanceof Fault.Refused refused && AT_THE_DOOR.contains(refused.code()))
                || (fault instanceof Fault.Throttled throttled
                        && throttled.scope() != Fault.Throttled.Scope.IDENTITIES);
    }

    /** Without an etag of its own the answer closes nothing: the claims stay as they are. */
    private static Protocol.Answer accepted(IdentityKey id, Observation after) {
        String etag = after.etag();
        return etag == null
                ? new Protocol.Answer.Unknown()
                : new Protocol.Answer.Accepted(etag, after.machineId(), after.has(id));
    }
}
