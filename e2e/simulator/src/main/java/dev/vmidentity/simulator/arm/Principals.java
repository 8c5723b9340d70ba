package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.model.Identity;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.Resource;
import dev.vmidentity.simulator.model.World;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Since when the principals of identities, and of machines with a system identity, are in the directory. Every other id is taken for one
 * that is there: any client may come.
 */
final class Principals implements World.Observer {
    private final World world;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** Kept when it is gone: so it is known to be gone. */
    private record Entry(String resource, Instant since) {}

    Principals(World world) {
        this.world = world;
        world.all(Identity.class).forEach(one -> enter(one, one.createdAt()));
        world.all(Machine.class).forEach(one -> enter(one, Instant.EPOCH));
        world.observe(this);
    }

    /** Since when there is such a principal; empty when it went with what it was made for. */
    Optional<Instant> since(String principal) {
        var entry = entries.get(key(principal));
        return entry == null
                ? Optional.of(Instant.EPOCH)
                : Optional.of(entry)
                        .filter(one -> world.find(one.resource())
                                .filter(there -> principal.equalsIgnoreCase(principalOf(there)))
                                .isPresent())
                        .map(Entry::since);
    }

    @Override
    public void changed(String key, @Nullable Resource before, @Nullable Resource after) {
        var was = before == null ? null : principalOf(before);
        var is = after == null ? null : principalOf(after);
        if (after != null && is != null && !is.equals(was)) {
            enter(after, after instanceof Identity identity ? identity.createdAt() : world.now());
        }
    }

    private void enter(Resource resource, Instant since) {
        var principal = principalOf(resource);
        if (principal != null) {
            entries.put(key(principal), new Entry(resource.id(), since));
        }
    }

    private static @Nullable String principalOf(Resource resource) {
        return switch (resource) {
            case Identity identity -> identity.principalId();
            case Machine machine -> machine.identity().principalId();
            case Resource other -> null;
        };
    }

    private static String key(String principal) {
        return principal.toLowerCase(Locale.ROOT);
    }
}
