package dev.vmidentity.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.vmidentity.simulator.model.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The requests that Azure CLI 2.91 was seen to send, in its order, on a world like the one that it had then. */
final class AzureCliReplayTest {
    private static final String SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111";
    private static final Pattern OPERATION = Pattern.compile("/operations/[0-9a-f-]{36}");

    @Test
    void every_request_of_the_cli_is_answered_as_the_cli_expects() throws IOException {
        var clock = new HandClock();
        try (var azure = Simulator.start(Options.defaults().withClock(clock));
                var client = new ArmClient(azure, "44444444-4444-4444-4444-444444444444")) {
            azure.state().merge(world());
            var unexpected = new ArrayList<String>();
            var operation = "";
            for (var request : requests()) {
                var command = request.path("cmd").asText();
                var path = request.path("path").asText();
                var method = request.path("method").asText();
                if (notCovered(command, path)) {
                    continue;
                }
                if (OPERATION.matcher(path).find()) {
                    if (operation.isEmpty()) {
                        continue;
                    }
                    path = operation;
                    clock.pass(Duration.ofSeconds(2));
                }
                var body = request.path("body");
                var reply = client.send(
                        method,
                        path.replace(" ", "%20"),
                        body.isTextual() ? body.asText() : body.isContainerNode() ? body.toString() : null);
                if (reply.header("azure-asyncoperation") != null) {
                    operation = reply.header("azure-asyncoperation");
                }
                if (reply.status() >= 400) {
                    unexpected.add(reply.status() + " " + reply.code() + ": " + command);
                }
            }
            assertThat(unexpected).isEqualTo(EXPECTED_REFUSALS);
        }
    }

    /** Networks, images and template deployments, which only {@code vm create} needs, and calls without a token. */
    private static boolean notCovered(String command, String path) {
        return command.contains("vm create")
                || command.contains("skip-authorization")
                || path.contains("/publishers/")
                || path.contains("Microsoft.Network")
                || path.contains("Microsoft.Resources/deployments");
    }

    /** The session made some mistakes on purpose; the rest has its reason beside it. */
    private static final List<String> EXPECTED_REFUSALS = List.of(
            // The same triple a second time: the CLI takes this code for success.
            "409 RoleAssignmentExists: az vm identity assign -g rg1 -n vm1 --role Reader --scope " + SUBSCRIPTION
                    + "/resourceGroups/rg1",
            "404 ResourceNotFound: az identity show -g rg1 -n id2",
            "400 FailedIdentityOperation: az vm identity assign -g rg1 -n vm1 --identities id2",
            "404 ResourceNotFound: az vm identity assign -g rg1 -n nosuch",
            // The CLI sends an identity without a type here; ARM was recorded to refuse that.
            "400 InvalidRequestContent: az vmss update -g rg1 -n vmss1 --set identity.type=None --query identity",
            // The CLI took this version from another server's list of versions; ours does not have it.
            "400 NoRegisteredProviderFound: az resource show --ids " + SUBSCRIPTION
                    + "/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/vm1 --query name");

    private static ArrayNode world() {
        var world = Json.array();
        world.addObject().put("id", SUBSCRIPTION + "/resourceGroups/rg1").put("location", "westeurope");
        for (var name : List.of("vm1", "vm2", "vm3")) {
            world.addObject()
                    .put("id", SUBSCRIPTION + "/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachines/" + name)
                    .put("location", "westeurope");
        }
        for (var name : List.of("vmss1", "vmss2")) {
            var set = world.addObject()
                    .put(
                            "id",
                            SUBSCRIPTION + "/resourceGroups/rg1/providers/Microsoft.Compute/virtualMachineScaleSets/"
                                    + name)
                    .put("location", "westeurope");
            set.putObject("sku").put("name", "Standard_DS1_v2").put("capacity", 2);
        }
        return world;
    }

    private static List<JsonNode> requests() throws IOException {
        try (var in = AzureCliReplayTest.class.getResourceAsStream("/recordings/az-2.91-requests.jsonl")) {
            var requests = new ArrayList<JsonNode>();
            for (var line : new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                requests.add(Json.MAPPER.readTree(line));
            }
            return requests;
        }
    }
}
