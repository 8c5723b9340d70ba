package dev.vmidentity.core;

/** How far a claim is. The whole protocol is told in {@link Protocol}. */
public enum Phase {
    /** A PATCH that adds it may have been sent under the claim's etag, at which it was absent. */
    ATTACHING,
    /** Ours. */
    ATTACHED,
    /** A PATCH that removes ours may have been sent under the claim's etag. */
    DETACHING,
    /** The removal was answered 200 with the claim's etag; waits for the operation's end. */
    DETACHED,
    /**
     * A PATCH that removes what is not known as ours may have been sent under the claim's etag. Never becomes {@link
     * #ATTACHED}.
     */
    EVICTING,
    /** On the machine, and nobody can tell whose. Never detached; blocks no finalizer and no deletion. */
    UNSURE;

    /** Whether a request of unknown outcome may still be under way. */
    boolean outcomeUnknown() {
        return this == ATTACHING || this == DETACHING || this == EVICTING || this == UNSURE;
    }
}
