package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the identity is in Azure. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UserAssignedIdentityStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration,

        @Size(max = Rules.LONGEST_ID_READ)
        @JsonPropertyDescription("The identity's id in Azure. Once set it never changes.")
        @Nullable
        String resourceId,

        @Size(max = 64)
        @JsonPropertyDescription("The id with which a workload asks for a token of this identity.")
        @Nullable
        String clientId,

        @Size(max = 64)
        @JsonPropertyDescription("The id of its service principal, to which roles are assigned.")
        @Nullable
        String principalId,

        @Size(max = 64) @JsonPropertyDescription("The tenant that it belongs to.") @Nullable
        String tenantId,

        @JsonPropertyDescription("How many bindings use it.") @Nullable
        Integer bindings,

        List<Condition> conditions) {
    public UserAssignedIdentityStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
