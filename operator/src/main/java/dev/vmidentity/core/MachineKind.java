package dev.vmidentity.core;

import java.util.Optional;

/** What can carry identities. */
public enum MachineKind {
    VIRTUAL_MACHINE("Microsoft.Compute", "virtualMachines"),
    SCALE_SET("Microsoft.Compute", "virtualMachineScaleSets");

    private final String namespace;
    private final String type;

    MachineKind(String namespace, String type) {
        this.namespace = namespace;
        this.type = type;
    }

    /** ARM's name of the type, such as {@code Microsoft.Compute/virtualMachines}. */
    public String armType() {
        return namespace + "/" + type;
    }

    static Optional<MachineKind> of(ArmId id) {
        for (MachineKind kind : values()) {
            if (kind.armType().equalsIgnoreCase(id.type())) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
