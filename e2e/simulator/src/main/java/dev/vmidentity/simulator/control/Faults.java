package dev.vmidentity.simulator.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.Entropy;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Settings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The faults in force, oldest first. A request is taken by the first that matches and is not used up. */
public final class Faults {
    private final Supplier<Settings> settings;
    private final AtomicLong ids = new AtomicLong();
    private final List<Armed> faults = new CopyOnWriteArrayList<>();

    private record Armed(long id, Fault fault, Predicate<String> paths, AtomicInteger seen, AtomicInteger hits) {

        boolean takes(Request request, long settingsSeed) {
            if (fault.method() != null && !fault.method().equals(request.method())) {
                return false;
            }
            if (!paths.test(request.path())) {
                return false;
            }
            int n = seen.incrementAndGet();
            var seed = fault.seed() == null ? settingsSeed : fault.seed();
            if (n <= fault.skip() || !Entropy.chance(fault.probability(), seed, fault.seed() == null ? id : 0, n)) {
                return false;
            }
            while (true) {
                int taken = hits.get();
                if (fault.times() > 0 && taken >= fault.times()) {
                    return false;
                }
                if (hits.compareAndSet(taken, taken + 1)) {
                    return true;
                }
            }
        }
    }

    public Faults(Supplier<Settings> settings) {
        this.settings = settings;
    }

    /** Puts one in force and returns its id. */
    public long add(Fault fault) {
        long id = ids.incrementAndGet();
        faults.add(new Armed(id, fault, fault.paths(), new AtomicInteger(), new AtomicInteger()));
        return id;
    }

    /** The same from its JSON, as {@code POST faults} takes it. */
    public long add(String json) {
        try {
            return add(Fault.read(Json.MAPPER.readTree(json)));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    public void clear() {
        faults.clear();
    }

    public boolean remove(long id) {
        return faults.removeIf(armed -> armed.id() == id);
    }

    /** How many requests a fault has taken. */
    public int hits(long id) {
        return faults.stream()
                .filter(armed -> armed.id() == id)
                .mapToInt(armed -> armed.hits().get())
                .sum();
    }

    Optional<Fault> take(Request request) {
        for (var armed : faults) {
            if (armed.takes(request, settings.get().seed())) {
                return Optional.of(armed.fault());
            }
        }
        return Optional.empty();
    }

    ArrayNode json() {
        var list = Json.array();
        faults.forEach(armed -> {
            var node = armed.fault().source().deepCopy();
            node.put("id", armed.id()).put("hits", armed.hits().get());
            list.add(node);
        });
        return list;
    }
}
