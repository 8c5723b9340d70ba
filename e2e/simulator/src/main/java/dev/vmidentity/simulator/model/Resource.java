package dev.vmidentity.simulator.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Anything that has an ARM id. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Subscription.class, name = "subscription"),
    @JsonSubTypes.Type(value = ResourceGroup.class, name = "resourceGroup"),
    @JsonSubTypes.Type(value = Machine.class, name = "machine"),
    @JsonSubTypes.Type(value = Identity.class, name = "identity"),
    @JsonSubTypes.Type(value = FederatedCredential.class, name = "federatedCredential"),
    @JsonSubTypes.Type(value = RoleDefinition.class, name = "roleDefinition"),
    @JsonSubTypes.Type(value = RoleAssignment.class, name = "roleAssignment"),
    @JsonSubTypes.Type(value = Lock.class, name = "lock"),
})
public sealed interface Resource
        permits Subscription,
                ResourceGroup,
                Machine,
                Identity,
                FederatedCredential,
                RoleDefinition,
                RoleAssignment,
                Lock {
    /** As ARM answers it. */
    String id();

    default String key() {
        return ArmId.key(id());
    }

    default String name() {
        return ArmId.name(id());
    }
}
