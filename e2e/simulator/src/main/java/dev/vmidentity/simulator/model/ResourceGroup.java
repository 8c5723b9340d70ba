package dev.vmidentity.simulator.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A resource group.
 *
 * @param deletedAt when its deletion ends, with everything in it; null when it is not being deleted
 */
public record ResourceGroup(
        String id,
        String location,
        Map<String, String> tags,
        @Nullable Instant deletedAt) implements Resource {}
