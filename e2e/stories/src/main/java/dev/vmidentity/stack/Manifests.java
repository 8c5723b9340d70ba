package dev.vmidentity.stack;

import dev.vmidentity.controlplane.Assets;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Applies the folders of {@code deploy/} as {@code kubectl apply --server-side -k} would. */
final class Manifests {

    static final String FIELD_MANAGER = "vm-identity-local";

    /** There are no nodes here: the operator runs as a process beside the cluster, and a Deployment would only wait. */
    private static final Set<String> NOT_HERE = Set.of("Deployment");

    private static final long PATIENCE_SECONDS = 30;

    private final KubernetesClient admin;
    private final Assets assets;

    Manifests(KubernetesClient admin, Assets assets) {
        this.admin = admin;
        this.assets = assets;
    }

    void apply(Path kustomization) {
        List<HasMetadata> objects = admin.load(
                        new ByteArrayInputStream(built(kustomization).getBytes(StandardCharsets.UTF_8)))
                .items();
        for (HasMetadata object : objects) { // kustomize has put them into the order in which they can be made
            if (!NOT_HERE.contains(object.getKind())) {
                admin.resource(object)
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
            }
        }
        objects.stream()
                .filter(CustomResourceDefinition.class::isInstance)
                .forEach(crd -> admin.resource((CustomResourceDefinition) crd)
                        .waitUntilCondition(Manifests::established, PATIENCE_SECONDS, TimeUnit.SECONDS));
    }

    private static boolean established(CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    /** By kubectl itself, so that what is applied here is what a person would apply. */
    private String built(Path kustomization) {
        try {
            Process kustomize = new ProcessBuilder(assets.kubectl().toString(), "kustomize", kustomization.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String yaml = new String(kustomize.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kustomize.waitFor() != 0) {
                throw new IllegalStateException(
                        "kubectl kustomize %s failed; its words are on standard error".formatted(kustomization));
            }
            return yaml;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kubectl kustomize ran", e);
        }
    }
}
