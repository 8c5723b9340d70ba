package dev.vmidentity.core.exploration;

import org.jspecify.annotations.Nullable;

/** Takes what can happen next. */
@FunctionalInterface
interface Steps {
    /** @param broken the promise that is broken by the step itself; null when none is */
    void take(String what, State next, @Nullable Promise broken);

    default void take(String what, State next) {
        take(what, next, null);
    }
}
