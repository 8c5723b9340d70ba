package dev.vmidentity.core;

/** How one identity stands on one machine, for a person. */
public enum Standing {
    /** There, and ours. */
    ATTACHED,
    /** There, and somebody else's. */
    ATTACHED_BY_OTHERS,
    /** Being added, or about to be. */
    ATTACHING,
    /** Being removed, or about to be. */
    DETACHING,
    /** There, and nobody can tell whose. */
    UNSURE,
    /** Not there. */
    ABSENT
}
