package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.stack.LocalStack;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uninstalled in the wrong order nothing is lost. A stack of its own, since its CRDs go away. */
class UninstallStoryTest {
    @TempDir
    private Path home;

    @Test
    void crdsThatAreDeletedWhileNoOperatorRunsWaitUntilOneHasCleanedUp() {
        try (LocalStack stack = LocalStack.start(LocalStack.Settings.temporary(home), UninstallStoryTest::say)) {
            AzureAdmin azure = new AzureAdmin(
                    stack.azure().endpoint(),
                    stack.azure().authority(),
                    stack.azure().subscription());
            Person anna = Person.in(stack.admin(), "team-a", Stage.EVERYTHING);
            String vm = azure.vm("vm-1");
            azure.makeIdentity(anna.azureName("foreign"));
            azure.attach(vm, anna.azureName("foreign"));
            anna.identity("web");
            anna.bind("web-on-vm", "vm-1", "web");
            anna.waitReady("web-on-vm");

            stack.operator().orElseThrow().close();
            crds(stack).forEach(crd -> stack.admin().resource(crd).delete());

            Eventually.is(
                    "the binding is to go",
                    () -> anna.binding("web-on-vm").get().isMarkedForDeletion());
            assertThat(crds(stack)).hasSize(3);
            assertThat(anna.ledger(vm)).isPresent();
            assertThat(azure.attached(vm)).containsExactlyInAnyOrder(anna.azureName("web"), anna.azureName("foreign"));

            stack.startOperator();

            Eventually.is("the CRDs are gone", () -> crds(stack).isEmpty());
            assertThat(azure.attached(vm)).containsExactly(anna.azureName("foreign"));
            assertThat(azure.hasIdentity(anna.azureName("web"))).isFalse();
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private static List<CustomResourceDefinition> crds(LocalStack stack) {
        return stack.admin().apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .filter(crd -> crd.getSpec().getGroup().equals("vmidentity.dev"))
                .toList();
    }
}
