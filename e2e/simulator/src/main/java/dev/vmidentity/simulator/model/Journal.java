package dev.vmidentity.simulator.model;

import org.jspecify.annotations.Nullable;

/** Where changes are kept. */
@FunctionalInterface
public interface Journal {
    /** Keeps nothing. */
    Journal NOTHING = (key, value) -> {};

    /** Returns when the change cannot be lost any more. Null is a deletion. */
    void write(String key, @Nullable Resource value);
}
