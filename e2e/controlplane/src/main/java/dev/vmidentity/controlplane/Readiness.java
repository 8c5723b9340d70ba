package dev.vmidentity.controlplane;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks an API server whether it serves, in the way that Kubernetes itself does. */
final class Readiness {

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** The second: a namespace that Kubernetes makes a moment after it says that it is ready. */
    private static final List<String> PATHS = List.of("/readyz", "/api/v1/namespaces/default");

    private final Config config;

    Readiness(Kubeconfig kubeconfig) {
        config = Config.fromKubeconfig(kubeconfig.yaml());
        config.setRequestRetryBackoffLimit(0); // we ask again ourselves, and sooner
        config.setConnectionTimeout(2_000);
        config.setRequestTimeout(5_000);
    }

    /**
     * Waits until the server is ready.
     *
     * @param check called between two questions; throws when waiting has no point
     * @throws IllegalStateException when {@code patience} runs out, with the server's last answer
     */
    void await(Duration patience, Runnable check) {
        long deadline = System.nanoTime() + patience.toNanos();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            for (String path : PATHS) {
                Optional<String> trouble = trouble(client, path);
                while (trouble.isPresent()) {
                    check.run();
                    if (System.nanoTime() > deadline) {
                        throw new IllegalStateException("%s%s was not ready within %d s; its last answer: %s"
                                .formatted(config.getMasterUrl(), path, patience.toSeconds(), trouble.get()));
                    }
                    Thread.sleep(PAUSE);
                    trouble = trouble(client, path);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + config.getMasterUrl(), e);
        }
    }

    private static Optional<String> trouble(KubernetesClient client, String path) {
        try {
            return client.raw(path) == null ? Optional.of("404") : Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
