package dev.vmidentity.app;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;

/** How long reconciles take and how many fail, by controller; nothing by object. */
final class ReconcileMetrics implements Metrics {
    private final MeterRegistry registry;

    ReconcileMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        var sample = Timer.start(registry);
        var outcome = "failed";
        try {
            T result = execution.execute();
            outcome = execution.successTypeName(result);
            return result;
        } finally {
            sample.stop(Timer.builder("vmidentity.reconcile")
                    .description("One round of a controller about one object")
                    .tag("controller", execution.controllerName())
                    .tag("round", execution.name())
                    .tag("outcome", outcome)
                    .register(registry));
        }
    }

    @Override
    public void failedReconciliation(HasMetadata resource, Exception exception, Map<String, Object> metadata) {
        registry.counter("vmidentity.reconcile.exceptions", "kind", resource.getKind())
                .increment();
    }
}
