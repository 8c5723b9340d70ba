package dev.vmidentity.stack;

import dev.vmidentity.controlplane.Assets;
import dev.vmidentity.controlplane.Child;
import dev.vmidentity.controlplane.ControlPlane;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that runs with no cloud at all: control plane, Azure simulator, CRDs and RBAC from {@code deploy/}, and the
 * operator under exactly that RBAC. Lives until {@link #close} or the end of this JVM.
 */
public final class LocalStack implements AutoCloseable {

    static final String SYSTEM_NAMESPACE = "vm-identity-system";
    static final String SERVICE_ACCOUNT = "vm-identity-operator";

    /** What the namespace {@code default} may do here: everything. */
    private static final Map<String, String> EVERYTHING = Map.of(
            "vmidentity.dev/targets", "/",
            "vmidentity.dev/assign", "/",
            "vmidentity.dev/manage", "/",
            "vmidentity.dev/grant", "/",
            "vmidentity.dev/roles", "*",
            "vmidentity.dev/allow", "Exclusive,DisableSystemAssigned,Adopt,Selector");

    /**
     * What a stack is started with.
     *
     * @param repository the checkout, for {@code deploy/}
     * @param home where data and logs go
     * @param durable whether what is in {@code home} is kept for the next start and survives a power cut
     * @param simulator more arguments of the Azure simulator
     * @param operator more environment of the operator
     */
    public record Settings(
            Path repository, Path home, boolean durable, List<String> simulator, Map<String, String> operator) {

        public Settings {
            home = home.toAbsolutePath();
            simulator = List.copyOf(simulator);
            operator = Map.copyOf(operator);
        }

        /** For tests: in a folder that the test deletes, nothing kept. */
        public static Settings temporary(Path home) {
            return new Settings(Assets.repository(Path.of("").toAbsolutePath()), home, false, List.of(), Map.of());
        }
    }

    private final Settings settings;
    private final ControlPlane controlPlane;
    private final AzureSimulator azure;
    private volatile @Nullable OperatorProcess operator;

    private LocalStack(Settings settings, ControlPlane controlPlane, AzureSimulator azure) {
        this.settings = settings;
        this.controlPlane = controlPlane;
        this.azure = azure;
    }

    /** Starts all of it, with progress told a line at a time. */
    public static LocalStack start(Settings settings, Consumer<String> progress) {
        Assets assets = Assets.ready();
        LocalStack stack = startProcesses(settings, assets, progress);
        try {
            stack.prepare(assets, progress);
            OperatorProcess operator = stack.startOperator();
            operator.awaitReady();
            progress.accept("operator: ready, process " + operator.process().pid() + ", " + operator.http());
            return stack;
        } catch (RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    /** The simulator starts while Kubernetes does. */
    private static LocalStack startProcesses(Settings settings, Assets assets, Consumer<String> progress) {
        Path logs = logs(settings);
        Child simulator = AzureSimulator.launch(
                folder(settings.home().resolve("simulator")),
                logs.resolve("azure-simulator.log"),
                settings.simulator());
        try {
            ControlPlane controlPlane = startControlPlane(settings, assets, logs);
            progress.accept("kubernetes: " + controlPlane.server());
            try {
                AzureSimulator azure = AzureSimulator.serving(simulator);
                progress.accept("azure: " + azure.endpoint());
                return new LocalStack(settings, controlPlane, azure);
            } catch (RuntimeException e) {
                controlPlane.close();
                throw e;
            }
        } catch (RuntimeException e) {
            simulator.kill();
            throw e;
        }
    }

    private static ControlPlane startControlPlane(Settings settings, Assets assets, Path logs) {
        ControlPlane.Settings plane = settings.durable()
                ? ControlPlane.Settings.keptIn(settings.home().resolve("control-plane"), assets)
                : ControlPlane.Settings.temporary(assets);
        return ControlPlane.start(plane.withLogs(logs));
    }

    private void prepare(Assets assets, Consumer<String> progress) {
        Manifests manifests = new Manifests(admin(), assets);
        manifests.apply(settings.repository().resolve("deploy/crds"));
        manifests.apply(settings.repository().resolve("deploy/operator"));
        admin().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withAnnotations(EVERYTHING)
                        .endMetadata()
                        .build())
                .fieldManager(Manifests.FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
        progress.accept("deploy/: CRDs and RBAC applied; the namespace default may do everything");
    }

    /** Starts the operator, which must not be running (after a kill, say), and does not wait until it is ready. */
    public OperatorProcess startOperator() {
        operator().ifPresent(running -> {
            throw new IllegalStateException("the operator is already running as process "
                    + running.process().pid());
        });
        OperatorProcess started = OperatorProcess.start(
                new OperatorProcess.Launch(
                        controlPlane.kubeconfigFor(SYSTEM_NAMESPACE, SERVICE_ACCOUNT), azure, settings.operator()),
                logs(settings).resolve("operator.log"));
        operator = started;
        return started;
    }

    public ControlPlane controlPlane() {
        return controlPlane;
    }

    /** A client of a cluster admin; closed with the stack. */
    public KubernetesClient admin() {
        return controlPlane.admin();
    }

    public AzureSimulator azure() {
        return azure;
    }

    /** The running operator; empty when it has ended. */
    public Optional<OperatorProcess> operator() {
        return Optional.ofNullable(operator).filter(started -> started.process().isAlive());
    }

    /**
     * Complains if control plane or simulator have ended.
     *
     * @throws IllegalStateException if so; says which, and the end of its log
     */
    public void requireAlive() {
        controlPlane.requireAlive();
        azure.process().requireAlive();
    }

    /** The end of the log of the operator that was started last. */
    String operatorLogTail() {
        OperatorProcess last = operator;
        return last == null ? "" : last.process().logTail();
    }

    /** Ends everything; the operator first, while it can still settle what it has sent. */
    @Override
    public void close() {
        try (azure;
                controlPlane) {
            operator().ifPresent(OperatorProcess::close);
        }
    }

    private static Path logs(Settings settings) {
        return folder(settings.home().resolve("logs"));
    }

    private static Path folder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
