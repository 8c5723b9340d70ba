package dev.vmidentity.core;

/** Which sorts of identity a machine has. ARM's {@code identity.type} is this, and is a whole goal value in a PATCH. */
public enum IdentityType {
    NONE,
    SYSTEM_ASSIGNED,
    USER_ASSIGNED,
    SYSTEM_AND_USER_ASSIGNED;

    static IdentityType of(boolean systemAssigned, boolean userAssigned) {
        if (systemAssigned) {
            return userAssigned ? SYSTEM_AND_USER_ASSIGNED : SYSTEM_ASSIGNED;
        }
        return userAssigned ? USER_ASSIGNED : NONE;
    }
}
