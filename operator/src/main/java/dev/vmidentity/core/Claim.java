package dev.vmidentity.core;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a machine's ledger: what we did, or may have done, about one identity.
 *
 * @param etag the one that the phase speaks of; null for {@link Phase#ATTACHED} and {@link Phase#UNSURE}
 * @param machineId the incarnation that it was planned on
 * @param sentAt when a request of unknown outcome may last have been sent; null when none was
 * @param principalId what the identity was when it became ours; null while not known
 * @param holders the bindings that want it, or last did; none when it is evicted and was never wanted here
 */
public record Claim(
        IdentityKey id,
        Phase phase,
        @Nullable String etag,
        String machineId,
        @Nullable Instant sentAt,
        @Nullable String principalId,
        SortedSet<Holder> holders) {

    public Claim {
        holders = Collections.unmodifiableSortedSet(new TreeSet<>(holders));
    }

    Claim become(Phase next, @Nullable String nextEtag) {
        return new Claim(id, next, nextEtag, machineId, sentAt, principalId, holders);
    }

    /** The claim of a ledger that is a copy, and so is no proof. */
    public Claim unsure() {
        return become(Phase.UNSURE, null);
    }

    Claim on(String incarnation) {
        return new Claim(id, phase, etag, incarnation, sentAt, principalId, holders);
    }

    Claim knowing(@Nullable String principal) {
        return principal == null ? this : new Claim(id, phase, etag, machineId, sentAt, principal, holders);
    }

    Claim heldBy(Collection<Holder> next) {
        return new Claim(id, phase, etag, machineId, sentAt, principalId, new TreeSet<>(next));
    }

    /** Whether it says nothing of a machine of that id: what was attached to an earlier one went with it. */
    boolean isVoidOn(String incarnation) {
        return !machineId.equals(incarnation) && !phase.outcomeUnknown();
    }

    /** Whether we may have attached it: we never attach what nobody wants. */
    boolean mayBeOurs() {
        return !holders.isEmpty();
    }

    /** With several holders the last to leave decides; of those who leave together one that retains is enough. */
    Release release() {
        Optional<Release> retains = holders.stream()
                .map(Holder::onRelease)
                .filter(r -> r == Release.RETAIN)
                .findFirst();
        return retains.orElse(Release.DETACH);
    }
}
