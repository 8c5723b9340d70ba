package dev.vmidentity.binding;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Alarms that ring when a test says so, on its own thread. */
final class HandAlarms implements Alarms {
    private final List<Set> set = new ArrayList<>();

    private record Set(Instant moment, Runnable task) {}

    @Override
    public Alarm at(Instant moment, Runnable task) {
        Set one = new Set(moment, task);
        set.add(one);
        return () -> set.removeIf(other -> other == one);
    }

    /** Those whose moment has come. */
    void ring(Instant now) {
        List<Set> due = set.stream().filter(one -> !one.moment().isAfter(now)).toList();
        set.removeAll(due);
        due.forEach(one -> one.task().run());
    }

    boolean isDue(Instant now) {
        return set.stream().anyMatch(one -> !one.moment().isAfter(now));
    }

    void clear() {
        set.clear();
    }

    @Override
    public void close() {
        clear();
    }
}
