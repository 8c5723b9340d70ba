package dev.vmidentity.azure;

import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineScaleSetInner;
import com.azure.resourcemanager.compute.models.ResourceIdentityType;
import com.azure.resourcemanager.compute.models.VirtualMachineIdentity;
import com.azure.resourcemanager.compute.models.VirtualMachineIdentityUserAssignedIdentities;
import com.azure.resourcemanager.compute.models.VirtualMachineScaleSetIdentity;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Observation.SystemIdentity;
import dev.vmidentity.core.TargetId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a machine's JSON says, or why it cannot be relied on.
 *
 * <p>An identity block that is not understood to the end is not understood at all: {@code type} is a whole goal value,
 * and who plans on half of what is there takes the other half away.
 */
sealed interface MachineReading {
    record Understood(Observation observation) implements MachineReading {}

    record NotUnderstood(String why) implements MachineReading {}

    static MachineReading of(TargetId target, VirtualMachineInner vm, Instant readAt) {
        VirtualMachineIdentity identity = vm.identity();
        Optional<Block> block = Optional.ofNullable(identity)
                .map(it -> new Block(it.type(), it.principalId(), it.tenantId(), it.userAssignedIdentities()));
        return read(target, vm.etag(), vm.vmId(), vm.provisioningState(), vm.location(), block, readAt);
    }

    static MachineReading of(TargetId target, VirtualMachineScaleSetInner set, Instant readAt) {
        VirtualMachineScaleSetIdentity identity = set.identity();
        Optional<Block> block = Optional.ofNullable(identity)
                .map(it -> new Block(it.type(), it.principalId(), it.tenantId(), it.userAssignedIdentities()));
        return read(target, set.etag(), set.uniqueId(), set.provisioningState(), set.location(), block, readAt);
    }

    /**
     * A machine of an inventory, which has no etags.
     *
     * @param identity the identity block; VM and scale set have it in the same shape
     */
    static MachineReading of(
            TargetId target,
            @Nullable String machineId,
            @Nullable String provisioningState,
            @Nullable String location,
            Optional<VirtualMachineIdentity> identity,
            Instant readAt) {
        Optional<Block> block =
                identity.map(it -> new Block(it.type(), it.principalId(), it.tenantId(), it.userAssignedIdentities()));
        return read(target, null, machineId, provisioningState, location, block, readAt);
    }

    /** The identity block, which VM and scale set have in different types of the same shape. */
    record Block(
            @Nullable ResourceIdentityType type,
            @Nullable String principalId,
            @Nullable String tenantId,
            @Nullable Map<String, VirtualMachineIdentityUserAssignedIdentities> userAssigned) {}

    private static MachineReading read(
            TargetId target,
            @Nullable String etag,
            @Nullable String machineId,
            @Nullable String provisioningState,
            @Nullable String location,
            Optional<Block> identity,
            Instant readAt) {
        if (machineId == null || machineId.isEmpty()) {
            return new NotUnderstood("the machine has no id of its own");
        }
        Optional<SystemIdentity> systemAssigned = Optional.empty();
        Map<IdentityKey, AttachedIdentity> userAssigned = new TreeMap<>();
        if (identity.isPresent()) {
            Block block = identity.get();
            ResourceIdentityType type = block.type();
            if (type == null) {
                return new NotUnderstood("the type of the machine's identity is not a known one");
            }
            if (block.userAssigned() != null) {
                for (var attached : block.userAssigned().entrySet()) {
                    Optional<ArmId> id = ArmId.parse(attached.getKey());
                    if (id.isEmpty()) {
                        return new NotUnderstood("not the id of an identity: " + attached.getKey());
                    }
                    userAssigned.put(IdentityKey.of(id.get()), attached(id.get(), attached.getValue()));
                }
            }
            boolean saysUser = type == ResourceIdentityType.USER_ASSIGNED
                    || type == ResourceIdentityType.SYSTEM_ASSIGNED_USER_ASSIGNED;
            if (saysUser && userAssigned.isEmpty()) {
                return new NotUnderstood("the machine has user-assigned identities that are not listed");
            }
            boolean saysSystem = type == ResourceIdentityType.SYSTEM_ASSIGNED
                    || type == ResourceIdentityType.SYSTEM_ASSIGNED_USER_ASSIGNED;
            String principalId = block.principalId();
            if (principalId != null && !principalId.isEmpty()) {
                systemAssigned = Optional.of(new SystemIdentity(principalId, block.tenantId()));
            } else if (saysSystem) {
                return new NotUnderstood("the machine has a system-assigned identity without a principal");
            }
        }
        return new Understood(new Observation(
                target,
                etag == null || etag.isEmpty() ? null : etag,
                machineId,
                state(provisioningState),
                systemAssigned,
                userAssigned,
                location == null ? "" : location,
                readAt));
    }

    private static AttachedIdentity attached(ArmId id, @Nullable VirtualMachineIdentityUserAssignedIdentities values) {
        return values == null
                ? new AttachedIdentity(id, null, null)
                : new AttachedIdentity(id, values.clientId(), values.principalId());
    }

    /** ARM's rule: what is none of the three ends is under way, and a resource that tells no state has settled. */
    private static MachineState state(@Nullable String provisioningState) {
        return switch (provisioningState) {
            case null -> MachineState.SETTLED;
            case "Succeeded" -> MachineState.SETTLED;
            case "Failed", "Canceled" -> MachineState.FAILED;
            case "Deleting" -> MachineState.DELETING;
            default -> MachineState.BUSY;
        };
    }
}
