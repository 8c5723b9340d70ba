package dev.vmidentity.stack;

import dev.vmidentity.controlplane.Child;
import java.net.URI;
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

    static final String MAIN = "dev.vmidentity.app.Main";

    /** Protects nothing: the store holds a public certificate, and the format wants a password. */
    static final String TRUST_STORE_PASSWORD = "public";

    /** Longer than the operator takes to settle what it has sent. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /**
     * What the operator is started with.
     *
     * @param kubeconfig of its ServiceAccount: it may do what {@code deploy/operator} lets it, and nothing else
     * @param azure the URL of ARM and of the token endpoint
     * @param trustStore holds the authority that {@code azure} is to be trusted for
     * @param settings environment variables that come last, so that a test can change any
     */
    public record Launch(Path kubeconfig, URI azure, Path trustStore, Map<String, String> settings) {

        public Launch {
            settings = Map.copyOf(settings);
        }

        List<String> command() {
            return JavaCommand.of(
                    MAIN,
                    List.of(
                            "-Djavax.net.ssl.trustStore=" + trustStore,
                            "-Djavax.net.ssl.trustStoreType=PKCS12",
                            "-Djavax.net.ssl.trustStorePassword=" + TRUST_STORE_PASSWORD),
                    List.of());
        }

        Map<String, String> environment() {
            Map<String, String> environment = new HashMap<>();
            environment.put("KUBECONFIG", kubeconfig.toString());
            environment.put("AZURE_AUTHORITY_HOST", azure.toString());
            environment.put("AZURE_TENANT_ID", "00000000-0000-0000-0000-00000000000a");
            environment.put("AZURE_CLIENT_ID", "00000000-0000-0000-0000-00000000000b");
            // The simulator takes any secret of any client.
            environment.put("AZURE_CLIENT_SECRET", "local");
            environment.putAll(settings);
            return environment;
        }
    }

    private final Child process;

    private OperatorProcess(Child process) {
        this.process = process;
    }

    /** Starts it; does not wait until it is ready. */
    static OperatorProcess start(Launch launch, Path log) {
        return new OperatorProcess(Child.start("vm-identity-operator", launch.command(), launch.environment(), log));
    }

    public Child process() {
        return process;
    }

    /** Ends it at once, as a power cut would. */
    public void kill() {
        process.kill();
    }

    /** Asks it to end, and lets it settle what it has sent. */
    @Override
    public void close() {
        process.stop(PATIENCE);
    }
}
