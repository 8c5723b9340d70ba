package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** What becomes of the identities that a binding attached when the binding is deleted. */
public enum BindingDeletionPolicy {
    /** They are detached, unless another binding wants them. */
    Detach,
    /** They stay on the machine and are nobody's from then on. */
    Retain,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static BindingDeletionPolicy of(String name) {
        return WireName.decode(name, BindingDeletionPolicy.class, Unknown);
    }
}
