package dev.vmidentity.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet.Answer;
import dev.vmidentity.core.Fleet.Glance;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.Ground;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of Resource Graph that are not whole, or not understood. */
final class ArmFleetWireTest {
    private static final String SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
    private static final String GRAPH = "\"method\":\"POST\",\"path\":\"/Microsoft.ResourceGraph/\"";

    private static SimulatedAzure azure;

    private final List<TargetId> targets = new ArrayList<>();
    private Ground ground;

    @BeforeAll
    static void start() {
        azure = new SimulatedAzure();
    }

    @AfterAll
    static void stop() {
        azure.stop();
    }

    @BeforeEach
    void layGround() {
        ground = azure.emptied();
        for (int i = 0; i < 9; i++) {
            TargetId target = TargetId.of(MachineKind.VIRTUAL_MACHINE, SUBSCRIPTION, "rg-vms", "web-" + i);
            ground.makeMachine(target);
            targets.add(target);
        }
    }

    @Test
    void oneOfThreePagesThatFailsFailsThemAll() {
        fault("\"skip\":1,\"status\":500,\"body\":{\"error\":{\"code\":\"InternalServerError\",\"message\":\"no\"}}");

        assertThat(failed(all())).isInstanceOf(Fault.AzureUnwell.class);
        assertThat(whole(all())).hasSize(9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"totalRecords\":0,\"count\":0,\"data\":[],\"resultTruncated\":\"true\"}",
                "{\"totalRecords\":3,\"count\":0,\"data\":[],\"resultTruncated\":\"false\"}",
                "{\"totalRecords\":0,\"count\":1,\"data\":[],\"resultTruncated\":\"false\"}",
                "{\"totalRecords\":1,\"count\":1,\"data\":[{\"id\":null}],\"resultTruncated\":\"false\"}",
                "{\"totalRecords\":0,\"count\":0,\"data\":[],\"resultTruncated\":\"false\",\"$skipToken\":\"again\"}",
                "{\"totalRecords\":0,\"count\":0,\"data\":{\"columns\":[],\"rows\":[]}}",
                "{\"data\":[]}",
                "[]",
                "\"\""
            })
    void anAnswerThatIsNotWholeIsAFailure(String body) {
        fault("\"times\":0,\"status\":200,\"body\":" + body);

        assertThat(failed(all())).isInstanceOf(Fault.Unexpected.class);
        assertThat(failed(ground.fleet().of(targets))).isInstanceOf(Fault.Unexpected.class);
    }

    @Test
    void aRowWithoutAStateOrWithAStrangeIdentityIsLookedAtBeforeItIsMissed() {
        String id = targets.getFirst().id().value();
        for (String row : List.of(
                "{\"id\":\"" + id + "\",\"vmId\":\"x\"}",
                "{\"id\":\"" + id + "\",\"vmId\":\"x\",\"provisioningState\":\"Succeeded\","
                        + "\"identity\":{\"type\":\"Sideways\"}}",
                "{\"id\":\"" + id + "\",\"vmId\":\"x\",\"provisioningState\":\"Succeeded\",\"identity\":[]}",
                "{\"id\":\"" + id + "\",\"provisioningState\":\"Succeeded\"}")) {
            String body = "{\"totalRecords\":1,\"count\":1,\"data\":[" + row + "],\"resultTruncated\":\"false\"}";

            fault("\"status\":200,\"body\":" + body);
            assertThat(whole(all()).getFirst().seen().etag()).as(row).isNotNull();

            fault("\"status\":200,\"body\":" + body);
            assertThat(whole(ground.fleet().of(targets))).as(row).isEmpty();
        }
    }

    @Test
    void whoMayNotAskIsTold() {
        fault("\"status\":403,\"body\":{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no\"}}");

        assertThat(failed(all())).isInstanceOf(Fault.Forbidden.class);
    }

    @Test
    void theQuotaTellsHowLongToWait() {
        fault("\"status\":429,\"headers\":{\"x-ms-user-quota-remaining\":\"0\",\"x-ms-user-quota-resets-after\":"
                + "\"00:01:04\"},\"body\":{\"error\":{\"code\":\"RateLimiting\",\"message\":\"slower\"}}");

        assertThat(failed(all()))
                .isEqualTo(new Fault.Throttled(
                        Fault.Throttled.Scope.RESOURCE_GRAPH, Optional.of(Duration.ofSeconds(64)), "slower"));
    }

    @Test
    void aMachineThatWasNotAskedForIsNotTold() {
        TargetId other = TargetId.of(MachineKind.VIRTUAL_MACHINE, SUBSCRIPTION, "rg-vms", "other");
        fault(
                "\"status\":200,\"body\":{\"totalRecords\":1,\"count\":1,\"resultTruncated\":\"false\",\"data\":[{\"id\":\""
                        + other.id().value() + "\",\"vmId\":\"x\",\"provisioningState\":\"Succeeded\"}]}");

        assertThat(whole(ground.fleet().of(targets))).isEmpty();
    }

    @Test
    void aQuestionForManyIsAFewRequests() {
        azure.simulator().settings().merge("{\"consistency\":{\"resourceGraphPage\":1000}}");

        assertThat(whole(ground.fleet().of(targets))).hasSize(9);

        assertThat(azure.simulator().requests().entries())
                .hasSize(1)
                .allSatisfy(request -> assertThat(request.method()).isEqualTo("POST"));
    }

    private Answer all() {
        return ground.fleet().matching(EnumSet.allOf(MachineKind.class), Scopes.parse("/"), Map.of());
    }

    private static void fault(String rest) {
        azure.simulator().faults().clear();
        azure.simulator().faults().add("{" + GRAPH + "," + rest + "}");
    }

    private static Fault failed(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Failed.class);
        return ((Answer.Failed) answer).fault();
    }

    private static List<Glance> whole(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Whole.class);
        return ((Answer.Whole) answer).machines();
    }
}
