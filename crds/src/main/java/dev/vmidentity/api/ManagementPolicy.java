package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** Whether the operator brings about what an object declares, or only looks. */
public enum ManagementPolicy {
    /** An identity is created, kept and deleted; a binding's identities are attached and detached. */
    Manage,
    /** An identity that someone else creates is read; of a binding status says what would change. Nothing is written. */
    Observe,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static ManagementPolicy of(String name) {
        return WireName.decode(name, ManagementPolicy.class, Unknown);
    }
}
