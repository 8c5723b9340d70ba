package dev.vmidentity.simulator.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A role assignment.
 *
 * @param scope as answered; {@code /} for the tenant root
 * @param roleDefinitionId as sent
 */
public record RoleAssignment(
        String id,
        String scope,
        String roleDefinitionId,
        String principalId,
        String principalType,
        @Nullable String description,
        @Nullable String condition,
        @Nullable String conditionVersion,
        Instant createdAt,
        String createdBy)
        implements Resource {

    public String roleGuid() {
        return ArmId.key(ArmId.name(roleDefinitionId));
    }
}
