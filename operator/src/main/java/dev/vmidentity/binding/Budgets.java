package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fault.Throttled;
import dev.vmidentity.core.Fault.Throttled.Scope;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * What may be asked of Azure now, and when what may not: Azure's token buckets, kept here a fifth smaller since others
 * draw from them too, and the waits that Azure itself asked for, each for exactly what it was said of.
 *
 * <p>Whoever finds a bucket empty gets a moment of its own and comes back then; a machine has one place at a time, so that
 * a busy one is served in turn with the others. Shared by all machines' workers.
 */
final class Budgets {
    /** Longer waits are told to people. */
    private static final Duration UNREMARKABLE = Duration.ofSeconds(5);

    /** A place that nobody came back for is given up after it has been free for so long. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);

    /** For a wait that Azure did not put a length to. */
    private static final Duration UNSAID = Duration.ofSeconds(10);

    private static final int MANY = 1_000;

    private final InstantSource clock;
    private final boolean unlimited;
    private final Map<String, Bucket> buckets = new HashMap<>();
    private final Map<Place, Turn> places = new HashMap<>();
    private final Map<Held, Hold> holds = new HashMap<>();
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder throttled = new LongAdder();

    /** What a call is charged to. */
    private enum Charge {
        READ,
        POLL,
        WRITE
    }

    /** What Azure asked to hold. */
    private enum What {
        READS,
        WRITES,
        ATTACHES
    }

    private record Place(TargetId target, Charge charge) {}

    /** @param scope of the bucket that makes one wait */
    private record Turn(Instant moment, Scope scope) {
        static Turn later(Instant ofMachine, Instant ofSubscription) {
            return ofSubscription.isAfter(ofMachine)
                    ? new Turn(ofSubscription, Scope.SUBSCRIPTION)
                    : new Turn(ofMachine, Scope.MACHINE);
        }
    }

    private record Held(String subscription, What what) {}

    private record Hold(Throttled said, Instant until) {}

    /**
     * Not now.
     *
     * @param fault what to tell people; empty where it is not worth it
     */
    record Wait(Instant until, Optional<Fault> fault) {}

    Budgets(InstantSource clock) {
        this(clock, false);
    }

    private Budgets(InstantSource clock, boolean unlimited) {
        this.clock = clock;
        this.unlimited = unlimited;
    }

    /** Without buckets of its own: Azure's waits alone hold. */
    static Budgets ofAzureAlone(InstantSource clock) {
        return new Budgets(clock, true);
    }

    /** Before a read of the machine: empty when it may be sent now. */
    synchronized Optional<Wait> read(TargetId target) {
        Instant now = clock.instant();
        return held(target, What.READS, now).or(() -> place(target, Charge.READ, now));
    }

    /** Before a look at an operation on the machine, which is a read of the subscription: empty when it may be sent now. */
    synchronized Optional<Wait> poll(TargetId target) {
        Instant now = clock.instant();
        return held(target, What.READS, now).or(() -> place(target, Charge.POLL, now));
    }

    /** Before a PATCH of the machine: empty when it may be sent now. */
    synchronized Optional<Wait> write(TargetId target, boolean attaches) {
        Instant now = clock.instant();
        return held(target, What.WRITES, now)
                .or(() -> attaches ? held(target, What.ATTACHES, now) : Optional.empty())
                .or(() -> place(target, Charge.WRITE, now));
    }

    /** The same port; what Azure asks to wait for is heard. */
    Machines hearing(Machines machines) {
        return new Machines() {
            @Override
            public Seen read(TargetId target) {
                reads.increment();
                Seen seen = machines.read(target);
                if (seen instanceof Seen.Failed(Fault fault)) {
                    heard(target, fault, What.READS);
                }
                return seen;
            }

            @Override
            public Patched patch(TargetId target, Patch patch) {
                writes.increment();
                Patched patched = machines.patch(target, patch);
                if (patched instanceof Patched.Rejected(Fault fault)) {
                    heard(target, fault, What.WRITES);
                }
                return patched;
            }

            @Override
            public Progress poll(Operation operation) {
                Progress progress = machines.poll(operation);
                if (progress instanceof Progress.Unknown(Fault fault)) {
                    heard(operation.target(), fault, What.READS);
                }
                return progress;
            }
        };
    }

    /** How many reads of single machines have been sent. */
    long reads() {
        return reads.sum();
    }

    /** How many PATCHes have been sent. */
    long writes() {
        return writes.sum();
    }

    /** How many of them Azure refused because there were too many. */
    long throttled() {
        return throttled.sum();
    }

    private synchronized void heard(TargetId target, Fault fault, What what) {
        if (fault instanceof Throttled said) {
            throttled.increment();
            Duration wait = said.retryAfter().orElse(UNSAID);
            switch (said.scope()) {
                case SUBSCRIPTION -> hold(target, what, said, wait);
                case IDENTITIES -> hold(target, What.ATTACHES, said, wait);
                // The machine's own worker keeps these.
                case MACHINE, RESOURCE_GRAPH -> {}
            }
        }
    }

    private void hold(TargetId target, What what, Throttled said, Duration wait) {
        Hold next = new Hold(said, clock.instant().plus(wait));
        holds.merge(
                new Held(subscription(target), what),
                next,
                (before, after) -> after.until().isAfter(before.until()) ? after : before);
    }

    private Optional<Wait> held(TargetId target, What what, Instant now) {
        Held key = new Held(subscription(target), what);
        Hold hold = holds.get(key);
        if (hold == null) {
            return Optional.empty();
        }
        if (!now.isBefore(hold.until())) {
            holds.remove(key);
            return Optional.empty();
        }
        Throttled rest = new Throttled(
                hold.said().scope(),
                Optional.of(Duration.between(now, hold.until())),
                hold.said().detail());
        return Optional.of(new Wait(hold.until(), Optional.of(rest)));
    }

    private Optional<Wait> place(TargetId target, Charge charge, Instant now) {
        if (unlimited) {
            return Optional.empty();
        }
        Place place = new Place(target, charge);
        Turn turn = places.get(place);
        if (turn == null) {
            turn = take(target, charge, now);
        }
        if (now.isBefore(turn.moment())) {
            places.put(place, turn);
            return Optional.of(new Wait(turn.moment(), told(turn, now)));
        }
        places.remove(place);
        return Optional.empty();
    }

    private Turn take(TargetId target, Charge charge, Instant now) {
        tidy(now);
        String machine = target.id().key();
        String subscription = subscription(target);
        return switch (charge) {
            case READ -> {
                Instant ofMachine = bucket("machine read " + machine, 30, Duration.ofSeconds(6))
                        .take(now);
                Instant ofSubscription = reads(subscription).take(now);
                // Scale sets have a bucket that fills more slowly than ARM's.
                Instant ofSets = target.kind() == MachineKind.SCALE_SET
                        ? bucket("set read " + subscription, 1_900, Duration.ofMillis(94))
                                .take(now)
                        : now;
                yield Turn.later(ofMachine, ofSets.isAfter(ofSubscription) ? ofSets : ofSubscription);
            }
            // A machine's own bucket for polls is larger than a worker can use.
            case POLL -> new Turn(reads(subscription).take(now), Scope.SUBSCRIPTION);
            case WRITE ->
                Turn.later(
                        bucket("machine write " + machine, 10, Duration.ofSeconds(18))
                                .take(now),
                        bucket("write " + subscription, 160, Duration.ofMillis(150))
                                .take(now));
        };
    }

    private Bucket reads(String subscription) {
        return bucket("read " + subscription, 200, Duration.ofMillis(50));
    }

    private Bucket bucket(String name, int capacity, Duration each) {
        return buckets.computeIfAbsent(name, _ -> new Bucket(capacity, each));
    }

    private static Optional<Fault> told(Turn turn, Instant now) {
        Duration wait = Duration.between(now, turn.moment());
        return wait.compareTo(UNREMARKABLE) > 0
                ? Optional.of(new Throttled(
                        turn.scope(), Optional.of(wait), "the operator itself stays within Azure's limits"))
                : Optional.empty();
    }

    /** Full buckets and places that nobody came back for are as good as none. */
    private void tidy(Instant now) {
        if (buckets.size() + places.size() > MANY) {
            buckets.values().removeIf(bucket -> bucket.isFull(now));
            places.values().removeIf(turn -> now.isAfter(turn.moment().plus(FORGOTTEN)));
        }
    }

    private static String subscription(TargetId target) {
        return target.id().subscriptionId().toLowerCase(Locale.ROOT);
    }
}
