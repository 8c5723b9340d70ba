package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.LedgerName;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityLedger;
import dev.vmidentity.api.VmIdentityLedgerSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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

        Eventually.holds(() -> {
            assertThat(ledger().getStatus()).as("its status").isNotNull();
            assertThat(Person.ready(ledger().getStatus().conditions()).reason()).isEqualTo(Reason.Unsure);
        });
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("web"));
    }

    @Test
    void theLedgerOfAnotherClusterIsLeftAloneAndWhatItClaimsIsForeignHere() {
        VmIdentityLedgerSpec own = ledger().getSpec();
        forceAway(ledger());
        Eventually.holds(() -> assertThat(state()).isEqualTo(IdentityState.AttachedByOthers));

        restore(ofAnotherCluster(own));
        String version = ledger().getMetadata().getResourceVersion();
        anna.deleteBinding("web-on-vm");
        Eventually.is("the binding is gone", () -> !anna.hasBinding("web-on-vm"));

        assertThat(azure.attached(vm)).containsExactly(anna.azureName("web"));
        assertThat(ledger().getMetadata().getResourceVersion()).isEqualTo(version);
        forceAway(ledger());
    }

    @Test
    void aLedgerOfAnotherClusterInThePlaceOfOursIsLeftAloneAndSaidSo() {
        VmIdentityLedger own = ledger();
        forceAway(own);
        Eventually.holds(() -> assertThat(state()).isEqualTo(IdentityState.AttachedByOthers));

        make(own.getMetadata().getName(), ofAnotherCluster(own.getSpec()));

        anna.waitReason("web-on-vm", Reason.LedgerForeign);
        assertThat(anna.bindingMessage("web-on-vm"))
                .contains("kubectl get vmil", own.getMetadata().getName());
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("web"));
        assertThat(ledger().getSpec()).isEqualTo(ofAnotherCluster(own.getSpec()));
        assertThat(ledger().getStatus()).as("a status of ours on it").isNull();
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

    /** {@code kubectl delete vmil … --wait=false} and {@code kubectl patch vmil … --type merge -p '{"metadata":{"finalizers":null}}'}. */
    private void forceAway(VmIdentityLedger ledger) {
        Resource<VmIdentityLedger> stored = anna.client()
                .resources(VmIdentityLedger.class)
                .withName(ledger.getMetadata().getName());
        stored.delete();
        if (stored.get() != null) {
            stored.patch(PatchContext.of(PatchType.JSON_MERGE), """
                    {"metadata":{"finalizers":null}}""");
        }
    }

    private static VmIdentityLedgerSpec ofAnotherCluster(VmIdentityLedgerSpec own) {
        var another = new VmIdentityLedgerSpec.Owner(
                "another-cluster", own.owner().instance(), own.owner().uid());
        return new VmIdentityLedgerSpec(
                own.protocol(), own.resourceId(), another, own.machineId(), own.entries(), own.roleAssignments());
    }

    /** As backup tools do it: the spec, and neither status nor uid. */
    private void restore(VmIdentityLedgerSpec backup) {
        make(LedgerName.of(backup.owner(), backup.resourceId()), backup);
    }

    private void make(String name, VmIdentityLedgerSpec spec) {
        VmIdentityLedger copy = new VmIdentityLedger();
        copy.setMetadata(new ObjectMetaBuilder().withName(name).build());
        copy.setSpec(spec);
        anna.client().resource(copy).create();
    }
}
