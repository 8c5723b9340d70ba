package dev.vmidentity.core;

import dev.vmidentity.core.Decision.Become;
import dev.vmidentity.core.Decision.Drop;
import dev.vmidentity.core.Decision.Fence;
import dev.vmidentity.core.Decision.Rest;
import dev.vmidentity.core.Decision.Send;
import dev.vmidentity.core.Decision.Then;
import dev.vmidentity.core.Decision.WaitUntil;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The ledger protocol: for one identity on one machine, what to do next, and what an answer means.
 *
 * <p>Azure does not record who attached an identity. The operator's memory is a ledger entry, written by
 * compare-and-swap before each PATCH, and this is its whole logic. It holds against deaths between any two steps,
 * requests that land late, answers that are lost or are 412 although the request was applied, stale reads, operations
 * that roll back, machines made anew under the same id with etags that start again, etags that move by themselves,
 * foreign writers, and changing demand. {@code ProtocolExplorationTest} visits every reachable state of such worlds over
 * these very functions; {@code DESIGN.md} beside this file tells why each row is as it is.
 */
public final class Protocol {
    /**
     * How long a request of unknown outcome may matter to a later incarnation of the machine. A PATCH lives at most
     * thirty seconds; the rest is for clocks that differ.
     */
    static final Duration LATE_REQUESTS_END = Duration.ofMinutes(15);

    private Protocol() {}

    /**
     * What one observation says about one identity.
     *
     * @param present whether the identity is on the machine
     * @param etag the observation's
     * @param machineId the observation's
     * @param operationRuns whether an operation runs on the machine
     * @param now to end the wait for requests to an earlier incarnation
     * @param succeeded the etag of a PATCH of which this very process saw the operation succeed; null when none
     */
    public record Sight(
            boolean present,
            String etag,
            String machineId,
            boolean operationRuns,
            Instant now,
            @Nullable String succeeded) {}

    /** What came of a PATCH, as far as a claim is concerned. */
    public sealed interface Answer {
        /**
         * 200.
         *
         * @param present whether the machine in the answer has the identity
         */
        record Accepted(String etag, String machineId, boolean present) implements Answer {}

        /** 412. */
        record PreconditionFailed() implements Answer {}

        /** No, before anything was done: a missing right, a lock, a policy, a limit of requests. */
        record Refused() implements Answer {}

        /** Everything else: a cut, a timeout, a refusal that may come after a partial effect. */
        record Unknown() implements Answer {}
    }

    /**
     * Decides on one identity.
     *
     * @param claim the ledger's entry; null when there is none
     * @param adopt whether an identity that is wanted and there, and not known as ours, becomes ours
     */
    public static Decision decide(@Nullable Claim claim, Sight sight, Demand demand, boolean adopt) {
        if (sight.operationRuns() || demand == Demand.KEEP) {
            return new Rest();
        }
        if (claim == null) {
            return withoutClaim(sight, demand, adopt);
        }
        if (!claim.machineId().equals(sight.machineId())) {
            return ofAnEarlierIncarnation(claim, sight, demand, adopt);
        }
        boolean sameEtag = sight.etag().equals(claim.etag());
        return switch (claim.phase()) {
            case ATTACHED -> sight.present() ? attachedAndThere(demand) : absent(claim, sight, demand);
            case ATTACHING -> sight.present() ? new Become(Phase.UNSURE) : absent(claim, sight, demand);
            case DETACHING -> sight.present() ? detachingAndThere(demand, sameEtag) : absent(claim, sight, demand);
            case DETACHED ->
                sight.present()
                        ? new Become(sameEtag ? Phase.ATTACHED : Phase.UNSURE)
                        : detachedAndGone(claim, sight, demand, sameEtag);
            case EVICTING -> sight.present() ? evictingAndThere(demand) : absent(claim, sight, demand);
            case UNSURE -> sight.present() ? unsureAndThere(demand, adopt) : absent(claim, sight, demand);
        };
    }

    private static Decision withoutClaim(Sight sight, Demand demand, boolean adopt) {
        if (!sight.present()) {
            return demand == Demand.WANT ? new Send(Phase.ATTACHING) : new Rest();
        }
        return switch (demand) {
            case WANT -> adopt ? new Become(Phase.ATTACHED) : new Rest();
            case FORBID -> new Send(Phase.EVICTING);
            case UNWANTED, KEEP -> new Rest();
        };
    }

    /** Absent, with an entry: wanted, it is attached; otherwise a request that could still add it is fenced off first. */
    private static Decision absent(Claim claim, Sight sight, Demand demand) {
        return demand == Demand.WANT ? new Send(Phase.ATTACHING) : fenceAway(claim, sight);
    }

    private static Decision fenceAway(Claim claim, Sight sight) {
        boolean requestsEnded = !sight.now().isBefore(requestsEnd(claim, sight.now()));
        return new Fence(requestsEnded ? Then.DROP_EVEN_UNMOVED : Then.DROP);
    }

    /** By when no request that the claim speaks of can land any longer. */
    static Instant requestsEnd(Claim claim, Instant now) {
        Instant sentAt = claim.sentAt();
        return sentAt == null ? now : sentAt.plus(LATE_REQUESTS_END);
    }

    private static Decision attachedAndThere(Demand demand) {
        return demand == Demand.WANT ? new Rest() : new Send(Phase.DETACHING);
    }

    /** While the etag is the claim's own, nothing has happened since it was seen as ours. */
    private static Decision detachingAndThere(Demand demand, boolean sameEtag) {
        if (!sameEtag) {
            return new Become(Phase.UNSURE);
        }
        return demand == Demand.WANT ? new Fence(Then.ATTACHED) : new Send(Phase.DETACHING);
    }

    private static Decision detachedAndGone(Claim claim, Sight sight, Demand demand, boolean sameEtag) {
        // The removal was sent once and answered, its operation was seen to succeed and nothing has moved since.
        boolean over = sameEtag && sight.etag().equals(sight.succeeded());
        return over && demand != Demand.WANT ? new Drop() : absent(claim, sight, demand);
    }

    /** An eviction that is called off may still be under way. */
    private static Decision evictingAndThere(Demand demand) {
        return demand == Demand.FORBID ? new Send(Phase.EVICTING) : new Fence(Then.DROP);
    }

    private static Decision unsureAndThere(Demand demand, boolean adopt) {
        return switch (demand) {
            case WANT -> adopt ? new Become(Phase.ATTACHED) : new Rest();
            case FORBID -> new Send(Phase.EVICTING);
            case UNWANTED, KEEP -> new Rest();
        };
    }

    /** The machine was deleted and made anew: whatever is on it is foreign, but for late requests of ours. */
    private static Decision ofAnEarlierIncarnation(Claim claim, Sight sight, Demand demand, boolean adopt) {
        if (claim.isVoidOn(sight.machineId())) {
            Decision decision = withoutClaim(sight, demand, adopt);
            return decision instanceof Rest ? new Drop() : decision;
        }
        if (!sight.present() && demand == Demand.WANT) {
            return new Send(Phase.ATTACHING);
        }
        Instant over = requestsEnd(claim, sight.now());
        if (sight.now().isBefore(over)) {
            return new WaitUntil(over);
        }
        return sight.present() ? new Become(Phase.UNSURE) : fenceAway(claim, sight);
    }

    /**
     * What the entry is after the answer to a PATCH that carried the decision.
     *
     * @param claim the entry as it was written before the PATCH
     * @param sent what rode on the PATCH, a {@link Send} or a {@link Fence}
     * @param plannedEtag the etag that the PATCH carried in If-Match
     * @param plannedMachine the machine id of the observation that it was planned on
     * @param freshDetach whether this very process wrote this {@link Phase#DETACHING} over {@link Phase#ATTACHED} and
     *     sent the PATCH once
     * @return the entry, or empty when it is dropped
     */
    public static Optional<Claim> settle(
            Claim claim, Decision sent, Answer answer, String plannedEtag, String plannedMachine, boolean freshDetach) {
        return switch (answer) {
            case Answer.Accepted accepted
            when !accepted.machineId().equals(plannedMachine) ->
                Optional.of(claim.become(Phase.UNSURE, null).on(accepted.machineId()));
            case Answer.Accepted accepted -> accepted(claim, sent, accepted, plannedEtag);
            case Answer.PreconditionFailed(), Answer.Refused() ->
                Optional.of(
                        freshDetach && claim.phase() == Phase.DETACHING ? claim.become(Phase.ATTACHED, null) : claim);
            case Answer.Unknown() -> Optional.of(claim);
        };
    }

    private static Optional<Claim> accepted(Claim claim, Decision sent, Answer.Accepted answer, String plannedEtag) {
        boolean moved = !answer.etag().equals(plannedEtag);
        return switch (sent) {
            case Send(Phase phase) when phase == Phase.ATTACHING -> Optional.of(claim.become(Phase.ATTACHED, null));
            case Send(Phase phase)
            when phase == Phase.DETACHING -> Optional.of(claim.become(Phase.DETACHED, answer.etag()));
            // What may be ours is not forgotten before the operation has ended: it may roll back.
            case Send _ ->
                claim.mayBeOurs() ? Optional.of(claim.become(Phase.EVICTING, answer.etag())) : Optional.empty();
            case Fence(Then then)
            when then != Then.ATTACHED && answer.present() -> fencedAndThere(claim, plannedEtag, moved);
            // A fence that did not move the etag fences nothing: an earlier request would still match.
            case Fence(Then then) when !moved && then != Then.DROP_EVEN_UNMOVED -> Optional.of(claim);
            case Fence(Then then) ->
                then == Then.ATTACHED ? Optional.of(claim.become(Phase.ATTACHED, null)) : Optional.empty();
            case Rest _, WaitUntil _, Drop _, Become _ ->
                throw new IllegalArgumentException("rides on no PATCH: " + sent);
        };
    }

    /**
     * An eviction was called off; or the observation did not show it, and the machine that answered has it: a replica
     * lagged, and what it told of was rolled back. Nothing has happened to the identity between the etag that was planned
     * on and the answer, so the entry is what it would have become on an observation that shows it.
     */
    private static Optional<Claim> fencedAndThere(Claim claim, String plannedEtag, boolean moved) {
        boolean sameEtag = plannedEtag.equals(claim.etag());
        return switch (claim.phase()) {
            case ATTACHED -> Optional.of(claim);
            case DETACHED -> Optional.of(claim.become(sameEtag ? Phase.ATTACHED : Phase.UNSURE, null));
            case EVICTING -> moved ? leftAlone(claim) : Optional.of(claim);
            case ATTACHING, DETACHING, UNSURE -> Optional.of(claim.become(Phase.UNSURE, null));
        };
    }

    /** An eviction that is over leaves a foreign identity foreign, and one that may be ours unsure. */
    private static Optional<Claim> leftAlone(Claim claim) {
        return claim.mayBeOurs() ? Optional.of(claim.become(Phase.UNSURE, null)) : Optional.empty();
    }
}
