package dev.vmidentity.stack;

import dev.vmidentity.controlplane.Child;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Azure simulator as a process: where it is and whom to trust for it. */
public final class AzureSimulator implements AutoCloseable {

    private static final String MAIN = "dev.vmidentity.simulator.Main";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** What the simulator prints when it serves. */
    private static final Pattern ENDPOINT = Pattern.compile("https://(?:127\\.0\\.0\\.1|localhost):\\d+");

    private static final Pattern AUTHORITY = Pattern.compile("/\\S+\\.pem");

    private final Child process;
    private final URI endpoint;
    private final Path authority;

    private AzureSimulator(Child process, URI endpoint, Path authority) {
        this.process = process;
        this.endpoint = endpoint;
        this.authority = authority;
    }

    /**
     * Starts the process; does not wait for it.
     *
     * @param state where it keeps what it holds
     * @param log its log
     * @param arguments more of its arguments, such as {@code --profile}
     */
    static Child launch(Path state, Path log, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("--port", "0", "--state", state.toString()));
        all.addAll(arguments);
        return Child.start("azure-simulator", JavaCommand.of(MAIN, List.of(), all), Map.of(), log);
    }

    /**
     * Waits until the process has said where it is.
     *
     * @throws IllegalStateException if it ends or says nothing; with the end of its log
     */
    static AzureSimulator serving(Child process) {
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < deadline) {
                String said = Files.readString(process.log());
                Optional<String> endpoint = first(ENDPOINT, said);
                Optional<String> authority = first(AUTHORITY, said);
                if (endpoint.isPresent() && authority.isPresent()) {
                    return new AzureSimulator(process, URI.create(endpoint.get()), Path.of(authority.get()));
                }
                process.requireAlive();
                Thread.sleep(PAUSE);
            }
            throw new IllegalStateException(
                    "the Azure simulator did not say where it is within %d s; the end of %s:%n%s"
                            .formatted(PATIENCE.toSeconds(), process.log(), process.logTail()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the Azure simulator started", e);
        }
    }

    private static Optional<String> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    /** The URL of ARM, of the token endpoint and of {@code /_simulator/}. */
    public URI endpoint() {
        return endpoint;
    }

    /** The PEM of the authority that signed its certificate. */
    public Path authority() {
        return authority;
    }

    public Child process() {
        return process;
    }

    /** Writes a trust store that holds its authority alone, for a JVM's {@code javax.net.ssl.trustStore}. */
    Path trustStore(Path file) {
        try (InputStream pem = Files.newInputStream(authority);
                OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "azure", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            store.store(out, OperatorProcess.TRUST_STORE_PASSWORD.toCharArray());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
