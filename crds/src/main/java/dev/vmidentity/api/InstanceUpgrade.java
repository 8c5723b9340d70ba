package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** What to do with instances of a scale set that are not on its latest model, where Azure itself does nothing. */
public enum InstanceUpgrade {
    /** They are counted. */
    Never,
    /** They are brought to the whole of the latest model, in batches. */
    Automatic,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static InstanceUpgrade of(String name) {
        return WireName.decode(name, InstanceUpgrade.class, Unknown);
    }
}
