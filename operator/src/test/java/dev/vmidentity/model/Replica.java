package dev.vmidentity.model;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.binding.OperatorProcess;
import dev.vmidentity.binding.StoredLedgers;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One process of the operator: its workers, its caches, its timers. */
final class Replica implements OperatorProcess.Bound {
    private final World world;
    private final StoredLedgers.View ledgers;
    private final OperatorProcess workers;
    private final Map<TargetId, Instant> due = new TreeMap<>();
    private final Map<TargetId, OperatorProcess.Round> last = new TreeMap<>();
    private Map<String, Asking> cache;

    Replica(World world, Wire wire) {
        this.world = world;
        this.ledgers = world.ledgers().view(world);
        this.cache = Map.copyOf(world.bindings());
        this.workers = new OperatorProcess(
                wire,
                new IdentityWire(world),
                new InstanceWire(world, wire),
                world.inventory(),
                ledgers,
                world.statuses(),
                this,
                world.climate().orphans(),
                world.climate().inBulk(),
                world.clock());
        cache.values().forEach(workers::hear);
        world.targets().stream().filter(world.ledgers()::has).forEach(this::submit);
    }

    /** The watches catch up. */
    void hear() {
        Map<String, Asking> before = cache;
        cache = Map.copyOf(world.bindings());
        before.values().stream()
                .filter(asking -> !cache.containsKey(asking.uid()))
                .forEach(workers::gone);
        cache.values().stream()
                .filter(asking -> !asking.equals(before.get(asking.uid())))
                .sorted(Comparator.comparing(Asking::uid))
                .forEach(workers::hear);
        workers.hearOfLedgers();
        workers.reconcile();
    }

    /** A second has passed, or more. */
    void tick() {
        workers.tick();
        workers.reconcile();
    }

    OperatorProcess.Round round(TargetId target) {
        OperatorProcess.Round round = workers.round(target);
        last.put(target, round);
        round.next().ifPresentOrElse(next -> due.put(target, next), () -> due.remove(target));
        workers.reconcile();
        return round;
    }

    Optional<Instant> due(TargetId target) {
        return Optional.ofNullable(due.get(target));
    }

    /** An event makes the machine's round due at once. */
    @Override
    public void submit(TargetId target) {
        due.put(target, world.clock().instant());
    }

    Optional<OperatorProcess.Round> last(TargetId target) {
        return Optional.ofNullable(last.get(target));
    }

    /** As the reconciler lets a binding go that is about one machine. */
    boolean releases(Asking asking) {
        if (!asking.equals(cache.get(asking.uid()))
                || !asking.deleting()
                || !(asking.about() instanceof Asking.About.One(TargetId machine))) {
            return false;
        }
        boolean elsewhere = world.targets().stream()
                .filter(target -> !target.equals(machine))
                .anyMatch(target -> holds(world.ledgers().look(target), asking.uid()));
        return !elsewhere
                && last(machine)
                        .filter(round -> round.ledgerKnown() && round.covers().test(asking))
                        .filter(round -> !holds(round.outcome().ledger(), asking.uid()))
                        .isPresent();
    }

    /** As the reconciler lets a binding go that has a selector. */
    @Override
    public void released(Asking asking) {
        world.released(asking);
    }

    static boolean holds(Ledger ledger, String uid) {
        return ledger.claims().values().stream()
                .filter(claim -> claim.phase() != Phase.UNSURE)
                .flatMap(claim -> claim.holders().stream())
                .map(Holder::binding)
                .anyMatch(uid::equals);
    }

    /** Bindings that hold something on the machine, as far as this process has been told. */
    Set<String> holders(TargetId target) {
        return world.everyUid().stream().filter(uid -> ledgers.on(target, uid)).collect(Collectors.toSet());
    }

    @Override
    public List<Asking> cached() {
        return cache.values().stream().sorted(Comparator.comparing(Asking::uid)).toList();
    }

    @Override
    public Optional<Asking> cached(String uid) {
        return Optional.ofNullable(cache.get(uid));
    }

    @Override
    public Optional<List<Asking>> listed(TargetId target) {
        Errand errand = world.errand();
        world.before("lists the bindings");
        if (errand.listFails()) {
            world.tally().happened(Happening.LIST_FAILED);
        }
        Optional<List<Asking>> answer = errand.listFails()
                ? Optional.empty()
                : Optional.of(List.copyOf(world.bindings().values()));
        world.after();
        return answer;
    }
}
