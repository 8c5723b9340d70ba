package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a binding has come. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VmIdentityBindingStatus(
        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("The machine that the target resolves to; absent where it is a selector.") @Nullable
        Target target,

        @JsonPropertyDescription("The machines that a selector matches.") @Nullable
        Targets targets,

        @Size(max = 80)
        @JsonPropertyDescription("What the binding is about, in a few words: the machine's name, or how many match.")
        @Nullable
        String targetName,

        @JsonPropertyDescription("The machine's own identity, when the binding says something about it.") @Nullable
        SystemAssigned systemAssigned,

        @Size(max = 150) @JsonPropertyDescription("One entry for each of spec.userAssigned, in the same order.")
        List<UserAssigned> userAssigned,

        @JsonPropertyDescription("What remains to be done on the machine.") @Nullable
        Pending pending,

        @JsonPropertyDescription("Under managementPolicy Observe: what is on the machine that no binding put there.")
        @Nullable
        Foreign foreign,

        @Size(max = 16)
        @JsonPropertyDescription("How many of the identities are on the machine, such as 2/2.")
        @Nullable
        String identities,

        @JsonPropertyDescription("Of a scale set: how far its instances are on its latest model. Absent of a virtual"
                + " machine, of a scale set in Flexible orchestration, and while it is not known.")
        @Nullable
        Instances instances,

        List<Condition> conditions) {
    public VmIdentityBindingStatus {
        userAssigned = userAssigned == null ? List.of() : List.copyOf(userAssigned);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** The machine that a binding's target resolves to. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Target(
            @Size(max = Rules.LONGEST_ID_READ) @JsonPropertyDescription("The machine's id in Azure.") @Nullable
            String resourceId,

            @Size(max = 80) @JsonPropertyDescription("The machine's name.") @Nullable
            String name,

            @JsonPropertyDescription("VirtualMachine or VirtualMachineScaleSet.") @Nullable
            TargetType type) {}

    /**
     * The machines that a selector matches. Of the matched, those that neither converged nor failed are being worked on.
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Targets(
            @JsonPropertyDescription("How many match, of those that the namespace may bind.")
            int matched,

            @JsonPropertyDescription("On how many of these everything is as declared.")
            int converged,

            @JsonPropertyDescription("On how many of these something stands in the way.")
            int failed,

            @JsonPropertyDescription(
                    "How many no longer match, or may no longer, and still have what this binding put" + " there.")
            int leaving,

            @JsonPropertyDescription("How many match and are left out, since the namespace may not bind them.")
            int notAllowed,

            @Size(max = 20) @JsonPropertyDescription("The gravest of the failed, at most 20.")
            List<Failing> failing) {
        public Targets {
            failing = failing == null ? List.of() : List.copyOf(failing);
        }
    }

    /** A machine on which something stands in the way. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Failing(
            @Size(max = Rules.LONGEST_ID_READ) @JsonPropertyDescription("The machine's id in Azure.") @Nullable
            String resourceId,

            @JsonPropertyDescription("Why, in one word; the documentation lists all.") @Nullable
            Reason reason,

            @Size(max = 512) @JsonPropertyDescription("What is wrong and what to do, cut at its end.") @Nullable
            String message) {}

    /** The machine's own identity. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record SystemAssigned(
            @Size(max = 64)
            @JsonPropertyDescription("The id of its service principal, to which roles are assigned.")
            @Nullable
            String principalId,

            @Size(max = 64) @JsonPropertyDescription("The tenant that it belongs to.") @Nullable
            String tenantId,

            @JsonPropertyDescription("Where it stands.") @Nullable
            IdentityState state,

            @JsonPropertyDescription("Why, in one word; the documentation lists all.") @Nullable
            Reason reason,

            @Size(max = 4096) @JsonPropertyDescription("What is wrong and what to do.") @Nullable
            String message,

            @Size(max = MOST_ROLES)
            @JsonPropertyDescription(
                    "One entry for each of spec.systemAssigned.roleAssignments, in the same order; then"
                            + " those that are being deleted.")
            List<RoleAssignment> roleAssignments) {
        public SystemAssigned {
            roleAssignments = roleAssignments == null ? List.of() : List.copyOf(roleAssignments);
        }
    }

    /** Those of a spec, and as many that were there before and remain to be deleted. */
    public static final int MOST_ROLES = 2 * VmIdentityBindingSpec.MOST_ROLES;

    /**
     * A role of the machine's own identity.
     *
     * @param machine empty where a selector leads to many
     * @param id from before the assignment is made until it is gone; empty where there are many
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record RoleAssignment(
            @Size(max = Rules.LONGEST_ROLE) @JsonPropertyDescription("The role.")
            String role,

            @Size(max = Rules.LONGEST_ID_READ) @JsonPropertyDescription("What it is assigned at.")
            String scope,

            @Size(max = Rules.LONGEST_ID_READ)
            @JsonPropertyDescription("The machine whose identity it is assigned to.")
            @Nullable
            String machine,

            @Size(max = Rules.LONGEST_ID_READ)
            @JsonPropertyDescription("The id of the assignment that this binding makes, or made.")
            @Nullable
            String id,

            @JsonPropertyDescription("Where it stands.") @Nullable
            RoleAssignmentState state,

            @JsonPropertyDescription("Why, in one word; the documentation lists all.") @Nullable
            Reason reason,

            @Size(max = 4096) @JsonPropertyDescription("What is wrong and what to do.") @Nullable
            String message) {}

    /** One user-assigned identity of the binding. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record UserAssigned(
            @Size(max = 253) @JsonPropertyDescription("The UserAssignedIdentity, when it was given by name.") @Nullable
            String name,

            @Size(max = Rules.LONGEST_ID_READ)
            @JsonPropertyDescription("The identity's id in Azure, once known.")
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

            @JsonPropertyDescription("Where it stands.") @Nullable
            IdentityState state,

            @JsonPropertyDescription("Why, in one word; the documentation lists all.") @Nullable
            Reason reason,

            @Size(max = 4096) @JsonPropertyDescription("What is wrong and what to do.") @Nullable
            String message) {}

    /** Ids as the ledger has them: lower-case ids of Azure, or {@code systemAssigned}. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Pending(
            @Size(max = 151) @JsonPropertyDescription("What would be or is being attached.")
            List<@Size(max = Rules.LONGEST_ID_READ) String> attach,

            @Size(max = 151) @JsonPropertyDescription("What would be or is being detached.")
            List<@Size(max = Rules.LONGEST_ID_READ) String> detach) {
        public Pending {
            attach = attach == null ? List.of() : List.copyOf(attach);
            detach = detach == null ? List.of() : List.copyOf(detach);
        }
    }

    /** What others put on the machine. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Foreign(
            @Size(max = 50)
            @JsonPropertyDescription("The ids of those that the namespace may use, as Azure spells them; the first 50.")
            List<@Size(max = Rules.LONGEST_ID_READ) String> identities,

            @JsonPropertyDescription("How many more there are.")
            int others) {
        public Foreign {
            identities = identities == null ? List.of() : List.copyOf(identities);
        }
    }

    /** How far the instances of a scale set are on its latest model. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Instances(
            @JsonPropertyDescription("How many there are.") @Nullable
            Integer total,

            @JsonPropertyDescription("How many of them are on the latest model of the scale set.") @Nullable
            Integer latestModel,

            @JsonPropertyDescription("How many are being upgraded by the operator. Absent for none.") @Nullable
            Integer upgrading,

            @Size(max = 4096) @JsonPropertyDescription("What is in the way, or what to do.") @Nullable
            String message) {}
}
