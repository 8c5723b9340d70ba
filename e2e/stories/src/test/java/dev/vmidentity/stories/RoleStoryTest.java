package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.RoleAssignmentState;
import dev.vmidentity.api.VmIdentityBindingStatus.RoleAssignment;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A machine whose own identity is given roles, as {@code az vm identity assign --role … --scope …} does. */
@ExtendWith(Theatre.class)
class RoleStoryTest {
    private static final String READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    private static final String ROLE_ASSIGNMENTS = "/providers/Microsoft.Authorization/roleAssignments/";

    private final Stage stage;
    private final AzureAdmin azure;
    private final Person anna;
    private final String vm;
    private final String group;

    RoleStoryTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
        this.anna = stage.person();
        this.vm = azure.vm(anna.namespace());
        this.group = azure.group("rg-team-a");
    }

    @BeforeEach
    void azureIsSlowToKnowPrincipals() {
        azure.settings("{\"consistency\":{\"principalVisible\":600000}}");
        azure.makeVm(anna.namespace());
    }

    @AfterEach
    void azureIsAsItWas() {
        azure.noFaults();
        azure.settings("{\"consistency\":{\"principalVisible\":0},\"access\":{\"enforced\":false,\"admins\":[]}}");
    }

    @Test
    void aRoleIsAssignedHealedAndTakenBackWithItsEntry() {
        bind("reads", vm, role("Reader", group), role("Contributor", group));
        anna.waitReady("reads");
        String principal = azure.principal(vm);
        assertThat(azure.roles(principal)).hasSize(2).allSatisfy(one -> {
            assertThat(one.path("principalType").asText()).isEqualTo("ServicePrincipal");
            assertThat(one.path("description").asText()).contains(anna.namespace() + "/reads");
        });
        assertThat(entries("reads")).extracting(RoleAssignment::state).containsOnly(RoleAssignmentState.Assigned);

        String id = entries("reads").getFirst().id();
        azure.call("DELETE", id + "?api-version=2022-04-01", "", 200);
        Eventually.is("it is assigned anew", () -> azure.roles(principal).size() == 2);

        bind("reads", vm, role("Contributor", group));
        Eventually.is(
                "the entry's assignment is gone", () -> azure.roles(principal).size() == 1);
        anna.waitReady("reads");
        assertThat(entries("reads")).extracting(RoleAssignment::role).containsExactly("Contributor");
        assertThat(azure.principal(vm)).isEqualTo(principal);
    }

    @Test
    void aPrincipalThatAzureDoesNotKnowYetIsWaitedFor() {
        azure.fault("""
                {"method":"PUT","path":"/Microsoft.Authorization/roleAssignments/","times":2,"status":400,
                 "body":{"error":{"code":"PrincipalNotFound",
                  "message":"Principal 1 does not exist in the directory 2."}}}""");
        bind("reads", vm, role("Reader", group));

        anna.waitReason("reads", Reason.WaitingForPrincipal);
        assertThat(anna.bindingMessage("reads")).contains("role Reader at " + group, "still making the principal");
        anna.waitReady("reads");
        assertThat(puts()).isEqualTo(3);
    }

    @Test
    void theAssignmentGoesBeforeThePrincipalDoes() {
        bind("reads", vm, role("Reader", group));
        anna.waitReady("reads");
        String principal = azure.principal(vm);
        String id = entries("reads").getFirst().id();

        anna.deleteBinding("reads");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("reads"));

        assertThat(azure.roles(principal)).isEmpty();
        assertThat(azure.type(vm)).isEqualTo("None");
        assertThat(last("DELETE", id)).isLessThan(last("PATCH", vm)).isNotNegative();
    }

    @Test
    void whatOthersAssignedSatisfiesAndStays() {
        azure.enableSystemAssigned(vm);
        String principal = azure.principal(vm);
        azure.assignRole(UUID.randomUUID().toString(), group, READER, principal);
        bind("reads", vm, role("Reader", group));
        anna.waitReady("reads");
        assertThat(entries("reads"))
                .extracting(RoleAssignment::state)
                .containsExactly(RoleAssignmentState.AssignedByOthers);

        anna.deleteBinding("reads");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("reads"));

        assertThat(azure.roles(principal)).hasSize(1);
        assertThat(azure.principal(vm)).isEqualTo(principal);
    }

    @Test
    void ofTwoBindingsWithTheSameRoleTheSecondMakesItsOwnWhenTheFirstGoes() {
        bind("first", vm, role("Reader", group));
        anna.waitReady("first");
        bind("second", vm, role("Reader", group));
        anna.waitReady("second");
        String principal = azure.principal(vm);
        assertThat(azure.roles(principal)).hasSize(1);

        anna.deleteBinding("first");

        Eventually.is("the first is gone", () -> !anna.hasBinding("first"));
        Eventually.holds(() -> assertThat(entries("second"))
                .extracting(RoleAssignment::state)
                .containsExactly(RoleAssignmentState.Assigned));
        assertThat(azure.roles(principal)).hasSize(1);
        assertThat(azure.principal(vm)).isEqualTo(principal);
    }

    @Test
    void whatTheOperatorMayNotIsSaidWithTheCommandAndADeletionWaits() throws Exception {
        azure.settings("{\"access\":{\"enforced\":true,\"admins\":[\"azure-admin\"]}}");
        SecurityPage.grant(azure, 0);
        bind("reads", vm, role("Reader", group));
        anna.waitReason("reads", Reason.Forbidden);
        assertThat(anna.bindingMessage("reads"))
                .contains(
                        "Microsoft.Authorization/",
                        "Role Based Access Control Administrator",
                        "--scope " + group,
                        "--condition");

        SecurityPage.grant(azure, 1);
        anna.waitReady("reads");

        SecurityPage.revoke(azure, 1);
        String principal = azure.principal(vm);
        anna.deleteBinding("reads");
        anna.waitReason("reads", Reason.Forbidden);
        assertThat(anna.bindingMessage("reads")).contains("It is to be deleted");
        assertThat(azure.principal(vm)).isEqualTo(principal);

        azure.settings("{\"access\":{\"enforced\":false,\"admins\":[]}}");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("reads"));
        assertThat(azure.roles(principal)).isEmpty();
        assertThat(azure.type(vm)).isEqualTo("None");
    }

    @Test
    void aNewOperatorFindsItsAssignmentsAndWritesNothing() {
        bind("reads", vm, role("Reader", group));
        anna.waitReady("reads");
        String version = anna.binding("reads").get().getMetadata().getResourceVersion();
        long before = puts();
        long lists = lists();
        stage.killOperator();
        stage.startOperator();

        Eventually.is("it has looked", () -> lists() > lists);
        bind("later", vm, role("Reader", azure.group("rg-vms")));
        anna.waitReady("later");
        assertThat(puts()).isEqualTo(before + 1);
        assertThat(anna.binding("reads").get().getMetadata().getResourceVersion())
                .isEqualTo(version);

        String principal = azure.principal(vm);
        stage.killOperator();
        anna.deleteBinding("reads");
        anna.deleteBinding("later");
        stage.startOperator();
        Eventually.is("both are gone", () -> !anna.hasBinding("reads") && !anna.hasBinding("later"));
        assertThat(azure.roles(principal)).isEmpty();
        assertThat(azure.type(vm)).isEqualTo("None");
    }

    @Test
    void aNamespaceThatMayNotIsToldWhichAnnotationAllowsIt() {
        anna.annotate(Map.of("vmidentity.dev/grant", azure.group("rg-other")));
        bind("reads", vm, role("Reader", group));
        anna.waitReason("reads", Reason.NotAllowedByNamespace);
        assertThat(anna.bindingMessage("reads")).contains("vmidentity.dev/grant=", group);

        anna.annotate(Map.of("vmidentity.dev/grant", "/", "vmidentity.dev/roles", "*"));
        anna.waitReady("reads");
        bind("reads", vm, role("Reader", group), role("Owner", group));
        anna.waitReason("reads", Reason.NotAllowedByNamespace);
        assertThat(anna.bindingMessage("reads")).contains("vmidentity.dev/roles=*,Owner");

        anna.annotate(Map.of("vmidentity.dev/grant", ""));
        Eventually.holds(
                () -> assertThat(entries("reads").getFirst().reason()).isEqualTo(Reason.NotAllowedByNamespace));
        assertThat(azure.roles(azure.principal(vm))).as("what exists is kept").hasSize(1);
    }

    @Test
    void aMachineMadeAnewHasItsRolesAndTheOldOnesAreDeleted() {
        bind("reads", vm, role("Reader", group));
        anna.waitReady("reads");
        String earlier = azure.principal(vm);
        azure.deleteVm(anna.namespace());
        azure.makeVm(anna.namespace());

        Eventually.holds(() -> {
            assertThat(azure.principal(vm)).isNotEmpty().isNotEqualTo(earlier);
            assertThat(azure.roles(azure.principal(vm))).hasSize(1);
            assertThat(azure.roles(earlier)).isEmpty();
        });
        anna.waitReady("reads");
        assertThat(entries("reads")).hasSize(1);
    }

    @Test
    void aBindingThatMovesOnTakesItsRolesAlong() {
        String other = anna.namespace() + "-2";
        azure.makeVm(other);
        bind("reads", vm, role("Reader", group));
        anna.waitReady("reads");
        String earlier = azure.principal(vm);
        String id = entries("reads").getFirst().id();

        bind("reads", azure.vm(other), role("Reader", group));

        Eventually.is("the old machine has no identity", () -> azure.type(vm).equals("None"));
        assertThat(azure.roles(earlier)).isEmpty();
        assertThat(last("DELETE", id)).isLessThan(last("PATCH", vm)).isNotNegative();
        anna.waitReady("reads");
        assertThat(azure.roles(azure.principal(azure.vm(other)))).hasSize(1);
        assertThat(entries("reads")).hasSize(1);
    }

    @Test
    void anIdentityThatIsDisabledLosesItsRolesFirst() {
        bind("reads", vm, role("Reader", group));
        anna.waitReady("reads");
        String principal = azure.principal(vm);
        String id = entries("reads").getFirst().id();
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: reads}
                spec:
                  target: {resourceId: %s}
                  systemAssigned: {enabled: false}
                """.formatted(vm));

        Eventually.is("it is off", () -> azure.type(vm).equals("None"));

        assertThat(azure.roles(principal)).isEmpty();
        assertThat(last("DELETE", id)).isLessThan(last("PATCH", vm)).isNotNegative();
        anna.waitReady("reads");
        assertThat(entries("reads")).isEmpty();
    }

    private void bind(String name, String machine, String... roles) {
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: %s}
                spec:
                  target: {resourceId: %s}
                  systemAssigned:
                    enabled: true
                    roleAssignments: [%s]
                """.formatted(name, machine, String.join(", ", roles)));
    }

    private static String role(String role, String scope) {
        return "{role: " + role + ", scope: " + scope + "}";
    }

    private List<RoleAssignment> entries(String binding) {
        return anna.bindingStatus(binding).systemAssigned().roleAssignments();
    }

    /** Of role assignments of this story's machine: the operator names each by the machine's principal. */
    private long puts() {
        return azure.requests(ROLE_ASSIGNMENTS).stream()
                .filter(request -> request.path("method").asText().equals("PUT"))
                .filter(request -> request.path("request").toString().contains(anna.namespace() + "/"))
                .count();
    }

    private long lists() {
        return azure.requests(azure.principal(vm)).stream()
                .filter(request -> request.path("method").asText().equals("GET"))
                .count();
    }

    /** The place of the last such request among all; -1 when there was none. */
    private long last(String method, String id) {
        return azure.requests(id).stream()
                .filter(request -> request.path("method").asText().equals(method))
                .filter(request -> AzureAdmin.path(request).equalsIgnoreCase(id))
                .mapToLong(request -> request.path("n").asLong())
                .max()
                .orElse(-1);
    }
}
