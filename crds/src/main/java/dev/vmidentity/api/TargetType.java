package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** What a target is. */
public enum TargetType {
    /** {@code Microsoft.Compute/virtualMachines}. */
    VirtualMachine,
    /** {@code Microsoft.Compute/virtualMachineScaleSets}. */
    VirtualMachineScaleSet,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static TargetType of(String name) {
        return WireName.decode(name, TargetType.class, Unknown);
    }
}
