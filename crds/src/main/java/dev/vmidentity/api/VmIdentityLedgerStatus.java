package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the portal's Identity page shows of the machine. No clock and no etag: an equal one is not written again. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VmIdentityLedgerStatus(
        @Size(max = 80) @JsonPropertyDescription("The machine's name.") @Nullable
        String machine,

        @Size(max = 64)
        @JsonPropertyDescription("The identity type as Azure says it, such as SystemAssigned, UserAssigned.")
        @Nullable
        String type,

        @Size(max = 1000) @JsonPropertyDescription("The identities on the machine.")
        List<Identity> identities,

        @JsonPropertyDescription("How many of them are ours.") @Nullable
        Integer ours,

        @JsonPropertyDescription("How many of them others put there.") @Nullable
        Integer foreign,

        @JsonPropertyDescription("The bindings of the machine.") @Nullable
        Bindings bindings,

        List<Condition> conditions) {
    public VmIdentityLedgerStatus {
        identities = identities == null ? List.of() : List.copyOf(identities);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }

    /** One identity on the machine. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Identity(
            @Size(max = Rules.LONGEST_ID_READ) @JsonPropertyDescription("Its id in Azure, or systemAssigned.")
            String resourceId,

            @Size(max = 64) @JsonPropertyDescription("Its client id.") @Nullable
            String clientId,

            @Size(max = 64) @JsonPropertyDescription("Its principal id.") @Nullable
            String principalId,

            @JsonPropertyDescription("Whether the operator put it there.")
            boolean ours) {}

    /** The bindings of the machine. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Bindings(
            @JsonPropertyDescription("How many there are.") int count,

            @Size(max = 20) @JsonPropertyDescription("The first of them, as namespace/name.")
            List<@Size(max = 320) String> names) {
        public Bindings {
            names = names == null ? List.of() : List.copyOf(names);
        }
    }
}
