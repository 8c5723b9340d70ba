package dev.vmidentity.binding;

import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.Roster;
import dev.vmidentity.status.SelectionStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One binding that has a selector: which machines it is about, and how it stands on all of them together.
 *
 * <p>An outcome costs it a look at that one machine; all are looked at when something of the binding changes, and otherwise
 * at most every {@link Pace#APART}.
 */
final class Selection {
    /** How long a new process waits for what all machines tell before it writes a status that speaks of this spec already. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(Selection.class);

    private final Around around;
    private final Membership membership;
    private final Cards cards;
    private final Farewells farewells = new Farewells();

    /** Machines of which something is known since they were looked at. */
    private final Set<TargetId> news = ConcurrentHashMap.newKeySet();

    /** Machines that are being asked whether they still match. */
    private final Set<TargetId> asking = ConcurrentHashMap.newKeySet();

    /** Machines of which this process has ever asked something, and of which it does not know that nothing is left. */
    private final Set<TargetId> touched = ConcurrentHashMap.newKeySet();

    private volatile VmIdentityBinding binding;

    /** Whether something has happened that no single machine tells. */
    private volatile boolean anew = true;

    // What the last look at all machines was about, and what came of it.
    private Instant looked = Instant.MIN;
    private Resolver.@Nullable Resolved resolved;
    private Matches.@Nullable Known known;
    private Optional<Instant> confirmed = Optional.empty();
    private Set<TargetId> matched = Set.of();
    private int notAllowed;
    private boolean shownDone;

    // What a new process has to know before it writes.
    private @Nullable Instant knownSince;
    private boolean caughtUp;

    /** What is around all of them. */
    record Around(
            Resolver resolver,
            Holdings holdings,
            Rounds rounds,
            Matches matches,
            Granting granting,
            Brake brake,
            Duration gone,
            Reporter reporter,
            Clock clock) {}

    /**
     * What came of a look.
     *
     * @param released whether nothing of a binding that is deleted is left on any machine, as far as is known
     * @param again when to look again, even if nothing happens
     */
    record Looked(boolean released, Optional<Duration> again) {
        static final Looked DONE = new Looked(false, Optional.empty());
        static final Looked RELEASED = new Looked(true, Optional.empty());

        static Looked again(Duration wait) {
            return new Looked(false, Optional.of(wait));
        }
    }

    Selection(VmIdentityBinding binding, Selector selector, Around around) {
        this.around = around;
        this.binding = binding;
        this.cards = new Cards(around.rounds(), around.granting());
        VmIdentityBindingStatus before = around.reporter().current(binding);
        this.membership = new Membership(
                selector,
                isOfOlderSpec(before, binding),
                announced(before),
                around.brake().most(),
                around.gone());
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

    // ---- what it is about

    VmIdentityBinding binding() {
        return binding;
    }

    /** Whether its selector is known to be that of the binding: to read one costs more than to compare. */
    boolean isReadFrom(VmIdentityBinding other) {
        return binding.getSpec().target().equals(other.getSpec().target());
    }

    synchronized Selector selector() {
        return membership.selector();
    }

    /**
     * How the machine stands to that selector.
     *
     * @param held whether the binding holds something there
     */
    synchronized Membership.Standing standing(Selector selector, TargetId machine, boolean held) {
        return membership.selector().equals(selector)
                ? membership.standing(machine, held)
                : Membership.Standing.UNKNOWN;
    }

    /** Whether it is known which machines it is about, or it asks nothing of any. */
    synchronized boolean isDecided() {
        return membership.isKnown() || binding.isMarkedForDeletion();
    }

    /** Whether something may be on the machine that the ledgers do not tell of yet. */
    boolean mayHaveTouched(TargetId machine) {
        return touched.contains(machine);
    }

    // ---- what happens

    /** Something is asked of the machine. */
    void touches(TargetId machine) {
        touched.add(machine);
    }

    /** Something has become known of the machine. */
    void hears(TargetId machine) {
        news.add(machine);
    }

    /** The machines that are to be asked by now; who is being deleted lets go of all, whether they match or not. */
    synchronized List<TargetId> due(Instant now) {
        if (binding.isMarkedForDeletion()) {
            return List.of();
        }
        return membership.due(now).stream()
                .filter(machine -> !asking.contains(machine))
                .toList();
    }

    /** The machine is about to be asked whether it still matches. */
    void begins(TargetId machine) {
        asking.add(machine);
    }

    void ends(TargetId machine) {
        asking.remove(machine);
    }

    /**
     * The machine was asked whether it still matches.
     *
     * @return whether it stands otherwise than before
     */
    synchronized boolean sees(TargetId machine, Fleet.Sight sight) {
        if (!membership.looked(machine, sight, around.clock().instant())) {
            return false;
        }
        LOG.atInfo()
                .addKeyValue("target", machine)
                .addKeyValue("binding", name())
                .addKeyValue("matches", membership.standing(machine, false))
                .log("machine asked whether it still matches");
        anew = true;
        if (around.holdings().on(machine, uid())) {
            farewells.had(machine);
        }
        return true;
    }

    /** The machines on which this process has asked something. */
    Set<TargetId> touched() {
        return Set.copyOf(touched);
    }

    // ---- the binding as a whole

    /** Looks at what has changed, asks for rounds where there were none about this, and writes the status. */
    synchronized Looked look(VmIdentityBinding latest, Selector selector) {
        binding = latest;
        if (!membership.selector().equals(selector)) {
            membership.reselect(selector);
        }
        return latest.isMarkedForDeletion() ? release() : look();
    }

    /** Nothing is asked any longer: every machine on which it may hold something has to say that nothing is left. */
    private Looked release() {
        Instant now = around.clock().instant();
        Optional<Duration> early = early(now);
        if (early.isPresent() && touched.size() > Pace.FEW && !anew) {
            return Looked.again(early.get());
        }
        Resolver.Resolved latest = around.resolver().resolve(binding);
        touched.addAll(around.holdings().of(uid()));
        List<TargetId> left = touched.stream()
                .filter(machine -> !isReleased(machine, latest.contribution().on(machine)))
                .toList();
        if (left.isEmpty()) {
            return Looked.RELEASED;
        }
        if (early.isPresent() && !anew) {
            return Looked.again(early.get());
        }
        looked = now;
        anew = false;
        BindingView view = latest.view()
                .keeping(left.stream()
                        .map(machine -> kept(latest, machine))
                        .filter(kept -> !kept.isEmpty())
                        .findFirst()
                        .orElse(Map.of()));
        report(SelectionStatus.render(view, latest.roles(), Roster.leaving(left.size()), current(), generation(), now));
        return Looked.again(Pace.APART);
    }

    /** What stays on that machine because of other bindings. */
    private Map<IdentityKey, BindingView.Kept> kept(Resolver.Resolved latest, TargetId machine) {
        return Telling.of(latest.on(machine), around.rounds().latest().apply(machine))
                .kept();
    }

    private boolean isReleased(TargetId machine, Contribution deleting) {
        return around.rounds()
                .about(machine, uid(), Optional.of(deleting))
                .filter(known -> known.ledgerKnown() && !known.holds(uid()))
                .isPresent();
    }

    private Looked look() {
        Instant now = around.clock().instant();
        Resolver.Resolved latest = around.resolver().resolve(binding);
        Matches.Known answer =
                latest.blocked() ? Matches.Known.NOTHING : around.matches().of(membership.selector());
        Optional<Instant> word = KubernetesLedgers.confirmed(binding);
        boolean changed = !latest.equals(resolved);
        if (changed) {
            cards.clear();
        }
        if (!changed && !anew && answer.equals(known) && word.equals(confirmed)) {
            takeNews();
            Optional<Duration> early = early(now);
            if (early.isPresent() && isDone() == shownDone) {
                return Looked.again(early.get());
            }
        }
        resolved = latest;
        known = answer;
        confirmed = word;
        anew = false;
        looked = now;
        return survey(answer, now);
    }

    private Optional<Duration> early(Instant now) {
        return looked.equals(Instant.MIN)
                ? Optional.empty()
                : Optional.of(Duration.between(now, looked.plus(Pace.APART))).filter(Duration::isPositive);
    }

    /** Looks at all machines. */
    private Looked survey(Matches.Known answer, Instant now) {
        Set<TargetId> held = new HashSet<>(around.holdings().of(uid()));
        boolean blocked = resolved().blocked();
        answer.machines()
                .filter(_ -> !blocked)
                .ifPresent(machines -> membership
                        .take(machines, held, around.brake().isConfirmed(confirmed), now)
                        .forEach(around.rounds().submit()));
        Set<TargetId> allowed = new HashSet<>(membership.matched());
        allowed.removeIf(machine -> !resolved().may().targets().covers(machine.id()));
        notAllowed = membership.matched().size() - allowed.size();
        matched = blocked ? Set.of() : allowed;
        cards.retain(matched);
        touched.removeIf(machine -> !membership.remembers(machine) && !held.contains(machine));
        takeNews();
        matched.stream()
                .filter(machine -> !cards.all().containsKey(machine))
                .forEach(machine -> cards.look(resolved(), machine, generation()));
        List<TargetId> left = held.stream().filter(membership::hasLeft).toList();
        for (TargetId machine : left) {
            // What is left since a round that was about what is asked of the machine now has its reasons.
            around.rounds().about(machine, uid(), around.granting().contribution(binding, machine));
            farewells.had(machine);
        }
        sayWhatStays();
        return show(answer, left, now);
    }

    private void sayWhatStays() {
        List<TargetId> fresh = farewells.take(membership);
        if (!fresh.isEmpty()
                && binding.getSpec().deletionPolicy() == BindingDeletionPolicy.Retain
                && !resolved().contribution().manner().observes()) {
            around.reporter().retained(binding, fresh);
        }
    }

    private void takeNews() {
        for (TargetId machine : Set.copyOf(news)) {
            news.remove(machine);
            if (matched.contains(machine)) {
                cards.look(resolved(), machine, generation());
            }
        }
    }

    private boolean isDone() {
        return cards.converged() == matched.size();
    }

    private Looked show(Matches.Known answer, List<TargetId> left, Instant now) {
        boolean waiting = !membership.isKnown() && !resolved().blocked();
        caughtUp |= !waiting && cards.all().size() == matched.size();
        if (!waiting && knownSince == null) {
            knownSince = now;
        }
        boolean patient = knownSince != null && now.isBefore(knownSince.plus(PATIENCE));
        if (Reporter.speaksOf(current(), binding) && (waiting || (!caughtUp && patient))) {
            // What was written last is no worse than a guess, and a new process knows less than its predecessor.
            return waiting ? Looked.DONE : Looked.again(Pace.APART);
        }
        Roster roster = roster(answer, left);
        report(SelectionStatus.render(view(), resolved().roles(), roster, current(), generation(), now));
        caughtUp = true;
        shownDone = isDone();
        return Looked.DONE;
    }

    private Roster roster(Matches.Known answer, List<TargetId> left) {
        Set<TargetId> leaving = new HashSet<>(membership.leaving());
        leaving.addAll(left);
        int moved = (int) leaving.stream().filter(membership::hasMoved).count();
        Optional<Roster.Held> held = membership
                .braked()
                .map(each -> new Roster.Held(
                        each.missing(),
                        each.holding(),
                        binding.getMetadata().getNamespace(),
                        binding.getMetadata().getName()));
        return new Roster(
                membership.isKnown(),
                matched.size(),
                cards.all(),
                leaving.size(),
                moved,
                notAllowed,
                answer.fault(),
                held);
    }

    private BindingView view() {
        BindingView view = resolved().view();
        return resolved().contribution().manner().observes() ? view.observing(Optional.empty()) : view;
    }

    private @Nullable VmIdentityBindingStatus current() {
        return around.reporter().current(binding);
    }

    private void report(VmIdentityBindingStatus status) {
        around.reporter().report(binding, status);
    }

    private Resolver.Resolved resolved() {
        return Objects.requireNonNull(resolved);
    }

    private String uid() {
        return binding.getMetadata().getUid();
    }

    private String name() {
        return binding.getMetadata().getNamespace() + "/"
                + binding.getMetadata().getName();
    }

    private long generation() {
        return binding.getMetadata().getGeneration();
    }
}
