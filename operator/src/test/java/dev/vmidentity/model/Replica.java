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
import java.util.TreeMap;

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
        this.workers = new OperatorProcess(
                wire, new IdentityWire(world), ledgers, this, world.climate().orphans(), world.clock());
        this.cache = Map.copyOf(world.bindings());
    }

    /** The watches catch up. */
    void hear() {
        cache = Map.copyOf(world.bindings());
        ledgers.catchUp();
    }

    OperatorProcess.Round round(TargetId target) {
        OperatorProcess.Round round = workers.round(target);
        last.put(target, round);
        round.next().ifPresentOrElse(next -> due.put(target, next), () -> due.remove(target));
        return round;
    }

    Optional<Instant> due(TargetId target) {
        return Optional.ofNullable(due.get(target));
    }

    /** An event makes the machine's round due at once. */
    void submit(TargetId target) {
        due.put(target, world.clock().instant());
    }

    Optional<OperatorProcess.Round> last(TargetId target) {
        return Optional.ofNullable(last.get(target));
    }

    /** As the reconciler lets a binding go. */
    boolean releases(Asking asking) {
        if (!asking.equals(cache.get(asking.uid())) || !asking.deleting()) {
            return false;
        }
        boolean elsewhere = world.targets().stream()
                .filter(target -> !target.equals(asking.target()))
                .anyMatch(target -> holds(world.ledgers().look(target), asking.uid()));
        return !elsewhere
                && last(asking.target())
                        .filter(round -> round.ledgerKnown() && round.covers().test(asking))
                        .filter(round -> !holds(round.outcome().ledger(), asking.uid()))
                        .isPresent();
    }

    static boolean holds(Ledger ledger, String uid) {
        return ledger.claims().values().stream()
                .filter(claim -> claim.phase() != Phase.UNSURE)
                .flatMap(claim -> claim.holders().stream())
                .map(Holder::binding)
                .anyMatch(uid::equals);
    }

    @Override
    public List<Asking> cached(TargetId target) {
        return cache.values().stream()
                .filter(asking -> asking.target().equals(target))
                .sorted(Comparator.comparing(Asking::uid))
                .toList();
    }

    @Override
    public boolean exists(String uid) {
        return cache.containsKey(uid);
    }

    @Override
    public Optional<List<Asking>> listed(TargetId target) {
        Errand errand = world.errand();
        world.before("lists the bindings");
        if (errand.listFails()) {
            world.tally().happened(Happening.LIST_FAILED);
        }
        Optional<List<Asking>> answer = errand.listFails() ? Optional.empty() : Optional.of(world.bound(target));
        world.after();
        return answer;
    }
}
