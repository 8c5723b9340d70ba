package dev.vmidentity.simulator;

import static dev.vmidentity.simulator.ArmClient.COMPUTE;
import static dev.vmidentity.simulator.ArmClient.IDENTITY;
import static dev.vmidentity.simulator.ArmClient.SUBSCRIPTION;
import static dev.vmidentity.simulator.ArmClient.VM;
import static dev.vmidentity.simulator.ArmClient.identity;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Role assignments, and what they allow once they are enforced; locks. */
final class AccessTest {
    private static final String OPERATOR = "77777777-7777-7777-7777-777777777777";
    private static final String ATTACH =
            "{\"identity\":{\"type\":\"UserAssigned\",\"userAssignedIdentities\":{\"%s\":{}}}}";

    private final HandClock clock = new HandClock();
    private Simulator azure;
    private ArmClient admin;
    private ArmClient operator;

    @BeforeEach
    void start() {
        azure = Simulator.start(Options.defaults().withClock(clock));
        admin = new ArmClient(azure);
        operator = new ArmClient(azure, OPERATOR);
        admin.put(identity("id1") + IDENTITY, "{\"location\":\"westus\"}");
        azure.settings()
                .merge("{\"access\":{\"enforced\":true,\"admins\":[\"33333333-3333-3333-3333-333333333333\"]}}");
    }

    @AfterEach
    void stop() {
        admin.close();
        operator.close();
        azure.close();
    }

    @Test
    void without_an_assignment_nothing_is_allowed() {
        var reply = operator.get(VM + COMPUTE);

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("AuthorizationFailed");
        assertThat(reply.message())
                .isEqualTo(
                        "The client '" + OPERATOR + "' with object id '" + OPERATOR
                                + "' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/read' over scope '"
                                + VM
                                + "' or the scope is invalid. If access was recently granted, please refresh your credentials.");
    }

    @Test
    void writing_a_machine_is_not_enough_to_attach_an_identity() {
        grant("9980e02c-c2be-4d73-94e8-173b1dc7cf3c", SUBSCRIPTION);

        var refused = operator.patch(VM + COMPUTE, ATTACH.formatted(identity("id1")));
        grant("f1a07417-d97a-45cb-824c-7a7467783830", identity("id1"));
        var allowed = operator.patch(VM + COMPUTE, ATTACH.formatted(identity("id1")));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("LinkedAuthorizationFailed");
        assertThat(refused.message())
                .contains("has permission to perform action 'Microsoft.Compute/virtualMachines/write' on scope '" + VM
                        + "'")
                .contains("'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the linked scope(s) '"
                        + identity("id1") + "'");
        assertThat(allowed.status()).isEqualTo(200);
    }

    @Test
    void taking_an_identity_away_needs_no_right_on_it() {
        admin.patch(VM + COMPUTE, ATTACH.formatted(identity("id1")));
        clock.pass(Duration.ofSeconds(1));
        grant("9980e02c-c2be-4d73-94e8-173b1dc7cf3c", VM);

        assertThat(operator.patch(VM + COMPUTE, "{\"identity\":{\"type\":\"None\"}}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_right_that_was_granted_arrives_later() {
        azure.settings().merge("{\"consistency\":{\"roleEffective\":60000}}");
        grant("acdd72a7-3385-48ef-bd42-f606fba81ae7", VM);

        assertThat(operator.get(VM + COMPUTE).status()).isEqualTo(403);
        clock.pass(Duration.ofSeconds(61));
        assertThat(operator.get(VM + COMPUTE).status()).isEqualTo(200);
    }

    @Test
    void lists_leave_out_what_the_caller_may_not_read() {
        assertThat(operator.get("/subscriptions?api-version=2022-12-01").body().path("value"))
                .isEmpty();

        grant("acdd72a7-3385-48ef-bd42-f606fba81ae7", VM);

        assertThat(operator.get("/subscriptions?api-version=2022-12-01").body().path("value"))
                .hasSize(1);
        assertThat(operator.get(SUBSCRIPTION + "/resourcegroups?api-version=2024-11-01")
                        .body()
                        .findValuesAsText("name"))
                .containsExactly("myResourceGroup");
        assertThat(operator.get(SUBSCRIPTION + "/resources?api-version=2024-11-01")
                        .body()
                        .findValuesAsText("name"))
                .containsExactly("myVM");
        assertThat(operator.get(SUBSCRIPTION + "/providers/Microsoft.Compute/virtualMachines" + COMPUTE)
                        .code())
                .isEqualTo("AuthorizationFailed");
    }

    @Test
    void resource_graph_answers_only_what_the_caller_may_read() {
        grant("acdd72a7-3385-48ef-bd42-f606fba81ae7", VM);
        var question = "{\"query\":\"resources | project name\"}";
        var graph = "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01";

        assertThat(operator.send("POST", graph, question).body().path("data").findValuesAsText("name"))
                .containsExactly("myVM");
        assertThat(admin.send("POST", graph, question)
                        .body()
                        .path("totalRecords")
                        .asInt())
                .isGreaterThan(5);
    }

    @Test
    void attached_ids_that_a_patch_does_not_name_are_checked_again_or_not() {
        admin.put(identity("id2") + IDENTITY, "{\"location\":\"westus\"}");
        admin.patch(VM + COMPUTE, ATTACH.formatted(identity("id1")));
        clock.pass(Duration.ofSeconds(1));
        grant("9980e02c-c2be-4d73-94e8-173b1dc7cf3c", VM);
        grant("f1a07417-d97a-45cb-824c-7a7467783830", identity("id2"));

        var checked = operator.patch(VM + COMPUTE, ATTACH.formatted(identity("id2")));
        azure.settings().merge("{\"access\":{\"recheckUnnamed\":false}}");
        var unchecked = operator.patch(VM + COMPUTE, ATTACH.formatted(identity("id2")));

        assertThat(checked.code()).isEqualTo("LinkedAuthorizationFailed");
        assertThat(checked.message()).contains("linked scope(s) '" + identity("id1") + "'");
        assertThat(unchecked.status()).isEqualTo(200);
    }

    @Test
    void a_deny_assignment_is_stronger_than_any_role() {
        azure.settings()
                .merge("{\"access\":{\"deny\":[{\"name\":\"lockdown\",\"scope\":\"" + SUBSCRIPTION
                        + "/resourceGroups/myResourceGroup\",\"actions\":[\"Microsoft.Compute/*/write\"]}]}}");

        var reply = admin.patch(VM + COMPUTE, ATTACH.formatted(identity("id1")));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("DenyAssignmentAuthorizationFailed");
        assertThat(reply.message())
                .contains(
                        "has permission to perform action 'Microsoft.Compute/virtualMachines/write' on scope '" + VM
                                + "'; however, the access is denied because of the deny assignment with name 'lockdown' and Id '")
                .endsWith("at scope '" + SUBSCRIPTION + "/resourceGroups/myResourceGroup'.");
        assertThat(admin.get(VM + COMPUTE).status()).isEqualTo(200);
    }

    @Test
    void a_deny_assignment_on_an_identity_stops_its_assignment() {
        azure.settings()
                .merge(
                        "{\"access\":{\"deny\":[{\"scope\":\"" + identity("id1")
                                + "\",\"actions\":[\"*/assign/action\"],\"principals\":[\"33333333-3333-3333-3333-333333333333\"]}]}}");

        var reply = admin.patch(VM + COMPUTE, ATTACH.formatted(identity("id1")));

        assertThat(reply.code()).isEqualTo("LinkedAuthorizationFailed");
        assertThat(reply.message())
                .endsWith("and is blocked by deny assignments on the '1' linked scope(s) '" + identity("id1") + "'.");
    }

    @Test
    void a_policy_may_deny_a_write() {
        azure.settings()
                .merge("{\"policy\":{\"deny\":[{\"name\":\"no-changes\",\"scope\":\"" + SUBSCRIPTION
                        + "\",\"types\":[\"Microsoft.Compute/virtualMachines\"]}]}}");

        var reply = admin.patch(VM + COMPUTE, ATTACH.formatted(identity("id1")));

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("RequestDisallowedByPolicy");
        assertThat(reply.message()).startsWith("Resource 'myVM' was disallowed by policy. Policy identifiers: '[{");
        assertThat(reply.body()
                        .at("/error/additionalInfo/0/info/policyAssignmentName")
                        .asText())
                .isEqualTo("no-changes");
        assertThat(admin.put(identity("id2") + IDENTITY, "{\"location\":\"westus\"}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void a_custom_role_holds_what_it_lists() {
        var role = UUID.randomUUID().toString();
        admin.put(
                SUBSCRIPTION + "/providers/Microsoft.Authorization/roleDefinitions/" + role + "?api-version=2022-04-01",
                "{\"properties\":{\"roleName\":\"vm identity\",\"assignableScopes\":[\"" + SUBSCRIPTION
                        + "\"],\"permissions\":[{\"actions\":[\"Microsoft.Compute/virtualMachines/read\"]}]}}");
        grant(role, SUBSCRIPTION);

        assertThat(operator.get(VM + COMPUTE).status()).isEqualTo(200);
        assertThat(operator.patch(VM + COMPUTE, "{}").status()).isEqualTo(403);
    }

    @Test
    void the_same_assignment_under_another_name_is_a_conflict() {
        assertThat(grant("acdd72a7-3385-48ef-bd42-f606fba81ae7", VM).status()).isEqualTo(201);

        var second = grant("acdd72a7-3385-48ef-bd42-f606fba81ae7", VM);

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.code()).isEqualTo("RoleAssignmentExists");
    }

    @Test
    void a_fresh_principal_is_not_found_unless_its_type_is_said() {
        azure.settings().merge("{\"consistency\":{\"principalVisible\":48000}}");
        var principal = admin.put(identity("fresh") + IDENTITY, "{\"location\":\"westus\"}")
                .body()
                .at("/properties/principalId")
                .asText();

        var without = assign(principal, "acdd72a7-3385-48ef-bd42-f606fba81ae7", VM, "");
        var with = assign(
                principal, "acdd72a7-3385-48ef-bd42-f606fba81ae7", VM, ",\"principalType\":\"ServicePrincipal\"");

        assertThat(without.status()).isEqualTo(400);
        assertThat(without.code()).isEqualTo("PrincipalNotFound");
        assertThat(without.message())
                .startsWith("Principal " + principal.replace("-", "") + " does not exist in the directory ");
        assertThat(with.status()).isEqualTo(201);
        assertThat(with.body().at("/properties/createdBy").isNull()).isTrue();
    }

    @Test
    void a_principal_that_went_with_its_identity_or_machine_is_not_found() {
        var identity = admin.put(identity("gone") + IDENTITY, "{\"location\":\"westus\"}")
                .body()
                .at("/properties/principalId")
                .asText();
        admin.delete(identity("gone") + IDENTITY);
        azure.settings().merge("{\"consistency\":{\"principalVisible\":48000}}");
        var system = admin.patch(VM + COMPUTE, "{\"identity\":{\"type\":\"SystemAssigned\"}}")
                .body()
                .at("/identity/principalId")
                .asText();

        var reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
        assertThat(assign(identity, reader, VM, "").code()).isEqualTo("PrincipalNotFound");
        assertThat(assign(system, reader, VM, "").code()).isEqualTo("PrincipalNotFound");
        clock.pass(Duration.ofSeconds(49));
        assertThat(assign(system, reader, VM, "").status()).isEqualTo(201);
    }

    @Test
    void a_lock_on_the_group_forbids_to_delete_what_is_in_it() {
        admin.put(
                SUBSCRIPTION
                        + "/resourceGroups/myResourceGroup/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01",
                "{\"properties\":{\"level\":\"CanNotDelete\"}}");

        var reply = admin.delete(identity("id1") + IDENTITY);

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.code()).isEqualTo("ScopeLocked");
        assertThat(reply.message())
                .isEqualTo("The scope '" + identity("id1")
                        + "' cannot perform delete operation because following scope(s) are locked: '" + SUBSCRIPTION
                        + "/resourcegroups/myResourceGroup'. Please remove the lock and try again.");
        assertThat(admin.patch(VM + COMPUTE, "{\"identity\":{\"type\":\"SystemAssigned\"}}")
                        .status())
                .isEqualTo(200);
    }

    private ArmClient.Reply grant(String role, String scope) {
        return assign(OPERATOR, role, scope, ",\"principalType\":\"ServicePrincipal\"");
    }

    private ArmClient.Reply assign(String principal, String role, String scope, String more) {
        return admin.put(
                scope + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID()
                        + "?api-version=2022-04-01",
                "{\"properties\":{\"roleDefinitionId\":\"" + SUBSCRIPTION
                        + "/providers/Microsoft.Authorization/roleDefinitions/" + role + "\",\"principalId\":\""
                        + principal + "\""
                        + more + "}}");
    }
}
