package dev.vmidentity.stack;

import dev.vmidentity.controlplane.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Azure simulator as a process.
 *
 * @param process for its log, and to kill it
 * @param endpoint the URL of ARM, of the token endpoint and of {@code /_simulator/}
 * @param authority the PEM of who signed its certificate
 * @param tenant its only tenant
 * @param subscription the subscription that it begins with
 */
public record AzureSimulator(Child process, URI endpoint, Path authority, String tenant, String subscription)
        implements AutoCloseable {

    private static final String MAIN = "dev.vmidentity.simulator.Main";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** What the simulator prints when it serves, each as {@code key=value} on a line of its own. */
    private static final Set<String> SAID = Set.of("endpoint", "ca", "tenant", "subscription");

    /**
     * Starts the process; does not wait for it.
     *
     * @param folder where it keeps its certificates and what it holds
     * @param log its log
     * @param arguments more of its arguments, such as {@code --profile}
     */
    static Child launch(Path folder, Path log, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--port",
                "0",
                "--directory",
                folder.toString(),
                "--state",
                folder.resolve("world.json").toString()));
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
                Map<String, String> said = said(process.log());
                if (said.keySet().containsAll(SAID)) {
                    return new AzureSimulator(
                            process,
                            URI.create(said.getOrDefault("endpoint", "")),
                            Path.of(said.getOrDefault("ca", "")),
                            said.getOrDefault("tenant", ""),
                            said.getOrDefault("subscription", ""));
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

    private static Map<String, String> said(Path log) throws IOException {
        Map<String, String> said = new HashMap<>();
        String text = Files.readString(log);
        // Only whole lines: the last may still be on its way.
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0 && SAID.contains(line.substring(0, equals))) {
                said.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return said;
    }

    @Override
    public void close() {
        process.close();
    }
}
