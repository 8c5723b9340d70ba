package dev.vmidentity.model;

import dev.vmidentity.api.Reason;
import dev.vmidentity.binding.Asking;
import dev.vmidentity.binding.OperatorProcess;
import dev.vmidentity.binding.StoredBindings;
import dev.vmidentity.binding.StoredLedgers;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.model.Promise.Broken;
import dev.vmidentity.model.Step.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Plays a history: the one place where users, Azure, other people and operator processes meet. */
final class World implements StoredLedgers.Traffic {
    /** Each call takes time. */
    private static final Duration A_CALL = Duration.ofMillis(20);

    /** The shortest time in which a machine was seen to be deleted and made anew. */
    private static final Duration MADE_ANEW = Duration.ofSeconds(53);

    /** Of each scale set, with upgrade policy Manual. */
    private static final int INSTANCES = 4;

    /** The shortest time between two questions about a selector: the interval, less its jitter of a fifth. */
    static final Duration A_QUESTION = OperatorProcess.SELECTING.multipliedBy(4).dividedBy(5);

    /** What is due later than this is not waited for within a history. */
    private static final Duration SOON = Duration.ofMinutes(2);

    private final Climate climate;
    private final List<TargetId> targets;
    private final HandClock clock;
    private final Cloud cloud;
    private final StoredLedgers ledgers = new StoredLedgers(this::ledgerWritten);
    private final Books books = new Books();
    private final Wire wire = new Wire(this);
    private final Map<String, Asking> bindings = new TreeMap<>();
    private final List<Replica> processes = new ArrayList<>();
    private final Deque<Errand> errands = new ArrayDeque<>();
    private final List<Late> late = new ArrayList<>();
    private final Reach reach = new Reach();
    private final Inventory inventory = new Inventory(this);
    private final StoredBindings statuses = new StoredBindings();
    private final Map<TargetId, Map<String, String>> tags = new TreeMap<>();
    private final Map<TargetId, Instant> deleted = new HashMap<>();
    private final Tally tally = new Tally();
    private final List<String> log;
    private final boolean logs;
    private int causes;
    private Instant ticked;
    private int changes;

    /** A request that is still under way. */
    private record Late(Instant due, TargetId target, Patch patch, Books.Order order) {}

    World(Climate climate, HandClock clock, Cloud cloud, boolean logs) {
        this.climate = climate;
        this.targets = Author.targets(climate);
        this.clock = clock;
        this.cloud = cloud;
        this.logs = logs;
        this.log = new ArrayList<>();
        this.ticked = clock.instant();
        Author.IDENTITIES.forEach(cloud::makeIdentity);
        processes.add(new Replica(this, wire));
        if (climate.twoProcesses()) {
            processes.add(new Replica(this, wire));
        }
    }

    // ---- what there is

    Climate climate() {
        return climate;
    }

    List<TargetId> targets() {
        return targets;
    }

    HandClock clock() {
        return clock;
    }

    Cloud cloud() {
        return cloud;
    }

    StoredLedgers ledgers() {
        return ledgers;
    }

    Books books() {
        return books;
    }

    Wire wire() {
        return wire;
    }

    Map<String, Asking> bindings() {
        return bindings;
    }

    /** Of all bindings that there are, and those that hold something still. */
    Set<String> everyUid() {
        Set<String> all = new TreeSet<>(bindings.keySet());
        targets.forEach(target -> ledgers.look(target).claims().values().stream()
                .flatMap(claim -> claim.holders().stream())
                .forEach(holder -> all.add(holder.binding())));
        return all;
    }

    StoredBindings statuses() {
        return statuses;
    }

    Inventory inventory() {
        return inventory;
    }

    Reach reach() {
        return reach;
    }

    /** What is asked of a machine. */
    List<Asking> bound(TargetId target) {
        return reach.now(bindings.values(), target);
    }

    Replica leader() {
        return processes.getFirst();
    }

    /** What happened so far that may cost calls: changes, faults, and looks that time alone made due. */
    int causes() {
        return causes;
    }

    void caused(Happening what) {
        causes++;
        tally.happened(what);
    }

    Tally tally() {
        return tally;
    }

    List<String> log() {
        return log;
    }

    void log(Supplier<String> line) {
        if (logs) {
            log.add(line.get());
        }
    }

    Optional<Observation> look(TargetId target) {
        Optional<Observation> now = cloud.look(target);
        now.ifPresent(books::look);
        return now;
    }

    // ---- what happens

    void play(Step step) {
        tally.step();
        switch (step) {
            case Step.Round round -> round(round);
            case Step.Pass(Duration time) -> {
                log(() -> "pass " + time);
                advanceTo(clock.instant().plus(time));
            }
            case Step.Hear(int process) -> process(process).hear();
            case Step.Restart(int process) -> restart(process);
            case Step.Kill() -> {
                caused(Happening.KILLED);
                log(() -> "    the process dies");
                throw new Killed();
            }
            default -> {
                if (changes(step)) {
                    causes++;
                    changed();
                    log(step::toString);
                }
            }
        }
    }

    /** A machine is another, is tagged otherwise, or a binding is. */
    private void changed() {
        changes++;
        reach.look(targets, tags);
        bindings.values().stream()
                .filter(Asking::selects)
                .forEach(asking -> targets.stream()
                        .filter(target -> reach.hasEverMatched(asking, target))
                        .forEach(target -> books.bound(asking.on(target), target)));
    }

    /** @return whether it can happen */
    private boolean changes(Step step) {
        return switch (step) {
            case Step.Bind(Asking asking) -> bind(asking);
            case Step.Delete(String uid) -> delete(uid);
            case Step.Vanish(String uid) -> counted(Happening.CUT_OFF, remove(uid));
            case Step.ConfirmBinding(String uid) -> confirm(uid);
            case Step.Tag tagged -> tag(tagged.target(), tagged.tags());
            case Step.Ask(Inventory.Mood mood, TargetId machine) -> {
                inventory.become(mood, machine);
                yield true;
            }
            case Step.DeleteLedger(TargetId target) -> deleteLedger(target);
            case Step.Confirm(TargetId target) -> confirm(target);
            case Step.MakeIdentity(ArmId id) -> makeIdentity(id);
            case Step.DeleteIdentity(ArmId id) -> deleteIdentity(id);
            case Step.MakeMachine made -> make(made);
            case Step.DeleteMachine(TargetId target) -> delete(target);
            case Step.Attach(TargetId target, ArmId id) -> attach(target, id);
            case Step.Detach(TargetId target, ArmId id) -> detach(target, id);
            case Step.Replace(TargetId target, List<ArmId> ids, boolean system) -> replace(target, ids, system);
            case Step.EnableSystem(TargetId target) -> system(target, true);
            case Step.DisableSystem(TargetId target) -> system(target, false);
            case Step.Touch(TargetId target) -> write(target, () -> cloud.touch(target));
            case Step.Occupy(TargetId target) -> occupy(target);
            case Step.Round _, Step.Pass _, Step.Hear _, Step.Restart _, Step.Kill _ ->
                throw new IllegalArgumentException("changes nothing: " + step);
        };
    }

    private boolean counted(Happening what, boolean happened) {
        if (happened) {
            tally.happened(what);
        }
        return happened;
    }

    // ---- users

    private boolean bind(Asking asking) {
        Asking before = bindings.get(asking.uid());
        int generation = before == null ? 1 : before.generation() + 1;
        Asking next = asking.generation(generation);
        if (before != null
                && (before.deleting() || before.generation(generation).equals(next))) {
            return false;
        }
        write(next);
        Asked.count(before, next, together(next), tally);
        return true;
    }

    private void write(Asking asking) {
        bindings.put(asking.uid(), asking);
        statuses.put(asking.uid());
        reach.written(asking);
        books.written(asking);
        changed();
        if (asking.about() instanceof Asking.About.One(TargetId machine)) {
            books.bound(asking, machine);
        }
    }

    /** All bindings of its machines, it among them. */
    private List<Asking> together(Asking asking) {
        return targets.stream()
                .map(this::bound)
                .filter(bound -> bound.stream().anyMatch(one -> one.uid().equals(asking.uid())))
                .flatMap(List::stream)
                .toList();
    }

    private boolean remove(String uid) {
        statuses.remove(uid);
        return bindings.remove(uid) != null;
    }

    /** Its finalizer is taken off. */
    void released(Asking asking) {
        log(() -> "released " + asking.uid());
        remove(asking.uid());
        changes++;
    }

    private boolean confirm(String uid) {
        if (!isBraked(uid)) {
            return false;
        }
        statuses.confirm(uid, clock.instant());
        return counted(Happening.SELECTION_CONFIRMED, true);
    }

    /** Whether its status says that suddenly far less matches. */
    boolean isBraked(String uid) {
        return statuses.status(uid)
                .filter(status ->
                        status.conditions().stream().anyMatch(condition -> condition.reason() == Reason.DetachesHeld))
                .isPresent();
    }

    private boolean deleteLedger(TargetId target) {
        if (!ledgers.has(target)) {
            return false;
        }
        boolean unsettled = errands.stream().anyMatch(errand -> errand.target().equals(target))
                || late.stream().anyMatch(request -> request.target().equals(target))
                || ledgers.look(target).claims().values().stream().anyMatch(claim -> claim.phase() != Phase.ATTACHED);
        ledgers.forceAway(target);
        books.ledgerDeleted(target, unsettled);
        return counted(Happening.LEDGER_DELETED, true);
    }

    private boolean confirm(TargetId target) {
        if (!ledgers.has(target)) {
            return false;
        }
        ledgers.confirm(target, clock.instant());
        return true;
    }

    private boolean delete(String uid) {
        Asking before = bindings.get(uid);
        if (before == null || before.deleting()) {
            return false;
        }
        Asking deleted = before.deleted();
        bindings.put(uid, deleted);
        reach.written(deleted);
        counted(Happening.SELECTION_DELETED, deleted.selects());
        return counted(Happening.DELETED, true);
    }

    // ---- Azure and other people

    private boolean makeIdentity(ArmId id) {
        if (cloud.has(id)) {
            return false;
        }
        cloud.makeIdentity(id);
        return counted(Happening.IDENTITY_MADE_ANEW, true);
    }

    private boolean deleteIdentity(ArmId id) {
        if (!cloud.has(id)) {
            return false;
        }
        cloud.deleteIdentity(id);
        return counted(Happening.IDENTITY_DELETED, true);
    }

    private boolean make(Step.MakeMachine made) {
        TargetId target = made.target();
        Instant gone = deleted.get(target);
        if (books.has(target)) {
            return false;
        }
        if (gone != null && clock.instant().isBefore(gone.plus(MADE_ANEW))) {
            if (!errands.isEmpty()) {
                return false;
            }
            advanceTo(gone.plus(MADE_ANEW));
        }
        wire.changes(target);
        cloud.makeMachine(target);
        cloud.tag(target, made.tags());
        tags.put(target, cloud.tags(target));
        if (climate.instances() && target.kind() == MachineKind.SCALE_SET) {
            cloud.makeInstances(target, INSTANCES);
        }
        cloud.replace(target, made.brings().stream().filter(cloud::has).toList(), made.systemAssigned());
        books.made(cloud.look(target).orElseThrow());
        counted(Happening.MACHINE_MADE_ANEW, gone != null);
        return true;
    }

    private boolean delete(TargetId target) {
        if (look(target).isEmpty()) {
            return false;
        }
        wire.changes(target);
        cloud.deleteMachine(target);
        tags.remove(target);
        books.deleted(target);
        deleted.put(target, clock.instant());
        return counted(Happening.MACHINE_DELETED, true);
    }

    private boolean tag(TargetId target, Map<String, String> next) {
        Map<String, String> before = tags.get(target);
        if (before == null || before.equals(next) || !write(target, () -> cloud.tag(target, next))) {
            return false;
        }
        tags.put(target, cloud.tags(target));
        List<Asking> were = bound(target);
        changed();
        List<Asking> are = bound(target);
        counted(Happening.CEASED_TO_MATCH, !are.containsAll(were));
        counted(Happening.CAME_TO_MATCH, !were.containsAll(are));
        return true;
    }

    private boolean attach(TargetId target, ArmId id) {
        return look(target)
                .map(machine -> {
                    List<ArmId> ids = ids(machine);
                    if (machine.has(IdentityKey.of(id)) || !cloud.has(id)) {
                        return false;
                    }
                    ids.add(id);
                    return replace(target, ids, machine.has(IdentityKey.SYSTEM_ASSIGNED));
                })
                .orElse(false);
    }

    private boolean detach(TargetId target, ArmId id) {
        return look(target)
                .map(machine -> {
                    List<ArmId> ids = ids(machine);
                    return ids.remove(id) && replace(target, ids, machine.has(IdentityKey.SYSTEM_ASSIGNED));
                })
                .orElse(false);
    }

    private boolean system(TargetId target, boolean enabled) {
        return look(target)
                .map(machine ->
                        machine.has(IdentityKey.SYSTEM_ASSIGNED) != enabled && replace(target, ids(machine), enabled))
                .orElse(false);
    }

    private boolean replace(TargetId target, List<ArmId> ids, boolean system) {
        return write(target, () -> {
            Observation before = cloud.look(target).orElseThrow();
            List<ArmId> there = ids.stream()
                    .filter(id -> cloud.has(id) || before.has(IdentityKey.of(id)))
                    .toList();
            cloud.replace(target, there, system);
        });
    }

    private static List<ArmId> ids(Observation machine) {
        List<ArmId> ids = new ArrayList<>();
        Author.IDENTITIES.stream().filter(id -> machine.has(IdentityKey.of(id))).forEach(ids::add);
        return ids;
    }

    private boolean occupy(TargetId target) {
        return look(target)
                .filter(machine -> !machine.state().operationRuns())
                .map(_ -> counted(Happening.OCCUPIED, write(target, () -> cloud.occupy(target))))
                .orElse(false);
    }

    /** While an operation runs that is to fail, Azure refuses others. */
    private boolean write(TargetId target, Runnable writer) {
        if (look(target).isEmpty() || books.isDoomed(target)) {
            return false;
        }
        wire.changes(target);
        tally.happened(moment(target));
        Set<IdentityKey> takenForOurs = takenForOurs(target);
        writer.run();
        books.othersWrote(cloud.look(target).orElseThrow(), takenForOurs);
        return true;
    }

    private Happening moment(TargetId target) {
        if (errands.stream().anyMatch(errand -> errand.target().equals(target) && errand.plans())) {
            return Happening.FOREIGN_BEFORE_PATCH;
        }
        return cloud.look(target).orElseThrow().state().operationRuns()
                ? Happening.FOREIGN_DURING_OPERATION
                : Happening.FOREIGN_OTHERWISE;
    }

    /**
     * The price: what others add while the ledger says that it is ours, or while a round is under way that is about to
     * write so for what it saw before, leaves nothing by which it could be told from ours.
     */
    private Set<IdentityKey> takenForOurs(TargetId target) {
        String machineId = cloud.look(target).orElseThrow().machineId();
        Ledger ledger = ledgers.look(target);
        Set<IdentityKey> ours = new TreeSet<>();
        for (Claim claim : ledger.claims().values()) {
            if (Books.saysAttached(ledger, claim.id(), machineId)
                    || (claim.machineId().equals(machineId) && isAboutToSayAttached(target, claim.phase()))) {
                ours.add(claim.id());
            }
        }
        for (Errand errand : errands) {
            if (errand.target().equals(target)) {
                ours.addAll(adopted(target, errand));
            }
        }
        return ours;
    }

    private boolean isAboutToSayAttached(TargetId target, Phase phase) {
        return errands.stream().filter(errand -> errand.target().equals(target)).anyMatch(errand -> switch (phase) {
            case ATTACHING -> errand.hasPatched();
            case DETACHING, DETACHED -> true;
            case ATTACHED, EVICTING, UNSURE -> false;
        });
    }

    // ---- the operator

    private Replica process(int index) {
        return processes.get(index % processes.size());
    }

    private void restart(int index) {
        int at = index % processes.size();
        if (errands.stream().noneMatch(errand -> errand.process() == at)) {
            caused(Happening.RESTARTED);
            log(() -> "process " + at + " starts anew");
            processes.set(at, new Replica(this, wire));
        }
    }

    private void round(Step.Round step) {
        int at = step.process() % processes.size();
        if (errands.stream().anyMatch(errand -> errand.process() == at)) {
            return;
        }
        Replica process = processes.get(at);
        if (step.whenDue() && errands.isEmpty()) {
            process.due(step.target())
                    .filter(due -> due.isBefore(clock.instant().plus(SOON)))
                    .ifPresent(this::advanceTo);
        }
        if (step.hears()) {
            process.hear();
        }
        causes++;
        counted(Happening.DEAF, !step.hears());
        counted(Happening.TWO_AT_ONCE, !errands.isEmpty());
        log(() -> "round of process " + at + " on " + step.target().name() + (step.hears() ? "" : ", deaf"));
        round(at, step.target(), step.script());
    }

    /** A round, to its end or to the death of its process. */
    void round(int at, TargetId target, Script script) {
        Replica process = processes.get(at);
        tally.round();
        tally.happened(target.kind() == MachineKind.SCALE_SET ? Happening.SCALE_SET : Happening.VM);
        Errand errand = new Errand(at, target, script, order(target, process));
        errands.push(errand);
        try {
            OperatorProcess.Round round = process.round(target);
            counted(
                    Happening.IN_PASSING,
                    climate.inBulk()
                            && !errand.hasEverRead()
                            && round.outcome().seen().isPresent());
            boolean held = round.outcome().faults().values().stream().anyMatch(Fault.DetachHeld.class::isInstance);
            counted(Happening.HELD, held);
            counted(Happening.BLOCKED, !round.outcome().refusals().isEmpty());
            log(() -> "  knows " + Chronicle.of(round.outcome().ledger())
                    + round.outcome().fault().map(fault -> " " + fault).orElse("")
                    + round.outcome().faults()
                    + round.next().map(next -> " next " + next).orElse(""));
        } catch (Killed killed) {
            processes.set(at, new Replica(this, wire));
        } finally {
            errands.pop();
        }
        for (Asking asking : List.copyOf(bindings.values())) {
            if (processes.get(at).releases(asking)) {
                released(asking);
            }
        }
    }

    /** When the second process of two has been stopped. */
    void oneProcessIsLeft() {
        processes.subList(1, processes.size()).clear();
    }

    private Books.Order order(TargetId target, Replica process) {
        Set<String> kept = process.holders(target);
        List<Wishes> live = reach.told(bindings.values(), target, kept);
        List<Wishes> told = new ArrayList<>(live);
        told.addAll(reach.told(process.cached(), target, kept));
        Set<IdentityKey> forbidden = new TreeSet<>(everyId());
        forbidden.removeIf(id -> told.stream().noneMatch(wishes -> wishes.forbids(id)));
        Set<IdentityKey> wanted = new TreeSet<>(everyId());
        wanted.removeIf(id -> !live.stream().allMatch(wishes -> wishes.wants(id)));
        return new Books.Order(
                forbidden, wanted, books.memory(target), Guarded.of(told), kept, upgradesAtOnce(told), changes);
    }

    /** The most that any of what may be known allows. */
    private static int upgradesAtOnce(List<Wishes> any) {
        return any.stream().mapToInt(Wishes::upgradesAtOnce).max().orElse(0);
    }

    static List<IdentityKey> everyId() {
        List<IdentityKey> ids =
                new ArrayList<>(Author.IDENTITIES.stream().map(IdentityKey::of).toList());
        ids.add(IdentityKey.SYSTEM_ASSIGNED);
        return ids;
    }

    Errand errand() {
        return Objects.requireNonNull(errands.peek());
    }

    private Set<IdentityKey> adopted(TargetId target, Errand errand) {
        List<Wishes> told = new ArrayList<>(reach.told(bindings.values(), target, Set.of()));
        told.addAll(reach.told(processes.get(errand.process()).cached(), target, Set.of()));
        Set<IdentityKey> adopted = new TreeSet<>(everyId());
        adopted.removeIf(id -> told.stream().noneMatch(wishes -> wishes.adopts(id)));
        return adopted;
    }

    private void ledgerWritten(TargetId target, Ledger before, Ledger after) {
        log(() -> "    ledger " + Chronicle.of(after));
        Errand errand = errands.peek();
        Optional<Observation> machine = look(target);
        if (errand != null && machine.isPresent()) {
            books.ledgerWrote(target, machine.get().machineId(), after, adopted(target, errand));
        }
        if (errand != null) {
            after.claims().values().stream()
                    .filter(claim -> claim.phase() == Phase.ATTACHING && !speaks(before, claim.id(), claim.machineId()))
                    .forEach(claim -> errand.begins(claim.id()));
        }
        if (climate.calm() && after.claims().values().stream().anyMatch(claim -> claim.phase() == Phase.UNSURE)) {
            throw new Broken(Promise.DOUBT_HAS_A_CAUSE, Chronicle.of(after));
        }
    }

    private static boolean speaks(Ledger ledger, IdentityKey id, String machineId) {
        return ledger.claim(id)
                .filter(claim -> claim.machineId().equals(machineId))
                .isPresent();
    }

    // ---- calls

    @Override
    public void before(String call) {
        Errand errand = errand();
        errand.call();
        advanceTo(clock.instant().plus(A_CALL));
        log(() -> "  " + call);
        errand.interruptions(false).forEach(this::interrupt);
        follow(errand);
    }

    void after() {
        Errand errand = errand();
        errand.interruptions(true).forEach(this::interrupt);
        follow(errand);
    }

    @Override
    public void after(String call) {
        after();
    }

    @Override
    public Optional<StoredLedgers.Mishap> mishap() {
        Optional<StoredLedgers.Mishap> mishap = errand().ledgerFault();
        mishap.ifPresent(_ -> caused(Happening.LEDGER_FAILED));
        return mishap;
    }

    private void interrupt(Step step) {
        if (step instanceof Step.Round && errands.size() > 1) {
            return;
        }
        play(step);
    }

    /** What is no longer wanted may be removed, and what is forbidden by now, too; instances may be upgraded as is asked by now. */
    private void follow(Errand errand) {
        Books.Order order = errand.order();
        if (order.changes() == changes) {
            return;
        }
        List<Wishes> live = reach.told(bindings.values(), errand.target(), order.kept());
        Set<IdentityKey> wanted = new TreeSet<>(order.wanted());
        wanted.removeIf(id -> !live.stream().allMatch(wishes -> wishes.wants(id)));
        Set<IdentityKey> forbidden = new TreeSet<>(everyId());
        forbidden.removeIf(
                id -> !order.forbidden().contains(id) && live.stream().noneMatch(wishes -> wishes.forbids(id)));
        errand.order(new Books.Order(
                forbidden,
                wanted,
                order.memory(),
                order.guarded().and(live),
                order.kept(),
                Math.max(order.upgrades(), upgradesAtOnce(live)),
                changes));
    }

    // ---- time

    /** A request that reaches Azure later. What is wanted then, nobody can know. */
    void late(Instant due, TargetId target, Patch patch, Books.Order order) {
        late.add(new Late(due, target, patch, order.wanting(Set.of())));
    }

    void advanceTo(Instant moment) {
        while (true) {
            Optional<Late> next = late.stream()
                    .filter(request -> !request.due().isAfter(moment))
                    .min(Comparator.comparing(Late::due));
            if (next.isEmpty()) {
                break;
            }
            Late request = next.get();
            late.remove(request);
            moveTo(request.due());
            var answer = wire.send(request.target(), request.patch(), request.order(), Optional.empty());
            log(() -> "lands late: " + Chronicle.of(request.patch()) + ": " + Chronicle.of(answer));
        }
        moveTo(moment);
    }

    private void moveTo(Instant moment) {
        if (moment.isAfter(clock.instant())) {
            tally.turns(selectors()
                    * processes.size()
                    * (double) Duration.between(clock.instant(), moment).toMillis()
                    / A_QUESTION.toMillis());
            clock.set(moment);
        }
        if (!clock.instant().isBefore(ticked.plusSeconds(1))) {
            ticked = clock.instant();
            processes.forEach(Replica::tick);
        }
    }

    /** Equal ones are one question. */
    long selectors() {
        return bindings.values().stream()
                .filter(Asking::selects)
                .map(Asking::about)
                .distinct()
                .count();
    }

    int processes() {
        return processes.size();
    }

    boolean isUnderWay() {
        return !late.isEmpty();
    }

    /** Everything unknown or refused becomes known and allowed, and every identity is there. */
    void resolve() {
        Author.IDENTITIES.forEach(this::makeIdentity);
        for (Asking asking : List.copyOf(bindings.values())) {
            write(new Asking(
                    asking.holder(),
                    asking.generation() + 1,
                    asking.deleting(),
                    asking.about(),
                    asking.listed().stream()
                            .map(listed -> new Asking.Listed(listed.id(), true, listed.adopt()))
                            .toList(),
                    allowed(asking),
                    asking.manner(),
                    asking.blocks(),
                    true,
                    asking.upgradesAtOnce()));
        }
    }

    /** Who asks for nothing else asks to disable it. */
    private static Asking.OwnIdentity allowed(Asking asking) {
        if (asking.system() != Asking.OwnIdentity.REFUSED) {
            return asking.system();
        }
        return asking.listed().isEmpty() ? Asking.OwnIdentity.DISABLED : Asking.OwnIdentity.NOTHING;
    }

    /** How many identities are wanted on a machine and do not exist. */
    int missing() {
        return (int) targets.stream()
                .map(target -> new Wishes(bound(target)))
                .flatMap(wishes ->
                        Author.IDENTITIES.stream().filter(id -> !cloud.has(id) && wishes.wants(IdentityKey.of(id))))
                .count();
    }

    /**
     * A person confirms on every ledger that says so.
     *
     * @return whether there was one
     */
    boolean confirmHeld() {
        boolean some = false;
        for (TargetId target : targets) {
            if (isHeld(target) && confirm(target)) {
                some = true;
                caused(Happening.CONFIRMED);
                log(() -> "confirmed on " + target.name());
            }
        }
        for (String uid : List.copyOf(bindings.keySet())) {
            if (confirm(uid)) {
                some = true;
                log(() -> "confirmed on " + uid);
            }
        }
        return some;
    }

    boolean isHeld(TargetId target) {
        return leader().last(target)
                .filter(round ->
                        round.outcome().faults().values().stream().anyMatch(Fault.DetachHeld.class::isInstance))
                .isPresent();
    }

    Optional<Instant> nextDue() {
        return targets.stream().flatMap(target -> leader().due(target).stream()).min(Comparator.naturalOrder());
    }
}
