package dev.vmidentity.core.exploration;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * One process of the operator.
 *
 * @param errand what it is about; null when it is about nothing
 * @param answer what its PATCH was answered; null before that
 * @param sends whether the ledger is written, so that the PATCH is next
 * @param swaps whether nobody else has written the ledger since it read it
 * @param watched the etag of its PATCH whose operation it watches; -1 for none
 * @param succeeded the etag of its PATCH whose operation it saw succeed; -1 for none
 * @param fenceless whether it found that fences do not move the etag here
 */
record Operator(
        @Nullable Errand errand,
        Protocol.@Nullable Answer answer,
        boolean sends,
        boolean swaps,
        int watched,
        int succeeded,
        boolean fenceless) {

    /** Just started, or just dead: it remembers nothing. */
    static final Operator NEW = new Operator(null, null, false, true, -1, -1, false);

    /**
     * What a process is about, from the moment it has looked.
     *
     * @param etag what it saw
     * @param incarnation what it saw
     * @param claimed the ledger's entry as it is before the PATCH
     * @param fresh whether it writes Detaching over Attached
     * @param told whether an eviction was asked for, or an adoption
     */
    record Errand(
            Decision decision,
            int etag,
            int incarnation,
            @Nullable Claim claimed,
            boolean fresh,
            boolean told) {}

    boolean isIdle() {
        return errand == null;
    }

    boolean hasPlanned() {
        return errand != null && !sends && answer == null;
    }

    Operator plans(Errand next) {
        return new Operator(next, null, false, true, watched, succeeded, fenceless);
    }

    Operator goesToSend() {
        return new Operator(errand, null, true, true, watched, succeeded, fenceless);
    }

    Operator hears(Protocol.Answer heard) {
        // Who lost the swap meanwhile has no use for an answer.
        return swaps ? new Operator(errand, heard, false, true, watched, succeeded, fenceless) : rests();
    }

    Operator rests() {
        return new Operator(null, null, false, true, watched, succeeded, fenceless);
    }

    /** Somebody else wrote the ledger: what is planned is forgotten; what is about to be sent still is. */
    Operator losesTheSwap() {
        if (isIdle()) {
            return this;
        }
        return sends ? new Operator(errand, answer, true, false, watched, succeeded, fenceless) : rests();
    }

    Operator watches(int etag) {
        return new Operator(errand, answer, sends, swaps, etag, -1, fenceless);
    }

    Operator sawSuccess(int etag) {
        return new Operator(errand, answer, sends, swaps, -1, etag, fenceless);
    }

    /** The operation failed, or another write took over from it. */
    Operator watchesNothing() {
        return watched < 0 ? this : new Operator(errand, answer, sends, swaps, -1, succeeded, fenceless);
    }

    Operator forgetsTheMachine() {
        return new Operator(errand, answer, sends, swaps, -1, -1, false);
    }

    Operator findsFencesUseless() {
        return new Operator(errand, answer, sends, swaps, watched, succeeded, true);
    }

    @Override
    public String toString() {
        if (errand == null) {
            return "idle";
        }
        String stage = answer != null ? "heard " + answer : sends ? "sends" : "planned";
        return stage + " " + errand.decision() + " on etag " + errand.etag() + (swaps ? "" : ", swap lost");
    }
}
