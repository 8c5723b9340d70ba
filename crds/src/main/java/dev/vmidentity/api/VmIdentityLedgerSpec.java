package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ledger proper: what the operator did or is about to do on one machine. In spec, so that backups carry it. */
@ValidationRule(
        value = "self.resourceId == oldSelf.resourceId",
        message = "a ledger is of one machine for ever: resourceId cannot be changed",
        fieldPath = ".resourceId")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VmIdentityLedgerSpec(
        @Required
        @Min(1)
        @JsonPropertyDescription("The version of the protocol that wrote it. An operator leaves a higher one alone.")
        int protocol,

        @Required
        @Size(min = 1, max = Rules.LONGEST_ID_READ)
        @JsonPropertyDescription("The machine's id in Azure. Cannot be changed.")
        String resourceId,

        @Required @JsonPropertyDescription("Who writes it. Others leave it alone.")
        Owner owner,

        @Size(max = 128)
        @JsonPropertyDescription("The machine's incarnation: vmId of a VM, uniqueId of a scale set.")
        @Nullable
        String machineId,

        @Size(max = 1000)
        @JsonPropertyDescription("One for each identity that is ours, or of which something is unsettled.")
        List<Entry> entries,

        @Size(max = MOST_ROLES)
        @JsonPropertyDescription(
                "Roles that bindings gave to the machine's own identity, or are about to: where to look for them. Each"
                        + " is written before it is made, and stays until it is gone.")
        List<RoleAssignment> roleAssignments) {
    /** How many roles the machine's own identity may be given by all bindings together. */
    public static final int MOST_ROLES = 1000;

    public VmIdentityLedgerSpec {
        entries = entries == null ? List.of() : List.copyOf(entries);
        roleAssignments = roleAssignments == null ? List.of() : List.copyOf(roleAssignments);
    }

    /** Which installation of the operator. */
    @ValidationRule(
            value = "self.cluster == oldSelf.cluster",
            message = "a ledger is of one cluster for ever: owner.cluster cannot be changed",
            fieldPath = ".cluster")
    @ValidationRule(
            value = "self.instance == oldSelf.instance",
            message = "a ledger is of one installation for ever: owner.instance cannot be changed",
            fieldPath = ".instance")
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Owner(
            @Required
            @Size(min = 1, max = 64)
            @JsonPropertyDescription("The cluster: the uid of its namespace kube-system. Cannot be changed.")
            String cluster,

            @Required
            @Size(min = 1, max = 63)
            @JsonPropertyDescription("The installation in the cluster. Cannot be changed.")
            String instance,

            @Size(max = 64)
            @JsonPropertyDescription("This object's own uid, once known: one that differs tells a restored copy.")
            @Nullable
            String uid) {}

    /** One identity on the machine. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Entry(
            @Required
            @Size(min = 1, max = Rules.LONGEST_ID_READ)
            @JsonPropertyDescription("The identity's id in Azure in lower case, or systemAssigned.")
            String id,

            @Required @JsonPropertyDescription("How far it has come.")
            LedgerPhase phase,

            @Size(max = 256) @JsonPropertyDescription("The machine's etag that the phase speaks of.") @Nullable
            String etag,

            @Size(max = 128)
            @JsonPropertyDescription("The incarnation that the request was planned on, when it is not the ledger's.")
            @Nullable
            String machineId,

            @JsonPropertyDescription("When the request of the phase was or may have been sent.") @Nullable
            Instant sentAt,

            @Size(max = 64) @JsonPropertyDescription("The identity's principal when it was attached.") @Nullable
            String principalId,

            @Size(max = 253) @JsonPropertyDescription("Whose credential put it there.") @Nullable
            String credential,

            @Size(max = 1000) @JsonPropertyDescription("The bindings that want it, or wanted it last.")
            List<Holder> holders) {
        /** The {@link #id} of the machine's own identity. */
        public static final String SYSTEM_ASSIGNED = "systemAssigned";

        public Entry {
            holders = holders == null ? List.of() : List.copyOf(holders);
        }
    }

    /** A binding that holds an identity on the machine. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Holder(
            @Required @Size(min = 1, max = 64) @JsonPropertyDescription("The binding's uid.")
            String binding,

            @Size(max = 63) @JsonPropertyDescription("Its namespace, for a person who reads this.") @Nullable
            String namespace,

            @Size(max = 253) @JsonPropertyDescription("Its name, for a person who reads this.") @Nullable
            String name,

            @Required @JsonPropertyDescription("What is to happen when it lets go.")
            OnRelease onRelease) {}

    /** A role of the machine's own identity. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record RoleAssignment(
            @Required @Size(min = 1, max = 64) @JsonPropertyDescription("The uid of the binding that lists it.")
            String binding,

            @Size(max = 63) @JsonPropertyDescription("Its namespace, for a person who reads this.") @Nullable
            String namespace,

            @Size(max = 253) @JsonPropertyDescription("Its name, for a person who reads this.") @Nullable
            String name,

            @Required
            @Size(min = 1, max = Rules.LONGEST_ROLE)
            @JsonPropertyDescription("The role, as the binding has it.")
            String role,

            @Required
            @Size(min = 1, max = Rules.LONGEST_ID_READ)
            @JsonPropertyDescription("The id of the assignment, which it has from the moment that it is made.")
            String id) {}
}
