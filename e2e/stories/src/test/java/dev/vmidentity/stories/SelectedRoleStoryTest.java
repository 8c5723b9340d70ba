package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.RoleAssignmentState;
import dev.vmidentity.api.VmIdentityBindingStatus.RoleAssignment;
import dev.vmidentity.api.VmIdentityLedgerSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every machine that matches has an identity of its own, and each of these gets the roles. */
@ExtendWith(Theatre.class)
class SelectedRoleStoryTest {
    private final Stage stage;
    private final AzureAdmin azure;
    private final Person anna;
    private final TaggedFleet fleet;
    private final String data;

    SelectedRoleStoryTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
        this.anna = stage.person();
        this.fleet = new TaggedFleet(azure, anna);
        this.data = azure.group("rg-team-a");
    }

    @Test
    void theIdentityOfEveryMachineThatMatchesHasTheRoleForAsLongAsItMatches() {
        String one = fleet.machine("1", "prod");
        String two = fleet.machine("2", "prod");
        select();
        anna.waitReady("reads");
        String principal = azure.principal(one);
        String another = azure.principal(two);
        assertThat(azure.roles(principal)).hasSize(1);
        assertThat(azure.roles(another)).hasSize(1);
        assertThat(told()).singleElement().satisfies(entry -> {
            assertThat(entry.state()).isEqualTo(RoleAssignmentState.Assigned);
            assertThat(entry.machine()).isNull();
        });
        assertThat(remembered(one)).singleElement().satisfies(known -> {
            assertThat(known.namespace() + "/" + known.name()).isEqualTo(anna.namespace() + "/reads");
            azure.call("GET", known.id() + "?api-version=2022-04-01", "", 200);
        });

        String late = fleet.machine("3", "prod");
        Eventually.is(
                "the new machine has it",
                () -> !azure.type(late).equals("None")
                        && azure.roles(azure.principal(late)).size() == 1);

        azure.tagMachine(two, fleet.tag(), "test");
        Eventually.is("it has none any longer", () -> azure.type(two).equals("None"));
        assertThat(azure.roles(another)).isEmpty();
        assertThat(azure.roles(principal)).hasSize(1);

        stage.killOperator();
        anna.deleteBinding("reads");
        stage.startOperator();
        Eventually.is("the binding is gone", () -> !anna.hasBinding("reads"));
        assertThat(azure.roles(principal)).isEmpty();
        assertThat(azure.type(one)).isEqualTo("None");
        assertThat(azure.type(late)).isEqualTo("None");
        Eventually.is(
                "no ledger is left",
                () -> List.of(one, two, late).stream()
                        .allMatch(machine -> anna.ledger(machine).isEmpty()));
    }

    @Test
    void aBindingWhoseFinalizerIsCutOffLeavesNoRoles() {
        String one = fleet.machine("1", "prod");
        select();
        anna.waitReady("reads");
        String principal = azure.principal(one);

        anna.forceAway("reads");

        Eventually.is("its role is gone", () -> azure.roles(principal).isEmpty());
        Eventually.is("no ledger is left", () -> anna.ledger(one).isEmpty());
        assertThat(azure.type(one)).isEqualTo("None");
    }

    private List<RoleAssignment> told() {
        return anna.bindingStatus("reads").systemAssigned().roleAssignments();
    }

    private List<VmIdentityLedgerSpec.RoleAssignment> remembered(String machine) {
        return anna.ledger(machine).orElseThrow().getSpec().roleAssignments();
    }

    private void select() {
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: reads}
                spec:
                  target: {%s}
                  systemAssigned:
                    enabled: true
                    roleAssignments: [{role: Reader, scope: %s}]
                """.formatted(fleet.selector(), data));
    }
}
