package dev.vmidentity.stack;

import dev.vmidentity.controlplane.Child;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operator as a process of its own, so that it can be killed as a node would kill it. {@link Launch} is the one place
 * where its command line and environment are put together.
 */
public final class OperatorProcess implements AutoCloseable {

    private static final String MAIN = "dev.vmidentity.app.Main";

    /** As long as {@code terminationGracePeriodSeconds} of its Deployment. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);

    private static final Duration READY_PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * What the operator is started with.
     *
     * @param kubeconfig of its ServiceAccount: it may do what {@code deploy/operator} lets it, and nothing else
     * @param azure its cloud
     * @param settings environment variables that come last, so that a test can change any
     */
    public record Launch(Path kubeconfig, AzureSimulator azure, Map<String, String> settings) {

        public Launch {
            settings = Map.copyOf(settings);
        }

        List<String> command() {
            return JavaCommand.of(MAIN, List.of(), List.of());
        }

        /** The names are those of {@code deploy/operator/settings.yaml}. */
        Map<String, String> environment(int httpPort) {
            Map<String, String> environment = new HashMap<>();
            environment.put("KUBECONFIG", kubeconfig.toString());
            environment.put("VMIDENTITY_INSTANCE", "vm-identity-operator");
            environment.put("VMIDENTITY_HTTP_ADDRESS", "127.0.0.1:" + httpPort);
            environment.put("VMIDENTITY_DEFAULT_SUBSCRIPTION", azure.subscription());
            environment.put("VMIDENTITY_RESOURCE_MANAGER_ENDPOINT", azure.endpoint() + "/");
            environment.put("VMIDENTITY_RESOURCE_MANAGER_AUDIENCE", azure.endpoint() + "/");
            environment.put("VMIDENTITY_CA_FILE", azure.authority().toString());
            environment.put("AZURE_AUTHORITY_HOST", azure.endpoint() + "/");
            environment.put("AZURE_TENANT_ID", azure.tenant());
            environment.put("AZURE_CLIENT_ID", "00000000-0000-0000-0000-00000000000b");
            // The simulator takes any secret of any client.
            environment.put("AZURE_CLIENT_SECRET", "local");
            environment.putAll(settings);
            return environment;
        }
    }

    private final Child process;
    private final URI http;

    private OperatorProcess(Child process, URI http) {
        this.process = process;
        this.http = http;
    }

    /** Starts it; does not wait until it is ready. */
    static OperatorProcess start(Launch launch, Path log) {
        int port = freePort();
        Child process = Child.start("vm-identity-operator", launch.command(), launch.environment(port), log);
        return new OperatorProcess(process, URI.create("http://127.0.0.1:" + port));
    }

    /**
     * Waits until it says that it is ready.
     *
     * @throws IllegalStateException if it ends or is not ready in time; with the end of its log
     */
    public void awaitReady() {
        long deadline = System.nanoTime() + READY_PATIENCE.toNanos();
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!ready(client)) {
                process.requireAlive();
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("%s/readyz did not answer 200 within %d s; the end of %s:%n%s"
                            .formatted(http, READY_PATIENCE.toSeconds(), process.log(), process.logTail()));
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the operator started", e);
        }
    }

    private boolean ready(HttpClient client) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(http.resolve("/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    public Child process() {
        return process;
    }

    /** Where its {@code /livez}, {@code /readyz} and {@code /metrics} are. */
    public URI http() {
        return http;
    }

    /** Ends it at once, as a power cut would. */
    public void kill() {
        process.kill();
    }

    /** Asks it to end, and lets it settle what it has sent. */
    @Override
    public void close() {
        process.stop(STOP_PATIENCE);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no port of 127.0.0.1 is free", e);
        }
    }
}
