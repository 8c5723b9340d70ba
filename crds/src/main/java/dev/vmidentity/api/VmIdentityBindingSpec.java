package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which identities should be on which machine. */
@ValidationRule(
        value = "has(self.systemAssigned) || (has(self.userAssigned) && size(self.userAssigned) > 0)",
        message = "the binding asks for nothing: list identities in userAssigned, or set systemAssigned.enabled")
@ValidationRule(
        value = "!has(self.instanceUpgrade) || self.instanceUpgrade != 'Automatic' || !(has(self.target.virtualMachine)"
                + " || (has(self.target.resourceId)"
                + " && self.target.resourceId.matches('(?i)/virtualMachines/[^/]+$')))",
        message = "a virtual machine has no instances to upgrade: take instanceUpgrade out, or name a scale set")
@ValidationRule(
        value = "!has(self.instanceUpgradeBatchSize)"
                + " || (has(self.instanceUpgrade) && self.instanceUpgrade == 'Automatic')",
        message = "instanceUpgradeBatchSize bounds what instanceUpgrade: Automatic does: set that too, or take it out")
@ValidationRule(
        value = "!has(self.systemAssigned) || !has(self.systemAssigned.roleAssignments)"
                + " || size(self.systemAssigned.roleAssignments) == 0 || self.managementPolicy == 'Manage'",
        message = "a binding that only observes assigns no roles: take systemAssigned.roleAssignments out, or set"
                + " managementPolicy: Manage")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VmIdentityBindingSpec(
        @Required
        @JsonPropertyDescription("The machine: exactly one of virtualMachine, virtualMachineScaleSet, resourceId and"
                + " selector. When it changes, what this binding put on machines that it no longer names is detached"
                + " there, unless deletionPolicy is Retain or managementPolicy is Observe.")
        Target target,

        @JsonPropertyDescription("The machine's own identity. If absent, it is left as it is.") @Nullable
        SystemAssigned systemAssigned,

        @Size(max = 150)
        @ValidationRule(
                value = "self.all(a, !has(a.name) || self.exists_one(b, has(b.name) && b.name == a.name))",
                message = "the same name is listed twice: list each UserAssignedIdentity once")
        // Not for more than 64: comparing 150 long ids with each other costs more than the API server grants a rule,
        // and a
        // good binding would be refused. The operator takes an id that comes twice as one.
        @ValidationRule(
                value = "size(self) > 64 || self.all(a, !has(a.resourceId) || self.exists_one(b,"
                        + " has(b.resourceId) && b.resourceId.lowerAscii() == a.resourceId.lowerAscii()))",
                message = "the same resourceId is listed twice, and ids in Azure have no case: list each identity once")
        @JsonPropertyDescription("User-assigned identities that should be on the machine.")
        List<UserAssigned> userAssigned,

        @Default("Shared")
        @JsonPropertyDescription("Shared: whatever others put on the machine stays. Exclusive: user-assigned identities"
                + " that no binding of the machine lists are detached, whosever they are, where the namespace may. Say"
                + " managementPolicy: Observe first, and status.pending tells which.")
        Ownership ownership,

        @Default("Manage")
        @JsonPropertyDescription("Manage: attach and detach. Observe: write nothing to Azure, and say in status.pending"
                + " what would change.")
        ManagementPolicy managementPolicy,

        @Default("Never")
        @JsonPropertyDescription("What to do with an identity listed here that others put on the machine. Never: it"
                + " stays theirs and is not detached. Adopt: it becomes this binding's, where the namespace may.")
        AdoptionPolicy adoptionPolicy,

        @Default("Warn")
        @JsonPropertyDescription(
                "A workload that asks for a token without a client id gets the machine's own identity, or"
                        + " else the only user-assigned one, and nothing when there are several. What to do when an attach would"
                        + " change that for workloads that get a token now. Warn: attach, and say so in the condition"
                        + " DefaultIdentityChanged and an Event. Block: do not attach. \"Off\", in quotes: attach, and say"
                        + " nothing.")
        DefaultIdentityGuard defaultIdentityGuard,

        @Default("Detach")
        @JsonPropertyDescription("What happens when this binding is deleted, or lists an identity or is about a machine"
                + " no longer: Detach what it attached and no other binding wants, or Retain it on the machine.")
        BindingDeletionPolicy deletionPolicy,

        @Default("Never")
        @JsonPropertyDescription("Of a scale set with upgrade policy Manual. Never: its instances are left on the model"
                + " that they have, and status.instances counts those on the latest. Automatic: when the identities are"
                + " as declared, instances are brought to the latest model, batch by batch. That is the whole model: also"
                + " what others changed in it, such as the image, which may restart or reimage an instance.")
        InstanceUpgrade instanceUpgrade,

        @Min(1)
        @Max(100)
        @JsonPropertyDescription(
                "How many instances may be upgraded at once under instanceUpgrade: Automatic. If absent,"
                        + " one. Where bindings of a scale set differ, the smallest holds.")
        @Nullable
        Integer instanceUpgradeBatchSize) {
    public VmIdentityBindingSpec {
        userAssigned = userAssigned == null ? List.of() : List.copyOf(userAssigned);
        ownership = ownership == null ? Ownership.Shared : ownership;
        managementPolicy = managementPolicy == null ? ManagementPolicy.Manage : managementPolicy;
        adoptionPolicy = adoptionPolicy == null ? AdoptionPolicy.Never : adoptionPolicy;
        defaultIdentityGuard = defaultIdentityGuard == null ? DefaultIdentityGuard.Warn : defaultIdentityGuard;
        deletionPolicy = deletionPolicy == null ? BindingDeletionPolicy.Detach : deletionPolicy;
        instanceUpgrade = instanceUpgrade == null ? InstanceUpgrade.Never : instanceUpgrade;
    }

    /** Exactly one of the four is present. */
    @ValidationRule(
            value = "has(self.virtualMachine) || has(self.virtualMachineScaleSet) || has(self.resourceId) ||"
                    + " has(self.selector)",
            message = "no machine is named: set one of virtualMachine, virtualMachineScaleSet, resourceId and selector")
    @ValidationRule(
            value = "[has(self.virtualMachine), has(self.virtualMachineScaleSet), has(self.resourceId),"
                    + " has(self.selector)].filter(present, present).size() < 2",
            message = "a binding has one target: keep one of virtualMachine, virtualMachineScaleSet, resourceId and"
                    + " selector, and make another binding for the other")
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Target(
            @JsonPropertyDescription("A virtual machine.") @Nullable
            Machine virtualMachine,

            @JsonPropertyDescription("A virtual machine scale set.") @Nullable
            Machine virtualMachineScaleSet,

            @Size(max = Rules.LONGEST_ID)
            @ValidationRule(value = Rules.MACHINE_ID, message = Rules.MACHINE_ID_MESSAGE)
            @JsonPropertyDescription("The id of a virtual machine or scale set in Azure, in any spelling.")
            @Nullable
            String resourceId,

            @JsonPropertyDescription(
                    "Every machine that matches, now or later, where the namespace may select. From one that"
                            + " no longer matches what this binding put there is detached, unless deletionPolicy is Retain.")
            @Nullable
            Selector selector) {}

    /** Machines by what they are, where they are, and how they are tagged. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Selector(
            @Required
            @Size(min = 1, max = 2)
            @JsonPropertyDescription("What matches: VirtualMachine, VirtualMachineScaleSet, or both.")
            List<TargetType> kinds,

            @Required
            @Size(min = 1, max = 20)
            @ValidationRule(value = Rules.MACHINE_SCOPES, message = Rules.MACHINE_SCOPES_MESSAGE)
            @JsonPropertyDescription(
                    "Where: subscriptions, resource groups, or ids of machines; a machine in one of them"
                            + " matches. A machine that others manage (an instance of a scale set, a node of AKS) matches only"
                            + " where its own id is listed.")
            List<@Size(max = Rules.LONGEST_ID) String> scopes,

            @Size(max = 15)
            @ValidationRule(
                    value = "self.all(key, size(key) > 0 && size(key) <= 512 && !key.matches('[<>%&?/\\\\\\\\]'))",
                    message = "the name of a tag in Azure has 1 to 512 characters, and none of < > % & \\ ? /")
            @ValidationRule(
                    value = "self.all(key, self.exists_one(other, other.lowerAscii() == key.lowerAscii()))",
                    message = "the same tag is listed twice, and names of tags in Azure have no case: list each once")
            @JsonPropertyDescription(
                    "Tags that a machine must have, all of them, with these values. Names have no case,"
                            + " values have. If absent, every machine of these kinds there matches.")
            Map<String, @Size(max = 256) String> matchTags) {
        public Selector {
            kinds = kinds == null ? List.of() : List.copyOf(kinds);
            scopes = scopes == null ? List.of() : List.copyOf(scopes);
            matchTags = matchTags == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(matchTags));
        }
    }

    /** A machine by its parts. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Machine(
            @Required
            @Size(max = 80)
            @ValidationRule(value = Rules.MACHINE_NAME, message = Rules.MACHINE_NAME_MESSAGE)
            @JsonPropertyDescription("Its name in Azure.")
            String name,

            @Required
            @Size(max = 90)
            @ValidationRule(value = Rules.RESOURCE_GROUP, message = Rules.RESOURCE_GROUP_MESSAGE)
            @JsonPropertyDescription("Its resource group.")
            String resourceGroup,

            @Size(max = Rules.LONGEST_GUID)
            @ValidationRule(value = Rules.GUID, message = Rules.GUID_MESSAGE)
            @JsonPropertyDescription("The subscription's GUID. If absent, the operator's default.")
            @Nullable
            String subscriptionId) {}

    /**
     * The machine's own identity.
     *
     * @param enabled required by the schema and without a default. Nullable here because a missing one must never read as
     *     {@code false}, which takes an identity away
     */
    @ValidationRule(
            value = "!has(self.roleAssignments) || size(self.roleAssignments) == 0 || self.enabled",
            message = "an identity that is taken away has no roles: take roleAssignments out, or set enabled: true")
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record SystemAssigned(
            @Required
            @JsonPropertyDescription("true: the machine has one. false: it is taken away, whoever enabled it, unless"
                    + " another binding says true.")
            @Nullable
            Boolean enabled,

            @Size(max = MOST_ROLES)
            @ValidationRule(
                    value = "self.all(a, self.exists_one(b, b.role.lowerAscii() == a.role.lowerAscii()"
                            + " && b.scope.lowerAscii() == a.scope.lowerAscii()))",
                    message = "the same role at the same scope is listed twice, and Azure heeds no case: list it once")
            @JsonPropertyDescription(
                    "Roles of the machine's own identity, where the namespace may assign them. They are"
                            + " deleted before the identity goes, and when they are no longer listed; assignments of others"
                            + " stay.")
            List<RoleAssignment> roleAssignments) {
        public SystemAssigned {
            roleAssignments = roleAssignments == null ? List.of() : List.copyOf(roleAssignments);
        }
    }

    /** How many roles one identity may be given by one binding. */
    static final int MOST_ROLES = 20;

    /** A role at a scope, as {@code az vm identity assign --role … --scope …} has it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record RoleAssignment(
            @Required
            @Size(max = Rules.LONGEST_ROLE)
            @ValidationRule(value = Rules.ROLE, message = Rules.ROLE_MESSAGE)
            @JsonPropertyDescription("The name of a built-in role, such as Reader, or the id of any role.")
            String role,

            @Required
            @Size(max = Rules.LONGEST_SCOPE)
            @ValidationRule(value = Rules.SCOPE, message = Rules.SCOPE_MESSAGE)
            @JsonPropertyDescription("What it is assigned at: the id of a subscription, a resource group, or a resource"
                    + " of any kind, such as a storage account or one of its containers.")
            String scope) {}

    /** Exactly one of the two is present. */
    @ValidationRule(
            value = "has(self.name) || has(self.resourceId)",
            message = "an entry names one identity: set name to that of a UserAssignedIdentity of this namespace, or"
                    + " resourceId to an id in Azure")
    @ValidationRule(
            value = "!has(self.name) || !has(self.resourceId)",
            message = "an entry names one identity: keep name or resourceId, not both")
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record UserAssigned(
            @Size(max = 253)
            @ValidationRule(
                    value = "self.matches('^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$')",
                    message = "name is the metadata.name of a UserAssignedIdentity of this namespace: an id that begins"
                            + " with /subscriptions/ goes into resourceId")
            @JsonPropertyDescription("The metadata.name of a UserAssignedIdentity of the same namespace.")
            @Nullable
            String name,

            @Size(max = Rules.LONGEST_ID)
            @ValidationRule(value = Rules.IDENTITY_ID, message = Rules.IDENTITY_ID_MESSAGE)
            @JsonPropertyDescription("The id of an identity in Azure, in any spelling.")
            @Nullable
            String resourceId) {}
}
