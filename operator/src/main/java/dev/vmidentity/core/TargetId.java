package dev.vmidentity.core;

import java.util.Optional;

/** A virtual machine or scale set, by its id. */
public record TargetId(MachineKind kind, ArmId id) implements Comparable<TargetId> {
    /** Empty when the id is not a virtual machine's or scale set's. */
    public static Optional<TargetId> of(ArmId id) {
        return MachineKind.of(id).map(kind -> new TargetId(kind, id));
    }

    public static TargetId of(MachineKind kind, String subscriptionId, String resourceGroup, String name) {
        return new TargetId(
                kind,
                ArmId.of("/subscriptions/" + subscriptionId + "/resourceGroups/" + resourceGroup + "/providers/"
                        + kind.armType() + "/" + name));
    }

    public String name() {
        return id.name();
    }

    @Override
    public int compareTo(TargetId other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return id.value();
    }
}
