package dev.vmidentity.controlplane;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A running control plane. Everything listens on 127.0.0.1 only and asks for a certificate or a token.
 *
 * <p>It lives until {@link #close} or the end of this JVM, whichever comes first.
 */
public final class ControlPlane implements AutoCloseable {

    private static final int PORT_ATTEMPTS = 3;
    private static final long TOKEN_SECONDS = Duration.ofDays(365).toSeconds();

    /**
     * What a control plane is started with.
     *
     * @param assets the binaries
     * @param state where data and keys are kept between a stop and the next start; empty: a temporary folder that goes at
     *     {@link #close}, and data that no power cut would survive
     * @param logs where the processes' logs go; empty: beside the data
     * @param patience how long the start may take
     * @param time the clock that certificates are made by
     */
    public record Settings(
            Assets assets, Optional<Path> state, Optional<Path> logs, Duration patience, InstantSource time) {

        private static final Duration PATIENCE = Duration.ofMinutes(2);

        /** Everything temporary: for tests. */
        public static Settings temporary(Assets assets) {
            return new Settings(assets, Optional.empty(), Optional.empty(), PATIENCE, InstantSource.system());
        }

        /** Kept in {@code state}. */
        public static Settings keptIn(Path state, Assets assets) {
            return new Settings(assets, Optional.of(state), Optional.empty(), PATIENCE, InstantSource.system());
        }

        /** The same, with the logs in this folder. */
        public Settings withLogs(Path folder) {
            return new Settings(assets, state, Optional.of(folder), patience, time);
        }
    }

    private final Layout layout;
    private final boolean temporary;
    private final CertificateAuthority authority;
    private final Processes processes;
    private final Path adminKubeconfig;
    private final KubernetesClient admin;

    private ControlPlane(Layout layout, boolean temporary, CertificateAuthority authority, Processes processes)
            throws IOException {
        this.layout = layout;
        this.temporary = temporary;
        this.authority = authority;
        this.processes = processes;
        this.adminKubeconfig = kubeconfigForUser("admin", "system:masters");
        this.admin = client(adminKubeconfig);
    }

    /** A control plane for tests, everything temporary; builds the binaries if need be. */
    public static ControlPlane start() {
        return start(Settings.temporary(Assets.ready()));
    }

    /**
     * Starts and waits until it serves.
     *
     * @throws IllegalStateException if a process dies or is not ready in time; says which, and the end of its log
     */
    public static ControlPlane start(Settings settings) {
        boolean temporary = settings.state().isEmpty();
        try {
            Path home = temporary
                    ? Files.createTempDirectory("vm-identity-control-plane-")
                    : Files.createDirectories(settings.state().get()).toAbsolutePath();
            Layout layout = new Layout(home, settings.logs().orElse(home.resolve("logs")));
            CertificateAuthority authority =
                    CertificateAuthority.in(layout.certificates(), "kubernetes", settings.time());
            try {
                return new ControlPlane(layout, temporary, authority, startProcesses(settings, layout, authority));
            } catch (IOException | RuntimeException e) {
                if (temporary) {
                    delete(home);
                }
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port that was free may be taken before its server binds it: then other ports are tried. */
    private static Processes startProcesses(Settings settings, Layout layout, CertificateAuthority authority)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return Processes.start(settings, layout, authority, Ports.free());
            } catch (PortTaken e) {
                if (attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Where the API server is. */
    public URI server() {
        return processes.server();
    }

    /** A kubeconfig of a cluster admin (group {@code system:masters}). */
    public Path adminKubeconfig() {
        return adminKubeconfig;
    }

    /** A client of a cluster admin; closed with the control plane. */
    public KubernetesClient admin() {
        return admin;
    }

    /** A client that the caller closes, for whom a kubeconfig speaks. Reads nothing else of this machine. */
    public static KubernetesClient client(Path kubeconfig) {
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /**
     * A kubeconfig of a ServiceAccount that exists, with a token of a year that ends with the account: whoever uses it may
     * do what RBAC gives that account, and nothing else.
     */
    public Path kubeconfigFor(String namespace, String serviceAccount) {
        String token = admin.serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        return write(namespace + "." + serviceAccount, serviceAccount, new Kubeconfig.Login.Token(token));
    }

    /** A kubeconfig of a user in groups, by certificate: a person, say. Nobody needs to have heard of the user before. */
    public Path kubeconfigForUser(String user, String... groups) {
        Credential credential = authority.client(user, List.of(groups));
        return write("user." + user, user, new Kubeconfig.Login.ClientCertificate(credential));
    }

    private Path write(String file, String user, Kubeconfig.Login login) {
        Kubeconfig kubeconfig = new Kubeconfig(server(), authority.certificate(), user, login);
        try {
            Path path = layout.kubeconfigs().resolve(file.replaceAll("[^A-Za-z0-9._-]", "-") + ".yaml");
            return PrivateFile.write(path, kubeconfig.yaml());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes of etcd, kube-apiserver and kube-controller-manager. */
    public List<ProcessHandle> processes() {
        return processes.handles();
    }

    /** Where the logs of the three are. */
    public Path logs() {
        return layout.logs();
    }

    /**
     * Complains if one of the three has ended.
     *
     * @throws IllegalStateException if one of the three has ended; says which, and the end of its log
     */
    public void requireAlive() {
        processes.requireAlive();
    }

    @Override
    public void close() {
        admin.close();
        if (temporary) {
            processes.kill();
            delete(layout.home());
        } else {
            processes.close();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
