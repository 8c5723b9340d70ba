package dev.vmidentity.status;

import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.TargetId;
import java.util.Map;
import java.util.Optional;

/**
 * The machines of a selector, as far as is known.
 *
 * @param known whether it has ever been known which machines match
 * @param matched how many do
 * @param cards how the binding stands on each machine, as if it were about that one alone; a machine that has yet to tell
 *     has none. Of whoever calls, and not changed here
 * @param leaving how many no longer match, or may no longer, and have something of the binding still
 * @param moved how many of these leave because the spec was changed
 * @param notAllowed how many match that the namespace may not bind
 * @param unlisted why it is not known which machines match now
 * @param held the brake has stopped it
 */
public record Roster(
        boolean known,
        int matched,
        Map<TargetId, VmIdentityBindingStatus> cards,
        int leaving,
        int moved,
        int notAllowed,
        Optional<Fault> unlisted,
        Optional<Held> held) {

    /**
     * Far less matches than before.
     *
     * @param missing machines on which the binding has something, and that match no longer
     * @param holding machines on which it has something
     * @param namespace the binding's, for the command that confirms
     * @param name the binding's
     */
    public record Held(int missing, int holding, String namespace, String name) {}

    /** Of a binding that is being deleted, and has something on so many machines still. */
    public static Roster leaving(int machines) {
        return new Roster(true, 0, Map.of(), machines, machines, 0, Optional.empty(), Optional.empty());
    }

    /** Whether everything is as declared on that machine. */
    public static boolean isConverged(VmIdentityBindingStatus card) {
        return reason(card).outlook() == Reason.Outlook.Settled;
    }

    static Reason reason(VmIdentityBindingStatus card) {
        return Conditions.find(card.conditions(), ConditionType.Ready)
                .orElseThrow()
                .reason();
    }
}
