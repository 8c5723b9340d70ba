package dev.vmidentity.fakes;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Observation.SystemIdentity;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.TargetId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One machine in {@link FakeAzure}, and what a PATCH does to it. */
final class FakeMachine {
    private final TargetId target;
    private final String machineId = UUID.randomUUID().toString();

    private final FakeInstances instances = new FakeInstances();

    private FakeAzure.Etags etags;
    private int etag = 1;
    private MachineState state = MachineState.SETTLED;
    private Map<String, String> tags = Map.of();
    private Optional<String> managedBy = Optional.empty();
    private Held held = new Held(Optional.empty(), Map.of());

    /** The identities that it has. */
    record Held(Optional<SystemIdentity> systemAssigned, Map<IdentityKey, AttachedIdentity> userAssigned) {
        Held {
            userAssigned = Map.copyOf(userAssigned);
        }
    }

    FakeMachine(TargetId target, FakeAzure.Etags etags) {
        this.target = target;
        this.etags = etags;
    }

    TargetId target() {
        return target;
    }

    FakeInstances instances() {
        return instances;
    }

    Held held() {
        return held;
    }

    MachineState state() {
        return state;
    }

    void state(MachineState next) {
        state = next;
    }

    void tags(Map<String, String> next) {
        tags = Map.copyOf(next);
    }

    void managedBy(String manager) {
        managedBy = Optional.of(manager);
    }

    /** With its etag, as a GET shows it. */
    Fleet.Glance glance(Instant at) {
        return new Fleet.Glance(
                observe(at),
                tags,
                managedBy.or(() -> tags.entrySet().stream()
                        .filter(tag -> tag.getKey().equalsIgnoreCase("aks-managed-poolName"))
                        .map(tag -> "AKS node pool " + tag.getValue())
                        .findFirst()));
    }

    void etags(FakeAzure.Etags next) {
        etags = next;
    }

    @Nullable
    String etag() {
        return switch (etags) {
            case MOVE, STAY -> "\"" + etag + "\"";
            case NONE -> null;
        };
    }

    void moveEtag() {
        if (etags == FakeAzure.Etags.MOVE) {
            etag++;
        }
    }

    Observation observe(Instant at) {
        return new Observation(
                target, etag(), machineId, state, held.systemAssigned(), held.userAssigned(), "westeurope", at);
    }

    /** Merges the ids, and takes {@code type} as the whole goal: what it leaves out goes. */
    void apply(Patch patch) {
        boolean system =
                patch.type() == IdentityType.SYSTEM_ASSIGNED || patch.type() == IdentityType.SYSTEM_AND_USER_ASSIGNED;
        boolean user =
                patch.type() == IdentityType.USER_ASSIGNED || patch.type() == IdentityType.SYSTEM_AND_USER_ASSIGNED;
        Map<IdentityKey, AttachedIdentity> userAssigned = new TreeMap<>();
        if (user) {
            userAssigned.putAll(held.userAssigned());
            patch.remove().forEach(id -> userAssigned.remove(IdentityKey.of(id)));
            patch.add()
                    .forEach(id -> userAssigned.putIfAbsent(IdentityKey.of(id), new AttachedIdentity(id, null, null)));
        }
        replace(new Held(
                system
                        ? held.systemAssigned().or(() -> Optional.of(new SystemIdentity(newId(), FakeAzure.TENANT)))
                        : Optional.empty(),
                userAssigned));
    }

    /** How many user-assigned identities it would have after the PATCH. */
    long userAssignedAfter(Patch patch) {
        Map<IdentityKey, AttachedIdentity> after = new TreeMap<>(held.userAssigned());
        patch.remove().forEach(id -> after.remove(IdentityKey.of(id)));
        patch.add().forEach(id -> after.put(IdentityKey.of(id), new AttachedIdentity(id, null, null)));
        return after.size();
    }

    void replace(Held next) {
        held = next;
        instances.modelChanged();
        moveEtag();
    }

    /** What an operation does at its end: identities that exist get their ids. The etag stays. */
    void fillIn(Function<ArmId, Optional<AttachedIdentity>> known) {
        Map<IdentityKey, AttachedIdentity> filled = new TreeMap<>(held.userAssigned());
        filled.replaceAll((key, attached) -> attached.principalId() != null
                ? attached
                : known.apply(attached.id())
                        .map(found -> new AttachedIdentity(attached.id(), found.clientId(), found.principalId()))
                        .orElse(attached));
        held = new Held(held.systemAssigned(), filled);
    }

    /** The etag stays: nobody wrote. */
    void showNothingOf(IdentityKey key) {
        Map<IdentityKey, AttachedIdentity> shown = new TreeMap<>(held.userAssigned());
        shown.computeIfPresent(key, (_, attached) -> new AttachedIdentity(attached.id(), null, null));
        held = new Held(held.systemAssigned(), shown);
    }

    /** Takes an operation's effect back. */
    void rollBack(Held before, boolean etagMoves) {
        held = before;
        state = MachineState.FAILED;
        if (etagMoves) {
            moveEtag();
        }
    }

    static String newId() {
        return UUID.randomUUID().toString();
    }
}
