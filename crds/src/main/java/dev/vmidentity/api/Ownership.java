package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** What else may be on the machine. */
public enum Ownership {
    /** Whatever others put there. */
    Shared,
    /**
     * No user-assigned identity that no binding lists: others' are detached too. The namespace needs the permission {@code
     * Exclusive}.
     */
    Exclusive,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static Ownership of(String name) {
        return WireName.decode(name, Ownership.class, Unknown);
    }
}
