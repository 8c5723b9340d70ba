package dev.vmidentity.binding;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a machine is read now, or may be seen in passing with many others: a look that nobody is impatient about, which
 * is the first one of a process, and later ones while nothing has changed since a look that found nothing to do. Not
 * thread-safe: it belongs to one machine's worker.
 */
final class Patrol {
    private final TargetId target;
    private final Glances glances;
    private boolean known;
    private boolean mustLook;
    private @Nullable Rest rest;

    /** What there was nothing to do about. Roles are no matter of the machine. */
    private record Rest(List<Contribution> contributions, Map<IdentityKey, Claim> claims) {
        static Rest of(Sheet sheet) {
            return new Rest(sheet.contributions(), sheet.ledger().claims());
        }
    }

    Patrol(TargetId target, Glances glances) {
        this.target = target;
        this.glances = glances;
    }

    /** @param undisturbed whether nothing is under way, held back or in doubt */
    Glances.Sight sight(Sheet sheet, boolean undisturbed) {
        Glances.Sight sight =
                !mustLook && undisturbed && mayWait(sheet) ? glances.ask(target, !known) : new Glances.Sight.Look();
        mustLook = sight instanceof Glances.Sight.Look;
        return sight;
    }

    private boolean mayWait(Sheet sheet) {
        return known ? Rest.of(sheet).equals(rest) : isQuiet(sheet);
    }

    /** Nobody waits for something to be finished. */
    private static boolean isQuiet(Sheet sheet) {
        return sheet.ledger().claims().values().stream()
                        .map(Claim::phase)
                        .allMatch(phase -> phase == Phase.ATTACHED || phase == Phase.UNSURE)
                && sheet.contributions().stream().noneMatch(Contribution::deleting);
    }

    /** The machine is read by itself. */
    void looks() {
        known = true;
        mustLook = false;
        rest = null;
        glances.forget(target);
    }

    /** There is nothing to do. */
    void rests(Sheet sheet) {
        known = true;
        rest = Rest.of(sheet);
    }

    /** Whether both show the same machine with the same identities; a glance has no etag. */
    static boolean agree(Observation one, Observation other) {
        return one.machineId().equals(other.machineId())
                && one.systemAssigned().equals(other.systemAssigned())
                && one.userAssigned().equals(other.userAssigned());
    }
}
