package dev.vmidentity.binding;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a watch tells of objects that this process writes itself: it may be from before what the process knows already.
 * Versions of one API server only grow, also from an object to the next one of its name. Thread-safe.
 */
final class Hearsay {
    private final Map<String, Long> outdated = new ConcurrentHashMap<>();

    /** That version is no longer, or not for certain, what is stored: it was deleted, or a write on it was not accepted. */
    void outdates(HasMetadata object) {
        outdated.merge(object.getMetadata().getName(), version(object), Math::max);
    }

    /** Whether what is told may be acted upon. */
    boolean isNews(HasMetadata told) {
        Long last = outdated.get(told.getMetadata().getName());
        return last == null || version(told) > last;
    }

    /** The watch has caught up: it tells of something newer, or that there is none any longer. */
    void caughtUp(String name) {
        outdated.remove(name);
    }

    static long version(HasMetadata object) {
        return Long.parseUnsignedLong(object.getMetadata().getResourceVersion());
    }
}
