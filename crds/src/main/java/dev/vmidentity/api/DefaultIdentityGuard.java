package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** What to do when an attach would change which identity a workload gets that gives no client id. */
public enum DefaultIdentityGuard {
    /** Attach, and say so in the condition {@link ConditionType#DefaultIdentityChanged} and an Event. */
    Warn,
    /** Do not attach. */
    Block,
    /** Attach, and say nothing. */
    Off,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static DefaultIdentityGuard of(String name) {
        return WireName.decode(name, DefaultIdentityGuard.class, Unknown);
    }
}
