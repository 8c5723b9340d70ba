package dev.vmidentity.core;

import java.time.Instant;

/** What the ledger protocol says about one identity on one machine, see {@link Protocol}. */
public sealed interface Decision {
    /** Nothing to do. */
    record Rest() implements Decision {}

    /** Nothing before that moment: a request that was sent to an earlier incarnation of the machine may still land. */
    record WaitUntil(Instant moment) implements Decision {}

    /** Only the ledger changes: the entry goes. */
    record Drop() implements Decision {}

    /** Only the ledger changes: the entry becomes {@link Phase#ATTACHED} or {@link Phase#UNSURE}. */
    record Become(Phase phase) implements Decision {}

    /**
     * The entry becomes that phase under the observation's etag, and then a PATCH is sent: {@link Phase#ATTACHING} adds
     * the identity, {@link Phase#DETACHING} and {@link Phase#EVICTING} remove it.
     */
    record Send(Phase phase) implements Decision {}

    /**
     * A PATCH under the observation's etag that leaves this identity as it is. When Azure answers it with another etag,
     * no earlier request can land any longer, and then the entry ends as said; what was thought absent and is there in the
     * answer is not dropped.
     */
    record Fence(Then then) implements Decision {}

    /** How an entry ends behind a fence. */
    enum Then {
        DROP,
        /** As DROP, even where etags do not move: by time, no earlier request is left that could land. */
        DROP_EVEN_UNMOVED,
        ATTACHED
    }
}
