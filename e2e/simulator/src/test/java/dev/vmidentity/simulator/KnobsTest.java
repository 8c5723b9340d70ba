package dev.vmidentity.simulator;

import static dev.vmidentity.simulator.ArmClient.COMPUTE;
import static dev.vmidentity.simulator.ArmClient.IDENTITY;
import static dev.vmidentity.simulator.ArmClient.SUBSCRIPTION;
import static dev.vmidentity.simulator.ArmClient.VM;
import static dev.vmidentity.simulator.ArmClient.VMSS;
import static dev.vmidentity.simulator.ArmClient.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vmidentity.simulator.ArmClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Everything that can be turned, turned. What {@link ControlTest} and {@link StrictnessTest} show already is not repeated. */
final class KnobsTest {
    private static final String SYSTEM = "{\"identity\":{\"type\":\"SystemAssigned\"}}";
    private static final String ID1 = identity("id1");
    private static final String ID2 = identity("id2");

    private final HandClock clock = new HandClock();
    private Simulator azure;
    private ArmClient client;

    @BeforeEach
    void start() {
        azure = Simulator.start(Options.defaults().withClock(clock));
        client = new ArmClient(azure);
        client.put(ID1 + IDENTITY, "{\"location\":\"westus\"}");
        client.put(ID2 + IDENTITY, "{\"location\":\"westus\"}");
    }

    @AfterEach
    void stop() {
        client.close();
        azure.close();
    }

    // ---- the wire

    @Test
    void an_answer_takes_as_long_as_a_fault_says() {
        fault("{\"method\":\"GET\",\"delay\":80}");

        long start = System.nanoTime();
        assertThat(client.get(VM + COMPUTE).status()).isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(80));
    }

    @Test
    void a_request_may_be_delivered_after_its_sender_has_given_up() {
        fault("{\"method\":\"PATCH\",\"late\":1}");

        assertThatThrownBy(() -> client.attempt("PATCH", VM + COMPUTE, SYSTEM, authorization()))
                .isInstanceOf(IOException.class);

        Eventually.is("the request has taken effect", () -> identityType().equals("SystemAssigned"));
    }

    @Test
    void a_request_that_hangs_takes_no_effect_and_is_let_go_when_the_simulator_stops() throws Exception {
        fault("{\"method\":\"PATCH\",\"hang\":true}");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var hanging = threads.submit(() -> client.attempt("PATCH", VM + COMPUTE, SYSTEM, authorization()));
            Eventually.is(
                    "the request is there",
                    () -> azure.requests().entries().stream()
                            .anyMatch(one -> one.method().equals("PATCH") && one.status() == null));

            assertThat(identityType()).isEmpty();
            azure.close();
            assertThatThrownBy(() -> hanging.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void the_clock_of_the_headers_may_be_wrong() {
        set("{\"wire\":{\"clockSkewSeconds\":-300}}");

        var date = ZonedDateTime.parse(
                String.valueOf(client.get(VM + COMPUTE).header("Date")), DateTimeFormatter.RFC_1123_DATE_TIME);

        assertThat(Duration.between(date.toInstant(), clock.instant()))
                .isBetween(Duration.ofSeconds(299), Duration.ofSeconds(301));
    }

    @Test
    void tokens_may_live_for_moments_only() {
        set("{\"tokens\":{\"lifetimeSeconds\":5}}");
        var token = client.raw(
                        "POST",
                        "/common/oauth2/v2.0/token",
                        "grant_type=client_credentials&client_id=me&client_secret=any&scope=" + azure.endpoint()
                                + "/.default")
                .body()
                .path("access_token")
                .asText();
        assertThat(client.raw("GET", VM + COMPUTE, null, "Authorization", "Bearer " + token)
                        .status())
                .isEqualTo(200);

        clock.pass(Duration.ofSeconds(6));

        var refused = client.raw("GET", VM + COMPUTE, null, "Authorization", "Bearer " + token);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.code()).isEqualTo("ExpiredAuthenticationToken");
        assertThat(refused.header("WWW-Authenticate"))
                .isEqualTo("Bearer authorization_uri=\"https://login.windows.net/" + azure.tenantId()
                        + "\", error=\"invalid_token\", error_description=\"" + refused.message() + "\"");
    }

    @Test
    void random_faults_are_the_same_for_the_same_seed() {
        var first = pattern(7);
        client.put(identity("between") + IDENTITY, "{\"location\":\"westus\"}");

        assertThat(pattern(7)).isEqualTo(first);
        assertThat(pattern(8)).isNotEqualTo(first);
        assertThat(first).contains(200, 500);
    }

    private List<Integer> pattern(long seed) {
        azure.faults().clear();
        fault("{\"method\":\"GET\",\"times\":0,\"probability\":0.5,\"seed\":" + seed + ",\"status\":500}");
        var statuses = new ArrayList<Integer>();
        for (int i = 0; i < 20; i++) {
            statuses.add(client.get(VM + COMPUTE).status());
        }
        return statuses;
    }

    // ---- operations

    @ParameterizedTest
    @CsvSource({"true,false,2", "true,true,3", "false,false,2", "false,true,3"})
    void a_failed_operation_keeps_or_restores_the_identity_and_moves_the_etag_or_not(
            boolean rollback, boolean etagMoves, int etag) {
        fault("""
                {"method":"PATCH","operation":{"code":"FailedIdentityOperation","message":"Status: '429'. Response: \
                '{\\"error\\":{\\"code\\":\\"TooManyRequests\\"}}'","rollback":%s,"etagMoves":%s}}""".formatted(rollback, etagMoves));

        var accepted = client.patch(VM + COMPUTE, SYSTEM);
        assertThat(accepted.header("ETag")).isEqualTo("\"2\"");
        clock.pass(Duration.ofSeconds(1));

        var operation = client.get(String.valueOf(accepted.header("Azure-AsyncOperation")));
        assertThat(operation.body().path("status").asText()).isEqualTo("Failed");
        assertThat(operation.message()).contains("'429'");
        assertThat(identityType()).isEqualTo(rollback ? "" : "SystemAssigned");
        assertThat(client.get(VM + COMPUTE).header("ETag")).isEqualTo("\"" + etag + "\"");
    }

    @Test
    void somebody_else_may_be_at_it_already() {
        fault("""
                {"method":"PATCH","meanwhile":{"method":"PATCH","url":"%s","body":{"tags":{"by":"another"}}}}""".formatted(VM + COMPUTE));

        var refused = client.patch(VM + COMPUTE, SYSTEM);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.code()).isEqualTo("Conflict");
        assertThat(client.get(VM + COMPUTE).body().at("/tags/by").asText()).isEqualTo("another");
    }

    // ---- etags

    @ParameterizedTest
    @CsvSource({"true,3", "false,2"})
    void a_patch_that_changes_nothing_moves_the_etag_or_not(boolean moves, int etag) {
        set("{\"etags\":{\"noopMoves\":" + moves + "}}");
        settled(VM, SYSTEM);

        assertThat(client.patch(VM + COMPUTE, SYSTEM).header("ETag")).isEqualTo("\"" + etag + "\"");
    }

    @Test
    void etags_may_move_by_themselves() {
        set("{\"etags\":{\"driftEveryReads\":2}}");

        assertThat(List.of(etag(), etag(), etag(), etag())).containsExactly("\"1\"", "\"2\"", "\"2\"", "\"3\"");
        assertThat(client.patch(VM + COMPUTE, SYSTEM, "If-Match", "\"1\"").status())
                .isEqualTo(412);
    }

    @Test
    void a_cloud_may_have_no_etags_at_all() {
        set("{\"etags\":{\"sent\":false}}");

        var reply = client.patch(VM + COMPUTE, SYSTEM, "If-Match", "\"77\"");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("ETag")).isNull();
        assertThat(reply.body().has("etag")).isFalse();
    }

    // ---- foreign writers

    @Test
    void a_foreign_put_replaces_what_was_attached_between_read_and_write() {
        settled(VM, userAssigned("\"" + ID1 + "\":{}"));
        set("{\"operations\":{\"concurrent\":\"allow\"}}");
        fault("""
                {"method":"PATCH","meanwhile":[{"method":"PUT","url":"%s","body":
                 {"location":"westus","identity":{"type":"UserAssigned","userAssignedIdentities":{"%s":{}}}}}]}""".formatted(VM + COMPUTE, ID2));
        var read = etag();

        assertThat(client.patch(VM + COMPUTE, SYSTEM, "If-Match", read).status())
                .isEqualTo(412);

        assertThat(attached()).containsExactly(ID2);
    }

    @Test
    void a_foreign_put_that_omits_the_identity_keeps_it_and_one_with_type_none_takes_it() {
        settled(VM, userAssigned("\"" + ID1 + "\":{}"));
        var another = new ArmClient(azure, "someone-else");

        another.put(VM + COMPUTE, "{\"location\":\"westus\"}");
        clock.pass(Duration.ofSeconds(1));
        assertThat(attached()).containsExactly(ID1);
        another.put(VM + COMPUTE, "{\"location\":\"westus\",\"identity\":{\"type\":\"None\"}}");

        assertThat(identityType()).isEmpty();
        another.close();
    }

    @Test
    void a_foreign_hand_attaches_an_identity_and_the_machine_stays_the_same() {
        settled(VM, SYSTEM);
        var before = client.get(VM + COMPUTE).body();

        client.raw("PATCH", "/_simulator/state", """
                [{"id":"%s","identity":{"type":"SystemAssigned, UserAssigned","userAssignedIdentities":{"%s":{}}}}]""".formatted(VM, ID1));

        var after = client.get(VM + COMPUTE).body();
        assertThat(attached()).containsExactly(ID1);
        assertThat(after.at("/properties/vmId")).isEqualTo(before.at("/properties/vmId"));
        assertThat(after.at("/properties/hardwareProfile")).isEqualTo(before.at("/properties/hardwareProfile"));
        assertThat(after.at("/identity/principalId")).isEqualTo(before.at("/identity/principalId"));
        assertThat(after.path("etag").asText()).isEqualTo("\"3\"");
    }

    @Test
    void a_policy_attaches_an_identity_on_its_own_when_a_machine_is_put() {
        set("{\"policy\":{\"userAssigned\":[\"" + ID2 + "\"]}}");

        client.put(VM + COMPUTE, "{\"location\":\"westus\"}");

        assertThat(attached()).containsExactly(ID2);
    }

    // ---- what nobody knows of the real service

    @Test
    void null_for_an_id_that_is_not_attached_is_refused_or_passes() {
        settled(VM, userAssigned("\"" + ID1 + "\":{}"));
        var patch = userAssigned("\"" + ID2 + "\":null");
        assertThat(client.patch(VM + COMPUTE, patch).status()).isEqualTo(400);

        set("{\"unknowns\":{\"nullOfAbsent\":\"accept\"}}");

        assertThat(client.patch(VM + COMPUTE, patch).status()).isEqualTo(200);
        assertThat(attached()).containsExactly(ID1);
    }

    @Test
    void a_dangling_reference_is_empty_or_stale() {
        settled(VM, userAssigned("\"" + ID1 + "\":{}"));
        client.delete(ID1 + IDENTITY);
        assertThat(value(ID1)).isEmpty();

        set("{\"unknowns\":{\"dangling\":\"stale\"}}");

        assertThat(value(ID1).path("clientId").asText()).isNotEmpty();
    }

    @Test
    void a_dangling_reference_stops_a_put_that_names_it_and_not_a_patch_that_does_not() {
        settled(VM, userAssigned("\"" + ID1 + "\":{}"));
        client.delete(ID1 + IDENTITY);
        client.put(ID1 + IDENTITY, "{\"location\":\"westus\"}");
        assertThat(value(ID1)).as("made anew: not the one that is attached").isEmpty();
        client.delete(ID1 + IDENTITY);

        var put = client.put(
                VM + COMPUTE,
                "{\"location\":\"westus\",\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"" + ID1
                        + "\":{}}}}");
        assertThat(put.code()).isEqualTo("FailedIdentityOperation");

        settled(VM, userAssigned("\"" + ID2 + "\":{}"));
        settled(VM, userAssigned("\"" + ID1 + "\":null"));
        assertThat(attached()).containsExactly(ID2);
    }

    @Test
    void of_two_racing_puts_of_one_identity_one_is_interrupted() throws Exception {
        set("{\"operations\":{\"identityWrite\":600000}}");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var racers = new ExecutorCompletionService<Reply>(threads);
            racers.submit(() -> make("raced"));
            racers.submit(() -> make("raced"));

            var loser = racers.take().get();
            set("{\"operations\":{\"identityWrite\":0}}");
            var winner = racers.take().get();

            assertThat(loser.status()).isEqualTo(409);
            assertThat(loser.code()).isEqualTo("ConflictingConcurrentWriteNotAllowed");
            assertThat(winner.status()).isEqualTo(201);
        }
    }

    @Test
    void two_racing_puts_may_make_one_identity() throws Exception {
        set("{\"unknowns\":{\"racingPuts\":\"one\"}}");

        var replies = race("raced");

        assertThat(replies).extracting(Reply::status).containsExactlyInAnyOrder(200, 201);
        assertThat(principal(replies.getFirst())).isEqualTo(principal(replies.getLast()));
    }

    @Test
    void two_racing_puts_may_both_be_told_that_they_made_it() throws Exception {
        set("{\"unknowns\":{\"racingPuts\":\"last\"}}");
        List<Reply> replies = List.of();
        // Whether two requests really meet is up to the threads.
        for (int i = 0; i < 100 && !statuses(replies).equals(List.of(201, 201)); i++) {
            replies = race("raced" + i);
        }

        assertThat(statuses(replies)).containsExactly(201, 201);
        var principals = replies.stream().map(KnobsTest::principal).toList();
        assertThat(principals).doesNotHaveDuplicates();
        var name = replies.getFirst().body().path("name").asText();
        assertThat(principals).contains(principal(client.get(identity(name) + IDENTITY)));
    }

    private List<Reply> race(String name) throws Exception {
        set("{\"operations\":{\"identityWrite\":600000}}");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> make(name));
            var second = threads.submit(() -> make(name));
            Eventually.is(
                    "both are under way",
                    () -> azure.requests().entries().stream()
                                    .filter(one -> one.path().endsWith("/" + name))
                                    .count()
                            == 2);
            set("{\"operations\":{\"identityWrite\":0}}");
            return List.of(first.get(), second.get());
        }
    }

    private Reply make(String name) {
        return client.put(identity(name) + IDENTITY, "{\"location\":\"westus\"}");
    }

    private static List<Integer> statuses(List<Reply> replies) {
        return replies.stream().map(Reply::status).toList();
    }

    private static String principal(Reply reply) {
        return reply.body().at("/properties/principalId").asText();
    }

    // ---- throttling

    @Test
    void a_principal_may_read_so_often_and_no_more() {
        set("{\"throttling\":{\"arm\":true}}");
        Reply reply = client.get(VM + COMPUTE);
        assertThat(reply.header("x-ms-ratelimit-remaining-subscription-reads")).isEqualTo("249");
        for (int i = 0; i < 250 && reply.status() == 200; i++) {
            reply = client.get(VM + COMPUTE);
        }

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.code()).isEqualTo("SubscriptionRequestsThrottled");
        assertThat(reply.message()).startsWith("Number of 'read' requests for subscription");
        assertThat(reply.header("Retry-After")).isEqualTo("1");
        var another = new ArmClient(azure, "someone-else");
        assertThat(another.get(VM + COMPUTE).status()).isEqualTo(200);
        another.close();
        client.raw("DELETE", "/_simulator/budgets", null);
        assertThat(client.get(VM + COMPUTE).status()).isEqualTo(200);
    }

    @Test
    void polls_count_for_the_machine_and_not_for_each_operation() {
        set("{\"throttling\":{\"compute\":true},\"operations\":{\"concurrent\":\"allow\"}}");
        var one = String.valueOf(client.patch(VMSS + COMPUTE, SYSTEM).header("Azure-AsyncOperation"));
        var two = String.valueOf(
                client.patch(VMSS + COMPUTE, "{\"tags\":{\"a\":\"b\"}}").header("Azure-AsyncOperation"));
        for (int i = 0; i < 45; i++) {
            assertThat(client.get(i % 2 == 0 ? one : two).status()).isEqualTo(200);
        }

        var refused = client.get(two);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.message()).contains("too many requests");
        assertThat(refused.body().at("/error/details/0/message").asText()).contains("\"allowedRequestCount\":45");
    }

    // ---- Resource Graph

    @Test
    void resource_graph_refuses_the_sixteenth_question_in_five_seconds() {
        set("{\"throttling\":{\"resourceGraph\":true}}");
        Reply reply = graph();
        for (int i = 0; i < 15 && reply.status() == 200; i++) {
            reply = graph();
        }

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.code()).isEqualTo("RateLimiting");
        assertThat(reply.header("x-ms-user-quota-remaining")).isEqualTo("0");
        assertThat(reply.header("x-ms-user-quota-resets-after")).isEqualTo("00:00:05");
    }

    private Reply graph() {
        return client.send(
                "POST",
                "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01",
                "{\"subscriptions\":[\"" + SUBSCRIPTION.substring("/subscriptions/".length())
                        + "\"],\"query\":\"resources | project id\"}");
    }

    // ---- words

    private void set(String settings) {
        assertThat(client.raw("PUT", "/_simulator/settings", settings).status()).isEqualTo(200);
    }

    private void fault(String json) {
        var reply = client.raw("POST", "/_simulator/faults", json);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    }

    private void settled(String machine, String body) {
        var reply = client.patch(machine + COMPUTE, body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        clock.pass(Duration.ofSeconds(1));
    }

    private static String userAssigned(String ids) {
        return "{\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{" + ids + "}}}";
    }

    private String[] authorization() {
        return new String[] {"Authorization", "Bearer " + azure.token("33333333-3333-3333-3333-333333333333")};
    }

    private String etag() {
        return String.valueOf(client.get(VM + COMPUTE).header("ETag"));
    }

    private String identityType() {
        return client.get(VM + COMPUTE).body().at("/identity/type").asText();
    }

    private com.fasterxml.jackson.databind.JsonNode value(String id) {
        return client.get(VM + COMPUTE)
                .body()
                .at("/identity/userAssignedIdentities")
                .path(id);
    }

    private List<String> attached() {
        var ids = new ArrayList<String>();
        client.get(VM + COMPUTE)
                .body()
                .at("/identity/userAssignedIdentities")
                .fieldNames()
                .forEachRemaining(ids::add);
        return ids;
    }
}
