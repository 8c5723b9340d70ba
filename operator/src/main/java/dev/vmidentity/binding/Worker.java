package dev.vmidentity.binding;

import dev.vmidentity.binding.Published.RolesLeft;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantRecord;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Machines.Operation;
import dev.vmidentity.core.Machines.Patched;
import dev.vmidentity.core.Machines.Seen;
import dev.vmidentity.core.Memory;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Outcome.Absence;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Plan;
import dev.vmidentity.core.Planner;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.Backoff;
import dev.vmidentity.status.LedgerStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer of one machine: gathers what is asked, observes, plans, claims in the ledger, sends, settles.
 *
 * <p>{@link #round} is called by one thread at a time, and goes as far as it can without waiting; what it returns says when
 * to come back. All that must outlive the process is in the ledger; the fields here save calls, and no more.
 */
final class Worker {
    /** How often a round plans anew after a 412 or a lost swap before it lets the machine calm down. */
    private static final int MOST_COLLISIONS = 6;

    /** A round makes progress with each pass; this only bounds a defect. */
    private static final int MOST_PASSES = 40;

    /** How many times the first wait a later one for an operation of somebody else becomes at most. */
    private static final int MOST_BUSY_WAITS = 12;

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final TargetId target;
    private final Machines machines;
    private final Ledgers ledgers;
    private final RoleKnowledge roles;
    private final Function<TargetId, List<Contribution>> bindings;
    private final LiveBindings live;
    private final Brake brake;
    private final Timing timing;
    private final Clock clock;
    private final Setbacks setbacks;
    private final Renewals renewals;
    private final InstanceUpgrades upgrades;
    private final OperationWatch operation;
    private final Patrol patrol;
    private final Budgets budgets;
    private final LostGivers givers;
    private final Fences fences = new Fences();

    private @Nullable Observation seen;
    private @Nullable Absence absence;
    private int busyLooks;
    private boolean seenInRound;
    private boolean rolesNoted;
    private boolean etagMissing;

    /** What the last PATCH took off so that it is attached anew. */
    private List<IdentityKey> renewed = List.of();

    private Set<IdentityKey> heldDetaches = Set.of();
    private @Nullable Instant waitsUntil;
    private Optional<Fault> logged = Optional.empty();

    /**
     * The end of a round.
     *
     * @param published what is known now
     * @param next when to come back; empty when there is nothing left to do for this machine
     * @param tells whether something was found out; otherwise what was known before stands
     */
    record Rounded(Published published, Optional<Instant> next, boolean tells) {
        Rounded(Published published, Optional<Instant> next) {
            this(published, next, true);
        }
    }

    Worker(
            TargetId target,
            Machines machines,
            Identities identities,
            Instances instances,
            Ledgers ledgers,
            RoleKnowledge roles,
            Function<TargetId, List<Contribution>> bindings,
            LiveBindings live,
            Brake brake,
            Glances glances,
            Budgets budgets,
            Timing timing,
            Clock clock) {
        this.target = target;
        this.machines = budgets.hearing(machines);
        this.ledgers = ledgers;
        this.roles = roles;
        this.bindings = bindings;
        this.live = live;
        this.brake = brake;
        this.givers = new LostGivers(target, live, brake);
        this.timing = timing;
        this.clock = clock;
        this.setbacks = new Setbacks(target.id().hashCode());
        this.renewals = new Renewals(identities, timing, target.id().hashCode());
        this.upgrades = new InstanceUpgrades(
                target, instances, this.machines, budgets, timing, target.id().hashCode());
        this.patrol = new Patrol(target, glances);
        this.budgets = budgets;
        this.operation = new OperationWatch(this.machines, timing, target.id().hashCode());
    }

    Rounded round() {
        List<Contribution> contributions = bindings.apply(target);
        seenInRound = false;
        etagMissing = false;
        waitsUntil = null;
        rolesNoted = false;
        givers.begin();
        int collisions = 0;
        for (int passes = 0; passes < MOST_PASSES && collisions < MOST_COLLISIONS; passes++) {
            Step step = switch (ledgers.find(target)) {
                case Ledgers.Found.Failed(String detail) ->
                    new Step.End(stuck(new Fault.LedgerUnavailable(detail), contributions));
                case Ledgers.Found.NotOurs(boolean newer, String detail) ->
                    new Step.End(stuck(new Fault.LedgerNotOurs(newer, detail), contributions));
                case Ledgers.Found.None _ -> step(Sheet.without(contributions, this::isCleared));
                case Ledgers.Found.Ours ours -> step(Sheet.on(ours, contributions, this::isCleared));
            };
            switch (step) {
                case Step.End(Rounded rounded) -> {
                    return rounded;
                }
                case Step.With(List<Contribution> newer) -> contributions = newer;
                case Step.Again _ -> {}
                case Step.Collided _ -> collisions++;
            }
        }
        return stuck(new Fault.ChangedMeanwhile("planned anew " + MOST_COLLISIONS + " times"), contributions);
    }

    /** What one pass through a round leads to. */
    private sealed interface Step {
        /** Look again: something was written. */
        record Again() implements Step {}

        /** Look again: somebody else wrote in between. */
        record Collided() implements Step {}

        /** Look again with what the API server says now of the bindings. */
        record With(List<Contribution> contributions) implements Step {}

        record End(Rounded rounded) implements Step {}
    }

    private Step step(Sheet sheet) {
        Instant now = clock.instant();
        setbacks.forgetAllBut(sheet.demand().wishes().keySet());
        if (sheet.ledger().isEmpty() && sheet.demand().asksNothing() && !sheet.isObserved()) {
            return nothingAsked(sheet);
        }
        if (sheet.restored()) {
            return restored(sheet);
        }
        SortedSet<GrantRecord> remembered = remembered(sheet);
        if (!remembered.equals(sheet.ledger().roles())) {
            rolesNoted = true;
            return write(sheet, sheet.ledger().remembering(remembered));
        }
        givers.look(sheet);
        if (setbacks.quietUntil(now, sheet.demand()).isPresent()) {
            return new Step.End(end(sheet, operation.runs(), Optional.empty()));
        }
        Optional<Instant> batch = upgrades.follow(now);
        if (batch.isPresent()) {
            return new Step.End(end(sheet, true, batch));
        }
        Optional<Budgets.Wait> poll = operation.isDue(now) ? budgets.poll(target) : Optional.empty();
        if (poll.isPresent()) {
            return new Step.End(unchanged(sheet, poll.get().until()));
        }
        switch (operation.look(now)) {
            case OperationWatch.Sight.Over _ -> {}
            case OperationWatch.Sight.Succeeded(Collection<IdentityKey> adds) -> setbacks.succeeded(adds);
            case OperationWatch.Sight.Runs(Instant next) -> {
                return new Step.End(end(sheet, true, Optional.of(next)));
            }
            case OperationWatch.Sight.Failed(Fault fault, Collection<IdentityKey> adds) -> {
                LOG.atWarn()
                        .addKeyValue("target", target)
                        .addKeyValue("fault", fault)
                        .log("operation failed");
                setbacks.refused(fault, adds, renewed, sheet.demand(), now);
            }
            case OperationWatch.Sight.GivenUp(String why) ->
                LOG.atWarn()
                        .addKeyValue("target", target)
                        .addKeyValue("why", why)
                        .log("operation not followed");
        }
        Observation observed = seen;
        if (observed == null || !seenInRound || observed.state().operationRuns() || isStale(observed)) {
            boolean undisturbed = !operation.runs()
                    && setbacks.isClear()
                    && renewals.again(now).isEmpty();
            return switch (patrol.sight(sheet, undisturbed)) {
                case Glances.Sight.Look _ -> look(sheet);
                case Glances.Sight.Later(Instant then) -> new Step.End(unchanged(sheet, then));
                case Glances.Sight.Told(Optional<Fleet.Glance> glance) -> pass(sheet, glance, now);
            };
        }
        return act(sheet, observed);
    }

    /**
     * Seen in passing: enough to know that there is nothing to do, and for nothing else. Whatever it contradicts, a read
     * decides.
     */
    private Step pass(Sheet sheet, Optional<Fleet.Glance> glance, Instant now) {
        if (glance.isEmpty()) {
            if (absence == null || sheet.ledger().hasClaims()) {
                return look(sheet);
            }
            patrol.rests(sheet);
            return new Step.End(end(sheet, false, Optional.of(now.plus(spread(timing.absent())))));
        }
        Observation shown = glance.get().seen();
        if (absence != null
                || shown.state() != Observation.MachineState.SETTLED
                || upgrades.wantsRead(sheet.contributions(), now)
                || (seen != null && !Patrol.agree(seen, shown))) {
            return look(sheet);
        }
        Plan plan = Planner.plan(shown.atRest(), sheet.ledger(), sheet.demand(), memory(shown, now));
        if (!plan.isAtRest() || plan.notBefore().isPresent()) {
            return look(sheet);
        }
        renewals.look(shown, sheet.ledger(), sheet.demand(), now);
        if (renewals.again(now).isPresent()) {
            return look(sheet);
        }
        seen = seen == null ? shown : seen;
        patrol.rests(sheet);
        return new Step.End(end(sheet, false, Optional.empty()));
    }

    /** Not now: a budget is used up. */
    private Step waits(Sheet sheet, Budgets.Wait wait) {
        if (wait.fault().isEmpty()) {
            return new Step.End(unchanged(sheet, wait.until()));
        }
        setbacks.trouble(wait.fault().get(), clock.instant());
        return new Step.End(end(sheet, operation.runs(), Optional.empty()));
    }

    private Rounded unchanged(Sheet sheet, Instant next) {
        return new Rounded(published(sheet, operation.runs()), Optional.of(next), rolesNoted);
    }

    private boolean isStale(Observation observed) {
        return !clock.instant().isBefore(observed.readAt().plus(Timing.FRESH));
    }

    private Step nothingAsked(Sheet sheet) {
        if (sheet.version().isPresent()) {
            switch (ledgers.delete(target, sheet.version().get())) {
                case Ledgers.Written.Done _ -> {}
                case Ledgers.Written.Lost _ -> {
                    return new Step.Collided();
                }
                case Ledgers.Written.Failed(String detail) -> {
                    return new Step.End(stuck(new Fault.LedgerUnavailable(detail), sheet.contributions()));
                }
            }
            if (!(ledgers.find(target) instanceof Ledgers.Found.None)) {
                return new Step.Collided();
            }
        }
        seen = null;
        heldDetaches = Set.of();
        operation.forget();
        upgrades.forget();
        return new Step.End(new Rounded(published(sheet, false), Optional.empty()));
    }

    /** A copy that a backup brought back: what is wanted is taken at its word, everything else is for a person. */
    private Step restored(Sheet sheet) {
        TreeMap<IdentityKey, Claim> claims = new TreeMap<>();
        for (Claim claim : sheet.ledger().claims().values()) {
            Demand demand = sheet.demand().wish(claim.id()).demand();
            if (demand == Demand.KEEP) {
                // Not known yet whether it is wanted: the restore may still be under way.
                return new Step.End(end(sheet, false, Optional.empty()));
            }
            claims.put(claim.id(), demand == Demand.WANT ? claim : claim.unsure());
        }
        // Roles of bindings that are not here are left where they are, as nobody knows whose they are now.
        Set<String> here = sheet.contributions().stream()
                .map(contribution -> contribution.holder().binding())
                .collect(Collectors.toSet());
        List<GrantRecord> known = sheet.ledger().roles().stream()
                .filter(role -> here.contains(role.binding()))
                .toList();
        return write(sheet, Ledger.of(claims).remembering(known));
    }

    private boolean isCleared(String binding) {
        return roles.isCleared(target, binding);
    }

    private SortedSet<GrantRecord> remembered(Sheet sheet) {
        Set<String> forgotten = sheet.contributions().stream()
                .filter(contribution -> contribution.roles().stance() == Stance.FORGET)
                .map(contribution -> contribution.holder().binding())
                .collect(Collectors.toSet());
        SortedSet<GrantRecord> remembered =
                new TreeSet<>(roles.remembered(target, sheet.ledger().roles()));
        remembered.removeIf(role -> forgotten.contains(role.binding()));
        return remembered;
    }

    /** Reads the machine; what comes of it is for the next pass. */
    private Step look(Sheet sheet) {
        Optional<Budgets.Wait> wait = budgets.read(target);
        if (wait.isPresent()) {
            return waits(sheet, wait.get());
        }
        patrol.looks();
        Seen answer = machines.read(target);
        Instant now = clock.instant();
        return switch (answer) {
            case Seen.Present(Observation observation) -> {
                seen = observation;
                seenInRound = true;
                absence = null;
                setbacks.readable();
                busyLooks = observation.state().operationRuns() ? busyLooks + 1 : 0;
                // An operation of somebody else, or of a process before this one: there is no handle to it.
                yield observation.state().operationRuns()
                        ? new Step.End(end(sheet, false, Optional.of(now.plus(busyWait()))))
                        : setbacks.quietUntil(now, sheet.demand()).isPresent()
                                ? new Step.End(end(sheet, false, Optional.empty()))
                                : act(sheet, observation);
            }
            case Seen.Absent none -> absent(sheet, none.resourceGroupToo(), now);
            case Seen.Failed(Fault fault) -> {
                setbacks.trouble(fault, now);
                yield new Step.End(end(sheet, false, Optional.empty()));
            }
        };
    }

    /** Some operations take hours, and some never end. */
    private Duration busyWait() {
        return timing.poll().multipliedBy(Math.min(busyLooks, MOST_BUSY_WAITS));
    }

    private Step absent(Sheet sheet, boolean groupToo, Instant now) {
        Instant since = absence == null ? now : absence.since();
        boolean confirmed = !now.isBefore(since.plus(timing.gone()));
        absence = new Absence(since, confirmed, groupToo);
        seen = null;
        heldDetaches = Set.of();
        operation.forget();
        upgrades.forget();
        setbacks.readable();
        if (confirmed && sheet.ledger().hasClaims()) {
            // What was on it went with it, and no request of ours lives that long.
            LOG.atInfo().addKeyValue("target", target).log("machine is gone");
            return write(sheet, sheet.ledger().with(Map.of()));
        }
        if (!sheet.ledger().hasClaims()) {
            patrol.rests(sheet);
        }
        Instant again = sheet.ledger().hasClaims() ? since.plus(timing.gone()) : now.plus(spread(timing.absent()));
        return new Step.End(end(sheet, false, Optional.of(again)));
    }

    /** Plans on a fresh observation, claims, sends and settles. */
    private Step act(Sheet sheet, Observation observed) {
        Instant now = clock.instant();
        heldDetaches = Set.of();
        renewals.look(observed, sheet.ledger(), sheet.demand(), now);
        Plan plan = Planner.plan(observed, sheet.ledger(), sheet.demand(), memory(observed, now));
        if (takesAway(plan)) {
            Optional<List<Contribution>> asked = live.of(target);
            if (asked.isEmpty()) {
                return new Step.End(
                        stuck(new Fault.LedgerUnavailable("the bindings could not be listed"), sheet.contributions()));
            }
            Sheet current = sheet.with(asked.get(), this::isCleared);
            if (!current.demand().equals(sheet.demand())) {
                return new Step.With(asked.get());
            }
            Set<IdentityKey> orphans = brake.orphans(plan);
            if (!orphans.isEmpty() && !brake.isConfirmed(sheet.confirmed()) && !brake.lets()) {
                LOG.atWarn()
                        .addKeyValue("target", target)
                        .addKeyValue("identities", orphans)
                        .log("detaches held: too many bindings vanished without a deletion");
                heldDetaches = orphans;
                plan = Planner.plan(observed, sheet.ledger(), sheet.demand().keeping(orphans), memory(observed, now));
            }
        }
        if (plan.isAtRest()) {
            setbacks.atRest();
            setbacks.arrived(observed::has);
            waitsUntil = plan.notBefore().orElse(null);
            etagMissing = plan.etagMissing();
            if (!etagMissing) {
                upgrades.atRest(
                        observed, sheet.contributions(), setbacks.faults().keySet(), now);
            }
            if (waitsUntil == null && !etagMissing && heldDetaches.isEmpty()) {
                patrol.rests(sheet);
            }
            Optional<Instant> batch = upgrades.follow(now);
            Optional<Instant> rest = earliest(plan.notBefore(), earliest(renewals.again(now), upgrades.again(now)));
            return new Step.End(end(sheet, batch.isPresent(), batch.isPresent() ? batch : rest));
        }
        if (plan.patch().isPresent()) {
            // Before it is claimed: what is claimed is sent at once.
            Optional<Budgets.Wait> wait =
                    budgets.write(target, !plan.patch().get().add().isEmpty());
            if (wait.isPresent()) {
                return waits(sheet, wait.get());
            }
        }
        Optional<Ledgers.Version> claimed = sheet.version();
        if (plan.writesLedger()) {
            switch (ledgers.write(target, sheet.version(), plan.claimed())) {
                case Ledgers.Written.Done(Ledgers.Version version) -> claimed = Optional.of(version);
                case Ledgers.Written.Lost _ -> {
                    return new Step.Collided();
                }
                case Ledgers.Written.Failed(String detail) -> {
                    return new Step.End(stuck(new Fault.LedgerUnavailable(detail), sheet.contributions()));
                }
            }
        }
        if (plan.patch().isEmpty()) {
            return new Step.Again();
        }
        if (isStale(observed)) {
            seenInRound = false;
            return new Step.Again();
        }
        if (!brake.isConfirmed(sheet.confirmed())) {
            brake.count(brake.orphans(plan).size());
        }
        return send(sheet, plan, claimed.orElseThrow());
    }

    private Step send(Sheet sheet, Plan plan, Ledgers.Version claimed) {
        List<IdentityKey> adds = adds(plan, sheet.demand());
        renewed = adds.stream().filter(id -> takesAway(plan, id)).toList();
        Patched answer = machines.patch(target, plan.patch().orElseThrow());
        Instant now = clock.instant();
        log(plan, answer);
        settle(plan, answer, claimed);
        seenInRound = false;
        return switch (answer) {
            case Patched.Accepted(Observation after, Optional<Operation> begun, Optional<Duration> pollAfter) -> {
                boolean moved = moved(plan, after.etag());
                if (after.etag() != null) {
                    fences.sent(plan, moved);
                }
                if (begun.isEmpty()) {
                    setbacks.succeeded(adds);
                }
                seen = after;
                operation.began(after, moved, begun, pollAfter, adds, now);
                yield new Step.Again();
            }
            case Patched.PreconditionFailed _ -> new Step.Collided();
            case Patched.Rejected(Fault fault) -> {
                setbacks.refused(fault, adds, renewed, sheet.demand(), now);
                yield new Step.Again();
            }
        };
    }

    /** Notes what the answer means, at once: the operation may take minutes, and this process may not live that long. */
    private void settle(Plan plan, Patched answer, Ledgers.Version claimed) {
        Ledger settled = plan.settle(answer);
        if (settled.equals(plan.claimed())) {
            return;
        }
        Ledgers.Written written = ledgers.write(target, Optional.of(claimed), settled);
        if (!(written instanceof Ledgers.Written.Done)) {
            // The claims stay as they were written before the PATCH, and the protocol treats them as unsettled.
            LOG.atWarn()
                    .addKeyValue("target", target)
                    .addKeyValue("cause", written)
                    .log("outcome not noted");
        }
    }

    private Step write(Sheet sheet, Ledger next) {
        return switch (ledgers.write(target, sheet.version(), next)) {
            case Ledgers.Written.Done _ -> new Step.Again();
            case Ledgers.Written.Lost _ -> new Step.Collided();
            case Ledgers.Written.Failed(String detail) ->
                new Step.End(stuck(new Fault.LedgerUnavailable(detail), sheet.contributions()));
        };
    }

    private Memory memory(Observation observed, Instant now) {
        SortedSet<IdentityKey> heldBack = setbacks.heldBack(now);
        String etag = operation.succeededOn(observed.machineId());
        return new Memory(now, etag, heldBack, setbacks.mostAdds(), fences.inVain())
                .withDead(renewals.next(heldBack), renewals.principals());
    }

    private static boolean moved(Plan plan, @Nullable String etag) {
        return plan.patch().map(patch -> !patch.ifMatch().equals(etag)).orElse(false);
    }

    private static boolean takesAway(Plan plan) {
        return plan.sent().keySet().stream().anyMatch(id -> takesAway(plan, id));
    }

    private static boolean takesAway(Plan plan, IdentityKey id) {
        Plan.Sent sent = plan.sent().get(id);
        return sent != null && sent.decision() instanceof Decision.Send(Phase phase) && phase != Phase.ATTACHING;
    }

    /** What is sent for somebody who wants it: identities that are added, and one that is taken off to be renewed. */
    private static List<IdentityKey> adds(Plan plan, TargetDemand demand) {
        return plan.sent().entrySet().stream()
                .filter(sent -> sent.getValue().decision() instanceof Decision.Send)
                .map(Map.Entry::getKey)
                .filter(id -> demand.wish(id).demand() == Demand.WANT)
                .toList();
    }

    /** Nothing can be decided at present, and the ledger is not known to be as last seen. */
    private Rounded stuck(Fault fault, List<Contribution> contributions) {
        Instant now = clock.instant();
        setbacks.trouble(fault, now);
        Rounded rounded = end(Sheet.without(contributions, _ -> false), operation.runs(), Optional.empty());
        return new Rounded(
                new Published(rounded.published().outcome(), false, contributions, RolesLeft.NONE), rounded.next());
    }

    private Rounded end(Sheet sheet, boolean underWay, Optional<Instant> due) {
        Instant now = clock.instant();
        Instant next = now.plus(spread(timing.observe()));
        for (Optional<Instant> other : List.of(due, setbacks.nextTry(now), setbacks.quietUntil(now, sheet.demand()))) {
            next = other.isPresent() && other.get().isBefore(next) ? other.get() : next;
        }
        Published published = published(sheet, underWay);
        logFault();
        if (!underWay && sheet.version().isPresent()) {
            show(published, now);
        }
        return new Rounded(published, Optional.of(next));
    }

    private static Optional<Instant> earliest(Optional<Instant> one, Optional<Instant> other) {
        return Stream.concat(one.stream(), other.stream()).min(Comparator.naturalOrder());
    }

    private Published published(Sheet sheet, boolean underWay) {
        Outcome outcome = new Outcome(
                target,
                Optional.ofNullable(seen),
                Optional.ofNullable(absence),
                setbacks.fault(),
                sheet.ledger(),
                sheet.demand(),
                faults(),
                underWay,
                etagMissing,
                setbacks.throttledUntil().or(() -> Optional.ofNullable(waitsUntil)));
        return new Published(
                outcome.withRollout(upgrades.known()),
                true,
                sheet.contributions(),
                new RolesLeft(sheet.rolesToGo(), givers.gone()));
    }

    private Map<IdentityKey, Fault> faults() {
        Map<IdentityKey, Fault> faults = new TreeMap<>(setbacks.faults());
        Set<IdentityKey> held = new TreeSet<>(heldDetaches);
        if (givers.isHeld()) {
            held.add(IdentityKey.SYSTEM_ASSIGNED);
        }
        held.forEach(id -> faults.put(id, new Fault.DetachHeld(brake.most(), "")));
        return faults;
    }

    private void show(Published published, Instant now) {
        List<String> names = published.contributions().stream()
                .map(Contribution::holder)
                .map(holder -> holder.namespace() + "/" + holder.name())
                .toList();
        ledgers.show(
                target,
                (previous, generation) -> LedgerStatus.render(published.outcome(), names, previous, generation, now));
    }

    private Duration spread(Duration interval) {
        return Backoff.spread(interval, target.id().hashCode() ^ clock.millis());
    }

    /** One line when a fault comes up, and none for each time that it is met again. */
    private void logFault() {
        Optional<Fault> fault = setbacks.fault();
        if (fault.isPresent() && !fault.equals(logged)) {
            LOG.atWarn()
                    .addKeyValue("target", target)
                    .addKeyValue("fault", fault.get())
                    .log("cannot go on for now");
        }
        logged = fault;
    }

    private void log(Plan plan, Patched answer) {
        LOG.atInfo()
                .addKeyValue("target", target)
                .addKeyValue("sent", plan.sent())
                .addKeyValue(
                        "type", plan.patch().map(patch -> patch.type().name()).orElse(""))
                .addKeyValue("answer", answer.getClass().getSimpleName())
                .log("patched");
    }
}
