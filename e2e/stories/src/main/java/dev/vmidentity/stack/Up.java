package dev.vmidentity.stack;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A local stack that stays up until this process gets a SIGTERM. Arguments: the checkout; the folder for what a person
 * and scripts find there: {@code kubeconfig}, {@code azure/endpoint}, {@code azure/ca.pem}, {@code logs/}, and {@code
 * ready} once all of it serves; and, for a stack that ends with somebody, that one's process id.
 */
public final class Up {

    private static final Duration LOOK = Duration.ofSeconds(1);
    /** As a kubelet would, though with one step: an operator that cannot start must not spin. */
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(5);

    /** So that what a person changes in the simulated Azure is seen in seconds; a real cloud is looked at less often. */
    private static final Map<String, String> QUICK = Map.of(
            "VMIDENTITY_OBSERVE_INTERVAL", "PT5S",
            "VMIDENTITY_ABSENT_INTERVAL", "PT3S",
            "VMIDENTITY_GONE_AFTER", "PT10S",
            "VMIDENTITY_POLL_INTERVAL", "PT0.5S",
            "VMIDENTITY_SELECTOR_INTERVAL", "PT3S");

    private Up() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path repository = Path.of(arguments[0]);
        Path home = Files.createDirectories(Path.of(arguments[1])).toAbsolutePath();
        try (FileChannel file =
                        FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null) {
                System.err.printf("error: another stack already runs in %s%n", home);
                System.exit(1);
            }
            if (arguments.length > 2) {
                endWith(Long.parseLong(arguments[2]));
            }
            run(repository, home);
        }
    }

    private static void endWith(long pid) {
        ProcessHandle.of(pid)
                .ifPresent(owner -> Thread.ofVirtual().start(() -> {
                    owner.onExit().join();
                    System.exit(0);
                }));
    }

    private static void run(Path repository, Path home) throws IOException, InterruptedException {
        LocalStack stack;
        try {
            stack = LocalStack.start(
                    new LocalStack.Settings(repository, home, true, List.of(), QUICK), System.out::println);
        } catch (RuntimeException e) {
            System.err.printf("error: %s%n", words(e));
            System.exit(1);
            return;
        }
        AtomicBoolean stopping = new AtomicBoolean();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stopping.set(true);
                            stack.close();
                        },
                        "stop"));
        publish(stack, home);
        while (true) {
            Thread.sleep(LOOK);
            if (stopping.get()) { // what ends now ends because we ask it to; the hook ends this JVM
                Thread.currentThread().join();
            }
            try {
                stack.requireAlive();
            } catch (IllegalStateException e) {
                System.err.printf("error: %s%n", e.getMessage());
                System.exit(1);
            }
            if (stack.operator().isEmpty()) {
                System.err.printf(
                        "the operator ended and is started again in %d s; the end of its log:%n%s%n",
                        RESTART_PAUSE.toSeconds(), stack.operatorLogTail());
                Thread.sleep(RESTART_PAUSE);
                stack.startOperator();
            }
        }
    }

    /** The client's own message repeats the server's three times. */
    private static String words(RuntimeException e) {
        return e instanceof KubernetesClientException refusal && refusal.getStatus() != null
                ? "Kubernetes: " + refusal.getStatus().getMessage()
                : String.valueOf(e.getMessage());
    }

    private static void publish(LocalStack stack, Path home) throws IOException {
        Path azure = Files.createDirectories(home.resolve("azure"));
        Files.writeString(azure.resolve("endpoint"), stack.azure().endpoint() + "\n");
        Files.copy(stack.azure().authority(), azure.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        Path kubeconfig = home.resolve("kubeconfig");
        Files.copy(stack.controlPlane().adminKubeconfig(), kubeconfig, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(kubeconfig, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(home.resolve("ready"), ProcessHandle.current().pid() + "\n");
    }
}
