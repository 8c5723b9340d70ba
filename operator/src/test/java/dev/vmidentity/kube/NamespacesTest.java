package dev.vmidentity.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Rights;
import dev.vmidentity.core.Scopes;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class NamespacesTest {
    private static final Rights DEFAULTS = new Rights(Scopes.NONE, Scopes.parse("/"), Scopes.NONE, Set.of());

    @SuppressWarnings("NullAway.Init") // set by the extension
    private KubernetesClient client;

    private final BlockingQueue<String> changed = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init")
    private Namespaces namespaces;

    @BeforeEach
    void watch() {
        namespace("team-a", "/");
        namespaces = new Namespaces(client, DEFAULTS);
        namespaces.onChange(changed::add);
    }

    @AfterEach
    void stop() {
        namespaces.close();
    }

    private void namespace(String name, String targets) {
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToAnnotations(Rights.TARGETS, targets)
                        .endMetadata()
                        .build())
                .createOr(existing -> existing.update());
    }

    private void started() throws InterruptedException {
        namespaces.start().toCompletableFuture().join();
        assertThat(changed.poll(10, TimeUnit.SECONDS)).isEqualTo("team-a");
    }

    @Test
    void nothingIsKnownBeforeItWatches() {
        assertThat(namespaces.rights("team-a")).isEmpty();
    }

    @Test
    void itTellsTheAnnotationsAndForTheRestTheDefaults() throws InterruptedException {
        started();

        assertThat(namespaces.rights("team-a"))
                .contains(new Rights(Scopes.parse("/"), Scopes.parse("/"), Scopes.NONE, Set.of()));
    }

    @Test
    void aNamespaceThatIsNotThereIsNotKnown() throws InterruptedException {
        started();

        assertThat(namespaces.rights("team-b")).isEmpty();
    }

    @Test
    void aChangeOfRightsIsTold() throws InterruptedException {
        started();

        namespace("team-a", "");

        assertThat(changed.poll(10, TimeUnit.SECONDS)).isEqualTo("team-a");
        assertThat(namespaces.rights("team-a"))
                .hasValueSatisfying(
                        rights -> assertThat(rights.targets().scopes()).isEmpty());
    }
}
