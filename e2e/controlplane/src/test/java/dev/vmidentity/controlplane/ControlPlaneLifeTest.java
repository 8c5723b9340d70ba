package dev.vmidentity.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left when a control plane, or the JVM that started it, ends. */
class ControlPlaneLifeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Assets assets = Assets.ready();

    @Test
    void whatIsKeptIsThereAfterAStopAndAStartAndSoAreItsUsers(@TempDir Path state) {
        Path kubeconfig;
        List<ProcessHandle> processes;
        try (ControlPlane first = ControlPlane.start(ControlPlane.Settings.keptIn(state, assets))) {
            processes = first.processes();
            first.admin()
                    .resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName("kept")
                            .endMetadata()
                            .build())
                    .create();
        }
        assertThat(processes).hasSize(3).noneMatch(ProcessHandle::isAlive);

        // Beside a second one, which must not get in its way.
        try (ControlPlane other = ControlPlane.start(ControlPlane.Settings.temporary(assets));
                ControlPlane second = ControlPlane.start(ControlPlane.Settings.keptIn(state, assets))) {
            kubeconfig = second.adminKubeconfig();
            try (KubernetesClient client = ControlPlane.client(kubeconfig)) {
                assertThat(client.namespaces().withName("kept").get()).isNotNull();
            }
            assertThat(other.admin().namespaces().withName("kept").get()).isNull();
        }
    }

    @Test
    void aProcessThatDiesIsSaidWithTheEndOfItsLog(@TempDir Path folder) throws Exception {
        Path broken = Files.writeString(folder.resolve("broken"), "#!/bin/sh\necho the disk is full\nexit 3\n");
        assertThat(broken.toFile().setExecutable(true)).isTrue();
        Assets withBrokenServer = new Assets(assets.etcd(), broken, assets.controllerManager(), assets.kubectl());

        assertThatThrownBy(() -> ControlPlane.start(new ControlPlane.Settings(
                        withBrokenServer,
                        Optional.of(folder.resolve("state")),
                        Optional.empty(),
                        Duration.ofSeconds(30),
                        InstantSource.system())))
                .hasMessageContaining("kube-apiserver ended with exit code 3")
                .hasMessageContaining("the disk is full");
    }

    @Test
    void childrenEndWithAParentThatIsKilled(@TempDir Path folder) throws Exception {
        // given a JVM that has a child
        Path pid = folder.resolve("pid");
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        pid.toString(),
                        folder.resolve("log").toString())
                .inheritIO()
                .start();
        await().atMost(PATIENCE).until(() -> Files.exists(pid));
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(Files.readString(pid))).orElseThrow();

        // when it gets no chance to say goodbye
        parent.destroyForcibly().waitFor();

        // then
        child.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The parent of {@link #childrenEndWithAParentThatIsKilled}. */
    static final class Parent {

        public static void main(String[] arguments) throws Exception {
            Path pid = Path.of(arguments[0]);
            try (Child child = Child.start("sleeper", List.of("sleep", "600"), Map.of(), Path.of(arguments[1]))) {
                // Written aside and renamed: who sees the file sees all of it.
                Path whole = Files.writeString(pid.resolveSibling("pid.new"), Long.toString(child.pid()));
                Files.move(whole, pid);
                Thread.currentThread().join();
            }
        }
    }
}
