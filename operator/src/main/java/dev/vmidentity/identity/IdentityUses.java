package dev.vmidentity.identity;

import dev.vmidentity.core.ArmId;
import java.util.List;
import java.util.Optional;

/** Who uses an identity, as far as Kubernetes tells: its bindings, and the machines on which we still have it. */
public interface IdentityUses {
    /**
     * The users of an identity, for a person to read: {@code namespace/name} of a binding that lists it by name or by
     * id, or holds it on a machine.
     *
     * @param namespace of the UserAssignedIdentity, and
     * @param name its own
     * @param id the identity in Azure
     * @return without duplicates; empty optional while it is not known, from which nothing may be concluded
     */
    Optional<List<String>> users(String namespace, String name, ArmId id);
}
