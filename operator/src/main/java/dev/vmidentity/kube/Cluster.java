package dev.vmidentity.kube;

import io.fabric8.kubernetes.client.KubernetesClient;

/** Which cluster this is. */
public final class Cluster {
    private static final String KUBE_SYSTEM = "kube-system";

    private Cluster() {}

    /**
     * The uid of the namespace {@code kube-system}: every cluster has it, and it lives as long as the cluster does.
     *
     * @throws IllegalStateException when there is none
     */
    public static String uid(KubernetesClient client) {
        var namespace = client.namespaces().withName(KUBE_SYSTEM).get();
        if (namespace == null) {
            throw new IllegalStateException("the cluster has no namespace " + KUBE_SYSTEM);
        }
        return namespace.getMetadata().getUid();
    }
}
