package dev.vmidentity.controlplane;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The three processes, in the order of their start, and what is written on their command lines. */
final class Processes implements AutoCloseable {

    private final URI server;
    private final List<Child> started;

    private Processes(URI server, List<Child> started) {
        this.server = server;
        this.started = started;
    }

    static Processes start(ControlPlane.Settings settings, Layout layout, CertificateAuthority authority, Ports ports)
            throws IOException {
        URI server = URI.create("https://127.0.0.1:" + ports.apiServer());
        Processes processes = new Processes(server, new ArrayList<>());
        try {
            processes.launch(settings, layout, authority, ports);
            return processes;
        } catch (IOException | RuntimeException e) {
            String logs = processes.started.stream().map(Child::logTail).reduce("", String::concat);
            processes.kill();
            if (logs.contains("address already in use")) {
                throw new PortTaken("a port of %s was taken by somebody else".formatted(ports), e);
            }
            throw e;
        }
    }

    private void launch(ControlPlane.Settings settings, Layout layout, CertificateAuthority authority, Ports ports)
            throws IOException {
        // etcd has an authority of its own: a certificate that the API server takes must not open its database.
        CertificateAuthority etcdAuthority = CertificateAuthority.in(layout.certificates(), "etcd-ca", settings.time());
        Certificates etcd =
                Certificates.write(layout, "etcd", etcdAuthority.server("etcd", List.of("localhost")), etcdAuthority);
        Certificates etcdClient = Certificates.write(
                layout, "etcd-client", etcdAuthority.client("kube-apiserver", List.of()), etcdAuthority);
        Certificates apiServer = Certificates.write(
                layout,
                "kube-apiserver",
                authority.server("kube-apiserver", List.of("localhost", "kubernetes.default.svc")),
                authority);
        AccountKey accountKey = AccountKey.in(layout.certificates());
        Kubeconfig controllerManager = new Kubeconfig(
                server,
                authority.certificate(),
                "kube-controller-manager",
                // Its own role lets it delete little; upstream it acts through ServiceAccounts that we do not run.
                new Kubeconfig.Login.ClientCertificate(
                        authority.client("system:kube-controller-manager", List.of("system:masters"))));
        Path controllerManagerKubeconfig = PrivateFile.write(
                layout.kubeconfigs().resolve("kube-controller-manager.yaml"), controllerManager.yaml());

        boolean temporary = settings.state().isEmpty();
        run(layout, "etcd", etcd(settings.assets().etcd(), layout, ports, etcd, temporary));
        // kube-apiserver waits for etcd by itself.
        run(
                layout,
                "kube-apiserver",
                apiServer(settings.assets().apiServer(), ports, apiServer, etcdClient, accountKey));
        new Readiness(controllerManager).await(settings.patience(), this::requireAlive);
        run(
                layout,
                "kube-controller-manager",
                controllerManager(settings.assets().controllerManager(), controllerManagerKubeconfig));
    }

    private void run(Layout layout, String name, List<String> command) {
        started.add(Child.start(name, command, Map.of(), layout.logs().resolve(name + ".log")));
    }

    private static List<String> etcd(Path binary, Layout layout, Ports ports, Certificates tls, boolean temporary) {
        List<String> command = new ArrayList<>(List.of(
                binary.toString(),
                "--name=local",
                "--data-dir=" + layout.etcdData(),
                "--listen-client-urls=https://127.0.0.1:" + ports.etcdClient(),
                "--advertise-client-urls=https://127.0.0.1:" + ports.etcdClient(),
                "--listen-peer-urls=https://127.0.0.1:" + ports.etcdPeer(),
                // A lone member calls no peer. Its data remembers these two, so they must not move with the ports.
                "--initial-advertise-peer-urls=https://127.0.0.1:2380",
                "--initial-cluster=local=https://127.0.0.1:2380",
                "--cert-file=" + tls.certificate(),
                "--key-file=" + tls.key(),
                "--trusted-ca-file=" + tls.authority(),
                "--client-cert-auth",
                "--peer-cert-file=" + tls.certificate(),
                "--peer-key-file=" + tls.key(),
                "--peer-trusted-ca-file=" + tls.authority(),
                "--peer-client-cert-auth",
                "--log-level=warn",
                // A stack that stays up for days must not run into etcd's two gigabytes of history.
                "--auto-compaction-mode=periodic",
                "--auto-compaction-retention=30m",
                "--quota-backend-bytes=4294967296"));
        if (temporary) {
            command.add("--unsafe-no-fsync");
        }
        return command;
    }

    private static List<String> apiServer(
            Path binary, Ports ports, Certificates tls, Certificates etcdClient, AccountKey accountKey) {
        return List.of(
                binary.toString(),
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.apiServer(),
                "--advertise-address=127.0.0.1",
                // Kubernetes refuses loopback addresses as endpoints of a service; nothing here calls that service.
                "--endpoint-reconciler-type=none",
                "--tls-cert-file=" + tls.certificate(),
                "--tls-private-key-file=" + tls.key(),
                "--client-ca-file=" + tls.authority(),
                "--etcd-servers=https://127.0.0.1:" + ports.etcdClient(),
                "--etcd-cafile=" + etcdClient.authority(),
                "--etcd-certfile=" + etcdClient.certificate(),
                "--etcd-keyfile=" + etcdClient.key(),
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + accountKey.open(),
                "--service-account-signing-key-file=" + accountKey.secret(),
                "--service-cluster-ip-range=10.0.0.0/24",
                "--allow-privileged=true",
                "--profiling=false",
                "--shutdown-send-retry-after=false");
    }

    private static List<String> controllerManager(Path binary, Path kubeconfig) {
        return List.of(
                binary.toString(),
                "--controllers=namespace-controller,garbage-collector-controller",
                "--kubeconfig=" + kubeconfig,
                "--leader-elect=false",
                "--secure-port=0", // nobody asks it anything: no port
                "--kube-api-qps=200",
                "--kube-api-burst=400",
                "--profiling=false");
    }

    /** The key that ServiceAccount tokens are signed with; kept, so that tokens outlive a restart. */
    private record AccountKey(Path secret, Path open) {

        static AccountKey in(Path folder) throws IOException {
            AccountKey key =
                    new AccountKey(folder.resolve("service-account.key"), folder.resolve("service-account.pub"));
            if (!Files.exists(key.secret())) {
                KeyPair pair = CertificateAuthority.newKeyPair();
                PrivateFile.write(key.open(), CertificateAuthority.pem(pair.getPublic()));
                PrivateFile.write(key.secret(), CertificateAuthority.pem(pair.getPrivate()));
            }
            return key;
        }
    }

    URI server() {
        return server;
    }

    List<ProcessHandle> handles() {
        return started.stream().flatMap(child -> child.process().stream()).toList();
    }

    void requireAlive() {
        started.forEach(Child::requireAlive);
    }

    void kill() {
        started.reversed().forEach(Child::kill);
    }

    @Override
    public void close() {
        started.reversed().forEach(child -> child.stop(Duration.ofSeconds(15)));
    }

    /** One process's certificate, its key and whom it trusts, as files. */
    private record Certificates(Path certificate, Path key, Path authority) {

        static Certificates write(Layout layout, String name, Credential credential, CertificateAuthority authority)
                throws IOException {
            Path folder = layout.certificates();
            return new Certificates(
                    PrivateFile.write(folder.resolve(name + ".crt"), credential.certificate()),
                    PrivateFile.write(folder.resolve(name + ".key"), credential.key()),
                    PrivateFile.write(folder.resolve(name + "-trusted.crt"), authority.certificate()));
        }
    }
}
