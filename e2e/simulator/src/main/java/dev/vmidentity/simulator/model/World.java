package dev.vmidentity.simulator.model;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that exists. Reads take no lock; a write replaces one value atomically under its key and is in the journal before it returns.
 */
public final class World {
    private static final int REMEMBERED_OPERATIONS = 20_000;

    private final Clock clock;
    private final Journal journal;
    private final ConcurrentHashMap<String, Resource> resources = new ConcurrentHashMap<>();
    private final Map<Class<?>, ConcurrentNavigableMap<String, Resource>> byType = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Operation> operations = new ConcurrentHashMap<>();
    private final Queue<String> operationOrder = new ConcurrentLinkedQueue<>();
    private final List<Observer> observers = new CopyOnWriteArrayList<>();

    /** Told of every change after it was made, in the order of the changes of one key. */
    @FunctionalInterface
    public interface Observer {
        void changed(String key, @Nullable Resource before, @Nullable Resource after);
    }

    public World(Clock clock, Journal journal) {
        this.clock = clock;
        this.journal = journal;
    }

    public Instant now() {
        return clock.instant();
    }

    public void observe(Observer observer) {
        observers.add(observer);
    }

    /** The resource as it is now. */
    public Optional<Resource> find(String id) {
        return Optional.ofNullable(resources.get(ArmId.key(id))).flatMap(this::current);
    }

    public <T extends Resource> Optional<T> find(String id, Class<T> type) {
        return find(id).filter(type::isInstance).map(type::cast);
    }

    /** All of a type, by key. */
    public <T extends Resource> Stream<T> all(Class<T> type) {
        return current(ofType(type).values().stream(), type);
    }

    /** Those of a type whose id begins with that and a slash. */
    public <T extends Resource> Stream<T> under(String id, Class<T> type) {
        return current(under(ofType(type), id).values().stream(), type);
    }

    /** Everything, by key. */
    public Stream<Resource> all() {
        return byType.values().stream()
                .flatMap(ofOne -> ofOne.values().stream())
                .flatMap(resource -> current(resource).stream())
                .sorted(Comparator.comparing(Resource::key));
    }

    private <T extends Resource> Stream<T> current(Stream<Resource> stored, Class<T> type) {
        return stored.flatMap(resource -> current(resource).stream()).map(type::cast);
    }

    private ConcurrentNavigableMap<String, Resource> ofType(Class<?> type) {
        return byType.computeIfAbsent(type, same -> new ConcurrentSkipListMap<>());
    }

    private static ConcurrentNavigableMap<String, Resource> under(
            ConcurrentNavigableMap<String, Resource> ofOne, String id) {
        var prefix = ArmId.key(id) + "/";
        return ofOne.subMap(prefix, prefix + Character.MAX_VALUE);
    }

    private void index(String key, @Nullable Resource before, @Nullable Resource after) {
        if (after != null) {
            ofType(after.getClass()).put(key, after);
        } else if (before != null) {
            ofType(before.getClass()).remove(key);
        }
    }

    /**
     * Replaces the value of an id, atomically. The function gets what is there now (null when nothing is) and returns what shall be
     * (null for nothing); what it throws leaves everything as it is.
     */
    public <T> T change(String id, Function<@Nullable Resource, Change<T>> change) {
        var changes = new ArrayList<Change<T>>(1);
        resources.compute(ArmId.key(id), (key, stored) -> {
            Resource before = stored == null ? null : current(stored).orElse(null);
            var made = change.apply(before);
            changes.add(made);
            var after = made.after();
            if (!Objects.equals(after, stored)) {
                journal.write(key, after);
                index(key, stored, after);
                observers.forEach(observer -> observer.changed(key, stored, after));
            }
            return after;
        });
        return changes.getFirst().result();
    }

    /**
     * What a change makes.
     *
     * @param after  what shall be there; null for nothing
     * @param result handed back to whoever asked for the change
     */
    public record Change<T>(@Nullable Resource after, T result) {}

    public void put(Resource resource) {
        change(resource.id(), before -> new Change<>(resource, true));
    }

    /** Changes that are safe when this returns, not one by one. */
    public void together(Runnable changes) {
        journal.together(changes);
    }

    /** Whether there was something. */
    public boolean remove(String id) {
        return change(id, before -> new Change<>(null, before != null));
    }

    /** Forgets everything; for a new state of the whole world. */
    public void clear() {
        List.copyOf(resources.keySet()).forEach(this::remove);
        operations.clear();
    }

    /** Forgets what was inside a group or an identity that is gone, so that another of that name starts empty. */
    public void forgetUnder(String id) {
        byType.values().forEach(ofOne -> List.copyOf(under(ofOne, id).keySet()).forEach(this::remove));
    }

    /** Remembers an operation, before the change that it stands for is made; the oldest are forgotten, as Azure forgets them. */
    public void put(Operation operation) {
        journal.write(operation);
        remember(operation);
    }

    private void remember(Operation operation) {
        operations.put(operation.id(), operation);
        operationOrder.add(operation.id());
        while (operations.size() > REMEMBERED_OPERATIONS) {
            var oldest = operationOrder.poll();
            if (oldest == null) {
                return;
            }
            operations.remove(oldest);
        }
    }

    public Optional<Operation> operation(String id) {
        return Optional.ofNullable(operations.get(id));
    }

    public void changeOperation(String id, Function<Operation, Operation> change) {
        operations.computeIfPresent(id, (key, operation) -> {
            var changed = change.apply(operation);
            journal.write(changed);
            return changed;
        });
    }

    /** Restores what a journal kept, without writing it again. */
    public void restore(FileJournal.Kept kept) {
        kept.resources().forEach((key, resource) -> {
            resources.put(key, resource);
            index(key, null, resource);
        });
        kept.operations().values().forEach(this::remember);
    }

    private Optional<Resource> current(Resource stored) {
        return switch (stored) {
            case Machine machine -> machine.at(now()).map(Resource.class::cast).filter(this::groupStands);
            case ResourceGroup group ->
                Optional.<Resource>of(group)
                        .filter(one -> group.deletedAt() == null || now().isBefore(group.deletedAt()));
            case Identity identity -> Optional.<Resource>of(identity).filter(this::groupStands);
            case FederatedCredential credential ->
                Optional.<Resource>of(credential)
                        .filter(one -> resources.get(credential.parentKey()) instanceof Identity);
            case RoleDefinition definition -> Optional.of(definition);
            case RoleAssignment assignment -> Optional.of(assignment);
            case Lock lock -> Optional.of(lock);
            case Subscription subscription -> Optional.of(subscription);
        };
    }

    /** Whether the resource's group is still there: deleting a group deletes what is in it. */
    private boolean groupStands(Resource resource) {
        var key = resource.key();
        int end = key.indexOf("/providers/");
        return end > 0
                && resources.get(key.substring(0, end)) instanceof ResourceGroup group
                && (group.deletedAt() == null || now().isBefore(group.deletedAt()));
    }
}
