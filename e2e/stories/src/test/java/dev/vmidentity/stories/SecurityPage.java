package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The custom roles of {@code docs/security.md}, given to the operator. */
final class SecurityPage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PAGE = Path.of("..", "..", "docs", "security.md");
    private static final Pattern BLOCK = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL);
    private static final String DEFINITIONS = "/providers/Microsoft.Authorization/roleDefinitions/";
    private static final String ASSIGNMENTS = "/providers/Microsoft.Authorization/roleAssignments/";
    private static final String VERSION = "?api-version=2022-04-01";
    private static final String ROLE = "5ec00000-0000-0000-0000-00000000000";

    /** As the local stack starts the operator. */
    private static final String OPERATOR = "00000000-0000-0000-0000-00000000000b";

    private SecurityPage() {}

    /** What the page says to do with {@code az role definition create} and {@code az role assignment create}. */
    static void grant(AzureAdmin azure, int which) throws IOException {
        String subscription = subscription(azure);
        List<String> blocks = BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(result -> result.group(1))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(which);
        JsonNode page = JSON.readTree(blocks.get(which));
        ObjectNode definition = JSON.createObjectNode();
        ObjectNode properties = definition.putObject("properties");
        properties.set("roleName", page.path("Name"));
        properties.putArray("assignableScopes").add(subscription);
        properties.putArray("permissions").addObject().set("actions", page.path("Actions"));
        ObjectNode assignment = JSON.createObjectNode();
        assignment
                .putObject("properties")
                .put("roleDefinitionId", subscription + DEFINITIONS + ROLE + which)
                .put("principalId", OPERATOR)
                .put("principalType", "ServicePrincipal");
        azure.call("PUT", subscription + DEFINITIONS + ROLE + which + VERSION, definition.toString(), 201);
        azure.call("PUT", subscription + ASSIGNMENTS + ROLE + which + VERSION, assignment.toString(), 200, 201);
    }

    static void revoke(AzureAdmin azure, int which) {
        azure.call("DELETE", subscription(azure) + ASSIGNMENTS + ROLE + which + VERSION, "", 200);
    }

    private static String subscription(AzureAdmin azure) {
        return azure.group("x").replaceFirst("/resourceGroups/x$", "");
    }
}
