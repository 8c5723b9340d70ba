package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.model.ArmId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Ids that a write is going on at. A write takes a while of real time, which a change of the settings ends. */
final class Occupied {
    private static final long LOOK_EVERY_MILLIS = 5;

    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    /** Runs the write, after its time, or the other one at once when the id is taken. */
    <T> T write(String id, LongSupplier millis, Supplier<T> write, Supplier<T> meanwhile) {
        if (!busy.add(ArmId.key(id))) {
            return meanwhile.get();
        }
        try {
            pass(millis);
            return write.get();
        } finally {
            busy.remove(ArmId.key(id));
        }
    }

    /** Lets the time of a write pass. */
    static void pass(LongSupplier millis) {
        long start = System.nanoTime();
        long left = millis.getAsLong();
        while (left > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(Math.min(left, LOOK_EVERY_MILLIS)));
            left = millis.getAsLong() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        }
    }
}
