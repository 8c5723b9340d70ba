package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** What a holder of a ledger entry wants when it lets go. */
public enum OnRelease {
    /** Detach it when no other holds it. */
    Detach,
    /** Leave it on the machine and forget it. */
    Retain,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static OnRelease of(String name) {
        return WireName.decode(name, OnRelease.class, Unknown);
    }
}
