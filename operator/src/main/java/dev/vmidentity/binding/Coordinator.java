package dev.vmidentity.binding;

import dev.vmidentity.core.TargetId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every machine one writer, and runs it when something was submitted or is due.
 *
 * <p>A round opens a moment after the first submission; what arrives while it runs joins the next. Machines do not hold
 * each other up: each round has a thread of its own. Closing lets running rounds end, so that what was sent is settled.
 */
final class Coordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final Duration AFTER_A_DEFECT = Duration.ofMinutes(1);

    /** Rounds at a time: enough that slow machines hold nobody up, and not all of a fleet at once. */
    private static final int MOST_ROUNDS = 128;

    private final Function<TargetId, Worker> workers;
    private final Consumer<Published> listener;
    private final Timing timing;
    private final Clock clock;
    private final Map<TargetId, Desk> desks = new ConcurrentHashMap<>();
    private final Alarms alarms;
    private final Semaphore permits = new Semaphore(MOST_ROUNDS, true);
    private volatile boolean closed;

    /**
     * Not started before the first submission.
     *
     * @param workers makes the writer of a machine
     * @param listener is told each outcome that differs from the one before
     */
    Coordinator(Function<TargetId, Worker> workers, Consumer<Published> listener, Timing timing, Clock clock) {
        this.workers = workers;
        this.listener = listener;
        this.timing = timing;
        this.clock = clock;
        this.alarms = Alarms.of("rounds", clock);
    }

    /** Asks for a round soon; many submissions are one round. */
    void submit(TargetId target) {
        if (!closed) {
            desks.compute(target, (id, desk) -> {
                Desk open = desk == null ? new Desk(id) : desk;
                open.submit();
                return open;
            });
        }
    }

    /** What the last round made known; empty before the first. */
    Optional<Published> published(TargetId target) {
        return Optional.ofNullable(desks.get(target)).flatMap(Desk::published);
    }

    /** How many machines are looked after. */
    int size() {
        return desks.size();
    }

    /** Begins nothing new, and returns when what runs has ended: a PATCH under way is answered and noted first. */
    @Override
    public void close() {
        closed = true;
        alarms.close();
    }

    /** One machine: its writer, when it runs next, and what it last made known. */
    private final class Desk {
        private final TargetId target;
        private final Worker worker;
        private boolean runs;
        private boolean submitted;
        private @Nullable Instant due;
        private Alarms.@Nullable Alarm alarm;
        private volatile @Nullable Published last;

        Desk(TargetId target) {
            this.target = target;
            this.worker = workers.apply(target);
        }

        Optional<Published> published() {
            return Optional.ofNullable(last);
        }

        synchronized void submit() {
            submitted = true;
            if (!runs) {
                wake(clock.instant().plus(timing.gather()));
            }
        }

        private synchronized void wake(Instant moment) {
            if (closed || (due != null && !moment.isBefore(due))) {
                return;
            }
            if (alarm != null) {
                alarm.cancel();
            }
            due = moment;
            alarm = alarms.at(moment, this::begin);
        }

        private void begin() {
            if (begins()) {
                run();
            }
        }

        private synchronized boolean begins() {
            due = null;
            alarm = null;
            if (runs || closed) {
                return false;
            }
            runs = true;
            submitted = false;
            return true;
        }

        private void run() {
            permits.acquireUninterruptibly();
            try {
                if (starts()) {
                    round();
                }
            } finally {
                permits.release();
            }
        }

        /** What was submitted while it waited for its turn is in this round. */
        private synchronized boolean starts() {
            submitted = false;
            return !closed;
        }

        private void round() {
            Instant next;
            boolean idle = false;
            try {
                Worker.Rounded rounded = worker.round();
                idle = rounded.next().isEmpty();
                next = rounded.next().orElse(Instant.MAX);
                if (rounded.tells()) {
                    tell(rounded.published());
                }
            } catch (RuntimeException e) {
                LOG.atError().addKeyValue("target", target).setCause(e).log("a defect ended a round");
                next = clock.instant().plus(AFTER_A_DEFECT);
            }
            end(next, idle);
        }

        private void tell(Published published) {
            Published before = last;
            last = published;
            if (!published.tellsAs(before)) {
                listener.accept(published);
            }
        }

        private synchronized void end(Instant next, boolean idle) {
            runs = false;
            if (submitted) {
                wake(clock.instant().plus(timing.gather()));
            } else if (!idle) {
                wake(next);
            } else if (last != null && last.contributions().isEmpty()) {
                desks.remove(target, this);
            }
        }
    }
}
