package dev.vmidentity.stories;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vmidentity.controlplane.Assets;
import dev.vmidentity.controlplane.ControlPlane;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A control plane to which a person has applied {@code deploy/crds} and {@code deploy/operator}; no operator runs. */
final class Deployed implements AutoCloseable {
    private final Assets assets;
    private final ControlPlane controlPlane;

    Deployed() {
        assets = Assets.ready();
        controlPlane = ControlPlane.start(ControlPlane.Settings.temporary(assets));
        var deploy = Assets.repository(Path.of("").toAbsolutePath()).resolve("deploy");
        kubectl("apply", "--server-side", "-k", deploy.resolve("crds").toString());
        kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
        kubectl("apply", "--server-side", "-k", deploy.resolve("operator").toString());
    }

    KubernetesClient admin() {
        return controlPlane.admin();
    }

    /** A client with the operator's own rights; the caller closes it. */
    KubernetesClient operator() {
        return ControlPlane.client(controlPlane.kubeconfigFor("vm-identity-system", "vm-identity-operator"));
    }

    private void kubectl(String... arguments) {
        var command = new ArrayList<>(List.of(
                assets.kubectl().toString(),
                "--kubeconfig",
                controlPlane.adminKubeconfig().toString()));
        command.addAll(List.of(arguments));
        try {
            var kubectl = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(kubectl.getInputStream().readAllBytes(), UTF_8);
            if (kubectl.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + "\n" + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        controlPlane.close();
    }
}
