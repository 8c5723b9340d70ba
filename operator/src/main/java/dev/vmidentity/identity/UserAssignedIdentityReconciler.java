package dev.vmidentity.identity;

import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.core.ArmId;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the framework calls: an object's rounds, and who wakes it. */
@ControllerConfiguration(name = "identity", finalizerName = UserAssignedIdentityReconciler.FINALIZER)
public final class UserAssignedIdentityReconciler
        implements Reconciler<UserAssignedIdentity>, Cleaner<UserAssignedIdentity> {
    static final String FINALIZER = "vmidentity.dev/identity";
    private static final String BY_ID = "armId";

    private final IdentityRounds rounds;
    private final Optional<String> defaultSubscription;
    private final SimpleInboundEventSource<UserAssignedIdentity> wakes = new SimpleInboundEventSource<>("wakes");
    private volatile @Nullable IndexerResourceCache<UserAssignedIdentity> cache;

    public UserAssignedIdentityReconciler(IdentityRounds rounds, Optional<String> defaultSubscription) {
        this.rounds = rounds;
        this.defaultSubscription = defaultSubscription;
    }

    @Override
    public List<EventSource<?, UserAssignedIdentity>> prepareEventSources(
            EventSourceContext<UserAssignedIdentity> context) {
        context.getPrimaryCache().addIndexer(BY_ID, this::armId);
        cache = context.getPrimaryCache();
        return List.of(wakes);
    }

    @Override
    public UpdateControl<UserAssignedIdentity> reconcile(
            UserAssignedIdentity object, Context<UserAssignedIdentity> context) {
        return UpdateControl.<UserAssignedIdentity>noUpdate()
                .rescheduleAfter(tellingDefects(object, () -> rounds.converge(object)));
    }

    @Override
    public DeleteControl cleanup(UserAssignedIdentity object, Context<UserAssignedIdentity> context) {
        return switch (tellingDefects(object, () -> rounds.remove(object))) {
            case IdentityRounds.Removal.Released() -> DeleteControl.defaultDelete();
            case IdentityRounds.Removal.Waits(var next) -> {
                var control = DeleteControl.noFinalizerRemoval();
                control.rescheduleAfter(next.toMillis());
                yield control;
            }
        };
    }

    private <T> T tellingDefects(UserAssignedIdentity object, Supplier<T> round) {
        try {
            return round.get();
        } catch (KubernetesClientException e) {
            throw e;
        } catch (RuntimeException e) {
            rounds.defect(object);
            throw e;
        }
    }

    /** Somebody began or ceased to use the object. */
    public void usersChanged(String namespace, String name) {
        wakes.propagateEvent(new ResourceID(name, namespace));
    }

    /** Somebody began or ceased to use the identity, whatever objects are about it. */
    public void usersChanged(ArmId id) {
        var known = cache;
        if (known != null) {
            known.byIndex(BY_ID, id.key()).forEach(object -> wakes.propagateEvent(ResourceID.fromResource(object)));
        }
    }

    /** The namespace may do something else than before. */
    public void rightsChanged(String namespace) {
        var known = cache;
        if (known != null) {
            known.list(namespace, _ -> true).forEach(object -> wakes.propagateEvent(ResourceID.fromResource(object)));
        }
    }

    private List<String> armId(UserAssignedIdentity object) {
        return switch (Wanted.of(object, object.getStatus(), defaultSubscription)) {
            case Wanted.Known(ArmId id) -> List.of(id.key());
            case Wanted.Unknown _ ->
                Wanted.pin(object.getStatus()).map(ArmId::key).stream().toList();
        };
    }
}
