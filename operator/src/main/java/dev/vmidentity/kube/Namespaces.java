package dev.vmidentity.kube;

import dev.vmidentity.core.Rights;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The namespaces of the cluster, watched. */
public final class Namespaces implements NamespaceRights, AutoCloseable {
    private final SharedIndexInformer<Namespace> informer;
    private final Rights defaults;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    /** @param defaults what a namespace may do for each verb that its annotations do not speak of */
    public Namespaces(KubernetesClient client, Rights defaults) {
        this.defaults = defaults;
        this.informer = client.namespaces().runnableInformer(0).addEventHandler(new Changes());
    }

    /** Starts to watch. Before the stage is complete, nothing is known of any namespace. */
    public CompletionStage<Void> start() {
        return informer.start();
    }

    /** Calls with the name of each namespace that appears, goes, or may do something else than before. */
    public void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    public boolean isWatching() {
        return informer.isWatching();
    }

    @Override
    public Optional<Rights> rights(String namespace) {
        if (!informer.hasSynced()) {
            return Optional.empty();
        }
        return Optional.ofNullable(informer.getStore().getByKey(namespace)).map(this::rights);
    }

    @Override
    public void close() {
        informer.close();
    }

    private Rights rights(Namespace namespace) {
        return Rights.of(Objects.requireNonNullElse(namespace.getMetadata().getAnnotations(), Map.of()), defaults);
    }

    private void changed(Namespace namespace) {
        listeners.forEach(listener -> listener.accept(namespace.getMetadata().getName()));
    }

    private final class Changes implements ResourceEventHandler<Namespace> {
        @Override
        public void onAdd(Namespace namespace) {
            changed(namespace);
        }

        @Override
        public void onUpdate(Namespace before, Namespace after) {
            if (!rights(before).equals(rights(after))) {
                changed(after);
            }
        }

        @Override
        public void onDelete(Namespace namespace, boolean finalStateUnknown) {
            changed(namespace);
        }
    }
}
