package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** The condition types, the same for all three kinds; they follow kstatus. */
public enum ConditionType {
    /** Everything is as declared. */
    Ready,
    /** Work is under way or waits for something that comes without a person; absent otherwise. */
    Reconciling,
    /** A person must do something; it is tried again all the same, slowly. Absent otherwise. */
    Stalled,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static ConditionType of(String name) {
        return WireName.decode(name, ConditionType.class, Unknown);
    }
}
