package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A binding that only observes, and one that tolerates nothing else on its machine. */
@ExtendWith(Theatre.class)
class PolicyStoryTest {
    private final AzureAdmin azure;
    private final Person anna;
    private final String vm;

    PolicyStoryTest(Stage stage) {
        this.azure = stage.azure();
        this.anna = stage.person();
        this.vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("web"));
        azure.makeIdentity(anna.azureName("foreign"));
        azure.attach(vm, anna.azureName("foreign"));
    }

    @Test
    void whatAnExclusiveBindingWouldEvictIsSaidBeforeItDoesSo() {
        bind("Exclusive", "Observe");
        anna.waitReady("only");
        VmIdentityBindingStatus said = anna.bindingStatus("only");
        assertThat(Person.ready(said.conditions()).reason()).isEqualTo(Reason.Observed);
        assertThat(said.pending().attach()).containsExactly(id("web"));
        assertThat(said.pending().detach()).containsExactly(id("foreign"));
        assertThat(said.foreign().identities()).containsExactly(azure.identityId(anna.azureName("foreign")));
        assertThat(anna.ledger(vm)).isEmpty();
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("foreign"));

        bind("Exclusive", "Manage");
        anna.waitReady("only");
        assertThat(anna.bindingReason("only")).isEqualTo(Reason.Attached);
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("web"));
        assertThat(anna.bindingStatus("only").foreign()).isNull();
    }

    @Test
    void anExclusiveBindingOfANamespaceThatMayNotEvictsNothingAndIsToldSo() {
        anna.annotate(Map.of("vmidentity.dev/allow", "Adopt"));
        bind("Exclusive", "Manage");

        anna.waitReason("only", Reason.NotAllowedByNamespace);
        assertThat(anna.bindingMessage("only")).contains("vmidentity.dev/allow", "Adopt,Exclusive");
        Eventually.is("the rest is done", () -> azure.attached(vm).contains(anna.azureName("web")));
        assertThat(azure.attached(vm)).contains(anna.azureName("foreign"));
    }

    @Test
    void aDeletedBindingWaitsForWhoListsTheSameAndOnlyObservesAndSaysSo() {
        bind("first", "Shared", "Manage");
        anna.waitReady("first");
        bind("watcher", "Shared", "Observe");
        anna.waitReady("watcher");

        anna.deleteBinding("first");

        anna.waitReason("first", Reason.WaitingForBinding);
        assertThat(anna.bindingMessage("first")).contains("web", "stays", anna.namespace() + "/watcher");
        assertThat(azure.attached(vm)).contains(anna.azureName("web"));

        anna.deleteBinding("watcher");
        Eventually.is("both are gone", () -> !anna.hasBinding("first") && !anna.hasBinding("watcher"));
        assertThat(azure.attached(vm)).containsExactly(anna.azureName("foreign"));
    }

    private void bind(String ownership, String policy) {
        bind("only", ownership, policy);
    }

    private void bind(String name, String ownership, String policy) {
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: %s}
                spec:
                  target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                  userAssigned: [{resourceId: %s}]
                  ownership: %s
                  managementPolicy: %s
                """.formatted(name, anna.namespace(), azure.identityId(anna.azureName("web")), ownership, policy));
    }

    private String id(String name) {
        return azure.identityId(anna.azureName(name)).toLowerCase(java.util.Locale.ROOT);
    }
}
