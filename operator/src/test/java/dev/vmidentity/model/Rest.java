package dev.vmidentity.model;

import static dev.vmidentity.binding.OperatorProcess.TIMING;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.binding.OperatorProcess;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Rollout;
import dev.vmidentity.core.Standing;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.model.Books.Owner;
import dev.vmidentity.model.Promise.Broken;
import dev.vmidentity.model.Step.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Nothing goes wrong any longer and nobody changes anything: the operator comes to rest, and all is as it must be. */
final class Rest {
    /**
     * Longer than all waits one after the other: half an hour for an operation that never ends, fifteen minutes for late
     * requests, ten between two tries of a bad identity.
     */
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(60);

    /** It is tried again every eight to ten minutes, with a look before and one after. */
    private static final long READS_A_WHILE_FOR_WHAT_IS_MISSING = 8;

    /** One before a PATCH and one after it; one after each batch of instances. */
    private static final long LOOKS_FOR_WHAT_IS_WRITTEN = 2;

    private static final Duration A_WHILE = Duration.ofMinutes(20);

    /** The shortest time between two looks at rest: the interval, less its jitter of a fifth. */
    private static final Duration A_LOOK = TIMING.observe().multipliedBy(4).dividedBy(5);

    private static final Duration A_LOOK_FOR_IT =
            TIMING.absent().multipliedBy(4).dividedBy(5);

    /** The operator looks each second at what is due of a selector; here so often. */
    private static final Duration A_TICK = Duration.ofSeconds(15);

    /** A machine is looked at about every five minutes; whatever is to do takes a few rounds more. */
    private static final int MOST_ROUNDS_A_MACHINE = 160;

    private final World world;
    private final TreeMap<TargetId, Set<IdentityKey>> keptAway = new TreeMap<>();

    Rest(World world) {
        this.world = world;
    }

    void comes() {
        world.log(() -> "everything comes to rest");
        world.oneProcessIsLeft();
        world.inventory().become(Inventory.Mood.ANSWERS, world.targets().getFirst());
        if (world.climate().resolves()) {
            world.resolve();
        }
        world.leader().hear();
        world.targets().forEach(world.leader()::submit);
        rounds(longEnough());
        // What one brake has let go may be what the other holds.
        for (int brakes = 0; brakes < 2 && world.climate().confirms() && world.confirmHeld(); brakes++) {
            world.targets().forEach(world.leader()::submit);
            rounds(longEnough());
        }
        check();
        int patches = world.tally().patches();
        long writes = world.ledgers().writes();
        int statuses = world.statuses().writes();
        int reads = world.tally().reads();
        int questions = world.tally().questions();
        int looks = world.tally().looks();
        int upgrades = world.tally().upgrades();
        rounds(A_WHILE);
        check();
        int written = world.tally().patches() - patches + world.tally().upgrades() - upgrades;
        isLookedAtSeldom(world.tally().reads() - reads, written);
        isAskedSeldom(world.tally().questions() - questions, world.tally().looks() - looks, written);
        // Dead attachments are looked for seldom, and so may be found only now.
        boolean tries = world.climate().identitiesGo() || world.missing() > 0;
        if (!tries
                && (patches != world.tally().patches()
                        || writes != world.ledgers().writes()
                        || upgrades != world.tally().upgrades()
                        || statuses != world.statuses().writes())) {
            throw new Broken(
                    Promise.REST_WRITES_NOTHING,
                    (world.tally().patches() - patches) + " PATCHes, "
                            + (world.ledgers().writes() - writes) + " writes of ledgers and "
                            + (world.statuses().writes() - statuses) + " of statuses");
        }
    }

    /** What others changed in the model of a scale set that is seen in passing shows at the twelfth look. */
    private Duration longEnough() {
        return world.climate().instances() && world.climate().inBulk() ? LONG_ENOUGH.multipliedBy(2) : LONG_ENOUGH;
    }

    private long mostLooks() {
        return world.targets().stream()
                .mapToLong(target -> 2 + A_WHILE.dividedBy(world.look(target).isPresent() ? A_LOOK : A_LOOK_FOR_IT))
                .sum();
    }

    /** Equal selectors are one question, and who matches is not asked itself. */
    private void isAskedSeldom(int questions, int looks, int written) {
        long inBulk = world.climate().inBulk() ? mostLooks() + LOOKS_FOR_WHAT_IS_WRITTEN * written : 0;
        long most = world.selectors() * (2 + A_WHILE.dividedBy(World.A_QUESTION)) + inBulk;
        if (questions > most || looks > 0) {
            throw new Broken(
                    Promise.CALLS_ARE_BOUNDED,
                    questions + " questions about many machines in " + A_WHILE + " at rest, and at most " + most
                            + " may be; " + looks + " to single ones, and none may be");
        }
    }

    /** Machines that are there and machines that are not have each a cadence of their own; others wait longer. */
    private void isLookedAtSeldom(int reads, int written) {
        long most =
                mostLooks() + LOOKS_FOR_WHAT_IS_WRITTEN * written + READS_A_WHILE_FOR_WHAT_IS_MISSING * world.missing();
        if (reads > most) {
            throw new Broken(
                    Promise.CALLS_ARE_BOUNDED,
                    reads + " GETs in " + A_WHILE + " at rest, and at most " + most + " may be");
        }
    }

    private void rounds(Duration time) {
        Instant end = world.clock().instant().plus(time);
        int rounds = 0;
        // A look in bulk is two: one to say that it would look, and one when it is told. It rests for twice as long.
        int most = MOST_ROUNDS_A_MACHINE
                * world.targets().size()
                * (world.climate().inBulk() ? 4 : 1);
        boolean ticks = world.bindings().values().stream().anyMatch(Asking::selects);
        while (true) {
            Instant tick = world.clock().instant().plus(A_TICK);
            Optional<Instant> next = world.nextDue()
                    .filter(due -> !ticks || due.isBefore(tick))
                    .or(() -> ticks ? Optional.of(tick) : Optional.empty())
                    .filter(due -> due.isBefore(end));
            if (next.isEmpty()) {
                break;
            }
            world.advanceTo(next.get());
            for (TargetId target : world.targets()) {
                if (world.leader()
                        .due(target)
                        .filter(due -> !due.isAfter(world.clock().instant()))
                        .isPresent()) {
                    if (++rounds > most) {
                        throw new Broken(Promise.IT_COMES_TO_REST, rounds + " rounds in " + time);
                    }
                    round(target);
                }
            }
        }
        world.advanceTo(end);
    }

    private void round(TargetId target) {
        world.log(() -> "round on " + target.name() + " at " + world.clock().instant());
        world.leader().hear();
        world.round(0, target, Script.NOTHING);
        world.leader().hear();
    }

    // ---- what must hold

    private void check() {
        if (world.climate().confirms() && world.targets().stream().anyMatch(world::isHeld)) {
            throw new Broken(Promise.NO_SILENT_LEAK, "a person has confirmed, and it is still held");
        }
        for (TargetId target : world.targets()) {
            Optional<Observation> machine = world.look(target);
            Ledger ledger = world.ledgers().look(target);
            released(target, ledger);
            if (machine.isEmpty()) {
                absent(target, ledger);
            } else {
                World.everyId().forEach(id -> identity(machine.get(), ledger, id));
                if (world.climate().instances() && target.kind() == MachineKind.SCALE_SET) {
                    instances(target, Books.ids(machine.get()));
                }
            }
        }
        for (Asking asking : world.bindings().values()) {
            if (asking.deleting() && world.targets().stream().noneMatch(this::isLeftAsItIs)) {
                throw new Broken(Promise.DELETED_IS_RELEASED, asking.uid());
            }
            if (asking.selects() && !asking.deleting()) {
                Selected.of(world, asking).check();
            }
        }
    }

    /** What is asked of it, and what the brake, or who observes, keeps there. */
    private List<Asking> bound(TargetId target) {
        List<Asking> bound = new ArrayList<>(world.bound(target));
        world.bindings().values().stream()
                .filter(asking -> asking.selects() && !world.reach().matches(asking, target))
                .filter(asking -> world.isBraked(asking.uid()))
                .forEach(asking -> bound.add(asking.keptOn(target)));
        world.bindings().values().stream()
                .filter(asking -> Wishes.observes(asking) && !asking.deleting() && holds(asking, target))
                .filter(asking -> bound.stream().noneMatch(one -> one.uid().equals(asking.uid())))
                .forEach(asking -> bound.add(asking.keptOn(target)));
        return bound;
    }

    /** Who observes lets go of nothing, on whatever machine it is. */
    private boolean holds(Asking asking, TargetId target) {
        return world.ledgers().look(target).claims().values().stream()
                .filter(claim -> claim.phase() != Phase.UNSURE)
                .flatMap(claim -> claim.holders().stream())
                .anyMatch(holder -> holder.binding().equals(asking.uid()));
    }

    private void instances(TargetId target, Set<IdentityKey> there) {
        Instances.Listed listed = world.cloud().instances().list(target);
        if (!(listed instanceof Instances.Listed.Whole whole)) {
            throw new IllegalStateException("cannot list: " + listed);
        }
        Wishes wishes = new Wishes(bound(target));
        boolean follow = wishes.upgradesAtOnce() > 0 && wishes.upgrades(there) && isUndisputed(wishes);
        if (follow && !whole.behind().isEmpty()) {
            throw new Broken(Promise.INSTANCES_FOLLOW, whole.behind() + " of " + target.name());
        }
        boolean tells = !isIdle(target) && (!world.climate().inBulk() || wishes.upgradesAtOnce() > 0);
        Optional<Rollout> told = world.leader()
                .last(target)
                .filter(_ -> tells && !wishes.all().isEmpty())
                .flatMap(round -> round.outcome().rollout());
        if (told.filter(rollout -> !isTrue(rollout, whole)).isPresent()) {
            throw new Broken(
                    Promise.STATUS_TELLS_THE_TRUTH,
                    whole.behind() + " of " + target.name() + " are behind, and told is " + told);
        }
    }

    /** Whether nothing is kept as it is, and nothing that is wanted is missing. */
    private static boolean isUndisputed(Wishes wishes) {
        return World.everyId().stream().noneMatch(wishes::leaves);
    }

    private static boolean isTrue(Rollout rollout, Instances.Listed.Whole whole) {
        return rollout instanceof Rollout.Counted counted
                && counted.total() == whole.total()
                && counted.latest() == whole.total() - whole.behind().size()
                && counted.upgrading().isEmpty();
    }

    private boolean isLeftAsItIs(TargetId target) {
        return World.everyId().stream().anyMatch(id -> isLeftAsItIs(target, id));
    }

    private boolean isLeftAsItIs(TargetId target, IdentityKey id) {
        Wishes wishes = new Wishes(bound(target));
        return wishes.leaves(id)
                || isHeldByTheBrake(target, id)
                || (!wishes.wants(id) && world.books().mayBeHeldByObserver(target, id, bound(target)));
    }

    private boolean isHeldByTheBrake(TargetId target, IdentityKey id) {
        return world.leader()
                .last(target)
                .map(round -> round.outcome().faults().get(id))
                .filter(Fault.DetachHeld.class::isInstance)
                .isPresent();
    }

    private void released(TargetId target, Ledger ledger) {
        for (Claim claim : ledger.claims().values()) {
            for (Holder holder : claim.holders()) {
                boolean gone = !world.bindings().containsKey(holder.binding());
                if (gone && claim.phase() != Phase.UNSURE && !isLeftAsItIs(target, claim.id())) {
                    throw new Broken(Promise.RELEASED_HOLDS_NOTHING, holder.binding() + " " + Chronicle.of(ledger));
                }
            }
        }
    }

    private void absent(TargetId target, Ledger ledger) {
        if (!ledger.isEmpty()) {
            throw new Broken(Promise.LEDGER_TELLS_THE_TRUTH, target.name() + " is gone: " + Chronicle.of(ledger));
        }
        for (IdentityKey id : World.everyId()) {
            standing(target, id).filter(standing -> standing != Standing.ABSENT).ifPresent(standing -> {
                throw new Broken(Promise.STATUS_TELLS_THE_TRUTH, target.name() + " is gone: " + id + " " + standing);
            });
        }
    }

    private void identity(Observation machine, Ledger ledger, IdentityKey id) {
        TargetId target = machine.target();
        Wishes wishes = new Wishes(bound(target));
        boolean there = machine.has(id);
        Owner owner = world.books().on(target).get(id);
        Optional<Phase> phase = ledger.claim(id).map(Claim::phase);
        String what = Chronicle.of(id) + " on " + target.name() + " is " + (owner == null ? "absent" : owner)
                + ", the ledger says " + Chronicle.of(ledger) + ", status " + standing(target, id);
        if (isLeftAsItIs(target, id)) {
            return;
        }
        if (wishes.wants(id) && !there && isThereToBeHad(id)) {
            if (!Guarded.mayKeepAway(id, wishes, Books.ids(machine), comesLater(machine, wishes))) {
                throw new Broken(Promise.WANTED_ARRIVES, what);
            }
            if (keptAway.computeIfAbsent(target, _ -> new TreeSet<>()).add(id)) {
                world.tally().happened(Happening.BLOCKED_AT_REST);
            }
        }
        boolean isKeptAway = wishes.wants(id) && !there;
        if (isThereToBeHad(id) && isToldToBeKeptAway(target, id) != isKeptAway) {
            throw new Broken(Promise.STATUS_TELLS_THE_TRUTH, (isKeptAway ? "not told: " : "not so: ") + what);
        }
        if (wishes.forbids(id) && there) {
            throw new Broken(Promise.WANTED_ARRIVES, "forbidden: " + what);
        }
        boolean unwanted = !wishes.wants(id) && owner == Owner.OURS;
        if (unwanted
                && phase.filter(it -> it == Phase.UNSURE).isEmpty()
                && !world.books().mayBeRetained(target, id)
                && !isLeftBySilence(target, id)) {
            throw new Broken(Promise.NO_SILENT_LEAK, what);
        }
        if (phase.isPresent() && !isTrue(phase.get(), there) && (there || isThereToBeHad(id))) {
            throw new Broken(Promise.LEDGER_TELLS_THE_TRUTH, what);
        }
        standing(target, id).ifPresent(standing -> {
            if (!isTrue(standing, there, owner, phase, isThereToBeHad(id))) {
                throw new Broken(Promise.STATUS_TELLS_THE_TRUTH, what);
            }
        });
    }

    /** What is asked for and does not exist: it may count as being there already. */
    private Set<IdentityKey> comesLater(Observation machine, Wishes wishes) {
        Set<IdentityKey> later = new TreeSet<>(World.everyId());
        later.removeIf(id -> !wishes.wants(id) || machine.has(id) || isThereToBeHad(id));
        return later;
    }

    private boolean isToldToBeKeptAway(TargetId target, IdentityKey id) {
        return world.leader()
                .last(target)
                .filter(round -> round.outcome().refusals().containsKey(id))
                .isPresent();
    }

    private static boolean isTrue(Phase phase, boolean there) {
        return switch (phase) {
            case ATTACHED, UNSURE -> there;
            case ATTACHING, DETACHING, DETACHED, EVICTING -> false;
        };
    }

    private boolean isTrue(
            Standing standing, boolean there, @Nullable Owner owner, Optional<Phase> phase, boolean toBeHad) {
        return switch (standing) {
            case ATTACHED -> there && owner != Owner.FOREIGN;
            case ATTACHED_BY_OTHERS -> there && phase.isEmpty();
            case UNSURE -> there;
            case ABSENT -> !there;
            case ATTACHING -> !there && !toBeHad;
            case DETACHING -> false;
        };
    }

    /** A binding that enabled the machine's own identity and says nothing of it now leaves it as it is. */
    private boolean isLeftBySilence(TargetId target, IdentityKey id) {
        List<String> present = bound(target).stream()
                .filter(asking -> !asking.deleting())
                .map(Asking::uid)
                .toList();
        return id.isSystemAssigned()
                && world.books().everWanted(target, id).stream().anyMatch(holder -> present.contains(holder.binding()));
    }

    private boolean isThereToBeHad(IdentityKey id) {
        return id.isSystemAssigned()
                || Author.IDENTITIES.stream()
                        .filter(identity -> IdentityKey.of(identity).equals(id))
                        .anyMatch(world.cloud()::has);
    }

    private Optional<Standing> standing(TargetId target, IdentityKey id) {
        return world.leader()
                .last(target)
                .map(OperatorProcess.Round::outcome)
                .filter(outcome -> outcome.seen().isPresent() || !isIdle(target))
                .map(outcome -> outcome.standing(id));
    }

    /** A machine of which nobody asks anything, and nothing is ours, is not looked at. */
    private boolean isIdle(TargetId target) {
        Wishes wishes = new Wishes(bound(target));
        return !world.ledgers().has(target)
                && World.everyId().stream().noneMatch(id -> wishes.wants(id) || wishes.forbids(id));
    }
}
