package dev.vmidentity.binding;

import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingSpec;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.TargetId;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The bindings and identities as the controller's informers have them, by what they are asked for; and the way to wake a
 * binding's reconcile. Knows nothing before the controller has prepared its event sources.
 */
final class Bindings {
    private static final String BY_TARGET = "target";
    private static final String BY_NAMED_IDENTITY = "namedIdentity";
    private static final String BY_IDENTITY_ID = "identityId";
    private static final String BY_UID = "uid";
    private static final String BY_FORM = "form";
    private static final String NO_ONE_MACHINE = "noOneMachine";

    private final Function<VmIdentityBinding, Optional<TargetId>> targets;
    private volatile @Nullable IndexerResourceCache<VmIdentityBinding> cache;
    private volatile @Nullable InformerEventSource<UserAssignedIdentity, VmIdentityBinding> identities;
    private volatile @Nullable SimpleInboundEventSource<VmIdentityBinding> wakes;

    /** @param targets the machine of a binding; of its spec and fixed settings alone, as it is indexed */
    Bindings(Function<VmIdentityBinding, Optional<TargetId>> targets) {
        this.targets = targets;
    }

    void index(IndexerResourceCache<VmIdentityBinding> primary) {
        primary.addIndexer(
                BY_TARGET,
                binding -> targets.apply(binding).stream()
                        .map(machine -> machine.id().key())
                        .toList());
        primary.addIndexer(
                BY_NAMED_IDENTITY,
                binding -> listed(binding).stream()
                        .filter(entry -> entry.name() != null)
                        .map(entry -> binding.getMetadata().getNamespace() + "/" + entry.name())
                        .toList());
        primary.addIndexer(
                BY_IDENTITY_ID,
                binding -> listed(binding).stream()
                        .flatMap(entry -> Optional.ofNullable(entry.resourceId()).flatMap(ArmId::parse).stream())
                        .map(ArmId::key)
                        .toList());
        primary.addIndexer(BY_FORM, binding -> targets.apply(binding).isEmpty() ? List.of(NO_ONE_MACHINE) : List.of());
        primary.addIndexer(BY_UID, binding -> List.of(binding.getMetadata().getUid()));
        cache = primary;
    }

    void connect(
            InformerEventSource<UserAssignedIdentity, VmIdentityBinding> identitySource,
            SimpleInboundEventSource<VmIdentityBinding> wakeSource) {
        identities = identitySource;
        wakes = wakeSource;
    }

    /** Those that are about it alone. */
    List<VmIdentityBinding> of(TargetId target) {
        return byIndex(BY_TARGET, target.id().key());
    }

    /** Those whose spec leads to no one machine: to all that match a selector, or to none that is understood. */
    List<VmIdentityBinding> ofNoOneMachine() {
        return byIndex(BY_FORM, NO_ONE_MACHINE);
    }

    List<VmIdentityBinding> naming(String namespace, String identity) {
        return byIndex(BY_NAMED_IDENTITY, namespace + "/" + identity);
    }

    List<VmIdentityBinding> listing(ArmId identity) {
        return byIndex(BY_IDENTITY_ID, identity.key());
    }

    /** The binding of that uid, whatever it is about. */
    Optional<VmIdentityBinding> withUid(String uid) {
        return byIndex(BY_UID, uid).stream().findFirst();
    }

    boolean exists(String uid) {
        return withUid(uid).isPresent();
    }

    List<VmIdentityBinding> in(String namespace) {
        var primary = cache;
        return primary == null ? List.of() : primary.list(namespace, _ -> true).toList();
    }

    Optional<UserAssignedIdentity> identity(String namespace, String name) {
        var source = identities;
        return source == null ? Optional.empty() : source.get(new ResourceID(name, namespace));
    }

    /** Has the binding reconciled soon; nothing happens when there is none of that name. */
    void wake(String namespace, String name) {
        var source = wakes;
        if (source != null) {
            source.propagateEvent(new ResourceID(name, namespace));
        }
    }

    private List<VmIdentityBinding> byIndex(String index, String key) {
        var primary = cache;
        return primary == null ? List.of() : primary.byIndex(index, key);
    }

    private static List<VmIdentityBindingSpec.UserAssigned> listed(VmIdentityBinding binding) {
        return binding.getSpec() == null ? List.of() : binding.getSpec().userAssigned();
    }
}
