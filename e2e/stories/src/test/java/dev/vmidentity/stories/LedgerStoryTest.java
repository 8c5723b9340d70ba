package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.LedgerName;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityLedger;
import dev.vmidentity.api.VmIdentityLedgerSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator's memory is deleted by hand, brought back by a backup, or another cluster's. */
@ExtendWith(Theatre.class)
class LedgerStoryTest {
    private final AzureAdmin azure;
    private final Person anna;
    private final String vm;

    LedgerStoryTest(Stage stage) {
        this.azure = stage.azure();
        this.anna = stage.person();
        this.vm = azure.vm(anna.namespace());
    }

    @BeforeEach
    void anIdentityIsAttached() {
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("web"));
        bind("Never");
        anna.waitReady("web-on-vm");
        assertThat(state()).isEqualTo(IdentityState.Attached);
    }

    @Test
    void whatIsInNoLedgerAnyLongerIsForeignAndAdoptionIsTheWayBack() {
        forceAway(ledger());

        Eventually.holds(() -> assertThat(state()).isEqualTo(IdentityState.AttachedByOthers));
        assertThat(anna.ledger(vm)).isEmpty();

        bind("Adopt");
        Eventually.holds(() -> assertThat(state()).isEqualTo(IdentityState.Attached));
        anna.deleteBinding("web-on-vm");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));
        assertThat(azure.attached(vm)).isEmpty();
    }

    @Test
    void aLedgerThatABackupBroughtBackIsBelievedForWhatIsWanted() {
        VmIdentityLedgerSpec backup = ledger().getSpec();
        forceAway(ledger());
        Eventually.holds(() -> assertThat(state()).isEqualTo(IdentityState.AttachedByOthers));

        restore(backup);

        Eventually.holds(() -> assertThat(state()).isEqualTo(IdentityState.Attached));
        Eventually.holds(() -> assertThat(ledger().getSpec().owner().uid())
                .as("it is the ledger proper from now on")
                .isEqualTo(ledger().getMetadata().getUid()));
        anna.deleteBinding("web-on-vm");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));
        assertThat(azure.attached(vm)).isEmpty();
    }

    @Test
    void whatABackupBroughtBackAndNobodyWantsIsUnsureAndStays() {
        VmIdentityLedgerSpec backup = ledger().getSpec();
        forceAway(ledger());
        Eventually.holds(() -> assertThat(state()).isEqualTo(IdentityState.AttachedByOthers));
        anna.deleteBinding("web-on-vm");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));

        restore(backup);

        Eventually.holds(
                () -> assertThat(Person.ready(ledger().getStatus().conditions()).reason())
                        .isEqualTo(Reason.Unsure));
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("web"));
    }

    @Test
    void theLedgerOfAnotherClusterIsLeftAloneAndWhatItClaimsIsForeignHere() {
        VmIdentityLedgerSpec own = ledger().getSpec();
        forceAway(ledger());
        Eventually.holds(() -> assertThat(state()).isEqualTo(IdentityState.AttachedByOthers));

        var another = new VmIdentityLedgerSpec.Owner(
                "another-cluster", own.owner().instance(), own.owner().uid());
        restore(new VmIdentityLedgerSpec(own.protocol(), own.resourceId(), another, own.machineId(), own.entries()));
        String version = ledger().getMetadata().getResourceVersion();
        anna.deleteBinding("web-on-vm");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));

        assertThat(azure.attached(vm)).containsExactly(anna.azureName("web"));
        assertThat(ledger().getMetadata().getResourceVersion()).isEqualTo(version);
        forceAway(ledger());
    }

    private void bind(String adoption) {
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web-on-vm}
                spec:
                  target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                  userAssigned: [{resourceId: %s}]
                  adoptionPolicy: %s
                """.formatted(anna.namespace(), azure.identityId(anna.azureName("web")), adoption));
    }

    private IdentityState state() {
        return anna.bindingStatus("web-on-vm").userAssigned().getFirst().state();
    }

    private VmIdentityLedger ledger() {
        return anna.ledger(vm).orElseThrow(() -> new AssertionError("no ledger of " + vm));
    }

    /** {@code kubectl patch vmil … finalizers: []} and {@code kubectl delete vmil}. */
    private void forceAway(VmIdentityLedger ledger) {
        Resource<VmIdentityLedger> stored = anna.client()
                .resources(VmIdentityLedger.class)
                .withName(ledger.getMetadata().getName());
        stored.delete();
        stored.edit(found -> {
            found.getMetadata().setFinalizers(List.of());
            return found;
        });
    }

    /** As backup tools do it: the spec, and neither status nor uid. */
    private void restore(VmIdentityLedgerSpec backup) {
        VmIdentityLedger copy = new VmIdentityLedger();
        copy.setMetadata(new ObjectMetaBuilder()
                .withName(LedgerName.of(backup.owner(), backup.resourceId()))
                .build());
        copy.setSpec(backup);
        anna.client().resource(copy).create();
    }
}
