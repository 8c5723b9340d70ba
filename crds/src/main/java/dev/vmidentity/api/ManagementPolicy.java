package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** Whether the operator makes an identity, or only reads it. */
public enum ManagementPolicy {
    /** Create it, keep it as declared, and delete it as {@link IdentityDeletionPolicy} says. */
    Manage,
    /** Someone else creates it; read it and write its ids to status. */
    Observe,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static ManagementPolicy of(String name) {
        return WireName.decode(name, ManagementPolicy.class, Unknown);
    }
}
