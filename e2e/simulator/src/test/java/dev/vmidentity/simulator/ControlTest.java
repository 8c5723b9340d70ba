package dev.vmidentity.simulator;

import static dev.vmidentity.simulator.ArmClient.COMPUTE;
import static dev.vmidentity.simulator.ArmClient.IDENTITY;
import static dev.vmidentity.simulator.ArmClient.VM;
import static dev.vmidentity.simulator.ArmClient.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code /_simulator/} tells and obeys. */
final class ControlTest {
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
    void every_call_to_arm_is_in_the_log_and_nothing_else() {
        client.raw("POST", "/common/oauth2/v2.0/token", "grant_type=client_credentials");
        client.patch(VM + COMPUTE, SYSTEM);
        client.raw("GET", "/_simulator/settings", null);

        var log = client.raw("GET", "/_simulator/requests", null).body();

        assertThat(log).hasSize(1);
        assertThat(log.at("/0/method").asText()).isEqualTo("PATCH");
        assertThat(log.at("/0/url").asText()).isEqualTo(azure.endpoint() + VM + COMPUTE);
        assertThat(log.at("/0/request/identity/type").asText()).isEqualTo("SystemAssigned");
        assertThat(log.at("/0/status").asInt()).isEqualTo(200);
        client.raw("DELETE", "/_simulator/requests", null);
        assertThat(azure.requests().entries()).isEmpty();
    }

    @Test
    void the_log_can_be_asked_for_what_is_in_the_urls() {
        client.raw("GET", VM + COMPUTE, null);
        client.raw("GET", "/subscriptions?api-version=2022-12-01", null);

        var about = client.raw("GET", "/_simulator/requests?url=" + VM.toUpperCase(Locale.ROOT), null)
                .body();
        var none = client.raw("GET", "/_simulator/requests?url=nothing-of-the-kind", null)
                .body();

        assertThat(about).hasSize(1);
        assertThat(about.at("/0/url").asText()).contains(VM);
        assertThat(none).isEmpty();
    }

    @Test
    void settings_are_merged_and_unknown_ones_refused() {
        var changed = client.raw("PUT", "/_simulator/settings", "{\"operations\":{\"vmPatch\":60000}}");
        var refused = client.raw("PUT", "/_simulator/settings", "{\"operations\":{\"vmPtach\":1}}");

        assertThat(changed.body().at("/operations/vmPatch").asLong()).isEqualTo(60_000);
        assertThat(azure.settings().get().operations().vmPatch()).isEqualTo(60_000);
        assertThat(azure.settings().get().operations().vmNoop()).isEqualTo(20);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("problem").asText()).contains("operations.vmPtach");
    }

    @Test
    void a_fault_answers_in_the_place_of_arm_as_often_as_it_says() {
        fault("""
                {"method":"PATCH","path":"/virtualMachines/myvm","times":2,"status":503,
                 "headers":{"Retry-After":"7"},"body":{"error":{"code":"ServerTimeout","message":"m"}}}""");

        assertThat(client.get(VM + COMPUTE).status()).isEqualTo(200);
        var first = client.patch(VM + COMPUTE, SYSTEM);
        assertThat(first.status()).isEqualTo(503);
        assertThat(first.code()).isEqualTo("ServerTimeout");
        assertThat(first.header("Retry-After")).isEqualTo("7");
        assertThat(client.patch(VM + COMPUTE, SYSTEM).status()).isEqualTo(503);
        assertThat(identityType()).isEmpty();
        assertThat(client.patch(VM + COMPUTE, SYSTEM).status()).isEqualTo(200);
    }

    @Test
    void a_412_after_the_effect_leaves_the_effect() {
        fault("""
                {"method":"PATCH","path":"regex:myVM$","when":"after","status":412,
                 "body":{"error":{"code":"PreconditionFailed","message":"m"}}}""");

        assertThat(client.patch(VM + COMPUTE, SYSTEM).status()).isEqualTo(412);

        assertThat(identityType()).isEqualTo("SystemAssigned");
    }

    @Test
    void a_connection_cut_before_the_effect_leaves_nothing() {
        fault("{\"method\":\"PATCH\",\"cut\":\"before\"}");

        assertThatThrownBy(() -> client.attempt("PATCH", VM + COMPUTE, SYSTEM, authorization()))
                .isInstanceOf(IOException.class);

        assertThat(identityType()).isEmpty();
        assertThat(azure.requests().entries().getFirst().status()).isNull();
    }

    @Test
    void a_connection_cut_after_the_effect_leaves_it() {
        fault("{\"method\":\"PATCH\",\"cut\":\"after\"}");

        assertThatThrownBy(() -> client.attempt("PATCH", VM + COMPUTE, SYSTEM, authorization()))
                .isInstanceOf(IOException.class);

        assertThat(identityType()).isEqualTo("SystemAssigned");
    }

    @Test
    void a_truncated_body_ends_in_an_error_of_the_connection() {
        fault("{\"method\":\"GET\",\"path\":\"glob:*/myVM\",\"truncate\":true}");

        assertThatThrownBy(() -> client.attempt("GET", VM + COMPUTE, null, authorization()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void an_operation_that_fails_rolls_the_identity_back() {
        fault("""
                {"method":"PATCH","operation":{"code":"FailedIdentityOperation","message":"too bad","rollback":true}}""");

        var reply = client.patch(VM + COMPUTE, SYSTEM);
        assertThat(reply.body().at("/identity/type").asText()).isEqualTo("SystemAssigned");
        clock.pass(Duration.ofSeconds(1));

        var operation = client.get(String.valueOf(reply.header("Azure-AsyncOperation")));
        assertThat(operation.status()).isEqualTo(200);
        assertThat(operation.body().path("status").asText()).isEqualTo("Failed");
        assertThat(operation.code()).isEqualTo("FailedIdentityOperation");
        var machine = client.get(VM + COMPUTE);
        assertThat(machine.body().has("identity")).isFalse();
        assertThat(machine.body().at("/properties/provisioningState").asText()).isEqualTo("Failed");
        assertThat(machine.header("ETag")).isEqualTo("\"2\"");
    }

    @Test
    void an_operation_may_never_end() {
        fault("{\"method\":\"PATCH\",\"operation\":\"never\"}");
        var reply = client.patch(VM + COMPUTE, SYSTEM);

        clock.pass(Duration.ofMinutes(50));

        assertThat(client.get(String.valueOf(reply.header("Azure-AsyncOperation")))
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("InProgress");
        assertThat(client.patch(VM + COMPUTE, SYSTEM).status()).isEqualTo(409);
    }

    @Test
    void the_state_can_be_read_and_put_back() {
        client.put(identity("id1") + IDENTITY, "{\"location\":\"westus\",\"tags\":{\"a\":\"b\"}}");
        client.patch(
                VM + COMPUTE,
                "{\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"" + identity("id1")
                        + "\":{}}}}");
        clock.pass(Duration.ofSeconds(1));
        var machine = client.get(VM + "?api-version=2025-04-01").body();
        var kept = client.raw("GET", "/_simulator/state", null).text();

        client.delete(VM + COMPUTE);
        client.delete(identity("id1") + IDENTITY);
        client.raw("PUT", "/_simulator/state", kept);

        assertThat(client.get(VM + "?api-version=2025-04-01").body()).isEqualTo(machine);
        assertThat(client.get(identity("id1") + IDENTITY).body().at("/tags/a").asText())
                .isEqualTo("b");
    }

    @Test
    void a_state_that_makes_no_sense_changes_nothing() {
        var reply = client.raw("PUT", "/_simulator/state", "{\"resources\":[{\"id\":\"/subscriptions/x\"},{}]}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(client.get(VM + COMPUTE).status()).isEqualTo(200);
    }

    private void fault(String json) {
        assertThat(client.raw("POST", "/_simulator/faults", json).status()).isEqualTo(201);
    }

    private String[] authorization() {
        return new String[] {"Authorization", "Bearer " + azure.token("33333333-3333-3333-3333-333333333333")};
    }

    private String identityType() {
        return client.get(VM + COMPUTE).body().at("/identity/type").asText();
    }
}
