package dev.vmidentity.simulator.model;

import org.jspecify.annotations.Nullable;

/** Where changes are kept. */
public interface Journal {
    /** Keeps nothing. */
    Journal NOTHING = new Journal() {
        @Override
        public void write(String key, @Nullable Resource value) {}

        @Override
        public void write(Operation operation) {}

        @Override
        public void together(Runnable changes) {
            changes.run();
        }
    };

    /** Returns when the change, and everything written before it, cannot be lost any more. Null is a deletion. */
    void write(String key, @Nullable Resource value);

    /** Runs changes that nobody was told of yet: they are safe when this returns, not one by one. */
    void together(Runnable changes);

    /** An operation that a change to come announces; safe when that change is. */
    void write(Operation operation);
}
