package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus.Targets;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A fleet that others use, too: what a binding with a selector takes over, evicts or leaves behind, and what it never touches. */
@ExtendWith(Theatre.class)
class SelectorFleetStoryTest {
    private final AzureAdmin azure;
    private final Person anna;
    private final TaggedFleet fleet;
    private final String web;
    private final String theirs;
    private final List<String> keepingTheirs = new ArrayList<>();

    SelectorFleetStoryTest(Stage stage) {
        this.azure = stage.azure();
        this.anna = stage.person();
        this.fleet = new TaggedFleet(azure, anna);
        this.web = anna.azureName("web");
        this.theirs = anna.azureName("theirs");
        azure.makeIdentity(web);
        azure.makeIdentity(theirs);
    }

    @AfterEach
    void whatOthersAttachedIsThereStill() {
        assertThat(keepingTheirs)
                .allSatisfy(machine ->
                        assertThat(azure.attached(machine)).as(machine).contains(theirs));
    }

    @Test
    void whoIsExclusiveEvictsOnMachinesThatMatchAndIsToldBeforeWhatWouldGo() {
        String one = fleet.machine("1", "prod");
        String two = fleet.machine("2", "prod");
        azure.attach(one, theirs);
        withTheirs("3", "test");
        select("ownership: Exclusive, managementPolicy: Observe");
        anna.waitReason("web", Reason.Observed);

        assertThat(anna.bindingMessage("web")).contains("status.pending", "managementPolicy: Manage");
        assertThat(anna.pending("web").attach()).containsExactly(key(web));
        assertThat(anna.pending("web").detach()).containsExactly(key(theirs));
        assertThat(azure.attached(one)).containsExactly(theirs);
        assertThat(azure.attached(two)).isEmpty();

        select("ownership: Exclusive");
        anna.waitReady("web");
        assertThat(azure.attached(one)).containsExactly(web);
        assertThat(azure.attached(two)).containsExactly(web);
        assertThat(targets()).isEqualTo(all(2));

        Eventually.is("it is at rest", () -> !azure.isUpdating(two));
        azure.attach(two, theirs);
        Eventually.is("it is evicted", () -> !azure.attached(two).contains(theirs));
        assertThat(azure.attached(two)).containsExactly(web);

        // What matches no longer is evicted from no longer.
        azure.tagMachine(two, fleet.tag(), "test");
        Eventually.is("it is let go", () -> azure.attached(two).isEmpty() && !azure.isUpdating(two));
        azure.attach(two, theirs);
        keepingTheirs.add(two);
        anna.deleteBinding("web");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web"));
        assertThat(azure.attached(one)).isEmpty();
    }

    @Test
    void aFleetThatHasTheIdentityByHandIsTakenOver() {
        String one = withTheirs("1", "prod");
        String two = withTheirs("2", "prod");
        String three = withTheirs("3", "test");
        List.of(one, two, three).forEach(machine -> azure.attach(machine, web));
        long writes = patches(one);
        select("");
        anna.waitReady("web");

        assertThat(anna.bindingStatus("web").userAssigned().getFirst().state())
                .isEqualTo(IdentityState.AttachedByOthers);
        assertThat(anna.ledger(one)).isEmpty();

        select("adoptionPolicy: Adopt");
        anna.waitReady("web");
        Eventually.holds(() -> assertThat(
                        anna.bindingStatus("web").userAssigned().getFirst().state())
                .isEqualTo(IdentityState.Attached));
        assertThat(anna.ledger(one)).isPresent();
        assertThat(anna.ledger(two)).isPresent();
        assertThat(anna.ledger(three)).isEmpty();
        assertThat(patches(one)).as("to take over is no write").isEqualTo(writes);

        azure.tagMachine(two, fleet.tag(), "test");
        Eventually.is("it is taken off", () -> !azure.attached(two).contains(web));
        anna.deleteBinding("web");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web"));
        assertThat(azure.attached(one)).containsExactly(theirs);
        assertThat(azure.attached(three)).as("never matched").containsExactlyInAnyOrder(theirs, web);
    }

    @Test
    void whatIsRetainedStaysWhenTheMachineLeavesAndWhenTheBindingGoes() {
        String one = withTheirs("1", "prod");
        String two = withTheirs("2", "prod");
        select("deletionPolicy: Retain");
        anna.waitReady("web");

        azure.tagMachine(two, fleet.tag(), "test");
        Eventually.is("nothing is held there any longer", () -> anna.ledger(two).isEmpty());
        Eventually.holds(() -> assertThat(targets()).isEqualTo(all(1)));
        assertThat(azure.attached(two)).containsExactlyInAnyOrder(theirs, web);
        Eventually.holds(() -> assertThat(retained())
                .singleElement(STRING)
                .contains("No longer selected: " + name(two), "deletionPolicy: Retain"));

        anna.deleteBinding("web");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web"));
        assertThat(azure.attached(one)).containsExactlyInAnyOrder(theirs, web);
        Eventually.is("no ledger is left", () -> anna.ledger(one).isEmpty());
        assertThat(retained()).hasSize(2);
    }

    @Test
    void aMachineThatOthersManageIsMeantOnlyByItsOwnId() {
        String one = withTheirs("1", "prod");
        String node = withTheirs("node", Map.of(fleet.tag(), "prod", "aks-managed-poolName", "np1"));
        select("");
        anna.waitReady("web");
        assertThat(targets()).isEqualTo(all(1));
        assertThat(azure.attached(node)).containsExactly(theirs);

        select("", azure.group("rg-vms"), node);
        Eventually.is("it is meant", () -> azure.attached(node).contains(web));
        anna.waitReady("web");
        assertThat(targets()).isEqualTo(all(2));

        select("");
        Eventually.is("it is meant no longer", () -> !azure.attached(node).contains(web));
        anna.waitReady("web");
        assertThat(targets()).isEqualTo(all(1));
        assertThat(azure.attached(one)).containsExactlyInAnyOrder(theirs, web);
    }

    @Test
    void aBindingThatTurnsFromASelectorToOneMachineAndBackDropsNothingThere() {
        String one = withTheirs("1", "prod");
        String two = withTheirs("2", "prod");
        select("");
        anna.waitReady("web");
        long writes = patches(one);

        bindOne(one);
        anna.waitReady("web");
        assertThat(azure.attached(two)).containsExactly(theirs);
        assertThat(anna.bindingStatus("web").targets()).isNull();
        assertThat(anna.bindingStatus("web").targetName()).isEqualTo(name(one));

        select("");
        anna.waitReady("web");
        assertThat(targets()).isEqualTo(all(2));
        assertThat(anna.bindingStatus("web").target()).isNull();
        assertThat(azure.attached(two)).containsExactlyInAnyOrder(theirs, web);
        assertThat(azure.attached(one)).containsExactlyInAnyOrder(theirs, web);
        assertThat(patches(one)).as("nothing was dropped in between").isEqualTo(writes);

        // To observe another machine is to write nothing, where it was before either.
        String other = withTheirs("3", "test");
        bindOne(other, "managementPolicy: Observe");
        anna.waitReason("web", Reason.Observed);
        assertThat(azure.attached(one)).containsExactlyInAnyOrder(theirs, web);
        bindOne(other);
        anna.waitReady("web");
        assertThat(azure.attached(one)).containsExactly(theirs);
        select("");
        anna.waitReady("web");
        Eventually.is("it is let go", () -> !azure.attached(other).contains(web));
    }

    private Targets targets() {
        return Objects.requireNonNull(anna.bindingStatus("web").targets());
    }

    private static Targets all(int machines) {
        return new Targets(machines, machines, 0, 0, 0, List.of());
    }

    private List<String> retained() {
        return anna.events("web").stream()
                .filter(event -> event.getReason().equals(Reason.Retained.name()))
                .map(Event::getNote)
                .toList();
    }

    /** How often anybody wrote to it. */
    private long patches(String machine) {
        return azure.calls("PATCH", machine);
    }

    private String key(String identity) {
        return azure.identityId(identity).toLowerCase(Locale.ROOT);
    }

    private static String name(String machine) {
        return machine.substring(machine.lastIndexOf('/') + 1);
    }

    private String withTheirs(String name, String value) {
        return withTheirs(name, Map.of(fleet.tag(), value));
    }

    private String withTheirs(String name, Map<String, String> tags) {
        String machine = fleet.machine(name, tags);
        azure.attach(machine, theirs);
        keepingTheirs.add(machine);
        return machine;
    }

    private void select(String more) {
        select(more, azure.group("rg-vms"));
    }

    private void select(String more, String... scopes) {
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web}
                spec:
                  target: {%s}
                  userAssigned: [{resourceId: %s}]
                %s""".formatted(fleet.selector(scopes), azure.identityId(web), indented(more)));
    }

    private void bindOne(String machine) {
        bindOne(machine, "");
    }

    private void bindOne(String machine, String more) {
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web}
                spec:
                  target: {resourceId: %s}
                  userAssigned: [{resourceId: %s}]
                %s""".formatted(machine, azure.identityId(web), indented(more)));
    }

    private static String indented(String more) {
        return more.isEmpty() ? "" : "  " + more.replace(", ", "\n  ") + "\n";
    }
}
