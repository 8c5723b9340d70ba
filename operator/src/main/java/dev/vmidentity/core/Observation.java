package dev.vmidentity.core;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a machine looked like in one answer of Azure.
 *
 * @param etag opaque; it also moves by itself. Null where the cloud gives none, and then nothing is ever written
 * @param machineId {@code properties.vmId} of a VM, {@code properties.uniqueId} of a scale set: the incarnation. It is
 *     another one when the machine was deleted and made anew under the same id
 * @param state whether an operation runs
 * @param systemAssigned the machine's own identity, when it has one
 * @param userAssigned by key; the values keep Azure's spelling
 * @param location the Azure region
 * @param readAt when the request left: what was seen is at least that new
 */
public record Observation(
        TargetId target,
        @Nullable String etag,
        String machineId,
        MachineState state,
        Optional<SystemIdentity> systemAssigned,
        Map<IdentityKey, AttachedIdentity> userAssigned,
        String location,
        Instant readAt) {

    public Observation {
        userAssigned = Collections.unmodifiableMap(new TreeMap<>(userAssigned));
    }

    public boolean has(IdentityKey key) {
        return key.isSystemAssigned() ? systemAssigned.isPresent() : userAssigned.containsKey(key);
    }

    /** All that are there, the machine's own among them. */
    public SortedSet<IdentityKey> identities() {
        TreeSet<IdentityKey> all = new TreeSet<>(userAssigned.keySet());
        systemAssigned.ifPresent(_ -> all.add(IdentityKey.SYSTEM_ASSIGNED));
        return all;
    }

    /** The same, read at another moment. */
    public Observation at(Instant moment) {
        return new Observation(target, etag, machineId, state, systemAssigned, userAssigned, location, moment);
    }

    /** The same, if no operation ran and the cloud gave etags: to tell what would be done then. */
    public Observation atRest() {
        String some = etag == null ? "" : etag;
        return new Observation(
                target, some, machineId, MachineState.SETTLED, systemAssigned, userAssigned, location, readAt);
    }

    public IdentityType type() {
        return IdentityType.of(systemAssigned.isPresent(), !userAssigned.isEmpty());
    }

    /** Null while Azure has not told it yet. */
    public @Nullable String principalId(IdentityKey key) {
        if (key.isSystemAssigned()) {
            return systemAssigned.map(SystemIdentity::principalId).orElse(null);
        }
        AttachedIdentity attached = userAssigned.get(key);
        return attached == null ? null : attached.principalId();
    }

    /** The machine's own identity. */
    public record SystemIdentity(
            String principalId, @Nullable String tenantId) {}

    /**
     * An identity on the machine.
     *
     * @param clientId null right after the attach, until the operation has ended; null for ever when the identity no
     *     longer exists
     * @param principalId as clientId
     */
    public record AttachedIdentity(
            ArmId id, @Nullable String clientId, @Nullable String principalId) {}

    /** ARM's {@code provisioningState}, as far as it matters here. */
    public enum MachineState {
        /** No operation runs. */
        SETTLED,
        /** No operation runs, and the last one failed. It can be written to. */
        FAILED,
        /** An operation runs, ours or somebody else's. */
        BUSY,
        /** It is being deleted. */
        DELETING;

        public boolean operationRuns() {
            return this == BUSY || this == DELETING;
        }
    }
}
