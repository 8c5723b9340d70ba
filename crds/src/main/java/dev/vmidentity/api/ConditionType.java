package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** The condition types, the same for all three kinds; the first three follow kstatus, which knows no others. */
public enum ConditionType {
    /** Everything is as declared. */
    Ready,
    /** Work is under way or waits for something that comes without a person; absent otherwise. */
    Reconciling,
    /** A person must do something; it is tried again all the same, slowly. Absent otherwise. */
    Stalled,
    /**
     * Of bindings. True: on the machine as it is now, a workload that gives no client id no longer gets the identity that
     * it would get without what this binding attached. False: it would be so if the binding, which only observes, were to
     * manage. Absent otherwise.
     */
    DefaultIdentityChanged,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static ConditionType of(String name) {
        return WireName.decode(name, ConditionType.class, Unknown);
    }
}
