package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** Where one identity of a binding stands. */
public enum IdentityState {
    /** On the machine, by us. */
    Attached,
    /** On the machine, put there by others; the binding is satisfied and will not detach it. */
    AttachedByOthers,
    /** Being attached. */
    Attaching,
    /** Being detached. */
    Detaching,
    /** On the machine, and nobody can tell whether by us; it is left there. */
    Unsure,
    /** Not yet possible, and nobody needs to do anything: the identity or the machine is not there yet, or Azure is busy. */
    Waiting,
    /** Not permitted, or not valid; a person must change something. */
    Refused,
    /** Tried, and Azure answered with an error. */
    Failed,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static IdentityState of(String name) {
        return WireName.decode(name, IdentityState.class, Unknown);
    }
}
