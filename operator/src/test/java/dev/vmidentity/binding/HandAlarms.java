package dev.vmidentity.binding;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Alarms that ring when a test says so, on its own thread. */
final class HandAlarms implements Alarms {
    private final Map<Integer, Due> set = new LinkedHashMap<>();
    private int number;

    private record Due(Instant moment, Runnable task) {
        boolean isDue(Instant now) {
            return !moment.isAfter(now);
        }
    }

    @Override
    public Alarm at(Instant moment, Runnable task) {
        int own = number++;
        set.put(own, new Due(moment, task));
        return () -> set.remove(own);
    }

    /** Those whose moment has come. */
    void ring(Instant now) {
        List<Integer> due = set.entrySet().stream()
                .filter(one -> one.getValue().isDue(now))
                .map(Map.Entry::getKey)
                .toList();
        List<Due> ringing =
                due.stream().map(one -> Objects.requireNonNull(set.remove(one))).toList();
        ringing.forEach(one -> one.task().run());
    }

    boolean isDue(Instant now) {
        return set.values().stream().anyMatch(one -> one.isDue(now));
    }

    void clear() {
        set.clear();
    }

    @Override
    public void close() {
        clear();
    }
}
