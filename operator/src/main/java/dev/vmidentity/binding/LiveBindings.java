package dev.vmidentity.binding;

import dev.vmidentity.core.TargetId;
import java.util.List;
import java.util.Optional;

/**
 * The bindings as the API server has them now. Before anything is detached a cache is not enough: it may not know yet of
 * a binding that wants it.
 */
@FunctionalInterface
interface LiveBindings {
    /** The contributions to that machine; empty when they could not be listed. */
    Optional<List<Contribution>> of(TargetId target);
}
