package dev.vmidentity.simulator;

import static dev.vmidentity.simulator.ArmClient.COMPUTE;
import static dev.vmidentity.simulator.ArmClient.IDENTITY;
import static dev.vmidentity.simulator.ArmClient.SUBSCRIPTION;
import static dev.vmidentity.simulator.ArmClient.VM;
import static dev.vmidentity.simulator.ArmClient.VMSS;
import static dev.vmidentity.simulator.ArmClient.identity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.simulator.ArmClient.Reply;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where clients err, the answer is Azure's. */
final class StrictnessTest {
    private final HandClock clock = new HandClock();
    private Simulator azure;
    private ArmClient client;

    @BeforeEach
    void start() {
        azure = Simulator.start(Options.defaults().withClock(clock));
        client = new ArmClient(azure);
        client.put(identity("id1") + IDENTITY, "{\"location\":\"westus\"}");
    }

    @AfterEach
    void stop() {
        client.close();
        azure.close();
    }

    @Test
    void no_token() {
        var reply = client.raw("GET", VM + COMPUTE, null);

        refused(reply, 401, "AuthenticationFailed");
        assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer authorization_uri=");
    }

    @Test
    void a_token_of_somebody_else() {
        refused(
                client.raw("GET", VM + COMPUTE, null, "Authorization", "Bearer abc.def.ghi"),
                401,
                "InvalidAuthenticationToken");
        refused(
                client.raw("GET", VM + COMPUTE, null, "Authorization", "Basic YTpi"),
                401,
                "AuthenticationFailedInvalidHeader");
    }

    @Test
    void a_token_that_has_expired() {
        clock.pass(Duration.ofHours(2));

        refused(client.get(VM + COMPUTE), 401, "ExpiredAuthenticationToken");
    }

    @Test
    void no_version_and_an_unknown_one() {
        refused(client.get(VM), 400, "MissingApiVersionParameter");
        refused(client.get(VM + "?api-version=2099-01-01"), 400, "NoRegisteredProviderFound");
        refused(client.get(SUBSCRIPTION + "?api-version=2099-01-01"), 400, "InvalidApiVersionParameter");
    }

    @Test
    void places_that_do_not_exist() {
        refused(client.get("/subscriptions/nobody" + COMPUTE), 400, "InvalidSubscriptionId");
        refused(client.get(VM.replace("11111111-1111", "99999999-1111") + COMPUTE), 404, "SubscriptionNotFound");
        var group = client.get(VM.replace("myResourceGroup", "nowhere") + COMPUTE);
        refused(group, 404, "ResourceGroupNotFound");
        assertThat(group.message()).isEqualTo("Resource group 'nowhere' could not be found.");
        var machine = client.get(VM.replace("myVM", "nobody") + COMPUTE);
        refused(machine, 404, "ResourceNotFound");
        assertThat(machine.message())
                .isEqualTo(
                        "The Resource 'Microsoft.Compute/virtualMachines/nobody' under resource group 'myResourceGroup' was not found. "
                                + "For more details please go to https://aka.ms/ARMResourceNotFoundFix");
        assertThat(machine.header("x-ms-failure-cause")).isEqualTo("gateway");
        assertThat(machine.header("x-ms-ratelimit-remaining-resource")).isNull();
        refused(client.get(VM.replace("virtualMachines", "virtualThings") + COMPUTE), 404, "InvalidResourceType");
        refused(
                client.get(VM.replace("Microsoft.Compute", "Contoso.Compute") + COMPUTE),
                404,
                "InvalidResourceNamespace");
    }

    @Test
    void methods_that_are_not_there() {
        refused(client.send("POST", VM + COMPUTE, "{}"), 405, "HttpMethodNotAllowed");
        refused(client.send("BREW", VM + COMPUTE, null), 405, "HttpMethodNotAllowed");
    }

    @Test
    void bodies_that_cannot_be_read() {
        refused(client.patch(VM + COMPUTE, "{\"identity\":"), 400, "InvalidRequestContent");
        refused(client.patch(VM + COMPUTE, "[]"), 400, "InvalidRequestContent");
        var untyped = client.patch(VM + COMPUTE, "{\"identity\":{}}");
        refused(untyped, 400, "InvalidRequestContent");
        assertThat(untyped.message())
                .isEqualTo(
                        "The request content was invalid and could not be deserialized: 'Required property 'type' not found in JSON. Path 'identity'.'.");
        refused(client.patch(VM + COMPUTE, "{\"identity\":{\"type\":\"Magic\"}}"), 400, "InvalidRequestContent");
        refused(client.put(VM + COMPUTE, "{}"), 400, "LocationRequired");
        refused(client.put(VM + COMPUTE, "{\"location\":\"eastus\"}"), 409, "InvalidResourceLocation");
    }

    @Test
    void a_body_that_does_not_say_that_it_is_json() {
        var token = azure.token("me");
        var unsaid = client.raw("PATCH", VM + COMPUTE, null, "Authorization", "Bearer " + token);
        refused(unsaid, 400, "MissingRequestBody");

        var form = client.send("PATCH", VM + COMPUTE, "{}", "Content-Type", "application/x-www-form-urlencoded");

        refused(form, 415, "UnsupportedMediaType");
        assertThat(form.message())
                .isEqualTo(
                        "The content media type 'application/x-www-form-urlencoded' is not supported. Only 'application/json' is supported.");
    }

    @Test
    void values_of_the_dictionary_echoed_back() {
        var reply = client.patch(
                VM + COMPUTE,
                "{\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"" + identity("id1")
                        + "\":{\"clientId\":\"x\"}}}}");

        refused(reply, 400, "InvalidIdentityValues");
        assertThat(reply.message()).contains("'" + identity("id1") + "'").contains("exisiting");
    }

    @Test
    void two_spellings_of_one_id() {
        refused(attach("\"" + identity("id1") + "\":{},\"" + identity("ID1") + "\":{}"), 400, "DuplicateIdentityIds");
    }

    @Test
    void ids_that_are_none() {
        refused(attach("\"myIdentity\":{}"), 400, "LinkedInvalidPropertyId");
        refused(attach("\"" + VM + "\":{}"), 400, "FailedIdentityOperation");
        refused(attach(""), 400, "MissingIdentityIds");
        refused(attach("\"" + identity("id1") + "\":null"), 400, "FailedIdentityOperation");
    }

    @Test
    void more_than_150_ids() {
        var ids = IntStream.range(0, 151)
                .mapToObj(i -> "\"" + identity("many" + i) + "\":{}")
                .collect(Collectors.joining(","));

        var reply = attach(ids);

        refused(reply, 400, "FailedIdentityOperation");
        assertThat(reply.message())
                .contains("User Assigned Identities Number '151' Assign exceed limit '150' in one request");
    }

    @Test
    void ids_with_a_type_that_has_none() {
        var reply = client.patch(
                VM + COMPUTE,
                "{\"identity\":{\"type\":\"SystemAssigned\",\"userAssignedIdentities\":{\"" + identity("id1")
                        + "\":{}}}}");

        refused(reply, 400, "FailedIdentityOperation");
        assertThat(reply.message())
                .contains("a non-UserAssigned identity type should not contain: userAssignedIdentities");
    }

    @Test
    void the_last_id_taken_away_under_type_user_assigned() {
        attach("\"" + identity("id1") + "\":{}");
        clock.pass(Duration.ofSeconds(1));

        refused(attach("\"" + identity("id1") + "\":null"), 400, "MissingIdentityIds");
        azure.settings().merge("{\"unknowns\":{\"lastWithUserAssigned\":\"accept\"}}");
        var accepted = attach("\"" + identity("id1") + "\":null");

        assertThat(accepted.status()).isEqualTo(200);
        assertThat(accepted.body().has("identity")).isFalse();
    }

    @Test
    void a_flexible_scale_set_has_no_system_identity() {
        var flexible =
                SUBSCRIPTION + "/resourceGroups/rg-vms/providers/Microsoft.Compute/virtualMachineScaleSets/vmss-flex";

        var reply = client.patch(flexible + COMPUTE, "{\"identity\":{\"type\":\"SystemAssigned\"}}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.message()).contains("Allowed values are: UserAssigned, None");
    }

    @Test
    void a_second_write_while_an_operation_runs() {
        attach("\"" + identity("id1") + "\":{}");

        refused(client.patch(VM + COMPUTE, "{\"identity\":{\"type\":\"None\"}}"), 409, "Conflict");
    }

    @Test
    void a_newer_operation_preempts_the_older_where_that_is_set() {
        azure.settings().merge("{\"operations\":{\"concurrent\":\"preempt\"}}");
        var first = attach("\"" + identity("id1") + "\":{}");

        assertThat(client.patch(VM + COMPUTE, "{\"identity\":{\"type\":\"None\"}}")
                        .status())
                .isEqualTo(200);

        var older = client.get(String.valueOf(first.header("Azure-AsyncOperation")));
        assertThat(older.body().path("status").asText()).isEqualTo("Failed");
        assertThat(older.code()).isEqualTo("OperationPreempted");
    }

    @Test
    void a_reference_dangles_after_its_identity_is_deleted() {
        attach("\"" + identity("id1") + "\":{}");
        clock.pass(Duration.ofSeconds(1));

        assertThat(client.delete(identity("id1") + IDENTITY).status()).isEqualTo(200);

        var shown = client.get(VM + COMPUTE);
        assertThat(shown.body().at("/identity/userAssignedIdentities").path(identity("id1")))
                .isEmpty();
        assertThat(shown.body().at("/identity/userAssignedIdentities").has(identity("id1")))
                .isTrue();
        refused(attach("\"" + identity("id1") + "\":{}"), 400, "FailedIdentityOperation");
        assertThat(client.delete(identity("id1") + IDENTITY).status()).isEqualTo(204);
        refused(client.get(identity("id1") + IDENTITY), 404, "ResourceNotFound");
    }

    @Test
    void the_thirteenth_patch_of_a_burst_is_throttled() {
        azure.settings().merge("{\"throttling\":{\"compute\":true},\"operations\":{\"concurrent\":\"allow\"}}");
        for (int i = 0; i < 12; i++) {
            assertThat(client.patch(VMSS + COMPUTE, "{}").status()).isEqualTo(200);
        }

        var reply = client.patch(VMSS + COMPUTE, "{}");

        refused(reply, 429, "OperationNotAllowed");
        assertThat(reply.header("Retry-After")).isEqualTo("15");
        assertThat(reply.header("x-ms-ratelimit-remaining-resource")).contains("VMScaleSetActionsResource;0");
        clock.pass(Duration.ofSeconds(15));
        assertThat(client.patch(VMSS + COMPUTE, "{}").status()).isEqualTo(200);
    }

    @Test
    void an_etag_may_move_when_the_operation_ends() {
        azure.settings().merge("{\"etags\":{\"movesOnCompletion\":true}}");

        assertThat(attach("\"" + identity("id1") + "\":{}").header("ETag")).isEqualTo("\"2\"");
        clock.pass(Duration.ofSeconds(1));

        assertThat(client.get(VM + COMPUTE).header("ETag")).isEqualTo("\"3\"");
    }

    @Test
    void a_missing_identity_may_be_a_missing_right() {
        azure.settings().merge("{\"access\":{\"missingAsForbidden\":true}}");

        refused(attach("\"" + identity("nobody") + "\":{}"), 403, "LinkedAuthorizationFailed");
    }

    @Test
    void too_many_assignments_are_refused_inside_the_failed_identity_operation() {
        azure.settings().merge("{\"throttling\":{\"identity\":true},\"operations\":{\"concurrent\":\"allow\"}}");
        Reply reply = attach("\"" + identity("id1") + "\":{}");
        for (int i = 0; i < 300 && reply.status() == 200; i++) {
            reply = attach("\"" + identity("id1") + "\":{}");
        }

        refused(reply, 400, "FailedIdentityOperation");
        assertThat(reply.message())
                .contains("Status: '429'")
                .contains("has issued too many requests. Retry after 20 seconds.");
    }

    private Reply attach(String ids) {
        return client.patch(
                VM + COMPUTE, "{\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{" + ids + "}}}");
    }

    private static void refused(Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.code()).isEqualTo(code);
    }
}
