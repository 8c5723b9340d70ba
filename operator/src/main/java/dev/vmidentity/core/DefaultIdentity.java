package dev.vmidentity.core;

import java.util.Collection;

/**
 * The identity that a machine's metadata service (IMDS) takes for a workload that gives no client id: the machine's own
 * where it has one, else the only user-assigned one. With several it refuses ({@code Multiple user assigned identities
 * exist, please specify the clientId}), and with none too. {@code DESIGN.md} beside this file has the table of all changes.
 */
public sealed interface DefaultIdentity {
    /** There is no identity, so there is no token. */
    record None() implements DefaultIdentity {}

    /** The machine's own, whatever else is there. */
    record OwnOfMachine() implements DefaultIdentity {}

    /** The only user-assigned one. */
    record Only(IdentityKey id) implements DefaultIdentity {}

    /** Several user-assigned ones, and none of the machine's own: there is no token without a client id. */
    record Ambiguous() implements DefaultIdentity {}

    static DefaultIdentity of(Collection<IdentityKey> there) {
        if (there.contains(IdentityKey.SYSTEM_ASSIGNED)) {
            return new OwnOfMachine();
        }
        return switch (there.size()) {
            case 0 -> new None();
            case 1 -> new Only(there.iterator().next());
            default -> new Ambiguous();
        };
    }

    /** Whether a workload that gives no client id gets a token. */
    default boolean givesToken() {
        return switch (this) {
            case OwnOfMachine(), Only _ -> true;
            case None(), Ambiguous() -> false;
        };
    }

    /** What a workload that gives no client id notices of a change. */
    enum Effect {
        /** It gets a token of the same identity. */
        SAME,
        /** It got no token, and gets one. */
        GAINS,
        /** It got no token, and still gets none. */
        STILL_NONE,
        /** It got a token, and gets one of another identity. */
        ANOTHER,
        /** It got a token, and gets none. */
        FAILS
    }

    /** From one default to another. */
    record Change(DefaultIdentity before, DefaultIdentity after) {
        static Change between(Collection<IdentityKey> before, Collection<IdentityKey> after) {
            return new Change(DefaultIdentity.of(before), DefaultIdentity.of(after));
        }

        public Effect effect() {
            if (!before.givesToken()) {
                return after.givesToken() ? Effect.GAINS : Effect.STILL_NONE;
            }
            if (before.equals(after)) {
                return Effect.SAME;
            }
            return after.givesToken() ? Effect.ANOTHER : Effect.FAILS;
        }

        /** Whether something that works ceases to. What did not work before cannot be broken. */
        public boolean breaks() {
            return switch (effect()) {
                case ANOTHER, FAILS -> true;
                case SAME, GAINS, STILL_NONE -> false;
            };
        }
    }
}
