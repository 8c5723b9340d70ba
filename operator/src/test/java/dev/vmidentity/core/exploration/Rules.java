package dev.vmidentity.core.exploration;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Protocol;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the operators of a world go by: {@link #PRODUCT} is the product's protocol, a {@link Safeguard} is one that lacks
 * something. The switches are what surrounds the protocol's functions.
 */
interface Rules {
    Rules PRODUCT = new Rules() {};

    default Decision decide(@Nullable Claim claim, Protocol.Sight sight, Demand demand, boolean adopt) {
        return Protocol.decide(claim, sight, demand, adopt);
    }

    default Optional<Claim> settle(
            Claim claim,
            Decision sent,
            Protocol.Answer answer,
            String plannedEtag,
            String plannedMachine,
            boolean freshDetach) {
        return Protocol.settle(claim, sent, answer, plannedEtag, plannedMachine, freshDetach);
    }

    /** Whether the ledger is written before the PATCH. */
    default boolean claimsFirst() {
        return true;
    }

    /** Whether a ledger write fails when somebody else wrote meanwhile. */
    default boolean comparesAndSwaps() {
        return true;
    }

    /** Whether a PATCH carries If-Match. */
    default boolean carriesEtag() {
        return true;
    }

    /** Whether an operator gives up on fences that do not move the etag. */
    default boolean givesUpOnFences() {
        return true;
    }
}
