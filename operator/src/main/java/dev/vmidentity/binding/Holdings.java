package dev.vmidentity.binding;

import dev.vmidentity.core.TargetId;
import java.util.List;

/**
 * What bindings hold, by the ledgers: identities that can be detached, and not what nobody can tell about; and roles of
 * machines' own identities.
 */
interface Holdings {
    /** The machines on which the binding holds something. */
    List<TargetId> of(String binding);

    boolean on(TargetId machine, String binding);

    /** The machines to whose own identities the binding gave roles. */
    List<TargetId> rolesOf(String binding);

    boolean rolesOn(TargetId machine, String binding);
}
