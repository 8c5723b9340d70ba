package dev.vmidentity.simulator;

import static dev.vmidentity.simulator.ArmClient.COMPUTE;
import static dev.vmidentity.simulator.ArmClient.IDENTITY;
import static dev.vmidentity.simulator.ArmClient.VM;
import static dev.vmidentity.simulator.ArmClient.VMSS;
import static dev.vmidentity.simulator.ArmClient.identity;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vmidentity.simulator.ArmClient.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What a PATCH makes of the identity block, for both kinds of machine. */
@ParameterizedClass
@ValueSource(strings = {VM, VMSS})
final class IdentityTransitionsTest {
    private final String machine;
    private final HandClock clock = new HandClock();
    private Simulator azure;
    private ArmClient client;
    private JsonNode id1;

    IdentityTransitionsTest(String machine) {
        this.machine = machine;
    }

    @BeforeEach
    void start() {
        azure = Simulator.start(Options.defaults().withClock(clock));
        client = new ArmClient(azure);
        id1 = client.put(identity("id1") + IDENTITY, "{\"location\":\"westus\"}")
                .body();
        client.put(identity("id2") + IDENTITY, "{\"location\":\"westus\"}");
    }

    @AfterEach
    void stop() {
        client.close();
        azure.close();
    }

    @Test
    void a_new_id_joins_the_ones_that_are_there() {
        settled("{'type':'SystemAssigned, UserAssigned','userAssignedIdentities':{'id1':{}}}");

        var reply = patch("{'type':'SystemAssigned, UserAssigned','userAssignedIdentities':{'id2':{}}}");

        assertThat(ids(reply)).containsExactly(identity("id1"), identity("id2"));
        assertThat(reply.body().at("/identity/type").asText()).isEqualTo("SystemAssigned, UserAssigned");
        assertThat(value(reply, "id1").path("clientId")).isEqualTo(id1.at("/properties/clientId"));
        assertThat(value(reply, "id2")).isEmpty();
    }

    @Test
    void a_new_id_has_its_values_once_the_operation_has_succeeded() {
        patch("{'type':'UserAssigned','userAssignedIdentities':{'id1':{}}}");
        assertThat(value(client.get(machine + COMPUTE), "id1")).isEmpty();

        clock.pass(Duration.ofSeconds(1));

        var settled = client.get(machine + COMPUTE);
        assertThat(value(settled, "id1").path("principalId")).isEqualTo(id1.at("/properties/principalId"));
        assertThat(settled.body().at("/properties/provisioningState").asText()).isEqualTo("Succeeded");
    }

    @Test
    void null_takes_an_id_away_whatever_its_case() {
        settled("{'type':'UserAssigned','userAssignedIdentities':{'id1':{},'id2':{}}}");

        var lower = identity("id1").toLowerCase(java.util.Locale.ROOT);
        var reply = client.patch(
                machine + COMPUTE,
                "{\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"" + lower + "\":null}}}");

        assertThat(ids(reply)).containsExactly(identity("id2"));
    }

    @Test
    void one_patch_takes_one_away_and_adds_another() {
        settled("{'type':'UserAssigned','userAssignedIdentities':{'id1':{}}}");

        var reply = patch("{'type':'UserAssigned','userAssignedIdentities':{'id1':null,'id2':{}}}");

        assertThat(ids(reply)).containsExactly(identity("id2"));
    }

    @Test
    void system_assigned_alone_drops_every_user_assigned_id() {
        settled("{'type':'SystemAssigned, UserAssigned','userAssignedIdentities':{'id1':{},'id2':{}}}");
        var principal = client.get(machine + COMPUTE).body().at("/identity/principalId");

        var reply = patch("{'type':'SystemAssigned'}");

        assertThat(reply.body().at("/identity/userAssignedIdentities").isMissingNode())
                .isTrue();
        assertThat(reply.body().at("/identity/principalId")).isEqualTo(principal);
    }

    @Test
    void adding_the_system_identity_without_a_dictionary_keeps_the_ids() {
        settled("{'type':'UserAssigned','userAssignedIdentities':{'id1':{}}}");

        var reply = patch("{'type':'SystemAssigned,UserAssigned'}");

        assertThat(ids(reply)).containsExactly(identity("id1"));
        assertThat(reply.body().at("/identity/principalId").asText()).isNotEmpty();
        assertThat(reply.body().at("/identity/tenantId").asText()).isEqualTo(azure.tenantId());
    }

    @Test
    void user_assigned_without_a_dictionary_drops_the_system_identity_only() {
        settled("{'type':'SystemAssigned, UserAssigned','userAssignedIdentities':{'id1':{}}}");

        var reply = patch("{'type':'UserAssigned','userAssignedIdentities':null}");

        assertThat(ids(reply)).containsExactly(identity("id1"));
        assertThat(reply.body().at("/identity/principalId").isMissingNode()).isTrue();
    }

    @Test
    void none_leaves_no_identity_member() {
        settled("{'type':'SystemAssigned, UserAssigned','userAssignedIdentities':{'id1':{}}}");

        var reply = patch("{'type':'None'}");

        assertThat(reply.body().has("identity")).isFalse();
    }

    @Test
    void a_patch_answers_200_with_the_goal_and_an_operation() {
        var before = client.get(machine + COMPUTE);

        var reply = patch("{'type':'SystemAssigned'}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().at("/properties/provisioningState").asText()).isEqualTo("Updating");
        assertThat(reply.header("Location")).isNull();
        assertThat(reply.header("azure-asyncnotification")).isEqualTo("Enabled");
        assertThat(before.header("ETag")).isEqualTo("\"1\"");
        assertThat(reply.header("ETag")).isEqualTo("\"2\"");
        assertThat(reply.body().path("etag").asText()).isEqualTo("\"2\"");
        assertThat(reply.text()).contains("{\r\n  \"name\": ");

        var operation = String.valueOf(reply.header("Azure-AsyncOperation"));
        assertThat(client.get(operation).body().path("status").asText()).isEqualTo("InProgress");
        clock.pass(Duration.ofSeconds(1));
        var done = client.get(operation);
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body().path("status").asText()).isEqualTo("Succeeded");
        assertThat(names(done.body())).containsExactly("startTime", "endTime", "status", "name");
        assertThat(client.get(machine + COMPUTE).header("ETag")).isEqualTo("\"2\"");
    }

    @Test
    void a_wrong_etag_changes_nothing() {
        patch("{'type':'SystemAssigned'}");
        clock.pass(Duration.ofSeconds(1));

        var reply = client.patch(machine + COMPUTE, "{\"identity\":{\"type\":\"None\"}}", "If-Match", "\"1\"");

        assertThat(reply.status()).isEqualTo(412);
        assertThat(reply.code()).isEqualTo("PreconditionFailed");
        assertThat(reply.message())
                .isEqualTo("Etag provided in if-match header \"1\" does not match etag \"2\" of resource.");
        assertThat(client.get(machine + COMPUTE).body().at("/identity/type").asText())
                .isEqualTo("SystemAssigned");
    }

    @Test
    void versions_before_2024_know_no_etag() {
        var reply = client.patch(
                machine + "?api-version=2022-11-01",
                "{\"identity\":{\"type\":\"SystemAssigned\"}}",
                "If-Match",
                "\"77\"");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("ETag")).isNull();
        assertThat(reply.body().has("etag")).isFalse();
    }

    @Test
    void a_machine_made_anew_is_another_machine() {
        settled("{'type':'UserAssigned','userAssignedIdentities':{'id1':{}}}");
        var before = client.get(machine + COMPUTE);
        var idName = machine.equals(VM) ? "/properties/vmId" : "/properties/uniqueId";

        var deleted = client.delete(machine + COMPUTE);
        assertThat(deleted.status()).isEqualTo(202);
        assertThat(deleted.text()).isEmpty();
        assertThat(deleted.header("Location")).contains("monitor=true");
        assertThat(patch("{'type':'None'}").code()).isEqualTo("OperationNotAllowed");
        clock.pass(Duration.ofSeconds(1));
        assertThat(client.get(machine + COMPUTE).code()).isEqualTo("ResourceNotFound");
        var made = client.put(machine + COMPUTE, "{\"location\":\"" + location() + "\",\"sku\":{\"capacity\":1}}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().at("/properties/provisioningState").asText()).isEqualTo("Creating");
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(made.body().at(idName)).isNotEqualTo(before.body().at(idName));
        assertThat(made.body().has("identity")).isFalse();
    }

    @Test
    void a_put_without_identity_keeps_it() {
        settled("{'type':'UserAssigned','userAssignedIdentities':{'id1':{}}}");
        var body = client.get(machine + COMPUTE).body().deepCopy();
        ((com.fasterxml.jackson.databind.node.ObjectNode) body).remove("identity");

        var reply = client.put(machine + COMPUTE, body.toString());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(ids(reply)).containsExactly(identity("id1"));
    }

    @Test
    void a_put_with_a_dictionary_replaces_it() {
        settled("{'type':'UserAssigned','userAssignedIdentities':{'id1':{}}}");

        var reply = client.put(
                machine + COMPUTE,
                named(
                        "{'location':'" + location()
                                + "','sku':{'capacity':2},'identity':{'type':'UserAssigned','userAssignedIdentities':{'id2':{}}}}"));

        assertThat(ids(reply)).containsExactly(identity("id2"));
    }

    @Test
    void an_identity_that_does_not_exist_is_named_in_the_refusal() {
        var reply = patch("{'type':'UserAssigned','userAssignedIdentities':{'nobody':{}}}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("FailedIdentityOperation");
        assertThat(reply.header("x-ms-failure-cause")).isEqualTo("gateway");
        assertThat(reply.message())
                .isEqualTo("Identity operation for resource '" + machine
                        + "' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: "
                        + "'{\"error\":{\"code\":\"BadRequest\",\"message\":\"Resource '"
                        + identity("nobody").replace("resourceGroups", "resourcegroups") + "' was not found.\"}}'.'.");
    }

    /** Where the machines of the built-in world are. */
    private String location() {
        return machine.equals(VM) ? "westus" : "eastus";
    }

    private void settled(String identityBlock) {
        assertThat(patch(identityBlock).status()).isEqualTo(200);
        clock.pass(Duration.ofSeconds(1));
    }

    private Reply patch(String identityBlock) {
        return client.patch(machine + COMPUTE, "{\"identity\":" + named(identityBlock) + "}");
    }

    private static String named(String json) {
        return json.replace('\'', '"').replaceAll("\"(id1|id2|nobody)\"", "\"" + identity("$1") + "\"");
    }

    private static List<String> ids(Reply reply) {
        return names(reply.body().at("/identity/userAssignedIdentities"));
    }

    private static JsonNode value(Reply reply, String name) {
        return reply.body().at("/identity/userAssignedIdentities").path(identity(name));
    }

    private static List<String> names(JsonNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
