package dev.vmidentity.binding;

import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeAzure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The part of one operator process that writes to machines, driven by hand: the product's own workers, each with what this
 * process has in its caches. Throw it away, and the process has died.
 */
public final class OperatorProcess {
    public static final Timing TIMING = new Timing(
            Duration.ofMillis(50),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMinutes(30));

    private final Machines machines;
    private final Identities identities;
    private final StoredLedgers.View ledgers;
    private final Bound bound;
    private final Clock clock;
    private final Brake brake;
    private final Map<TargetId, Worker> workers = new TreeMap<>();

    /** The bindings of a machine, as this process sees them. */
    public interface Bound {
        List<Asking> cached(TargetId target);

        /** Whether the cache has a binding of that uid. */
        boolean exists(String uid);

        /** Asks the API server; empty when it does not answer. */
        Optional<List<Asking>> listed(TargetId target);
    }

    /**
     * What a round made known.
     *
     * @param covers whether the round was about that very state of a binding
     * @param next when to come back; empty when there is nothing left to do
     */
    public record Round(Outcome outcome, boolean ledgerKnown, Predicate<Asking> covers, Optional<Instant> next) {}

    /** @param mostOrphans how many identities that lost their bindings are detached without asking */
    public OperatorProcess(
            Machines machines,
            Identities identities,
            StoredLedgers.View ledgers,
            Bound bound,
            int mostOrphans,
            Clock clock) {
        this.machines = machines;
        this.identities = identities;
        this.ledgers = ledgers;
        this.bound = bound;
        this.clock = clock;
        this.brake = new Brake(mostOrphans, bound::exists, () -> ledgers.orphans(bound::exists), clock);
    }

    public Round round(TargetId target) {
        Worker worker = workers.computeIfAbsent(target, this::worker);
        Worker.Rounded rounded = worker.round();
        Published published = rounded.published();
        if (rounded.next().isEmpty() && published.contributions().isEmpty()) {
            workers.remove(target);
        }
        return new Round(
                published.outcome(),
                published.ledgerKnown(),
                asking -> published.contributions().contains(asking.contribution()),
                rounded.next());
    }

    private Worker worker(TargetId target) {
        return new Worker(
                target,
                machines,
                identities,
                new NoInstances(),
                ledgers,
                RoleKnowledge.NONE,
                of -> contributions(bound.cached(of)),
                of -> bound.listed(of).map(OperatorProcess::contributions),
                brake,
                Glances.alone(new FakeAzure(clock).fleet(), clock),
                Budgets.ofAzureAlone(clock),
                TIMING,
                clock);
    }

    /** Scale sets here are of Flexible orchestration: nothing is counted, and nothing upgraded. */
    private static final class NoInstances implements Instances {
        @Override
        public Listed list(TargetId scaleSet) {
            return new Listed.Flexible();
        }

        @Override
        public Upgraded upgrade(TargetId scaleSet, List<String> instances) {
            throw new AssertionError("nobody asked for " + instances + " of " + scaleSet);
        }
    }

    private static List<Contribution> contributions(List<Asking> askings) {
        return askings.stream().map(Asking::contribution).toList();
    }
}
