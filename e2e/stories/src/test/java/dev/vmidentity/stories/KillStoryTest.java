package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.LedgerPhase;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityLedgerSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator dies between any two steps, and the next one neither loses a foreign identity nor forgets its own. */
@ExtendWith(Theatre.class)
class KillStoryTest {
    private final Stage stage;
    private final AzureAdmin azure;
    private final Person anna;
    private final String vm;

    KillStoryTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
        this.anna = stage.person();
        this.vm = azure.vm(anna.namespace());
    }

    @BeforeEach
    void aMachineWithAForeignIdentity() {
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("foreign"));
        azure.attach(vm, anna.azureName("foreign"));
        anna.identity("web");
        Eventually.is("the identity is ready", () -> anna.identityReason("web") == Reason.Available);
    }

    @AfterEach
    void theShowGoesOn() {
        azure.noFaults();
        azure.settings("""
                {"operations":{"vmPatch":0}}""");
        if (stage.stack().operator().isEmpty()) {
            stage.startOperator();
        }
    }

    @Test
    void killedBetweenLedgerAndPatchTheNextOneAttaches() {
        azure.fault("""
                {"method":"PATCH","path":"/virtualMachines/%s","hang":true}""".formatted(anna.namespace()));
        anna.bind("web-on-vm", anna.namespace(), "web");
        Eventually.is("the ledger claims it", () -> phase("web") == LedgerPhase.Attaching);

        stage.killOperator();
        stage.startOperator();

        anna.waitReady("web-on-vm");
        assertThat(azure.attached(vm)).containsExactlyInAnyOrder(anna.azureName("web"), anna.azureName("foreign"));
    }

    @Test
    void killedBetweenPatchAndSettlingNobodyCanTellWhoseItIsAndAdoptionIsTheWayOut() {
        // The sender never hears of it, and it has its effect when the sender is dead.
        azure.fault("""
                {"method":"PATCH","path":"/virtualMachines/%s","late":1000}""".formatted(anna.namespace()));
        long before = azure.calls("PATCH", vm);
        anna.bind("web-on-vm", anna.namespace(), "web");
        Eventually.is("the PATCH has come in", () -> azure.calls("PATCH", vm) > before);

        stage.killOperator();
        Eventually.is("it has landed", () -> azure.attached(vm).contains(anna.azureName("web")));
        stage.startOperator();

        anna.waitReason("web-on-vm", Reason.Unsure);
        assertThat(azure.attached(vm)).containsExactlyInAnyOrder(anna.azureName("web"), anna.azureName("foreign"));
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web-on-vm}
                spec:
                  target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                  userAssigned: [{name: web}]
                  adoptionPolicy: Adopt
                """.formatted(anna.namespace()));
        anna.waitReady("web-on-vm");
        anna.deleteBinding("web-on-vm");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("foreign"));
    }

    @Test
    void killedDuringTheOperationTheNextOneGoesOn() {
        azure.settings("""
                {"operations":{"vmPatch":3000}}""");
        anna.bind("web-on-vm", anna.namespace(), "web");
        Eventually.is("it is noted as ours", () -> phase("web") == LedgerPhase.Attached);

        stage.killOperator();
        stage.startOperator();

        anna.waitReady("web-on-vm");
        anna.deleteBinding("web-on-vm");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("foreign"));
    }

    @Test
    void killedDuringADetachTheNextOneFinishesIt() {
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");
        azure.fault("""
                {"method":"PATCH","path":"/virtualMachines/%s","hang":true}""".formatted(anna.namespace()));
        anna.deleteBinding("web-on-vm");
        Eventually.is("the ledger claims the detach", () -> phase("web") == LedgerPhase.Detaching);

        stage.killOperator();
        stage.startOperator();

        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("foreign"));
    }

    @Test
    void whileTheOperatorIsAwayABindingGoesAndTheNextOneCleansUp() {
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");
        stage.killOperator();
        anna.forceAway("web-on-vm");

        stage.startOperator();

        Eventually.is(
                "it is off the machine", () -> azure.attached(vm).equals(java.util.Set.of(anna.azureName("foreign"))));
    }

    @Test
    void aStoppingOperatorSettlesWhatItSent() {
        azure.fault("""
                {"method":"PATCH","path":"/virtualMachines/%s","delay":1500}""".formatted(anna.namespace()));
        anna.bind("web-on-vm", anna.namespace(), "web");
        Eventually.is("the ledger claims it", () -> phase("web") == LedgerPhase.Attaching);

        stage.stopOperator();

        assertThat(phase("web")).isEqualTo(LedgerPhase.Attached);
        stage.startOperator();
        anna.waitReady("web-on-vm");
    }

    private LedgerPhase phase(String identity) {
        String id = azure.identityId(anna.azureName(identity)).toLowerCase(java.util.Locale.ROOT);
        return anna.ledger(vm).stream()
                .flatMap(ledger -> ledger.getSpec().entries().stream())
                .filter(entry -> entry.id().equals(id))
                .map(VmIdentityLedgerSpec.Entry::phase)
                .findFirst()
                .orElse(LedgerPhase.Unknown);
    }
}
