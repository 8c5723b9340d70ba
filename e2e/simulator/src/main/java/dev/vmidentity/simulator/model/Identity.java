package dev.vmidentity.simulator.model;

import java.time.Instant;
import java.util.Map;

/**
 * A user-assigned identity.
 *
 * @param isolationScope {@code None} or {@code Regional}
 * @param createdAt      replication delays count from here
 */
public record Identity(
        String id,
        String location,
        Map<String, String> tags,
        String principalId,
        String clientId,
        String tenantId,
        String isolationScope,
        Instant createdAt)
        implements Resource {

    public Identity withTags(Map<String, String> newTags, String newIsolationScope) {
        return new Identity(id, location, newTags, principalId, clientId, tenantId, newIsolationScope, createdAt);
    }
}
