package dev.vmidentity.simulator;

import static dev.vmidentity.simulator.ArmClient.SUBSCRIPTION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.ArmClient.Reply;
import dev.vmidentity.simulator.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@code az} line of Microsoft's how-to pages, as the calls that Azure CLI 2.91 was seen to make for it, and what Azure shows
 * afterwards. Lines that need networks, images and the template engine are named in {@link #NOT_COVERED}.
 */
final class AzLinesTest {
    private static final Pattern LINE = Pattern.compile("^\\s*(az [a-z]+( [a-z-]+)*( -.*|$))");
    private static final Set<String> NOT_COVERED = Set.of("az vm create", "az vmss create", "az network nic create");
    private static final String GROUP = SUBSCRIPTION + "/resourceGroups/myResourceGroup";
    private static final String READ = "?api-version=2026-04-01";
    private static final String PATCH = "?api-version=2024-11-01";

    private final HandClock clock = new HandClock();

    static Set<String> lines() {
        var lines = new LinkedHashSet<String>();
        for (var page : List.of(
                "vm-cli",
                "vm-rest",
                "vmss-rest",
                "user-assigned-identity-rest",
                "vmss-portal-cli-powershell-template-rest")) {
            text(page).lines().forEach(line -> {
                var az = LINE.matcher(line);
                if (az.find() && NOT_COVERED.stream().noneMatch(az.group(1)::startsWith)) {
                    lines.add(az.group(1).strip());
                }
            });
        }
        return lines;
    }

    @ParameterizedTest
    @MethodSource("lines")
    void a_line_of_a_page_does_what_the_page_says(String line) {
        try (var azure = Simulator.start(Options.defaults().withClock(clock));
                var client = new ArmClient(azure)) {
            var set = line.startsWith("az vmss");
            var machine = GROUP + "/providers/Microsoft.Compute/"
                    + (set ? "virtualMachineScaleSets/" : "virtualMachines/")
                    + (line.contains("-n myVM ") && set ? "myVMSS" : option(line, "-n", set ? "myVMSS" : "myVM"));
            client.put(ArmClient.identity("ID1") + ArmClient.IDENTITY, "{\"location\":\"westus\"}");
            var command = String.join(" ", List.of(line.split(" ")).subList(0, Math.min(4, line.split(" ").length)));
            switch (command) {
                case "az login", "az account get-access-token" -> signsIn(azure, client);
                case "az group create --name" -> makesAGroup(client, option(line, "--name", "other"));
                case "az identity create -g" -> makesAnIdentity(client, option(line, "-n", "ID2"));
                case "az vm identity assign", "az vmss identity assign" ->
                    assigns(client, machine, line.contains("--identities"));
                case "az vm identity remove", "az vmss identity remove" -> removes(client, machine, set);
                case "az vm update -n" -> updates(client, machine);
                case "az vmss update -n" -> updatesWithoutAType(client, machine);
                default -> throw new AssertionError("no calls are known for: " + line);
            }
        }
    }

    private static void signsIn(Simulator azure, ArmClient client) {
        var token = client.raw(
                "POST",
                "/" + azure.tenantId() + "/oauth2/v2.0/token",
                "client_id=me&client_secret=any&grant_type=client_credentials&client_info=1&scope=" + azure.endpoint()
                        + "/.default");
        assertThat(token.status()).isEqualTo(200);
        var subscriptions = client.raw(
                "GET",
                "/subscriptions?api-version=2022-12-01",
                null,
                "Authorization",
                "Bearer " + token.body().path("access_token").asText());
        assertThat(subscriptions.body().at("/value/0/tenantId").asText()).isEqualTo(azure.tenantId());
    }

    private static void makesAGroup(ArmClient client, String name) {
        var group = SUBSCRIPTION + "/resourcegroups/" + name + "?api-version=2024-11-01";
        assertThat(client.put(group, "{\"location\":\"westus\"}").status()).isIn(200, 201);
        assertThat(client.get(group).body().at("/properties/provisioningState").asText())
                .isEqualTo("Succeeded");
    }

    private static void makesAnIdentity(ArmClient client, String name) {
        var location = client.get(SUBSCRIPTION + "/resourcegroups/myResourceGroup?api-version=2024-11-01")
                .body()
                .path("location")
                .asText();
        var identity = ArmClient.identity(name) + "?api-version=2025-05-31-preview";
        var made = client.put(identity, "{\"location\":\"" + location + "\"}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(client.get(identity).body()).isEqualTo(made.body());
    }

    private void assigns(ArmClient client, String machine, boolean user) {
        assertThat(client.get(machine + READ).body().has("identity")).isFalse();

        patched(
                client,
                machine,
                user
                        ? "{\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\""
                                + ArmClient.identity("ID1") + "\":{}}}}"
                        : "{\"identity\":{\"type\":\"SystemAssigned\"}}");

        var identity = client.get(machine + READ).body().path("identity");
        assertThat(identity.path("type").asText()).isEqualTo(user ? "UserAssigned" : "SystemAssigned");
        assertThat(names(identity)).isEqualTo(user ? Set.of("id1") : Set.of());
    }

    private void removes(ArmClient client, String machine, boolean set) {
        assigns(client, machine, true);

        patched(
                client,
                machine,
                set
                        ? "{\"identity\":{\"type\":\"None\"}}"
                        : "{\"identity\":{\"type\":\"None\",\"userAssignedIdentities\":null}}");

        assertThat(client.get(machine + READ).body().has("identity")).isFalse();
    }

    /** The CLI sends no identity whatever {@code --set} says of it: the page's promise is not kept by the CLI, and nothing changes. */
    private void updates(ArmClient client, String machine) {
        assigns(client, machine, true);
        var body = client.get(machine + READ).body();

        succeeded(client, client.put(machine + READ, without(body, "identity")));

        assertThat(names(client.get(machine + READ).body().path("identity"))).containsExactly("id1");
    }

    /** Here it sends the dictionary and forgets the type. */
    private void updatesWithoutAType(ArmClient client, String machine) {
        assigns(client, machine, true);
        var body = (ObjectNode) client.get(machine + READ).body().deepCopy();
        body.putObject("identity").putObject("userAssignedIdentities").putObject(ArmClient.identity("ID1"));

        var refused = client.put(machine + READ, body.toString());

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains("Required property 'type' not found in JSON. Path 'identity'.");
        assertThat(names(client.get(machine + READ).body().path("identity"))).containsExactly("id1");
    }

    private void patched(ArmClient client, String machine, String body) {
        succeeded(client, client.patch(machine + PATCH, body));
    }

    /** As the CLI waits: it polls until the operation is over. */
    private void succeeded(ArmClient client, Reply started) {
        assertThat(started.status()).as(started.text()).isEqualTo(200);
        clock.pass(Duration.ofSeconds(1));
        var operation = client.get(String.valueOf(started.header("Azure-AsyncOperation")));
        assertThat(operation.body().path("status").asText()).isEqualTo("Succeeded");
    }

    private static String without(JsonNode body, String member) {
        var copy = (ObjectNode) body.deepCopy();
        copy.remove(member);
        return Json.compact(copy);
    }

    private static Set<String> names(JsonNode identity) {
        var names = new TreeSet<String>();
        identity.path("userAssignedIdentities")
                .fieldNames()
                .forEachRemaining(
                        id -> names.add(id.substring(id.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT)));
        return names;
    }

    private static String option(String line, String name, String whenPlaceholder) {
        @Nullable String value = null;
        var words = new ArrayList<>(List.of(line.split(" ")));
        int at = words.indexOf(name);
        if (at > 0 && at + 1 < words.size()) {
            value = words.get(at + 1);
        }
        return value == null || value.startsWith("<") ? whenPlaceholder : value;
    }

    private static String text(String page) {
        try (var in = AzLinesTest.class.getResourceAsStream("/howto/" + page + ".txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
