package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** What becomes of the identity in Azure when its object is deleted. */
public enum IdentityDeletionPolicy {
    /** It is deleted, once no binding uses it. */
    Delete,
    /** It stays. */
    Retain,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static IdentityDeletionPolicy of(String name) {
        return WireName.decode(name, IdentityDeletionPolicy.class, Unknown);
    }
}
