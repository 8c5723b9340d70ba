package dev.vmidentity.binding;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs something at a moment, each on a thread of its own. */
interface Alarms extends AutoCloseable {
    /** Where this is closed, it does not run. */
    Alarm at(Instant moment, Runnable task);

    /** Begins nothing new, and returns when what runs has ended. */
    @Override
    void close();

    /** One that was set. */
    interface Alarm {
        /** What has begun goes on. */
        void cancel();
    }

    /** By that clock. */
    static Alarms of(String name, Clock clock) {
        return new Threads(name, clock);
    }

    /** One thread that waits for all of them. */
    final class Threads implements Alarms {
        private final Clock clock;
        private final ScheduledThreadPoolExecutor timer;
        private final ExecutorService tasks;

        private Threads(String name, Clock clock) {
            this.clock = clock;
            this.timer = new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name(name + "-timer").factory());
            timer.setRemoveOnCancelPolicy(true);
            this.tasks = Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name(name + "-", 0).factory());
        }

        @Override
        public Alarm at(Instant moment, Runnable task) {
            long wait = Math.max(0, Duration.between(clock.instant(), moment).toMillis());
            try {
                Future<?> set = timer.schedule(() -> tasks.execute(task), wait, TimeUnit.MILLISECONDS);
                return () -> set.cancel(false);
            } catch (RejectedExecutionException e) {
                return () -> {};
            }
        }

        @Override
        public void close() {
            timer.shutdownNow();
            tasks.close();
        }
    }
}
