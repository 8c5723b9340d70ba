package dev.vmidentity.simulator.model;

import org.jspecify.annotations.Nullable;

/**
 * A management lock.
 *
 * @param level {@code CanNotDelete} or {@code ReadOnly}
 */
public record Lock(String id, String level, @Nullable String notes) implements Resource {

    /** Id of what it locks. */
    public String scope() {
        return id.substring(0, key().lastIndexOf("/providers/microsoft.authorization/locks/"));
    }
}
