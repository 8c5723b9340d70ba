package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Fleet.Glance;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at machines that nobody is impatient about, many in one question.
 *
 * <p>While there are few of them, each is a read of its own. Beyond that they wait for each other, and the first whose time
 * has come asks for all. Where that is refused or fails, they are reads again, at a rate that does not grow with their
 * number. Shared by all machines' workers.
 */
final class Glances {
    /** Machines of one question. */
    private static final int MOST = 1_000;

    /** How long a first look waits for others. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    /** Later looks wait for the next multiple of this, or of the time between two looks where that is shorter. */
    private static final Duration SLOT = Duration.ofSeconds(15);

    /** Between two questions, and between two looks for the answer to one. */
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    /** An answer that nobody came for is dropped after so long. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    /** Reads of their own: so many at once, and then one each {@link #SINGLE}. */
    private static final int SINGLES = 30;

    private static final Duration SINGLE = Duration.ofSeconds(6);

    /** What is asked beyond that counts too, up to so many: while there are many, there are no singles at all. */
    private static final int DEBT = 10;

    /** Without questions: one read each, over all machines. */
    private static final Duration SLOWLY = Duration.ofMillis(200);

    private static final Duration REFUSED = Duration.ofMinutes(10);
    private static final Duration FAILED = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(Glances.class);

    private final boolean alone;
    private final Fleet fleet;
    private final Executor executor;
    private final Duration slot;
    private final InstantSource clock;
    private final LinkedHashMap<TargetId, Instant> waiting = new LinkedHashMap<>();
    private final Map<TargetId, Answer> answers = new HashMap<>();
    private final Map<TargetId, Instant> turns = new HashMap<>();
    private final LongAdder questions = new LongAdder();

    private double singles = SINGLES;
    private Instant counted = Instant.MIN;
    private boolean asking;
    private Instant next = Instant.MIN;
    private Instant silentUntil = Instant.MIN;
    private Instant lastTurn = Instant.MIN;
    private int failures;
    private @Nullable Class<?> said;

    private record Answer(Optional<Glance> glance, Instant at) {}

    /** What comes of asking. */
    sealed interface Sight {
        /** Read it yourself. */
        record Look() implements Sight {}

        /** Ask again then. */
        record Later(Instant then) implements Sight {}

        /** As it was some minutes ago at most; empty where it was not there. */
        record Told(Optional<Glance> glance) implements Sight {}
    }

    /** @param executor runs a question, which may take its time */
    Glances(Fleet fleet, Executor executor, Timing timing, InstantSource clock) {
        this(false, fleet, executor, slot(timing), clock);
    }

    private Glances(boolean alone, Fleet fleet, Executor executor, Duration slot, InstantSource clock) {
        this.alone = alone;
        this.fleet = fleet;
        this.executor = executor;
        this.slot = slot;
        this.clock = clock;
    }

    private static Duration slot(Timing timing) {
        return Stream.of(SLOT, timing.observe(), timing.absent())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Every machine is read by itself, however many they are. */
    static Glances alone(Fleet fleet, InstantSource clock) {
        return new Glances(true, fleet, Runnable::run, SLOT, clock);
    }

    /** @param first whether nothing is known of the machine yet: it waits for a moment alone */
    Sight ask(TargetId target, boolean first) {
        if (alone) {
            return new Sight.Look();
        }
        List<TargetId> question;
        synchronized (this) {
            Optional<Sight> now = at(target, first, clock.instant());
            if (now.isPresent()) {
                return now.get();
            }
            asking = true;
            question = waiting.keySet().stream().limit(MOST).toList();
        }
        executor.execute(() -> question(question));
        synchronized (this) {
            return told(target).orElseGet(() -> new Sight.Later(clock.instant().plus(BETWEEN)));
        }
    }

    /** It was read meanwhile; what else is known of it is older. */
    synchronized void forget(TargetId target) {
        waiting.remove(target);
        answers.remove(target);
        turns.remove(target);
    }

    /** How many questions have been asked. */
    long questions() {
        return questions.sum();
    }

    /** Empty when it is time to ask for all that wait. */
    private Optional<Sight> at(TargetId target, boolean first, Instant now) {
        Optional<Sight> told = told(target);
        if (told.isPresent()) {
            return told;
        }
        if (now.isBefore(silentUntil)) {
            return Optional.of(slowly(target, now));
        }
        Instant due = waiting.get(target);
        if (due == null) {
            if (single(now)) {
                return Optional.of(new Sight.Look());
            }
            due = first ? now.plus(FIRST) : slot(now);
            waiting.put(target, due);
        }
        Instant earliest = asking ? now.plus(BETWEEN) : next.isAfter(due) ? next : due;
        return now.isBefore(earliest) ? Optional.of(new Sight.Later(earliest)) : Optional.empty();
    }

    private Optional<Sight> told(TargetId target) {
        return Optional.ofNullable(answers.remove(target)).map(answer -> new Sight.Told(answer.glance()));
    }

    private Sight slowly(TargetId target, Instant now) {
        Instant turn = turns.computeIfAbsent(target, _ -> {
            lastTurn = lastTurn.isBefore(now) ? now : lastTurn.plus(SLOWLY);
            return lastTurn;
        });
        return now.isBefore(turn) ? new Sight.Later(turn.isBefore(silentUntil) ? turn : silentUntil) : new Sight.Look();
    }

    private boolean single(Instant now) {
        double earned = counted.equals(Instant.MIN)
                ? 0
                : Duration.between(counted, now).toMillis() / (double) SINGLE.toMillis();
        counted = now;
        singles = Math.min(SINGLES, singles + Math.max(0, earned));
        boolean enough = singles >= 1;
        singles = Math.max(-DEBT, singles - 1);
        return enough;
    }

    private Instant slot(Instant now) {
        long length = slot.toMillis();
        return Instant.ofEpochMilli((now.toEpochMilli() / length + 1) * length);
    }

    private void question(List<TargetId> targets) {
        questions.increment();
        Fleet.Answer answer;
        try {
            answer = fleet.of(targets);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a defect ended a question about many machines");
            answer = new Fleet.Answer.Failed(new Fault.Unexpected(0, "", String.valueOf(e.getMessage())));
        }
        synchronized (this) {
            Instant now = clock.instant();
            asking = false;
            switch (answer) {
                case Fleet.Answer.Whole(List<Glance> glances) -> whole(targets, glances, now);
                case Fleet.Answer.Failed(Fault fault) -> failed(fault, now);
            }
        }
    }

    private void whole(List<TargetId> targets, List<Glance> glances, Instant now) {
        failures = 0;
        said = null;
        next = now.plus(BETWEEN);
        answers.values().removeIf(answer -> now.isAfter(answer.at().plus(KEPT)));
        Map<TargetId, Glance> found = new HashMap<>();
        glances.forEach(glance -> found.put(glance.target(), glance));
        for (TargetId target : targets) {
            // Who was read meanwhile waits no longer, and needs no answer.
            if (waiting.remove(target) != null) {
                answers.put(target, new Answer(Optional.ofNullable(found.get(target)), now));
            }
        }
    }

    private void failed(Fault fault, Instant now) {
        Duration wait = pause(fault);
        if (fault instanceof Fault.Throttled && wait.compareTo(KEPT) <= 0) {
            next = now.plus(wait);
            return;
        }
        silentUntil = now.plus(wait);
        turns.clear();
        lastTurn = Instant.MIN;
        if (said != fault.getClass()) {
            said = fault.getClass();
            LOG.atWarn()
                    .addKeyValue("fault", fault)
                    .log("machines cannot be looked at in bulk: they are read one by one, five a second");
        }
    }

    private Duration pause(Fault fault) {
        failures = Math.min(failures + 1, 10);
        Duration growing = FAILED.multipliedBy(1L << (failures - 1));
        return switch (fault) {
            case Fault.Throttled throttled -> throttled.retryAfter().orElse(FAILED);
            case Fault.Forbidden _, Fault.Refused _ -> REFUSED;
            case Fault.IdentityMissing _,
                    Fault.IdentityRefused _,
                    Fault.Busy _,
                    Fault.BeingDeleted _,
                    Fault.SubscriptionMissing _,
                    Fault.ResourceGroupMissing _,
                    Fault.CredentialsRefused _,
                    Fault.Unreachable _,
                    Fault.AzureUnwell _,
                    Fault.ChangedMeanwhile _,
                    Fault.LedgerNotOurs _,
                    Fault.LedgerUnavailable _,
                    Fault.DetachHeld _,
                    Fault.PrincipalUnknown _,
                    Fault.RoleMissing _,
                    Fault.ScopeMissing _,
                    Fault.Unexpected _ -> growing.compareTo(LONGEST) < 0 ? growing : LONGEST;
        };
    }
}
