package dev.vmidentity.binding;

import dev.vmidentity.core.TargetId;
import java.util.List;

/** What bindings hold, by the ledgers: what can be detached, and not what nobody can tell about. */
interface Holdings {
    /** The machines on which the binding holds something. */
    List<TargetId> of(String binding);

    boolean on(TargetId machine, String binding);
}
