package dev.vmidentity.simulator.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the world was a while ago, for readers that lag behind. Fifteen minutes back at most. */
public final class History implements World.Observer {
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final int PER_KEY = 50;

    private final World world;
    private final ConcurrentHashMap<String, List<Past>> past = new ConcurrentHashMap<>();

    private record Past(Instant until, @Nullable Resource value) {}

    public History(World world) {
        this.world = world;
        world.observe(this);
    }

    @Override
    public void changed(String key, @Nullable Resource before, @Nullable Resource after) {
        var now = world.now();
        past.compute(key, (same, list) -> {
            var changed = new ArrayList<Past>(list == null ? List.of() : list);
            changed.add(new Past(now, before));
            changed.removeIf(one -> one.until().isBefore(now.minus(KEPT)));
            return List.copyOf(changed.size() > PER_KEY ? changed.subList(1, changed.size()) : changed);
        });
    }

    /** A resource as it was then. */
    public Optional<Resource> find(String id, Instant then) {
        var changes = past.getOrDefault(ArmId.key(id), List.of());
        return changes.stream()
                .filter(one -> one.until().isAfter(then))
                .findFirst()
                .map(one -> Optional.ofNullable(one.value()).flatMap(value -> at(value, then)))
                .orElseGet(() -> world.find(id));
    }

    /** Everything as it was then, by key. */
    public Stream<Resource> all(Instant then) {
        var keys = new TreeSet<>(past.keySet());
        world.all().forEach(resource -> keys.add(resource.key()));
        return keys.stream().flatMap(key -> find(key, then).stream());
    }

    private static Optional<Resource> at(Resource value, Instant then) {
        return value instanceof Machine machine ? machine.at(then).map(Resource.class::cast) : Optional.of(value);
    }
}
