package dev.vmidentity.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The binaries of the control plane.
 *
 * @param etcd the etcd server
 * @param apiServer kube-apiserver
 * @param controllerManager kube-controller-manager
 * @param kubectl the client that a person uses; nothing in this package calls it
 */
public record Assets(Path etcd, Path apiServer, Path controllerManager, Path kubectl) {

    private static final Path SCRIPT = Path.of("hack", "control-plane");

    /**
     * Finds the binaries, builds those that are missing (minutes, the first time on a machine) and waits for a build that
     * somebody else has begun.
     *
     * @throws IllegalStateException if they cannot be built; the builder's own words are on standard error
     */
    public static Assets ready() {
        Path script = repository(Path.of("").toAbsolutePath()).resolve(SCRIPT);
        try {
            // The script is the one place that knows where binaries come from; its progress goes to our standard error.
            Process build = new ProcessBuilder(script.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            build.getOutputStream().close();
            Map<String, Path> found = new HashMap<>();
            for (String line : build.inputReader().readAllLines()) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    found.put(line.substring(0, equals), Path.of(line.substring(equals + 1)));
                }
            }
            int status = build.waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        "%s ended with %d; run it by hand to see why".formatted(script, status));
            }
            return new Assets(
                    named(found, "etcd"),
                    named(found, "kube-apiserver"),
                    named(found, "kube-controller-manager"),
                    named(found, "kubectl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the control plane was being built", e);
        }
    }

    /** The root of the checkout that {@code from} lies in: Maven starts tests in the folder of their module. */
    public static Path repository(Path from) {
        for (Path folder = from; folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve(SCRIPT))) {
                return folder;
            }
        }
        throw new IllegalStateException("%s is not inside a checkout that has %s".formatted(from, SCRIPT));
    }

    private static Path named(Map<String, Path> found, String name) {
        Path path = found.get(name);
        if (path == null || !Files.isExecutable(path)) {
            throw new IllegalStateException("%s did not say where %s is".formatted(SCRIPT, name));
        }
        return path;
    }
}
