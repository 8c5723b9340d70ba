package dev.vmidentity.core;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The port to user-assigned identities. Its contract is the suite {@code IdentitiesContract}. No method throws for
 * anything that Azure or the network may do.
 */
public interface Identities {
    Seen read(ArmId id);

    /** Creates it, or replaces the tags of the one that exists: the PUT of an identity is an upsert. */
    Seen put(ArmId id, String location, Map<String, String> tags);

    /** Deleting one that is not there is a success too. */
    Deleted delete(ArmId id);

    /**
     * A user-assigned identity as Azure tells it.
     *
     * @param id in Azure's spelling
     */
    record Identity(
            ArmId id, String clientId, String principalId, String tenantId, String location, Map<String, String> tags) {
        public Identity {
            tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        }
    }

    /** The answer to a read or a write. */
    sealed interface Seen {
        /** @param created whether this very write made it (201): 200 where 201 was due is somebody else's */
        record Present(Identity identity, boolean created) implements Seen {}

        record Absent(boolean resourceGroupToo, String detail) implements Seen {}

        record Failed(Fault fault) implements Seen {}
    }

    /** The answer to a delete. */
    sealed interface Deleted {
        record Gone() implements Deleted {}

        record Failed(Fault fault) implements Deleted {}
    }
}
