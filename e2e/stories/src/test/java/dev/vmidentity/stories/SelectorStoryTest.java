package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus.Targets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One binding for every machine with a tag: machines come and go, and Azure does not always answer. */
@ExtendWith(Theatre.class)
class SelectorStoryTest {
    private final Stage stage;
    private final AzureAdmin azure;
    private final Person anna;
    private final TaggedFleet fleet;
    private final String identity;

    SelectorStoryTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
        this.anna = stage.person();
        this.fleet = new TaggedFleet(azure, anna);
        this.identity = anna.azureName("web");
        azure.makeIdentity(identity);
        azure.makeIdentity(anna.azureName("theirs"));
    }

    @Test
    void everyMachineWithTheTagHasTheIdentityForAsLongAsItHasTheTag() {
        String one = fleet.machine("1", "prod");
        String two = fleet.machine("2", "prod");
        String other = fleet.machine("3", "test");
        azure.attach(two, anna.azureName("theirs"));
        select();
        anna.waitReady("web");

        assertThat(azure.attached(one)).containsExactly(identity);
        assertThat(azure.attached(two)).containsExactlyInAnyOrder(identity, anna.azureName("theirs"));
        assertThat(azure.attached(other)).isEmpty();
        assertThat(anna.bindingStatus("web").targets()).isEqualTo(new Targets(2, 2, 0, 0, 0, List.of()));
        assertThat(anna.bindingStatus("web").targetName()).isEqualTo("selector: 2 machines");
        assertThat(anna.bindingStatus("web").userAssigned().getFirst().clientId())
                .isNotNull();

        String late = fleet.machine("4", "prod");
        Eventually.is("the new machine has it", () -> azure.attached(late).contains(identity));

        azure.tagMachine(two, fleet.tag(), "test");
        Eventually.is("it is taken off", () -> !azure.attached(two).contains(identity));
        assertThat(azure.attached(two)).containsExactly(anna.azureName("theirs"));
        Eventually.holds(
                () -> assertThat(anna.bindingStatus("web").targets()).isEqualTo(new Targets(2, 2, 0, 0, 0, List.of())));

        azure.fault("""
                {"method":"POST","path":"/providers/Microsoft.ResourceGraph/","times":0,"status":503,
                 "body":{"error":{"code":"ServiceUnavailable","message":"Down for now."}}}""");
        try {
            stage.killOperator();
            stage.startOperator();
            azure.tagMachine(one, fleet.tag(), "test");
            Eventually.is("it has asked and got no answer", () -> queries() > 1);
            assertThat(azure.attached(one)).containsExactly(identity);
            assertThat(anna.bindingStatus("web").targets()).isEqualTo(new Targets(2, 2, 0, 0, 0, List.of()));
        } finally {
            azure.noFaults();
        }
        Eventually.is("Azure answers again", () -> azure.attached(one).isEmpty());
        assertThat(azure.attached(late)).containsExactly(identity);

        anna.deleteBinding("web");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web"));
        assertThat(azure.attached(late)).isEmpty();
        assertThat(azure.attached(two)).containsExactly(anna.azureName("theirs"));
        Eventually.is(
                "no ledger is left",
                () -> List.of(one, two, late).stream()
                        .allMatch(machine -> anna.ledger(machine).isEmpty()));
    }

    @Test
    void aSelectorThatSuddenlyMatchesFarLessWaitsForAPerson() {
        List<String> machines = IntStream.range(0, 12)
                .mapToObj(n -> fleet.machine("m" + n, "prod"))
                .toList();
        select();
        anna.waitReady("web");

        stage.stopOperator();
        machines.forEach(machine -> azure.tagMachine(machine, fleet.tag(), "test"));
        stage.startOperator();

        anna.waitReason("web", Reason.DetachesHeld);
        assertThat(anna.bindingMessage("web")).contains("12 suddenly").contains("kubectl annotate vmib");
        assertThat(machines).allMatch(machine -> azure.attached(machine).contains(identity));

        anna.confirmDetach("web");
        Eventually.is(
                "all are detached",
                () -> machines.stream()
                        .allMatch(machine -> azure.attached(machine).isEmpty()));
        anna.waitReason("web", Reason.NoMachineMatches);
    }

    private long queries() {
        return azure.requests("Microsoft.ResourceGraph/resources").stream()
                .filter(request -> request.path("status").asInt() == 503)
                .count();
    }

    private void select() {
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web}
                spec:
                  target: {%s}
                  userAssigned: [{resourceId: %s}]
                """.formatted(fleet.selector(), azure.identityId(identity)));
    }
}
