package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The identity that should exist. */
@ValidationRule(
        value =
                "!has(oldSelf.subscriptionId) || (has(self.subscriptionId) && self.subscriptionId == oldSelf.subscriptionId)",
        message = "the subscription of an identity cannot be changed once set: keep subscriptionId as it was, or"
                + " make another UserAssignedIdentity",
        fieldPath = ".subscriptionId")
@ValidationRule(
        value =
                "!has(oldSelf.resourceGroup) || (has(self.resourceGroup) && self.resourceGroup == oldSelf.resourceGroup)",
        message = "the resource group of an identity cannot be changed: keep resourceGroup as it was, or make"
                + " another UserAssignedIdentity",
        fieldPath = ".resourceGroup")
@ValidationRule(
        value = "!has(oldSelf.location) || (has(self.location) && self.location == oldSelf.location)",
        message = "the location of an identity cannot be changed: keep location as it was, or make another"
                + " UserAssignedIdentity",
        fieldPath = ".location")
@ValidationRule(
        value = "self.managementPolicy != 'Manage' || has(self.location)",
        message = "location is required to create an identity: set it to a region such as westeurope, or set"
                + " managementPolicy to Observe if someone else creates the identity",
        fieldPath = ".location")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UserAssignedIdentitySpec(
        @Size(max = 128)
        @ValidationRule(
                value = "self.matches('" + Rules.IDENTITY_NAME_PATTERN + "')",
                message = "the name of an identity in Azure has " + Rules.IDENTITY_NAME_FORM)
        @JsonPropertyDescription("The identity's name in Azure; metadata.name if absent. Cannot be changed.")
        @Nullable
        String name,

        @Size(max = Rules.LONGEST_GUID)
        @ValidationRule(value = Rules.GUID, message = Rules.GUID_MESSAGE)
        @JsonPropertyDescription(
                "The subscription's GUID. If absent, the operator's default. Cannot be changed once set.")
        @Nullable
        String subscriptionId,

        @Required
        @Size(max = 90)
        @ValidationRule(value = Rules.RESOURCE_GROUP, message = Rules.RESOURCE_GROUP_MESSAGE)
        @JsonPropertyDescription("The resource group, which must exist. Cannot be changed.")
        String resourceGroup,

        @Size(max = 90)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]+$')",
                message = "a location is written in lower case and without spaces, such as westeurope: 'az account"
                        + " list-locations --query [].name -o tsv' prints all")
        @JsonPropertyDescription(
                "The Azure region, such as westeurope. Required when managementPolicy is Manage. Cannot be changed.")
        @Nullable
        String location,

        @Size(max = 48)
        @ValidationRule(
                value = "self.all(key, size(key) <= 512 && !key.matches('[<>%&?/\\\\\\\\]'))",
                message = "the name of a tag in Azure has at most 512 characters, and none of < > % & \\ ? /")
        @ValidationRule(
                value = "self.all(key, !key.lowerAscii().startsWith('vmidentity.dev-'))",
                message = "tags that begin with vmidentity.dev- are the operator's own: choose another name")
        @JsonPropertyDescription("Tags in Azure. Tags that others put on the identity are left alone.")
        Map<String, @Size(max = 256) String> tags,

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
