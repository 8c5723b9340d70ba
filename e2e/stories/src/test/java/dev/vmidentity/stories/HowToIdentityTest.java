package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.UserAssignedIdentityStatus;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The how-to page about user-assigned identities themselves: by its own requests, and declared. */
@ExtendWith(Theatre.class)
class HowToIdentityTest {
    private static final String VERSION = "api-version=2015-08-31-preview";

    private final AzureAdmin azure;
    private final Person person;
    private final String theirs;

    HowToIdentityTest(Stage stage) {
        this.azure = stage.azure();
        this.person = stage.person();
        this.theirs = person.azureName("theirs");
        azure.call("PUT", azure.identityId(theirs) + "?" + VERSION, "{\"location\": \"westeurope\"}", 201);
        person.identity("ours");
        person.waitIdentityReason("ours", Reason.Available);
    }

    @Test
    @DisplayName("UAI-1 Create a user-assigned managed identity")
    void create() {
        JsonNode byPage = azure.identity(theirs);
        JsonNode declared = azure.identity(person.azureName("ours"));

        assertThat(declared.path("type")).isEqualTo(byPage.path("type"));
        assertThat(declared.path("location")).isEqualTo(byPage.path("location"));
        assertThat(fields(declared)).isEqualTo(fields(byPage));
        assertThat(fields(declared.path("properties"))).isEqualTo(fields(byPage.path("properties")));
        UserAssignedIdentityStatus status = person.identityStatus("ours");
        JsonNode properties = declared.path("properties");
        assertThat(status.clientId()).isEqualTo(properties.path("clientId").asText());
        assertThat(status.principalId())
                .isEqualTo(properties.path("principalId").asText());
        assertThat(status.tenantId()).isEqualTo(properties.path("tenantId").asText());
        // The difference that stays: ours bears the mark of its owner.
        assertThat(fields(byPage.path("tags"))).isEmpty();
        assertThat(fields(declared.path("tags"))).containsExactly("vmidentity.dev-owner");
    }

    @Test
    @DisplayName("UAI-2 List user-assigned managed identities")
    void list() {
        String group = azure.identityId("x").replaceFirst("/x$", "");

        String listed = azure.call("GET", group + "?" + VERSION, "", 200).body();

        assertThat(listed).contains(theirs, person.azureName("ours"));
        assertThat(person.hasIdentity("ours")).isTrue();
    }

    @Test
    @DisplayName("UAI-3 Delete a user-assigned managed identity")
    void delete() {
        String vm = azure.vm(person.namespace());
        azure.makeVm(person.namespace());
        azure.attach(vm, theirs);
        person.bind("ours-on-vm", person.namespace(), "ours");
        person.waitReady("ours-on-vm");

        azure.call("DELETE", azure.identityId(theirs) + "?" + VERSION, "", 200);
        person.deleteIdentity("ours");
        person.waitIdentityReason("ours", Reason.DeletionWaitsForBindings);

        // The difference that stays: theirs leaves a dead reference behind, ours waits for those who use it.
        assertThat(azure.hasIdentity(theirs)).isFalse();
        assertThat(azure.hasIdentity(person.azureName("ours"))).isTrue();
        assertThat(azure.attached(vm)).containsExactlyInAnyOrder(theirs, person.azureName("ours"));

        person.deleteBinding("ours-on-vm");
        Eventually.is("the identity is gone", () -> !person.hasIdentity("ours"));
        assertThat(azure.hasIdentity(person.azureName("ours"))).isFalse();
        assertThat(azure.attached(vm)).containsExactly(theirs);
    }

    private static Set<String> fields(JsonNode node) {
        Set<String> fields = new TreeSet<>();
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            fields.add(names.next());
        }
        return fields;
    }
}
