package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** Where one role of a machine's own identity stands. */
public enum RoleAssignmentState {
    /** Assigned, by this binding. */
    Assigned,
    /** Assigned by others; the binding is satisfied and will not delete it. */
    AssignedByOthers,
    /** Being assigned. */
    Assigning,
    /** Being deleted. */
    Removing,
    /** Not yet possible, and nobody needs to do anything: Azure is busy, or does not know the principal yet. */
    Waiting,
    /** Not permitted, or not valid; a person must change something. */
    Refused,
    /** Tried, and Azure answered with an error. */
    Failed,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static RoleAssignmentState of(String name) {
        return WireName.decode(name, RoleAssignmentState.class, Unknown);
    }
}
