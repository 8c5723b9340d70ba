package dev.vmidentity.app;

import dev.vmidentity.api.VmIdentityLedgerSpec;
import dev.vmidentity.azure.ArmClients;
import dev.vmidentity.binding.BindingControl;
import dev.vmidentity.binding.Timing;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.identity.IdentityRounds;
import dev.vmidentity.identity.IdentitySettings;
import dev.vmidentity.identity.UserAssignedIdentityReconciler;
import dev.vmidentity.kube.Cluster;
import dev.vmidentity.kube.Events;
import dev.vmidentity.kube.Namespaces;
import dev.vmidentity.kube.StatusWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.javaoperatorsdk.operator.processing.retry.Retry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything, put together. Started in the order in which one part needs another, stopped the other way round: no event
 * comes in any longer before what was sent to Azure is settled, and the Kubernetes client goes last.
 */
final class Application implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);
    private static final String NAME = "vm-identity-operator";

    /** Reconciles at a time. They wait for the API server and for reads of identities, not for machines. */
    private static final int CONCURRENT = 64;

    private static final Duration STOPPING = Duration.ofSeconds(20);

    private final KubernetesClient client;
    private final ArmClients azure;
    private final Namespaces namespaces;
    private final BindingControl bindings;
    private final EarlyChanges changes;
    private final Operator operator;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Health health;
    private volatile boolean started;
    private volatile boolean stopping;

    /**
     * Reaches Kubernetes, and starts nothing yet but the HTTP endpoints.
     *
     * @param environment for the name of the pod alone
     */
    Application(Settings settings, Map<String, String> environment) throws IOException {
        measureProcess();
        health = Health.serve(settings.http(), this::hindrances, metrics);
        client = new KubernetesClientBuilder()
                .withHttpClientFactory(new JdkHttpClientFactory())
                .build();
        var clock = Clock.systemUTC();
        var cluster = Cluster.uid(client);
        var statuses = new StatusWriter(client, NAME);
        var events = new Events(client, environment.getOrDefault("HOSTNAME", NAME), clock);
        azure = ArmClients.connect(settings.azure(), clock);
        namespaces = new Namespaces(client, settings.defaultRights());
        var random = RandomGenerator.of("SecureRandom");
        var rounds = new IdentityRounds(
                azure.identities(),
                this::users,
                namespaces,
                statuses,
                events,
                new IdentitySettings(
                        cluster,
                        settings.defaultSubscription(),
                        settings.observeInterval(),
                        settings.absentInterval(),
                        settings.goneAfter()),
                clock,
                () -> HexFormat.of().toHexDigits(random.nextInt()));
        var identities = new UserAssignedIdentityReconciler(rounds, settings.defaultSubscription());
        bindings = new BindingControl(
                client,
                azure.machines(),
                azure.identities(),
                azure.instances(),
                azure.fleet(),
                azure.roles(),
                namespaces,
                new VmIdentityLedgerSpec.Owner(cluster, settings.instance(), null),
                settings.defaultSubscription(),
                Timing.of(
                        settings.observeInterval(),
                        settings.absentInterval(),
                        settings.goneAfter(),
                        settings.pollInterval()),
                settings.selectorInterval(),
                settings.mostOrphans(),
                statuses,
                events,
                uses(identities),
                clock);
        changes = new EarlyChanges(namespace -> {
            bindings.rightsChanged(namespace);
            identities.rightsChanged(namespace);
        });
        namespaces.onChange(changes::of);
        operator = operator();
        operator.register(identities, configuration -> configuration.withRetry(retry()));
        operator.register(bindings.reconciler(), configuration -> configuration.withRetry(retry()));
        Gauge.builder("vmidentity.machines", bindings, BindingControl::machines)
                .description("Machines that are looked after")
                .register(metrics);
        for (var call : BindingControl.Call.values()) {
            FunctionCounter.builder("vmidentity.azure.calls", bindings, of -> of.calls(call))
                    .description("Calls to Azure about machines")
                    .tag("call", call.name().toLowerCase(Locale.ROOT))
                    .register(metrics);
        }
        LOG.atInfo()
                .addKeyValue("cluster", cluster)
                .addKeyValue("instance", settings.instance())
                .addKeyValue("azure", settings.azure().resourceManagerEndpoint())
                .addKeyValue("http", health.address())
                .log("starting");
    }

    private Optional<List<String>> users(String namespace, String name, ArmId id) {
        return bindings.users(namespace, name, id);
    }

    /** Of the two reconcilers neither knows the other. */
    private static BindingControl.Uses uses(UserAssignedIdentityReconciler identities) {
        return new BindingControl.Uses() {
            @Override
            public void ofObject(String namespace, String name) {
                identities.usersChanged(namespace, name);
            }

            @Override
            public void ofIdentity(ArmId id) {
                identities.usersChanged(id);
            }
        };
    }

    /** Returns when all caches are filled and reconciles run. */
    void start() {
        namespaces.start().toCompletableFuture().join();
        bindings.watch();
        // What is known by now, every object's first round sees.
        changes.forget();
        operator.start();
        bindings.open();
        changes.release();
        started = true;
        LOG.info("started");
    }

    /** Where health and metrics are served. */
    InetSocketAddress http() {
        return health.address();
    }

    /** Ends in order: no new events, then what was sent is settled, then the rest. */
    @Override
    public void close() {
        stopping = true;
        LOG.info("stopping: no new events are taken");
        operator.stop();
        bindings.close();
        namespaces.close();
        azure.close();
        client.close();
        health.close();
        LOG.info("stopped");
    }

    private List<String> hindrances() {
        List<String> reasons = new ArrayList<>();
        if (stopping) {
            reasons.add("stopping");
        } else if (!started) {
            reasons.add("starting: not all of Kubernetes' objects are known yet");
        } else {
            operator.getRuntimeInfo()
                    .unhealthyEventSources()
                    .forEach((controller, sources) -> sources.keySet()
                            .forEach(source -> reasons.add("not watching: " + controller + " " + source)));
            if (!namespaces.isWatching()) {
                reasons.add("not watching: namespaces");
            }
            if (!bindings.isWatching()) {
                reasons.add("not watching: ledgers or bindings");
            }
        }
        return reasons;
    }

    private Operator operator() {
        return new Operator(overrides -> overrides
                .withKubernetesClient(client)
                // Ledgers are settled after the operator has stopped, and need the client.
                .withCloseClientOnStop(false)
                .withExecutorService(Executors.newThreadPerTaskExecutor(bounded("reconcile-")))
                .withReconciliationTerminationTimeout(STOPPING)
                .withUseSSAToPatchPrimaryResource(true)
                .withMetrics(new ReconcileMetrics(metrics)));
    }

    /** An exception is a defect, or a Kubernetes API server that does not answer: tried again for ever. */
    private static Retry retry() {
        return new GenericRetry()
                .withoutMaxAttempts()
                .setInitialInterval(Duration.ofSeconds(1))
                .setIntervalMultiplier(2)
                .setMaxInterval(Duration.ofMinutes(1).toMillis());
    }

    /** Virtual threads, so many of them at work at a time. */
    private static ThreadFactory bounded(String name) {
        var permits = new Semaphore(CONCURRENT);
        var threads = Thread.ofVirtual().name(name, 0).factory();
        return task -> threads.newThread(() -> {
            permits.acquireUninterruptibly();
            try {
                task.run();
            } finally {
                permits.release();
            }
        });
    }

    private void measureProcess() {
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
    }
}
