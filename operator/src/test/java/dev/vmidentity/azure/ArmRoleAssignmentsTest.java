package dev.vmidentity.azure;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.RoleAssignments.Assignment;
import dev.vmidentity.fakes.RoleAssignmentsContract;
import dev.vmidentity.fakes.RoleGround;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class ArmRoleAssignmentsTest extends RoleAssignmentsContract {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static SimulatedAzure azure;

    @BeforeAll
    static void start() {
        azure = new SimulatedAzure();
    }

    @AfterAll
    static void stop() {
        azure.stop();
    }

    @Override
    protected RoleGround ground() {
        azure.emptied().makeGroup(RoleGround.SUBSCRIPTION, "rg-data");
        return new Simulated();
    }

    private static final class Simulated implements RoleGround {
        @Override
        public RoleAssignments roles() {
            return azure.roles();
        }

        @Override
        public void assignedByOthers(Assignment assignment) {
            ObjectNode resource = JSON.objectNode().put("id", assignment.id());
            ObjectNode properties = resource.putObject("properties")
                    .put(
                            "roleDefinitionId",
                            "/subscriptions/" + SUBSCRIPTION + "/providers/Microsoft.Authorization/roleDefinitions/"
                                    + assignment.role())
                    .put("principalId", assignment.principal())
                    .put("principalType", "ServicePrincipal");
            if (assignment.conditional()) {
                properties.put("condition", "@Resource[a] StringEquals 'b'").put("conditionVersion", "2.0");
            }
            ObjectNode document = JSON.objectNode();
            document.putArray("resources").add(resource);
            azure.simulator().state().merge(document);
        }

        @Override
        public void nextPut(Fault fault) {
            ObjectNode request =
                    JSON.objectNode().put("method", "PUT").put("path", "/Microsoft.Authorization/roleAssignments/");
            ObjectNode error = switch (fault) {
                case Fault.PrincipalUnknown _ ->
                    request.put("status", 400)
                            .putObject("body")
                            .putObject("error")
                            .put("code", "PrincipalNotFound");
                case Fault.Throttled throttled -> {
                    request.put("status", 429)
                            .putObject("headers")
                            .put(
                                    "Retry-After",
                                    Long.toString(
                                            throttled.retryAfter().orElseThrow().toSeconds()));
                    yield request.putObject("body").putObject("error").put("code", "SubscriptionRequestsThrottled");
                }
                default -> throw new IllegalArgumentException("not known in ARM's words: " + fault);
            };
            error.put("message", fault.detail());
            azure.simulator().faults().add(request.toString());
        }
    }
}
