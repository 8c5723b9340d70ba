package dev.vmidentity.app;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Changes of namespaces, kept back until the controllers run: before that, nobody can be woken. */
final class EarlyChanges {
    private final Consumer<String> listener;
    private final Set<String> early = new LinkedHashSet<>();
    private boolean released;

    EarlyChanges(Consumer<String> listener) {
        this.listener = listener;
    }

    void of(String namespace) {
        synchronized (this) {
            if (!released) {
                early.add(namespace);
                return;
            }
        }
        listener.accept(namespace);
    }

    synchronized void forget() {
        early.clear();
    }

    /** From now on at once. */
    void release() {
        Set<String> kept;
        synchronized (this) {
            released = true;
            kept = Set.copyOf(early);
            early.clear();
        }
        kept.forEach(listener);
    }
}
