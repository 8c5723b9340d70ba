package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The custom role of {@code docs/security.md}, where Azure decides by role assignments alone. */
@ExtendWith(Theatre.class)
class HowToGrantTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PAGE = Path.of("..", "..", "docs", "security.md");
    private static final Pattern BLOCK = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);
    private static final String DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions/";
    private static final String ASSIGNMENTS = "/providers/Microsoft.Authorization/roleAssignments/";
    private static final String VERSION = "?api-version=2022-04-01";
    private static final String ROLE = "5ec00000-0000-0000-0000-000000000001";

    /** As the local stack starts the operator. */
    private static final String OPERATOR = "00000000-0000-0000-0000-00000000000b";

    private final AzureAdmin azure;
    private final Person person;
    private final String subscription;

    HowToGrantTest(Stage stage) {
        this.azure = stage.azure();
        this.person = stage.person();
        this.subscription = azure.group("x").replaceFirst("/resourceGroups/x$", "");
    }

    @BeforeEach
    void azureDecidesByRoleAssignments() {
        azure.settings("{\"access\":{\"enforced\":true,\"admins\":[\"azure-admin\"]}}");
    }

    @AfterEach
    void everybodyMayDoEverything() {
        azure.settings("{\"access\":{\"enforced\":false,\"admins\":[]}}");
    }

    @Test
    void withTheRoleOfThePageAndNothingElseEverythingWorks() throws IOException {
        grant();
        azure.makeVm(person.namespace());
        azure.makeScaleSet(person.namespace());
        person.identity("web");
        person.bind("on-vm", person.namespace(), "web");
        person.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: on-set}
                spec:
                  target: {virtualMachineScaleSet: {name: %s, resourceGroup: rg-vms}}
                  systemAssigned: {enabled: true}
                  userAssigned: [{name: web}]
                  instanceUpgrade: Automatic
                """.formatted(person.namespace()));
        person.waitReady("on-vm", "on-set");
        assertThat(azure.onLatestModel(azure.scaleSet(person.namespace()))).isEqualTo("1/1");

        person.deleteBinding("on-vm");
        person.deleteBinding("on-set");
        person.deleteIdentity("web");
        Eventually.is(
                "all is gone",
                () -> !person.hasBinding("on-vm") && !person.hasBinding("on-set") && !person.hasIdentity("web"));
        assertThat(azure.type(azure.vm(person.namespace()))).isEqualTo("None");
        assertThat(azure.type(azure.scaleSet(person.namespace()))).isEqualTo("None");
        assertThat(azure.hasIdentity(person.azureName("web"))).isFalse();
    }

    /** What the page says to do with {@code az role definition create} and {@code az role assignment create}. */
    private void grant() throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        JsonNode page = JSON.readTree(block.group(1));
        ObjectNode definition = JSON.createObjectNode();
        ObjectNode properties = definition.putObject("properties");
        properties.set("roleName", page.path("Name"));
        properties.putArray("assignableScopes").add(subscription);
        properties.putArray("permissions").addObject().set("actions", page.path("Actions"));
        ObjectNode assignment = JSON.createObjectNode();
        assignment
                .putObject("properties")
                .put("roleDefinitionId", subscription + DEFINITIONS + ROLE)
                .put("principalId", OPERATOR)
                .put("principalType", "ServicePrincipal");
        azure.call("PUT", subscription + DEFINITIONS + ROLE + VERSION, definition.toString(), 201);
        azure.call("PUT", subscription + ASSIGNMENTS + ROLE + VERSION, assignment.toString(), 201);
    }
}
