package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** What to do with an identity that is wanted and already on the machine, put there by others. */
public enum AdoptionPolicy {
    /** It is left to them: the binding is satisfied, and never detaches it. */
    Never,
    /** It becomes ours, as if this binding had attached it; the namespace needs the permission {@code Adopt}. */
    Adopt,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static AdoptionPolicy of(String name) {
        return WireName.decode(name, AdoptionPolicy.class, Unknown);
    }
}
