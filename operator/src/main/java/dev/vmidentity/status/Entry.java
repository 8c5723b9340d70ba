package dev.vmidentity.status;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.core.IdentityKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one wish of a binding stands.
 *
 * @param label what a person calls it
 * @param key empty while the identity is not known
 * @param state null where there is nothing that has a state: the machine's own identity, disabled as wished
 * @param message null where the reason says it all
 * @param there whether it counts as being on the machine
 * @param remains whether something is still to be done about it
 * @param detail what the Ready condition says of it, when it is the gravest
 */
record Entry(
        String label,
        Optional<IdentityKey> key,
        @Nullable IdentityState state,
        Reason reason,
        @Nullable String message,
        boolean there,
        boolean remains,
        Explanation detail) {

    static Entry settled(String label, Optional<IdentityKey> key, @Nullable IdentityState state, Reason reason) {
        return new Entry(label, key, state, reason, null, state != null, false, Explanation.of(reason));
    }

    /** Taken off the machine, as the deletion of the binding asks. */
    static Entry gone(String label, Optional<IdentityKey> key) {
        var text = "It is no longer on the machine.";
        return new Entry(label, key, null, Reason.Detaching, text, false, false, Explanation.of(Reason.Recorded));
    }

    /** Not as wished, for a reason of its own, which its message tells. */
    static Entry hindered(
            String label, Optional<IdentityKey> key, IdentityState state, boolean there, Explanation why) {
        return new Entry(label, key, state, why.reason(), why.message(), there, false, why);
    }

    /** To be done, and it is up to the machine: a long message is told once, in the Ready condition. */
    static Entry due(String label, Optional<IdentityKey> key, IdentityState state, Explanation why) {
        return new Entry(label, key, state, why.reason(), why.reason().meaning(), false, true, why);
    }

    /** To be done, and something of its own stands in the way. */
    static Entry dueBut(String label, Optional<IdentityKey> key, Explanation why) {
        return new Entry(label, key, stateOf(why.reason()), why.reason(), why.message(), false, true, why);
    }

    /** The state of what is not on the machine for that reason. */
    static IdentityState stateOf(Reason reason) {
        return switch (reason.outlook()) {
            case Settled -> IdentityState.Attached;
            case Underway -> reason == Reason.Detaching ? IdentityState.Detaching : IdentityState.Attaching;
            case WaitsForOthers -> reason == Reason.AzureFailing ? IdentityState.Failed : IdentityState.Waiting;
            case NeedsAPerson ->
                reason == Reason.OperationFailed || reason == Reason.InternalError
                        ? IdentityState.Failed
                        : IdentityState.Refused;
        };
    }
}
