package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityLedgerSpec;
import dev.vmidentity.core.GrantDemand;
import dev.vmidentity.core.GrantDemand.Principal;
import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantName;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.GrantRecord;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.TargetId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles that bindings give to the principals of machines: one {@link GrantWorker} for each binding and machine, run
 * when what is asked has changed or something is due. Nobody waits for it: how it stands is asked for, and told to the
 * listener when it changes.
 *
 * <p>What is asked follows from what a round of the machine made known ({@link #published}); to ask the same again does
 * nothing. What is to be remembered goes back the same way: the machine is submitted, and its round asks for it.
 */
final class RoleGrants implements RoleKnowledge, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RoleGrants.class);
    private static final Duration AFTER_A_DEFECT = Duration.ofMinutes(1);

    /** Rounds at a time: Azure lets a principal make ten writes a second in a subscription. */
    private static final int CONCURRENT = 8;

    private final GrantCalls calls;
    private final String cluster;
    private final BiConsumer<Holder, TargetId> listener;
    private final Consumer<TargetId> submit;
    private final Timing timing;
    private final Clock clock;
    private final Map<TargetId, Map<String, Desk>> desks = new ConcurrentHashMap<>();
    private final Semaphore permits = new Semaphore(CONCURRENT);
    private final Alarms alarms;
    private volatile boolean closed;

    /**
     * Not started before the first is asked for.
     *
     * @param cluster in whose name assignments are made
     * @param listener is told of a binding whose roles stand otherwise than before on that machine
     * @param submit asks for a round of a machine, whose ledger is to remember something else
     */
    RoleGrants(
            RoleAssignments azure,
            String cluster,
            BiConsumer<Holder, TargetId> listener,
            Consumer<TargetId> submit,
            Timing timing,
            Alarms alarms,
            Clock clock) {
        this.calls = new GrantCalls(azure, clock);
        this.cluster = cluster;
        this.listener = listener;
        this.submit = submit;
        this.timing = timing;
        this.clock = clock;
        this.alarms = alarms;
    }

    /** A round of a machine has made something known: what its bindings ask for its principal is seen to. */
    void published(Published published) {
        if (closed || !published.ledgerKnown()) {
            return;
        }
        TargetId machine = published.outcome().target();
        Map<Holder, GrantDemand> demands = new HashMap<>();
        for (Contribution contribution : published.contributions()) {
            demand(published, contribution.holder().binding(), contribution.roles())
                    .ifPresent(demand -> demands.put(contribution.holder(), demand));
        }
        Ledger ledger = published.outcome().ledger();
        for (String vanished : published.roles().vanished()) {
            demand(published, vanished, new Contribution.Roles(Stance.REMOVE, List.of()))
                    .ifPresent(demand ->
                            demands.put(holder(ledger.rolesOf(vanished).getFirst()), demand));
        }
        desks.compute(machine, (_, known) -> {
            Map<String, Desk> here = known == null ? new ConcurrentHashMap<>() : known;
            Set<String> asked = new HashSet<>();
            demands.forEach((holder, demand) -> {
                asked.add(holder.binding());
                here.computeIfAbsent(holder.binding(), _ -> new Desk(holder, machine))
                        .want(demand);
            });
            here.forEach((binding, desk) -> {
                if (!asked.contains(binding)) {
                    desk.leave();
                }
            });
            here.keySet().retainAll(asked);
            return here.isEmpty() ? null : here;
        });
    }

    /** Empty when there is nothing to make, and nothing to look for. */
    private Optional<GrantDemand> demand(Published published, String binding, Contribution.Roles roles) {
        List<Recorded> recorded = published.outcome().ledger().rolesOf(binding).stream()
                .map(GrantRecord::assignment)
                .toList();
        return Optional.of(new GrantDemand(
                        new GrantName(cluster, binding),
                        published.outcome().target(),
                        principal(published.outcome()),
                        roles.wishes(),
                        roles.stance(),
                        recorded))
                .filter(demand -> demand.stance() != Stance.FORGET && !demand.isEmpty());
    }

    private static Holder holder(GrantRecord known) {
        return new Holder(known.binding(), known.namespace(), known.name(), Release.DETACH);
    }

    /** What one look at a machine tells of its principal. */
    private static Principal principal(Outcome outcome) {
        Optional<Observation> seen = outcome.seen();
        if (seen.isEmpty()) {
            boolean gone = outcome.absence().filter(Outcome.Absence::confirmed).isPresent();
            return gone ? new Principal.None() : new Principal.Unknown();
        }
        return seen.get()
                .systemAssigned()
                .<Principal>map(
                        system -> new Principal.Known(system.principalId().toLowerCase(Locale.ROOT)))
                .orElseGet(() -> seen.get().state().operationRuns() ? new Principal.Unknown() : new Principal.None());
    }

    /** How the roles stood after the last round; empty before the first. */
    Optional<GrantOutcome> outcome(String binding, TargetId machine) {
        return last(binding, machine).map(Last::outcome);
    }

    @Override
    public boolean isCleared(TargetId machine, String binding) {
        return outcome(binding, machine).filter(GrantOutcome::cleared).isPresent();
    }

    @Override
    public SortedSet<GrantRecord> remembered(TargetId machine, SortedSet<GrantRecord> now) {
        TreeSet<GrantRecord> next = new TreeSet<>(now);
        desks.getOrDefault(machine, Map.of()).values().forEach(desk -> desk.remember(next));
        return next;
    }

    private Optional<Last> last(String binding, TargetId machine) {
        return Optional.ofNullable(desks.get(machine))
                .map(here -> here.get(binding))
                .flatMap(desk -> Optional.ofNullable(desk.last));
    }

    /** Begins nothing new, and returns when what runs has ended. */
    @Override
    public void close() {
        closed = true;
        alarms.close();
    }

    /** What somebody else made, and was in the way of ours, may be gone. */
    private void deletedAt(TargetId machine, Desk by) {
        desks.getOrDefault(machine, Map.of()).values().stream()
                .filter(desk -> desk != by)
                .forEach(Desk::lookSoon);
    }

    /** What the last round was about, and what came of it. */
    private record Last(GrantDemand demand, GrantOutcome outcome, List<Recorded> remember) {
        /** Whether the machine's ledger, or its round, has something to learn from it. */
        boolean isNews(@Nullable Last before) {
            boolean changed = !Set.copyOf(remember).equals(Set.copyOf(demand.recorded()));
            boolean cleared = outcome.cleared() && (before == null || !before.outcome.cleared());
            return changed || cleared;
        }
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
        private Alarms.@Nullable Alarm alarm;
        private volatile @Nullable Last last;

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

        /** Of what the last round did not know of, nothing is forgotten. */
        void remember(SortedSet<GrantRecord> records) {
            Last known = last;
            if (known == null) {
                return;
            }
            records.removeIf(one -> one.binding().equals(binding.binding())
                    && known.demand().recorded().contains(one.assignment()));
            Set<Recorded> there = new HashSet<>();
            records.stream()
                    .filter(one -> one.binding().equals(binding.binding()))
                    .forEach(one -> there.add(one.assignment()));
            for (Recorded one : known.remember()) {
                boolean isNew = there.stream().noneMatch(other -> other.id().equalsIgnoreCase(one.id()));
                if (isNew && records.size() < VmIdentityLedgerSpec.MOST_ROLES) {
                    records.add(new GrantRecord(binding.binding(), binding.namespace(), binding.name(), one));
                }
            }
        }

        private void submit() {
            again = true;
            if (!runs) {
                wake(clock.instant().plus(timing.gather()));
            }
        }

        private void cancel() {
            if (alarm != null) {
                alarm.cancel();
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
            alarm = alarms.at(moment, this::begin);
        }

        private void begin() {
            if (starts()) {
                run();
            }
        }

        private synchronized boolean starts() {
            due = null;
            alarm = null;
            if (runs || closed || left) {
                return false;
            }
            runs = true;
            again = false;
            return true;
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
                GrantDemand asked = taken();
                GrantWorker.Rounded rounded = worker.round(asked);
                if (rounded.tells()) {
                    tell(new Last(asked, rounded.outcome(), rounded.remember()));
                }
                next = rounded.next();
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

        private void tell(Last now) {
            Last before = last;
            last = now;
            if (before == null || !now.outcome().equals(before.outcome())) {
                listener.accept(binding, machine);
            }
            if (now.isNews(before)) {
                submit.accept(machine);
            }
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
