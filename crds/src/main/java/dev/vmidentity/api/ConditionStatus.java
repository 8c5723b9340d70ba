package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;

/** The status of a condition. Here {@code Unknown} is a value of the API itself, and what an unknown value reads as. */
public enum ConditionStatus {
    True,
    False,
    Unknown;

    @JsonCreator
    static ConditionStatus of(String name) {
        return WireName.decode(name, ConditionStatus.class, Unknown);
    }
}
