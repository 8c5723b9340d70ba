package dev.vmidentity.simulator;

import static dev.vmidentity.simulator.ArmClient.COMPUTE;
import static dev.vmidentity.simulator.ArmClient.IDENTITY;
import static dev.vmidentity.simulator.ArmClient.SUBSCRIPTION;
import static dev.vmidentity.simulator.ArmClient.VM;
import static dev.vmidentity.simulator.ArmClient.VMSS;
import static dev.vmidentity.simulator.ArmClient.identity;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rest of the world: instances, credentials, pages, Resource Graph, and the file that keeps it all. */
final class ProvidersTest {
    private static final String GRAPH = "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01";
    private static final String SYSTEM = "{\"identity\":{\"type\":\"SystemAssigned\"}}";

    private final HandClock clock = new HandClock();
    private Simulator azure;
    private ArmClient client;

    @BeforeEach
    void start() {
        azure = Simulator.start(Options.defaults().withClock(clock));
        client = new ArmClient(azure);
    }

    @AfterEach
    void stop() {
        client.close();
        azure.close();
    }

    @Test
    void instances_of_a_manual_scale_set_follow_its_model_only_when_told() {
        client.patch(VMSS + COMPUTE, SYSTEM);
        clock.pass(Duration.ofSeconds(1));
        assertThat(latest()).containsExactly(false, false);

        var upgrade = client.send("POST", VMSS + "/manualupgrade" + COMPUTE, "{\"instanceIds\":[\"*\"]}");

        assertThat(upgrade.status()).isEqualTo(202);
        assertThat(upgrade.text()).isEmpty();
        assertThat(client.get(String.valueOf(upgrade.header("Location"))).status())
                .isEqualTo(202);
        clock.pass(Duration.ofSeconds(1));
        assertThat(client.get(String.valueOf(upgrade.header("Location"))).status())
                .isEqualTo(200);
        assertThat(latest()).containsExactly(true, true);
        assertThat(client.get(VMSS + COMPUTE).header("ETag")).isEqualTo("\"3\"");
    }

    @Test
    void a_list_comes_in_pages() {
        azure.settings().merge("{\"lists\":{\"page\":2}}");
        var names = new ArrayList<String>();
        var next = SUBSCRIPTION + "/providers/Microsoft.Compute/virtualMachines" + COMPUTE;
        int pages = 0;
        while (!next.isEmpty()) {
            var page = client.get(next).body();
            page.path("value").forEach(one -> names.add(one.path("name").asText()));
            next = page.path("nextLink").asText("");
            pages++;
        }

        assertThat(names).containsExactlyInAnyOrder("myVM", "vm-1", "vm-2", "vm-3", "vm-a", "vm-b");
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void two_credentials_of_one_identity_at_a_time_are_one_too_many() throws Exception {
        azure.settings().merge("{\"operations\":{\"credentialWrite\":600000}}");
        client.put(identity("id1") + IDENTITY, "{\"location\":\"westus\"}");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = new ExecutorCompletionService<ArmClient.Reply>(threads);
            writers.submit(() -> credential("a"));
            writers.submit(() -> credential("b"));

            var loser = writers.take().get();
            azure.settings().merge("{\"operations\":{\"credentialWrite\":0}}");
            var winner = writers.take().get();

            assertThat(loser.status()).isEqualTo(409);
            assertThat(loser.code()).isEqualTo("ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity");
            assertThat(winner.status()).isEqualTo(201);
        }
        assertThat(client.get(identity("id1") + "/federatedIdentityCredentials" + IDENTITY)
                        .body()
                        .path("value"))
                .hasSize(1);
    }

    @Test
    void an_identity_deleted_and_made_anew_is_another_principal() {
        var first = client.put(identity("id1") + IDENTITY, "{\"location\":\"westus\"}")
                .body();
        var again = client.put(identity("id1") + IDENTITY, "{\"location\":\"westus\"}")
                .body();
        client.delete(identity("id1") + IDENTITY);
        var anew = client.put(identity("id1") + IDENTITY, "{\"location\":\"westus\"}")
                .body();

        assertThat(again.at("/properties/principalId")).isEqualTo(first.at("/properties/principalId"));
        assertThat(anew.at("/properties/principalId")).isNotEqualTo(first.at("/properties/principalId"));
    }

    @Test
    void an_identity_is_not_found_for_a_while_where_that_is_set() {
        azure.settings().merge("{\"consistency\":{\"identityVisible\":5000}}");

        assertThat(client.put(identity("id1") + IDENTITY, "{\"location\":\"westus\"}")
                        .status())
                .isEqualTo(201);

        assertThat(client.get(identity("id1") + IDENTITY).status()).isEqualTo(404);
        clock.pass(Duration.ofSeconds(6));
        assertThat(client.get(identity("id1") + IDENTITY).status()).isEqualTo(200);
    }

    @Test
    void a_get_may_show_what_was() {
        clock.pass(Duration.ofMinutes(1));
        azure.settings().merge("{\"consistency\":{\"staleReads\":10000}}");
        client.patch(VM + COMPUTE, SYSTEM);

        assertThat(client.get(VM + COMPUTE).body().has("identity")).isFalse();
        clock.pass(Duration.ofSeconds(11));
        assertThat(client.get(VM + COMPUTE).body().has("identity")).isTrue();
    }

    @Test
    void resource_graph_answers_late() {
        clock.pass(Duration.ofMinutes(2));
        azure.settings().merge("{\"consistency\":{\"resourceGraph\":60000}}");
        client.patch(VM + COMPUTE, SYSTEM);
        var query =
                "resources | where type =~ 'Microsoft.Compute/virtualMachines' and isnotempty(identity.type) | project id";

        assertThat(graph(query).at("/totalRecords").asInt()).isZero();
        clock.pass(Duration.ofSeconds(61));
        var rows = graph(query);
        assertThat(rows.at("/data/0/id").asText()).isEqualTo(VM);
        assertThat(rows.at("/data")).hasSize(1);
    }

    @Test
    void resource_graph_pages_by_skip_token() {
        azure.settings().merge("{\"consistency\":{\"resourceGraphPage\":4}}");
        var query =
                "resources | where type in~ ('microsoft.compute/virtualmachines') | order by name asc | project name, tags";

        var first = graph(query);
        var reply = client.send(
                "POST",
                GRAPH,
                "{\"query\":\"" + query + "\",\"options\":{\"$skipToken\":\""
                        + first.path("$skipToken").asText() + "\"}}");

        assertThat(first.path("count").asInt()).isEqualTo(4);
        assertThat(first.path("totalRecords").asInt()).isEqualTo(6);
        assertThat(reply.body().path("count").asInt()).isEqualTo(2);
        assertThat(reply.body().has("$skipToken")).isFalse();
        assertThat(reply.header("x-ms-user-quota-remaining")).isEqualTo("13");
    }

    @Test
    void a_policy_may_give_a_new_machine_an_identity_that_nobody_asked_for() {
        azure.settings().merge("{\"policy\":{\"systemAssigned\":true,\"tags\":{\"by\":\"policy\"}}}");

        var made = client.put(VM.replace("myVM", "other") + COMPUTE, "{\"location\":\"westus\"}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().at("/identity/type").asText()).isEqualTo("SystemAssigned");
        assertThat(made.body().at("/tags/by").asText()).isEqualTo("policy");
    }

    @Test
    void the_world_survives_a_restart_and_a_torn_last_line(@TempDir Path directory) throws Exception {
        var file = directory.resolve("world.jsonl");
        var options = Options.defaults().withState(file).withClock(clock);
        String shown;
        try (var first = Simulator.start(options);
                var user = new ArmClient(first)) {
            user.put(identity("id1") + IDENTITY, "{\"location\":\"westus\",\"tags\":{\"a\":\"b\"}}");
            user.patch(VM + COMPUTE, SYSTEM);
            user.delete(VM.replace("myVM", "nobody") + COMPUTE);
            clock.pass(Duration.ofSeconds(1));
            shown = user.get(VM + COMPUTE).text();
        }
        Files.writeString(file, "{\"key\":\"/subscriptions/111", StandardOpenOption.APPEND);

        try (var second = Simulator.start(options);
                var user = new ArmClient(second)) {
            assertThat(user.get(VM + COMPUTE).text()).isEqualTo(shown);
            assertThat(user.get(identity("id1") + IDENTITY).body().at("/tags/a").asText())
                    .isEqualTo("b");
        }
    }

    @Test
    void deleting_a_group_deletes_what_is_in_it() {
        client.put(identity("id1") + IDENTITY, "{\"location\":\"westus\"}");
        var group = SUBSCRIPTION + "/resourceGroups/myResourceGroup?api-version=2024-11-01";

        var deleted = client.delete(group);
        assertThat(deleted.status()).isEqualTo(202);
        clock.pass(Duration.ofSeconds(1));

        assertThat(client.get(String.valueOf(deleted.header("Location"))).status())
                .isEqualTo(200);
        assertThat(client.get(VM + COMPUTE).code()).isEqualTo("ResourceGroupNotFound");
        client.put(group, "{\"location\":\"westus\"}");
        assertThat(client.get(VM + COMPUTE).code()).isEqualTo("ResourceNotFound");
        assertThat(client.get(identity("id1") + IDENTITY).code()).isEqualTo("ResourceNotFound");
    }

    private ArmClient.Reply credential(String name) {
        return client.put(
                identity("id1") + "/federatedIdentityCredentials/" + name + IDENTITY,
                "{\"properties\":{\"issuer\":\"https://example.org\",\"subject\":\"" + name
                        + "\",\"audiences\":[\"api://AzureADTokenExchange\"]}}");
    }

    private com.fasterxml.jackson.databind.JsonNode graph(String query) {
        return client.send("POST", GRAPH, "{\"query\":\"" + query + "\"}").body();
    }

    private java.util.List<Boolean> latest() {
        var list = new ArrayList<Boolean>();
        client.get(VMSS + "/virtualMachines" + COMPUTE)
                .body()
                .path("value")
                .forEach(
                        one -> list.add(one.at("/properties/latestModelApplied").asBoolean()));
        return list;
    }
}
