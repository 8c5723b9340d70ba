package dev.vmidentity.binding;

import dev.vmidentity.core.GrantDemand;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.TargetId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles that bindings give to the principals of machines: one {@link GrantWorker} for each binding and machine, run
 * when what is asked has changed or something is due. Nobody waits for it: how it stands is asked for, and told to the
 * listener when it changes.
 *
 * <p>To ask the same again does nothing. So a binding that is reconciled by its own status brings no retry forward.
 */
final class RoleGrants implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RoleGrants.class);
    private static final Duration AFTER_A_DEFECT = Duration.ofMinutes(1);

    /** Rounds at a time: Azure lets a principal make ten writes a second in a subscription. */
    private static final int CONCURRENT = 8;

    private final GrantCalls calls;
    private final String cluster;
    private final Consumer<Holder> listener;
    private final Timing timing;
    private final Clock clock;
    private final Map<String, Map<TargetId, Desk>> desks = new ConcurrentHashMap<>();
    private final Semaphore permits = new Semaphore(CONCURRENT);
    private final ExecutorService rounds = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("roles-", 0).factory());
    private final ScheduledThreadPoolExecutor timer;
    private volatile boolean closed;

    /**
     * Not started before the first is asked for.
     *
     * @param listener is told of a binding whose roles stand otherwise than before
     */
    RoleGrants(RoleAssignments azure, String cluster, Consumer<Holder> listener, Timing timing, Clock clock) {
        this.calls = new GrantCalls(azure, clock);
        this.cluster = cluster;
        this.listener = listener;
        this.timing = timing;
        this.clock = clock;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("roles-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** The cluster in whose name assignments are made. */
    String cluster() {
        return cluster;
    }

    /** Asks for the roles of one machine's principal. */
    void want(Holder binding, GrantDemand demand) {
        if (closed) {
            return;
        }
        Map<TargetId, Desk> own = desks.computeIfAbsent(binding.binding(), _ -> new ConcurrentHashMap<>());
        if (demand.isEmpty()) {
            Desk idle = own.remove(demand.machine());
            if (idle != null) {
                idle.leave();
            }
            desks.computeIfPresent(binding.binding(), (_, left) -> left.isEmpty() ? null : left);
        } else {
            own.computeIfAbsent(demand.machine(), machine -> new Desk(binding, machine))
                    .want(demand);
        }
    }

    /** How the roles stood after the last round; empty before the first. */
    Optional<GrantOutcome> outcome(String binding, TargetId machine) {
        return Optional.ofNullable(desks.get(binding))
                .map(own -> own.get(machine))
                .flatMap(desk -> Optional.ofNullable(desk.last));
    }

    /** The binding is gone. */
    void forget(String binding) {
        Map<TargetId, Desk> own = desks.remove(binding);
        if (own != null) {
            own.values().forEach(Desk::leave);
        }
    }

    /** Begins nothing new, and returns when what runs has ended. */
    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        rounds.close();
    }

    /** What somebody else made, and was in the way of ours, may be gone. */
    private void deletedAt(TargetId machine, Desk by) {
        desks.values().stream()
                .flatMap(own -> Optional.ofNullable(own.get(machine)).stream())
                .filter(desk -> desk != by)
                .forEach(Desk::lookSoon);
    }

    /** One binding and one machine. */
    private final class Desk {
        private final Holder binding;
        private final TargetId machine;
        private final GrantWorker worker;
        private @Nullable GrantDemand demand;
        private boolean runs;
        private boolean again;
        private boolean looksSoon;
        private boolean left;
        private @Nullable Instant due;
        private @Nullable Future<?> alarm;
        private volatile @Nullable GrantOutcome last;

        Desk(Holder binding, TargetId machine) {
            this.binding = binding;
            this.machine = machine;
            String description = "vmidentity.dev: " + cluster + "/" + binding.namespace() + "/" + binding.name();
            this.worker = new GrantWorker(
                    calls,
                    timing,
                    description,
                    (binding.binding() + machine.id().key()).hashCode());
        }

        synchronized void want(GrantDemand next) {
            if (!next.equals(demand)) {
                demand = next;
                submit();
            }
        }

        synchronized void lookSoon() {
            looksSoon = true;
            submit();
        }

        synchronized void leave() {
            left = true;
            cancel();
        }

        private void submit() {
            again = true;
            if (!runs) {
                wake(clock.instant().plus(timing.gather()));
            }
        }

        private void cancel() {
            if (alarm != null) {
                alarm.cancel(false);
            }
            alarm = null;
            due = null;
        }

        private void wake(Instant moment) {
            if (closed || left || (due != null && !moment.isBefore(due))) {
                return;
            }
            cancel();
            due = moment;
            long wait = Math.max(0, Duration.between(clock.instant(), moment).toMillis());
            try {
                alarm = timer.schedule(this::begin, wait, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.atDebug().addKeyValue("binding", binding.name()).log("stopping: no further round");
            }
        }

        private synchronized void begin() {
            due = null;
            alarm = null;
            if (runs || closed || left) {
                return;
            }
            runs = true;
            again = false;
            rounds.execute(this::run);
        }

        private synchronized GrantDemand taken() {
            if (looksSoon) {
                worker.lookSoon();
                looksSoon = false;
            }
            return Objects.requireNonNull(demand);
        }

        private void run() {
            Optional<Instant> next;
            permits.acquireUninterruptibly();
            try {
                GrantWorker.Rounded rounded = worker.round(taken());
                GrantOutcome before = last;
                last = rounded.outcome();
                next = rounded.next();
                if (!rounded.outcome().equals(before)) {
                    listener.accept(binding);
                }
                if (rounded.deleted()) {
                    deletedAt(machine, this);
                }
            } catch (RuntimeException e) {
                LOG.atError()
                        .addKeyValue("binding", binding.namespace() + "/" + binding.name())
                        .setCause(e)
                        .log("a defect ended a round of roles");
                next = Optional.of(clock.instant().plus(AFTER_A_DEFECT));
            } finally {
                permits.release();
            }
            end(next);
        }

        private synchronized void end(Optional<Instant> next) {
            runs = false;
            if (again) {
                wake(clock.instant().plus(timing.gather()));
            } else {
                next.ifPresent(this::wake);
            }
        }
    }
}
