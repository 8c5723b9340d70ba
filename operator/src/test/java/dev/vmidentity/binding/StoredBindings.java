package dev.vmidentity.binding;

import dev.vmidentity.api.AdoptionPolicy;
import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.DefaultIdentityGuard;
import dev.vmidentity.api.InstanceUpgrade;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.Ownership;
import dev.vmidentity.api.TargetType;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingSpec;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.binding.Asking.About;
import dev.vmidentity.binding.Asking.Listed;
import dev.vmidentity.binding.Asking.Manner;
import dev.vmidentity.binding.Asking.OwnIdentity;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.Rights;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Bindings with a selector as one API server has them: what the operator writes into their status, and a person on them. */
public final class StoredBindings {
    private final Map<String, Written> written = new HashMap<>();
    private final Map<String, Instant> confirmed = new HashMap<>();
    private final Set<String> there = new HashSet<>();
    private int versions;

    private record Written(VmIdentityBindingStatus status, int version) {}

    /** How often a status was written. */
    public int writes() {
        return versions;
    }

    public Optional<VmIdentityBindingStatus> status(String uid) {
        return Optional.ofNullable(written.get(uid)).map(Written::status);
    }

    public void put(String uid) {
        there.add(uid);
    }

    /** Somebody writes on it that what it no longer matches may go. */
    public void confirm(String uid, Instant now) {
        confirmed.put(uid, now);
    }

    public void remove(String uid) {
        there.remove(uid);
        written.remove(uid);
        confirmed.remove(uid);
    }

    @Nullable
    String apply(CustomResource<?, ?> fresh) {
        if (!there.contains(fresh.getMetadata().getUid())) {
            return null;
        }
        versions++;
        written.put(fresh.getMetadata().getUid(), new Written((VmIdentityBindingStatus) fresh.getStatus(), versions));
        return String.valueOf(versions);
    }

    /** As it is written in the API. */
    VmIdentityBinding of(Asking asking) {
        VmIdentityBinding binding = new VmIdentityBinding();
        Written last = written.get(asking.uid());
        Instant word = confirmed.get(asking.uid());
        binding.setMetadata(new ObjectMetaBuilder()
                .withUid(asking.uid())
                .withNamespace(asking.holder().namespace())
                .withName(asking.holder().name())
                .withGeneration((long) asking.generation())
                .withResourceVersion(String.valueOf(last == null ? 0 : last.version()))
                .withDeletionTimestamp(asking.deleting() ? "2026-01-01T00:00:00Z" : null)
                .withAnnotations(word == null ? Map.of() : Map.of("vmidentity.dev/confirm-detach", word.toString()))
                .build());
        binding.setSpec(spec(asking));
        if (last != null) {
            binding.setStatus(last.status());
        }
        return binding;
    }

    private static VmIdentityBindingSpec spec(Asking asking) {
        List<VmIdentityBindingSpec.UserAssigned> listed = new ArrayList<>();
        asking.listed()
                .forEach(one -> listed.add(
                        new VmIdentityBindingSpec.UserAssigned(null, one.id().value())));
        if (!asking.complete()) {
            listed.add(new VmIdentityBindingSpec.UserAssigned("nobody-made-it", null));
        }
        boolean observes = asking.manner() == Manner.OBSERVED || asking.manner() == Manner.OBSERVED_EXCLUSIVE;
        boolean exclusive = asking.manner() == Manner.EXCLUSIVE || asking.manner() == Manner.OBSERVED_EXCLUSIVE;
        return new VmIdentityBindingSpec(
                target(asking.about()),
                systemAssigned(asking.system()),
                listed,
                exclusive ? Ownership.Exclusive : Ownership.Shared,
                observes ? ManagementPolicy.Observe : ManagementPolicy.Manage,
                adopts(asking) ? AdoptionPolicy.Adopt : AdoptionPolicy.Never,
                asking.blocks() ? DefaultIdentityGuard.Block : DefaultIdentityGuard.Warn,
                asking.holder().onRelease() == Release.RETAIN
                        ? BindingDeletionPolicy.Retain
                        : BindingDeletionPolicy.Detach,
                asking.upgradesAtOnce() > 0 ? InstanceUpgrade.Automatic : InstanceUpgrade.Never,
                asking.upgradesAtOnce() > 0 ? asking.upgradesAtOnce() : null);
    }

    private static VmIdentityBindingSpec.Target target(About about) {
        return switch (about) {
            case About.One one ->
                new VmIdentityBindingSpec.Target(null, null, one.machine().id().value(), null);
            case About.Matching matching ->
                new VmIdentityBindingSpec.Target(
                        null,
                        null,
                        null,
                        new VmIdentityBindingSpec.Selector(
                                matching.kinds().stream()
                                        .map(StoredBindings::type)
                                        .sorted()
                                        .toList(),
                                matching.scopes(),
                                matching.tags()));
        };
    }

    private static TargetType type(MachineKind kind) {
        return switch (kind) {
            case VIRTUAL_MACHINE -> TargetType.VirtualMachine;
            case SCALE_SET -> TargetType.VirtualMachineScaleSet;
        };
    }

    private static VmIdentityBindingSpec.@Nullable SystemAssigned systemAssigned(OwnIdentity own) {
        return switch (own) {
            case NOTHING -> null;
            case ENABLED, ENABLED_ADOPT -> new VmIdentityBindingSpec.SystemAssigned(true, List.of());
            case DISABLED, REFUSED -> new VmIdentityBindingSpec.SystemAssigned(false, List.of());
        };
    }

    private static boolean adopts(Asking asking) {
        return asking.system() == OwnIdentity.ENABLED_ADOPT
                || asking.listed().stream().anyMatch(Listed::adopt);
    }

    /** What makes the binding of that namespace come to what the model says: there is one in each. */
    static Rights rights(Asking asking) {
        String allowed = asking.listed().stream()
                .filter(Listed::allowed)
                .map(one -> one.id().value())
                .collect(Collectors.joining(" "));
        String words =
                "Selector Exclusive Adopt" + (asking.system() == OwnIdentity.REFUSED ? "" : " DisableSystemAssigned");
        return Rights.of(Map.of(Rights.TARGETS, "/", Rights.ASSIGN, allowed, Rights.ALLOW, words), Rights.NONE);
    }
}
