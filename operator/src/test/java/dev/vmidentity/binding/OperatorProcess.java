package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.kube.Events;
import dev.vmidentity.kube.StatusWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The part of one operator process that writes to machines, driven by hand: the product's own workers, each with what this
 * process has in its caches, and what leads from a selector to them. Throw it away, and the process has died.
 */
public final class OperatorProcess {
    public static final Timing TIMING = new Timing(
            Duration.ofMillis(50),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMinutes(30));

    /** How often is asked which machines match a selector. */
    public static final Duration SELECTING = Duration.ofMinutes(1);

    /** More than all reads that {@link Glances} allows at once. */
    private static final int OTHERS = 45;

    private static final int MOST_LOOKS = 10_000;

    private final Machines machines;
    private final Identities identities;
    private final Instances instances;
    private final StoredLedgers.View ledgers;
    private final StoredBindings bindings;
    private final Bound bound;
    private final Clock clock;
    private final Brake brake;
    private final Resolver resolver;
    private final Selections selections;
    private final Glances glances;
    private final boolean inBulk;
    private final Granting granting;
    private final Map<TargetId, Worker> workers = new TreeMap<>();
    private final Map<TargetId, Published> published = new HashMap<>();
    private final LinkedHashSet<String> woken = new LinkedHashSet<>();
    private final Map<String, Instant> again = new TreeMap<>();
    private final Map<String, Rights> rights = new HashMap<>();

    /** The bindings, as this process sees them. */
    public interface Bound {
        List<Asking> cached();

        /** By its uid. */
        Optional<Asking> cached(String uid);

        /** Asks the API server; empty when it does not answer. */
        Optional<List<Asking>> listed(TargetId target);

        /** Something happened that makes the machine's round due. */
        void submit(TargetId target);

        /** Nothing of a binding that is being deleted is left on any machine. */
        void released(Asking asking);
    }

    /**
     * What a round made known.
     *
     * @param covers whether the round was about that very state of a binding
     * @param next when to come back; empty when there is nothing left to do
     */
    public record Round(Outcome outcome, boolean ledgerKnown, Predicate<Asking> covers, Optional<Instant> next) {}

    /**
     * @param inBulk whether machines are looked at many in one question, as if there were thousands
     * @param mostOrphans how many identities that lost their bindings are detached without asking
     */
    public OperatorProcess(
            Machines machines,
            Identities identities,
            Instances instances,
            Fleet fleet,
            StoredLedgers.View ledgers,
            StoredBindings bindings,
            Bound bound,
            int mostOrphans,
            boolean inBulk,
            Clock clock) {
        this.machines = machines;
        this.identities = identities;
        this.instances = instances;
        this.ledgers = ledgers;
        this.bindings = bindings;
        this.bound = bound;
        this.clock = clock;
        Predicate<String> exists = uid -> bound.cached(uid).isPresent();
        this.brake = new Brake(mostOrphans, exists, () -> ledgers.orphans(exists), clock);
        this.resolver = new Resolver(
                (_, _) -> Optional.empty(), namespace -> Optional.ofNullable(rights.get(namespace)), Optional.empty());
        this.glances = inBulk ? new Glances(fleet, Runnable::run, TIMING, clock) : Glances.alone(fleet, clock);
        this.inBulk = inBulk;
        this.selections = new Selections(
                resolver,
                ledgers,
                new Rounds(machine -> Optional.ofNullable(published.get(machine)), bound::submit),
                (_, _) -> Optional.empty(),
                binding -> woken.add(binding.getMetadata().getUid()),
                fleet,
                SELECTING,
                brake,
                TIMING.gone(),
                new Reporter(new StatusWriter(bindings::apply), new Events(_ -> {}, "model", clock)),
                Runnable::run,
                clock);
        this.granting = selections.granting();
    }

    // ---- rounds

    public Round round(TargetId target) {
        if (inBulk) {
            othersAsk();
        }
        Worker worker = workers.computeIfAbsent(target, this::worker);
        Worker.Rounded rounded = worker.round();
        Published now = rounded.published();
        if (rounded.next().isEmpty() && now.contributions().isEmpty()) {
            workers.remove(target);
        }
        if (rounded.tells()) {
            tell(target, now);
        }
        return new Round(now.outcome(), now.ledgerKnown(), asking -> isAbout(now, asking), rounded.next());
    }

    /** While there are few machines each is read by itself: here are others, whose looks use that up. */
    private void othersAsk() {
        for (int n = 0; n < OTHERS; n++) {
            TargetId other = TargetId.of(MachineKind.VIRTUAL_MACHINE, "other", "rg-others", "vm" + n);
            glances.ask(other, false);
            glances.forget(other);
        }
    }

    /** Wakes who asks, and who asked before and still has something there. */
    private void tell(TargetId target, Published now) {
        if (now.tellsAs(published.put(target, now))) {
            return;
        }
        selections.published(now);
        Stream.concat(
                        now.contributions().stream().map(Contribution::holder),
                        now.outcome().ledger().claims().values().stream()
                                .map(Claim::holders)
                                .flatMap(holders -> holders.stream()))
                .map(Holder::binding)
                .forEach(woken::add);
    }

    private Worker worker(TargetId target) {
        return new Worker(
                target,
                machines,
                identities,
                instances,
                ledgers,
                RoleKnowledge.NONE,
                of -> contributions(bound.cached(), of),
                of -> bound.listed(of).map(all -> contributions(all, of)),
                brake,
                glances,
                Budgets.ofAzureAlone(clock),
                TIMING,
                clock);
    }

    private List<Contribution> contributions(List<Asking> askings, TargetId target) {
        return askings.stream()
                .flatMap(asking -> contribution(asking, target).stream())
                .toList();
    }

    private Optional<Contribution> contribution(Asking asking, TargetId target) {
        return !asking.selects() && asking.isAbout(target)
                ? Optional.of(asking.contribution())
                : granting.contribution(bindings.of(asking), target);
    }

    // ---- selectors

    /** The watch tells of a binding: that it is there, or is not as it was. */
    public void hear(Asking asking) {
        rights.put(asking.holder().namespace(), StoredBindings.rights(asking));
        TargetId any = TargetId.of(MachineKind.VIRTUAL_MACHINE, "sub", "rg", "any");
        Contribution read = withoutRoles(resolver.resolve(bindings.of(asking)).contribution());
        if (asking.selects() && !read.on(any).equals(asking.on(any).contribution())) {
            throw new IllegalStateException("the model and the resolver read it otherwise: " + asking);
        }
        woken.add(asking.uid());
    }

    /** The watch tells that it is gone. */
    public void gone(Asking asking) {
        if (asking.about() instanceof Asking.About.One(TargetId machine)) {
            bound.submit(machine);
        }
        selections.gone(bindings.of(asking));
    }

    /** The watch tells of ledgers. */
    public void hearOfLedgers() {
        StoredLedgers.Heard heard = ledgers.catchUp();
        heard.byOthers().forEach(bound::submit);
        woken.addAll(heard.holders());
    }

    /** A second has passed, or more. */
    public void tick() {
        selections.tick();
        Instant now = clock.instant();
        again.entrySet().removeIf(entry -> !entry.getValue().isAfter(now) && woken.add(entry.getKey()));
    }

    /** Looks at every binding that was woken. */
    public void reconcile() {
        for (int looks = 0; !woken.isEmpty(); looks++) {
            if (looks == MOST_LOOKS) {
                throw new IllegalStateException("bindings wake each other for ever: " + woken);
            }
            String uid = woken.removeFirst();
            again.remove(uid);
            bound.cached(uid).ifPresent(this::look);
        }
    }

    private void look(Asking asking) {
        VmIdentityBinding binding = bindings.of(asking);
        if (!asking.selects()) {
            selections.forget(binding);
            Optional<TargetId> here = resolver.target(binding);
            ledgers.of(asking.uid()).stream()
                    .filter(machine -> here.filter(machine::equals).isEmpty())
                    .forEach(bound::submit);
            here.filter(machine -> !isCovered(asking, machine)).ifPresent(bound::submit);
            return;
        }
        Selection.Looked looked = selections.look(binding);
        if (looked.released()) {
            bound.released(asking);
        } else {
            looked.again()
                    .ifPresent(wait -> again.put(asking.uid(), clock.instant().plus(wait)));
        }
    }

    private static boolean isAbout(Published known, Asking asking) {
        return known.contributions().stream()
                .anyMatch(contribution -> withoutRoles(contribution).equals(asking.contribution()));
    }

    /** The model gives none. */
    private static Contribution withoutRoles(Contribution contribution) {
        return contribution.giving(Contribution.Roles.NONE);
    }

    private boolean isCovered(Asking asking, TargetId machine) {
        return Optional.ofNullable(published.get(machine))
                .filter(known -> isAbout(known, asking))
                .isPresent();
    }
}
