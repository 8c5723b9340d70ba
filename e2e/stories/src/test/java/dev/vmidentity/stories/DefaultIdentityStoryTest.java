package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workloads that give no client id, on a machine that has one identity, and somebody who attaches a second one. */
@ExtendWith(Theatre.class)
class DefaultIdentityStoryTest {
    private final Stage stage;
    private final AzureAdmin azure;
    private final Person anna;
    private final String vm;

    DefaultIdentityStoryTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
        this.anna = stage.person();
        this.vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("first"));
        azure.makeIdentity(anna.azureName("second"));
    }

    @Test
    void aSecondIdentityIsAttachedAndTheChangeIsSaidOnceAndNotAgainByTheNextOperator() {
        azure.attach(vm, anna.azureName("first"));

        bind("second", "");
        anna.waitReady("web");
        Eventually.is(
                "the ids are told", () -> changed().orElseThrow().message().contains(clientId("first")));
        Condition said = changed().orElseThrow();
        assertThat(said.status()).isEqualTo(ConditionStatus.True);
        assertThat(said.message())
                .contains(anna.azureName("first"), "no token", "AZURE_CLIENT_ID=" + clientId("first"));
        Eventually.holds(() -> assertThat(warnings())
                .singleElement()
                .satisfies(event -> assertThat(event.getType()).isEqualTo("Warning")));
        assertThat(azure.attached(vm)).contains(anna.azureName("first"), anna.azureName("second"));

        String version = anna.binding("web").get().getMetadata().getResourceVersion();
        stage.killOperator();
        stage.startOperator();
        long looked = azure.looks(vm);
        Eventually.is("the next operator has looked twice", () -> azure.looks(vm) > looked + 1);
        assertThat(warnings()).hasSize(1);
        assertThat(changed()).contains(said);
        assertThat(anna.binding("web").get().getMetadata().getResourceVersion()).isEqualTo(version);

        bind("second", "defaultIdentityGuard: \"Off\"");
        Eventually.is("nothing is said any longer", () -> changed().isEmpty());
        anna.waitReady("web");
        assertThat(azure.attached(vm)).contains(anna.azureName("second"));
    }

    @Test
    void aSecondIdentityThatIsBlockedIsNotSentAndSaysWhatToDo() {
        azure.attach(vm, anna.azureName("first"));
        long patches = azure.calls("PATCH", vm);

        bind("second", "defaultIdentityGuard: Block");

        anna.waitReason("web", Reason.DefaultIdentityWouldChange);
        var entry = anna.bindingStatus("web").userAssigned().getFirst();
        assertThat(entry.state()).isEqualTo(IdentityState.Refused);
        assertThat(entry.message())
                .contains(
                        "gets " + anna.azureName("first") + " now",
                        "AZURE_CLIENT_ID=" + clientId("first"),
                        "defaultIdentityGuard: Warn");
        // An event is written after the status, and may be missing for a moment.
        Eventually.holds(() -> assertThat(anna.events("web"))
                .filteredOn(event -> event.getReason().equals("DefaultIdentityWouldChange"))
                .singleElement()
                .satisfies(event -> assertThat(event.getType()).isEqualTo("Warning")));
        long looked = azure.looks(vm);
        Eventually.is("it has been looked at again", () -> azure.looks(vm) > looked + 1);
        assertThat(azure.calls("PATCH", vm)).isEqualTo(patches);
        assertThat(anna.ledger(vm)).isEmpty();

        bind("second", "defaultIdentityGuard: \"Off\"");
        anna.waitReady("web");
        assertThat(azure.attached(vm)).contains(anna.azureName("first"), anna.azureName("second"));
        assertThat(changed()).isEmpty();
    }

    @Test
    void enablingTheSystemAssignedIdentityIsBlockedToo() {
        azure.attach(vm, anna.azureName("first"));

        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web}
                spec:
                  target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                  systemAssigned: {enabled: true}
                  defaultIdentityGuard: Block
                """.formatted(anna.namespace()));

        anna.waitReason("web", Reason.DefaultIdentityWouldChange);
        assertThat(anna.bindingMessage("web")).contains("the machine's own identity");
        assertThat(azure.type(vm)).isEqualTo("UserAssigned");

        azure.detach(vm, anna.azureName("first"));
        anna.waitReady("web");
        assertThat(azure.type(vm)).isEqualTo("SystemAssigned");
    }

    @Test
    void ofOneBindingThatBlocksTheFirstIdentityWaitsForTheSecond() {
        anna.identity("web");
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web}
                spec:
                  target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                  userAssigned: [{name: web}, {name: later}]
                  defaultIdentityGuard: Block
                """.formatted(anna.namespace()));
        Eventually.holds(() -> assertThat(
                        anna.bindingStatus("web").userAssigned().getFirst().message())
                .contains("waits for the other identities"));
        assertThat(azure.attached(vm)).isEmpty();

        anna.identity("later");

        anna.waitReady("web");
        assertThat(azure.attached(vm)).containsExactlyInAnyOrder(anna.azureName("web"), anna.azureName("later"));
        assertThat(changed()).isEmpty();
    }

    private void bind(String identity, String more) {
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web}
                spec:
                  target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                  userAssigned: [{resourceId: %s}]
                  %s
                """.formatted(anna.namespace(), azure.identityId(anna.azureName(identity)), more));
    }

    private Optional<Condition> changed() {
        return anna.bindingStatus("web").conditions().stream()
                .filter(condition -> condition.type() == ConditionType.DefaultIdentityChanged)
                .findFirst();
    }

    private List<Event> warnings() {
        return anna.events("web").stream()
                .filter(event -> event.getReason().equals("DefaultIdentityChanged"))
                .toList();
    }

    private String clientId(String name) {
        return azure.identity(anna.azureName(name))
                .path("properties")
                .path("clientId")
                .asText();
    }
}
