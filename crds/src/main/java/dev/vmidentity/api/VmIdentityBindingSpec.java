package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which identities should be on which machine. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VmIdentityBindingSpec(
        @Required
        @JsonPropertyDescription("The machine: exactly one of virtualMachine, virtualMachineScaleSet and resourceId."
                + " When it changes, what this binding put on the old machine is detached there.")
        Target target,

        @JsonPropertyDescription("The machine's own identity. If absent, it is left as it is.") @Nullable
        SystemAssigned systemAssigned,

        @Size(max = 150) @JsonPropertyDescription("User-assigned identities that should be on the machine.")
        List<UserAssigned> userAssigned,

        @Default("Never")
        @JsonPropertyDescription("What to do with an identity listed here that others put on the machine. Never: it"
                + " stays theirs and is not detached. Adopt: it becomes this binding's, where the namespace may.")
        AdoptionPolicy adoptionPolicy,

        @Default("Detach")
        @JsonPropertyDescription("What happens when this binding is deleted: Detach what it attached and no other"
                + " binding wants, or Retain it on the machine.")
        BindingDeletionPolicy deletionPolicy) {
    public VmIdentityBindingSpec {
        userAssigned = userAssigned == null ? List.of() : List.copyOf(userAssigned);
        adoptionPolicy = adoptionPolicy == null ? AdoptionPolicy.Never : adoptionPolicy;
        deletionPolicy = deletionPolicy == null ? BindingDeletionPolicy.Detach : deletionPolicy;
    }

    /** Exactly one of the three is present. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Target(
            @JsonPropertyDescription("A virtual machine.") @Nullable
            Machine virtualMachine,

            @JsonPropertyDescription("A virtual machine scale set.") @Nullable
            Machine virtualMachineScaleSet,

            @JsonPropertyDescription("The id of a virtual machine or scale set in Azure, in any spelling.") @Nullable
            String resourceId) {}

    /** A machine by its parts. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Machine(
            @Required @JsonPropertyDescription("Its name in Azure.")
            String name,

            @Required @JsonPropertyDescription("Its resource group.")
            String resourceGroup,

            @JsonPropertyDescription("The subscription's GUID. If absent, the operator's default.") @Nullable
            String subscriptionId) {}

    /**
     * The machine's own identity.
     *
     * @param enabled required by the schema and without a default. Nullable here because a missing one must never read as
     *     {@code false}, which takes an identity away
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record SystemAssigned(
            @Required
            @JsonPropertyDescription("true: the machine has one. false: it is taken away, whoever enabled it, unless"
                    + " another binding says true.")
            @Nullable
            Boolean enabled) {}

    /** Exactly one of the two is present. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record UserAssigned(
            @JsonPropertyDescription("The metadata.name of a UserAssignedIdentity of the same namespace.") @Nullable
            String name,

            @JsonPropertyDescription("The id of an identity in Azure, in any spelling.") @Nullable
            String resourceId) {}
}
