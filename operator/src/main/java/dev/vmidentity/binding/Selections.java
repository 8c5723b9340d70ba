package dev.vmidentity.binding;

import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.kube.Events;
import dev.vmidentity.kube.StatusWriter;
import dev.vmidentity.status.BindingStatus;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.RetainedText;
import dev.vmidentity.status.RolesView;
import dev.vmidentity.status.Roster;
import dev.vmidentity.status.SelectionStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bindings that have a selector: which machines each is about, what it asks of them, and how it stands on all of them
 * together.
 *
 * <p>An outcome costs the binding a look at that one machine; all are looked at when something of the binding changes, and
 * otherwise at most every five seconds.
 */
final class Selections {
    /** How many machines are asked in a second whether they still match. */
    private static final int LOOKS_AT_ONCE = 10;

    /** How long a new process waits for what all machines tell before it writes a status that speaks of this spec already. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(Selections.class);

    private final Resolver resolver;
    private final Holdings holdings;
    private final Function<TargetId, Optional<Published>> outcomes;
    private final Consumer<TargetId> submit;
    private final Consumer<VmIdentityBinding> wake;
    private final Fleet fleet;
    private final Matches matches;
    private final Brake brake;
    private final Duration gone;
    private final StatusWriter writer;
    private final Events events;
    private final Executor executor;
    private final Clock clock;
    private final Map<String, Selection> selections = new ConcurrentHashMap<>();
    private volatile @Nullable Granting granting;

    /**
     * What came of a look.
     *
     * @param released whether nothing of a binding that is deleted is left on any machine, as far as is known
     * @param again when to look again, even if nothing happens
     */
    record Looked(boolean released, Optional<Duration> again) {
        static final Looked DONE = new Looked(false, Optional.empty());
    }

    /**
     * Asks nobody yet.
     *
     * @param submit asks for a round of a machine
     * @param wake has a binding looked at
     * @param interval how often is asked which machines match
     * @param executor on which Azure is asked
     */
    Selections(
            Resolver resolver,
            Holdings holdings,
            Function<TargetId, Optional<Published>> outcomes,
            Consumer<TargetId> submit,
            Consumer<VmIdentityBinding> wake,
            Fleet fleet,
            Duration interval,
            Brake brake,
            Duration gone,
            StatusWriter writer,
            Events events,
            Executor executor,
            Clock clock) {
        this.resolver = resolver;
        this.holdings = holdings;
        this.outcomes = outcomes;
        this.submit = submit;
        this.wake = wake;
        this.fleet = fleet;
        this.matches = new Matches(fleet, interval, this::answered, executor, clock);
        this.brake = brake;
        this.gone = gone;
        this.writer = writer;
        this.events = events;
        this.executor = executor;
        this.clock = clock;
    }

    /** To be called once, before anything is asked: the two know each other. */
    void connect(Granting other) {
        granting = other;
    }

    private Granting granting() {
        return Objects.requireNonNull(granting);
    }

    // ---- what a binding asks of a machine

    /**
     * What the binding asks of the machine; empty when it is not about it. While that is not known, what it asks for and
     * what it holds there stays as it is.
     */
    Optional<Contribution> on(VmIdentityBinding binding, TargetId machine) {
        String uid = binding.getMetadata().getUid();
        Selection selection = selections.get(uid);
        Optional<Selector> selector = selection != null && selection.isReadFrom(binding)
                ? Optional.of(selection.selector())
                : resolver.selector(binding);
        if (selector.isEmpty()) {
            return ofOne(binding, machine);
        }
        boolean held = holdings.on(machine, uid);
        boolean mayHold = held || (selection != null && selection.touched.contains(machine));
        if (binding.isMarkedForDeletion()) {
            return mayHold
                    ? Optional.of(resolver.resolve(binding).contribution().on(machine))
                    : Optional.empty();
        }
        return switch (standing(selection, selector.get(), machine, held)) {
            case IN -> asked(resolver.resolve(binding), selection, machine, mayHold);
            case LEAVING -> Optional.of(resolver.resolve(binding).contribution().keptOn(machine));
            case OUT -> Optional.empty();
            case UNKNOWN ->
                mayHold || selector.get().mayMatch(machine)
                        ? kept(resolver.resolve(binding), machine, mayHold)
                        : Optional.empty();
        };
    }

    /** A target that this version does not understand, or cannot resolve at present, is no other target. */
    private Optional<Contribution> ofOne(VmIdentityBinding binding, TargetId machine) {
        Optional<TargetId> one = resolver.target(binding);
        if (one.isPresent()) {
            return one.filter(machine::equals)
                    .map(_ -> resolver.resolve(binding).contribution());
        }
        return !binding.isMarkedForDeletion()
                        && holdings.on(machine, binding.getMetadata().getUid())
                ? Optional.of(resolver.resolve(binding).contribution().keptOn(machine))
                : Optional.empty();
    }

    private static Membership.Standing standing(
            @Nullable Selection selection, Selector selector, TargetId machine, boolean held) {
        if (selection == null) {
            return Membership.Standing.UNKNOWN;
        }
        synchronized (selection) {
            return selection.membership.selector().equals(selector)
                    ? selection.membership.standing(machine, held)
                    : Membership.Standing.UNKNOWN;
        }
    }

    /** A right that is taken back keeps what exists and adds nothing. */
    private static Optional<Contribution> asked(
            Resolver.Resolved resolved, @Nullable Selection selection, TargetId machine, boolean mayHold) {
        if (!resolved.blocked() && resolved.may().targets().covers(machine.id())) {
            if (selection != null) {
                selection.touched.add(machine);
            }
            return Optional.of(resolved.contribution().on(machine));
        }
        return kept(resolved, machine, mayHold);
    }

    private static Optional<Contribution> kept(Resolver.Resolved resolved, TargetId machine, boolean mayHold) {
        return mayHold || (!resolved.blocked() && resolved.may().targets().covers(machine.id()))
                ? Optional.of(resolved.contribution().keptOn(machine))
                : Optional.empty();
    }

    // ---- what happens

    /** A round of a machine has made something known. */
    void published(Published published) {
        TargetId machine = published.outcome().target();
        Stream.concat(
                        published.contributions().stream().map(Contribution::holder),
                        published.outcome().ledger().claims().values().stream()
                                .flatMap(claim -> claim.holders().stream()))
                .map(holder -> selections.get(holder.binding()))
                .filter(Objects::nonNull)
                .forEach(selection -> selection.news.add(machine));
    }

    /** Something else than the machine itself is otherwise there for the binding. */
    void changed(String binding, TargetId machine) {
        Selection selection = selections.get(binding);
        if (selection != null) {
            selection.news.add(machine);
        }
    }

    private void answered(Selector selector) {
        selections.values().stream()
                .filter(selection -> selection.isAbout(selector))
                .forEach(selection -> wake.accept(selection.binding));
    }

    /** Asks what is due: which machines match, and of those that are missing whether they still do. */
    void tick() {
        matches.tick(selections.values().stream().map(Selection::selector).collect(Collectors.toSet()));
        Instant now = clock.instant();
        int asked = 0;
        for (Selection selection : selections.values()) {
            for (TargetId machine : selection.due(now)) {
                if (asked == LOOKS_AT_ONCE) {
                    return;
                }
                asked++;
                selection.asking.add(machine);
                executor.execute(() -> ask(selection, machine));
            }
        }
    }

    private void ask(Selection selection, TargetId machine) {
        try {
            Fleet.Sight sight = fleet.look(machine);
            boolean changed;
            synchronized (selection) {
                changed = selection.membership.looked(machine, sight, clock.instant());
            }
            if (changed) {
                LOG.atInfo()
                        .addKeyValue("target", machine)
                        .addKeyValue("binding", selection.name())
                        .addKeyValue("matches", selection.standing(machine))
                        .log("machine asked whether it still matches");
                selection.anew = true;
                if (holdings.on(machine, selection.uid())) {
                    selection.parting.add(machine);
                }
                submit.accept(machine);
                wake.accept(selection.binding);
            }
        } finally {
            selection.asking.remove(machine);
        }
    }

    /** The binding has no selector any longer; what it holds is no longer held back here. */
    void forget(VmIdentityBinding binding) {
        selections.remove(binding.getMetadata().getUid());
    }

    /** The binding is gone, in whatever way: its machines go on without it. */
    void gone(VmIdentityBinding binding) {
        String uid = binding.getMetadata().getUid();
        Selection selection = selections.remove(uid);
        Set<TargetId> machines = new HashSet<>(holdings.of(uid));
        if (selection != null) {
            machines.addAll(selection.touched);
        }
        machines.forEach(submit);
    }

    // ---- the binding as a whole

    /** Looks at what has changed, submits what is not covered, and writes the status. */
    Looked look(VmIdentityBinding binding) {
        Selector selector = resolver.selector(binding).orElseThrow();
        String uid = binding.getMetadata().getUid();
        Selection selection = selections.computeIfAbsent(uid, _ -> new Selection(binding, selector));
        synchronized (selection) {
            selection.binding = binding;
            if (!selection.membership.selector().equals(selector)) {
                selection.membership.reselect(selector);
            }
            return binding.isMarkedForDeletion() ? selection.release() : selection.look();
        }
    }

    /** One binding. Guarded by itself, but for the two sets that others add to. */
    private final class Selection {
        private final Membership membership;
        private final Map<TargetId, VmIdentityBindingStatus> cards = new HashMap<>();
        private final Set<TargetId> news = ConcurrentHashMap.newKeySet();
        private final Set<TargetId> asking = ConcurrentHashMap.newKeySet();

        /** Machines of which this process has ever asked something, and of which it does not know that nothing is left. */
        private final Set<TargetId> touched = ConcurrentHashMap.newKeySet();

        /** Machines on which it held something when they were asked, whatever they said. */
        private final Set<TargetId> parting = ConcurrentHashMap.newKeySet();

        /** Of those that have left, the ones of which it was said that something stays there. */
        private final Set<TargetId> retained = new HashSet<>();

        private @Nullable Instant knownSince;
        private volatile VmIdentityBinding binding;
        private volatile boolean anew = true;
        private Set<TargetId> matched = Set.of();
        private int notAllowed;
        private boolean caughtUp;
        private int converged;
        private boolean shownDone;
        private Instant looked = Instant.MIN;
        private Resolver.@Nullable Resolved resolved;
        private Matches.@Nullable Known known;
        private Optional<Instant> word = Optional.empty();

        Selection(VmIdentityBinding binding, Selector selector) {
            this.binding = binding;
            VmIdentityBindingStatus before = writer.current(binding);
            this.membership =
                    new Membership(selector, isOfOlderSpec(before, binding), announced(before), brake.most(), gone);
        }

        /** Written down: a status that is lost, or was never there, explains nothing. */
        private static boolean isOfOlderSpec(@Nullable VmIdentityBindingStatus before, VmIdentityBinding binding) {
            return before != null
                    && before.observedGeneration() != null
                    && before.observedGeneration() < binding.getMetadata().getGeneration();
        }

        private static int announced(@Nullable VmIdentityBindingStatus before) {
            if (before == null || before.targets() == null) {
                return 0;
            }
            boolean held = before.conditions().stream().anyMatch(each -> each.reason() == Reason.DetachesHeld);
            return held ? 0 : before.targets().leaving();
        }

        String name() {
            return binding.getMetadata().getNamespace() + "/"
                    + binding.getMetadata().getName();
        }

        /** Whether its selector is known to be that of the binding: to read one costs more than to compare. */
        boolean isReadFrom(VmIdentityBinding other) {
            return binding.getSpec().target().equals(other.getSpec().target());
        }

        synchronized Selector selector() {
            return membership.selector();
        }

        synchronized boolean isAbout(Selector selector) {
            return membership.selector().equals(selector);
        }

        synchronized Membership.Standing standing(TargetId machine) {
            return membership.standing(machine, false);
        }

        /** Who is being deleted lets go of all of them, whether they match or not. */
        synchronized List<TargetId> due(Instant now) {
            if (binding.isMarkedForDeletion()) {
                return List.of();
            }
            return membership.due(now).stream()
                    .filter(machine -> !asking.contains(machine))
                    .toList();
        }

        /** Nothing is asked any longer: every machine on which it may hold something has to say that nothing is left. */
        private Looked release() {
            Instant now = clock.instant();
            Optional<Duration> early = early(now);
            if (early.isPresent() && touched.size() > Pace.FEW && !anew) {
                return new Looked(false, early);
            }
            Contribution deleting = resolver.resolve(binding).contribution();
            touched.addAll(holdings.of(uid()));
            List<TargetId> left = touched.stream()
                    .filter(machine -> !isReleased(machine, deleting.on(machine)))
                    .toList();
            if (left.isEmpty()) {
                return new Looked(true, Optional.empty());
            }
            if (early.isPresent() && !anew) {
                return new Looked(false, early);
            }
            looked = now;
            anew = false;
            Roster roster = Roster.leaving(left.size());
            Resolver.Resolved latest = resolver.resolve(binding);
            write(SelectionStatus.render(
                    latest.view(), latest.roles(), roster, writer.current(binding), generation(), now));
            return new Looked(false, Optional.of(Pace.APART));
        }

        private boolean isReleased(TargetId machine, Contribution deleting) {
            Optional<Published> published = outcomes.apply(machine);
            boolean covered = published
                    .flatMap(all -> all.contribution(uid()))
                    .filter(deleting::equals)
                    .isPresent();
            if (!covered) {
                submit.accept(machine);
            }
            return covered && published.get().ledgerKnown() && !published.get().holds(uid());
        }

        private Looked look() {
            Instant now = clock.instant();
            Resolver.Resolved latest = resolver.resolve(binding);
            Matches.Known answer = latest.blocked() ? Matches.Known.NOTHING : matches.of(membership.selector());
            Optional<Instant> confirmed = KubernetesLedgers.confirmed(binding);
            boolean changed = !latest.equals(resolved);
            if (changed) {
                cards.clear();
                converged = 0;
            }
            if (!changed && !anew && answer.equals(known) && confirmed.equals(word)) {
                takeNews();
                Optional<Duration> early = early(now);
                if (early.isPresent() && isDone() == shownDone) {
                    return new Looked(false, early);
                }
            }
            resolved = latest;
            known = answer;
            word = confirmed;
            anew = false;
            looked = now;
            return survey(answer, now);
        }

        private Optional<Duration> early(Instant now) {
            return looked.equals(Instant.MIN)
                    ? Optional.empty()
                    : Optional.of(Duration.between(now, looked.plus(Pace.APART)))
                            .filter(Duration::isPositive);
        }

        /** Looks at all machines. */
        private Looked survey(Matches.Known answer, Instant now) {
            Set<TargetId> held = new HashSet<>(holdings.of(uid()));
            boolean blocked = resolved().blocked();
            answer.machines()
                    .filter(_ -> !blocked)
                    .ifPresent(machines -> membership
                            .take(machines, held, brake.isConfirmed(word), now)
                            .forEach(submit));
            Set<TargetId> allowed = new HashSet<>(membership.matched());
            allowed.removeIf(machine -> !resolved().may().targets().covers(machine.id()));
            notAllowed = membership.matched().size() - allowed.size();
            matched = blocked ? Set.of() : allowed;
            Set.copyOf(cards.keySet()).stream()
                    .filter(machine -> !matched.contains(machine))
                    .forEach(machine -> put(machine, null));
            touched.removeIf(machine -> !membership.remembers(machine) && !held.contains(machine));
            takeNews();
            matched.stream().filter(machine -> !cards.containsKey(machine)).forEach(this::card);
            List<TargetId> left = held.stream().filter(membership::hasLeft).toList();
            left.stream().filter(machine -> !isCovered(machine)).forEach(submit);
            parting.addAll(left);
            sayWhatStays();
            return show(answer, left, now);
        }

        /** Whether a round was about what is asked of the machine now: if something is left since then, it has its reasons. */
        private boolean isCovered(TargetId machine) {
            return outcomes.apply(machine)
                    .filter(known -> known.contribution(uid()).equals(granting().contribution(binding, machine)))
                    .isPresent();
        }

        /** Nothing of it is in the ledgers a moment later, nor in the status. */
        private void sayWhatStays() {
            retained.removeIf(machine -> !membership.hasLeft(machine));
            List<TargetId> fresh = parting.stream()
                    .filter(machine -> membership.hasLeft(machine) && retained.add(machine))
                    .sorted()
                    .toList();
            parting.clear();
            if (!fresh.isEmpty()
                    && binding.getSpec().deletionPolicy() == BindingDeletionPolicy.Retain
                    && !resolved().contribution().manner().observes()) {
                events.say(binding, Events.Tone.Normal, Reason.Retained, RetainedText.on(fresh));
            }
        }

        private void takeNews() {
            for (TargetId machine : Set.copyOf(news)) {
                news.remove(machine);
                if (matched.contains(machine)) {
                    card(machine);
                }
            }
        }

        /** How the binding stands on one machine: as if it were about that one alone. */
        private void card(TargetId machine) {
            Resolver.Resolved here = resolved().on(machine);
            Optional<Published> published = outcomes.apply(machine);
            boolean covered = published
                    .flatMap(all -> all.contribution(uid()))
                    .filter(here.contribution()::equals)
                    .isPresent();
            Optional<RolesView> given = covered ? granting().view(here) : Optional.empty();
            if (!covered) {
                submit.accept(machine);
            }
            put(machine, given.map(known -> card(here, published, known)).orElse(null));
        }

        private VmIdentityBindingStatus card(Resolver.Resolved here, Optional<Published> published, RolesView known) {
            Optional<Outcome> outcome = published.map(Published::outcome);
            BindingView told = Telling.of(here, published, List.of());
            return BindingStatus.render(told, known, outcome, null, generation(), Instant.EPOCH);
        }

        private void put(TargetId machine, @Nullable VmIdentityBindingStatus card) {
            VmIdentityBindingStatus before = card == null ? cards.remove(machine) : cards.put(machine, card);
            converged += (card != null && Roster.isConverged(card) ? 1 : 0)
                    - (before != null && Roster.isConverged(before) ? 1 : 0);
        }

        private boolean isDone() {
            return converged == matched.size();
        }

        private Looked show(Matches.Known answer, List<TargetId> left, Instant now) {
            VmIdentityBindingStatus before = writer.current(binding);
            boolean speaks = before != null && Objects.equals(before.observedGeneration(), generation());
            boolean waiting = !membership.isKnown() && !resolved().blocked();
            caughtUp |= !waiting && cards.size() == matched.size();
            if (!waiting && knownSince == null) {
                knownSince = now;
            }
            if (speaks && (waiting || (!caughtUp && knownSince != null && now.isBefore(knownSince.plus(PATIENCE))))) {
                // What was written last is no worse than a guess, and a new process knows less than its predecessor.
                return new Looked(false, waiting ? Optional.empty() : Optional.of(Pace.APART));
            }
            Set<TargetId> leaving = new HashSet<>(membership.leaving());
            leaving.addAll(left);
            int moved = (int) leaving.stream().filter(membership::hasMoved).count();
            Roster roster = new Roster(
                    membership.isKnown(),
                    matched.size(),
                    cards,
                    leaving.size(),
                    moved,
                    notAllowed,
                    answer.fault(),
                    membership
                            .braked()
                            .map(each -> new Roster.Held(
                                    each.missing(),
                                    each.holding(),
                                    binding.getMetadata().getNamespace(),
                                    binding.getMetadata().getName())));
            VmIdentityBindingStatus status =
                    SelectionStatus.render(view(), resolved().roles(), roster, before, generation(), now);
            write(status);
            caughtUp = true;
            shownDone = isDone();
            return Looked.DONE;
        }

        private void write(VmIdentityBindingStatus status) {
            VmIdentityBindingStatus before = writer.current(binding);
            List<Condition> were = before == null ? List.of() : before.conditions();
            if (writer.write(binding, status)
                    && status.conditions().stream().noneMatch(each -> each.reason() == Reason.Observing)) {
                events.readyChanged(binding, were, status.conditions());
                events.cameUp(binding, ConditionType.DefaultIdentityChanged, were, status.conditions());
            }
        }

        private BindingView view() {
            BindingView view = resolved().view();
            return resolved().contribution().manner().observes() ? view.observing(Optional.empty()) : view;
        }

        private Resolver.Resolved resolved() {
            return Objects.requireNonNull(resolved);
        }

        private String uid() {
            return binding.getMetadata().getUid();
        }

        private long generation() {
            return binding.getMetadata().getGeneration();
        }
    }
}
