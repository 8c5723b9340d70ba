package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.binding.Selection.Looked;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The bindings that have a selector: what each asks of a machine, and whom it has to ask whether it still matches. */
final class Selections {
    /** How many machines are asked in a second whether they still match. */
    private static final int LOOKS_AT_ONCE = 10;

    private final Resolver resolver;
    private final Holdings holdings;
    private final Rounds rounds;
    private final Consumer<VmIdentityBinding> wake;
    private final Fleet fleet;
    private final Matches matches;
    private final Granting granting;
    private final Executor executor;
    private final Clock clock;
    private final Selection.Around around;
    private final Map<String, Selection> selections = new ConcurrentHashMap<>();

    /** By binding, the machines that were left as they are because nobody knew yet whether it is about them. */
    private final Map<String, Set<TargetId>> undecided = new ConcurrentHashMap<>();

    /**
     * Asks nobody yet.
     *
     * @param roles how the roles of a binding stand on a machine, as far as that is known
     * @param wake has a binding looked at
     * @param interval how often is asked which machines match
     * @param gone how far apart two answers must be for a machine to count as gone
     * @param executor on which Azure is asked
     */
    Selections(
            Resolver resolver,
            Holdings holdings,
            Rounds rounds,
            BiFunction<String, TargetId, Optional<GrantOutcome>> roles,
            Consumer<VmIdentityBinding> wake,
            Fleet fleet,
            Duration interval,
            Brake brake,
            Duration gone,
            Reporter reporter,
            Executor executor,
            Clock clock) {
        this.resolver = resolver;
        this.holdings = holdings;
        this.rounds = rounds;
        this.wake = wake;
        this.fleet = fleet;
        this.matches = new Matches(fleet, interval, this::answered, executor, clock);
        this.granting = new Granting(resolver, this::on, roles, holdings);
        this.executor = executor;
        this.clock = clock;
        this.around = new Selection.Around(resolver, holdings, rounds, matches, granting, brake, gone, reporter, clock);
    }

    /** What any binding asks of a machine, whatever its target. */
    Granting granting() {
        return granting;
    }

    // ---- what a binding asks of a machine

    /**
     * What the binding asks of the machine; empty when it is not about it. While that is not known, what it asks for and
     * what it holds there stays as it is.
     */
    private Optional<Contribution> on(VmIdentityBinding binding, TargetId machine) {
        String uid = binding.getMetadata().getUid();
        Selection selection = selections.get(uid);
        Optional<Selector> selector = selection != null && selection.isReadFrom(binding)
                ? Optional.of(selection.selector())
                : resolver.selector(binding);
        if (selector.isEmpty()) {
            return ofOne(binding, machine);
        }
        boolean held = holdings.on(machine, uid);
        boolean mayHold = held || (selection != null && selection.mayHaveTouched(machine));
        if (binding.isMarkedForDeletion()) {
            return mayHold
                    ? Optional.of(resolver.resolve(binding).contribution().on(machine))
                    : Optional.empty();
        }
        boolean mayMatch = mayHold || selector.get().mayMatch(machine);
        Membership.Standing standing = standing(selection, selector.get(), machine, held);
        if (standing == Membership.Standing.UNKNOWN && mayMatch) {
            undecided.computeIfAbsent(uid, _ -> ConcurrentHashMap.newKeySet()).add(machine);
            // Once more, now that whoever comes to know it finds the machine there.
            standing = standing(selections.get(uid), selector.get(), machine, held);
        }
        return switch (standing) {
            case IN -> asked(resolver.resolve(binding), selections.get(uid), machine, mayHold);
            case LEAVING -> Optional.of(resolver.resolve(binding).contribution().keptOn(machine));
            case OUT -> Optional.empty();
            case UNKNOWN -> mayMatch ? kept(resolver.resolve(binding), machine, mayHold) : Optional.empty();
        };
    }

    private static Membership.Standing standing(
            @Nullable Selection selection, Selector selector, TargetId machine, boolean held) {
        return selection == null ? Membership.Standing.UNKNOWN : selection.standing(selector, machine, held);
    }

    /** It is known now, or matters no longer, which of them the binding is about. */
    private void decided(String binding) {
        Set<TargetId> machines = undecided.remove(binding);
        if (machines != null) {
            machines.forEach(rounds.submit());
        }
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

    /** A right that is taken back keeps what exists and adds nothing. */
    private static Optional<Contribution> asked(
            Resolver.Resolved resolved, @Nullable Selection selection, TargetId machine, boolean mayHold) {
        if (!resolved.blocked() && resolved.may().targets().covers(machine.id())) {
            if (selection != null) {
                selection.touches(machine);
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
                .forEach(selection -> selection.hears(machine));
    }

    /** Something else than the machine itself is otherwise there for the binding. */
    void changed(String binding, TargetId machine) {
        Selection selection = selections.get(binding);
        if (selection != null) {
            selection.hears(machine);
        }
    }

    private void answered(Selector selector) {
        selections.values().stream()
                .filter(selection -> selection.selector().equals(selector))
                .forEach(selection -> wake.accept(selection.binding()));
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
                selection.begins(machine);
                executor.execute(() -> ask(selection, machine));
            }
        }
    }

    private void ask(Selection selection, TargetId machine) {
        try {
            if (selection.sees(machine, fleet.look(machine))) {
                rounds.submit().accept(machine);
                wake.accept(selection.binding());
            }
        } finally {
            selection.ends(machine);
        }
    }

    /** The binding has no selector any longer; what it holds is no longer held back here. */
    void forget(VmIdentityBinding binding) {
        String uid = binding.getMetadata().getUid();
        selections.remove(uid);
        decided(uid);
    }

    /** The binding is gone, in whatever way: its machines go on without it. */
    void gone(VmIdentityBinding binding) {
        String uid = binding.getMetadata().getUid();
        Selection selection = selections.remove(uid);
        Set<TargetId> machines = new HashSet<>(holdings.of(uid));
        if (selection != null) {
            machines.addAll(selection.touched());
        }
        machines.forEach(rounds.submit());
        decided(uid);
    }

    /** Looks at a binding with a selector as a whole. */
    Looked look(VmIdentityBinding binding) {
        Selector selector = resolver.selector(binding).orElseThrow();
        String uid = binding.getMetadata().getUid();
        Selection selection = selections.computeIfAbsent(uid, _ -> new Selection(binding, selector, around));
        Looked looked = selection.look(binding, selector);
        if (selection.isDecided()) {
            decided(uid);
        }
        return looked;
    }
}
