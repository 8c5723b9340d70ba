package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The identity that should exist. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UserAssignedIdentitySpec(
        @JsonPropertyDescription("The identity's name in Azure; metadata.name if absent. Cannot be changed.") @Nullable
        String name,

        @JsonPropertyDescription(
                "The subscription's GUID. If absent, the operator's default. Cannot be changed once set.")
        @Nullable
        String subscriptionId,

        @Required @JsonPropertyDescription("The resource group, which must exist. Cannot be changed.")
        String resourceGroup,

        @Size(min = 1, max = 90)
        @JsonPropertyDescription(
                "The Azure region, such as westeurope. Required when managementPolicy is Manage. Cannot be changed.")
        @Nullable
        String location,

        @JsonPropertyDescription("Tags in Azure. Tags that others put on the identity are left alone.")
        Map<@Size(max = 512) String, @Size(max = 256) String> tags,

        @Default("Manage")
        @JsonPropertyDescription(
                "Manage: create the identity and keep it as declared. Observe: someone else creates it;"
                        + " only read it and write its ids to status.")
        ManagementPolicy managementPolicy,

        @Default("Delete")
        @JsonPropertyDescription("What happens in Azure when this object is deleted and no binding uses it any more:"
                + " Delete the identity, or Retain it. An observed identity is never deleted.")
        IdentityDeletionPolicy deletionPolicy) {
    public UserAssignedIdentitySpec {
        tags = tags == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(tags));
        managementPolicy = managementPolicy == null ? ManagementPolicy.Manage : managementPolicy;
        deletionPolicy = deletionPolicy == null ? IdentityDeletionPolicy.Delete : deletionPolicy;
    }
}
