package dev.vmidentity.binding;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.DefaultIdentityChanges;
import dev.vmidentity.core.DefaultIdentityGuard;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Memory;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Plan;
import dev.vmidentity.core.Planner;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.status.BindingView.Forecast;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What would change if a binding that only observes were to manage: told by the planner itself, from the same facts. */
final class Forecasting {
    private static final int MOST_FOREIGN = 50;

    private Forecasting() {}

    /** Empty while the machine has not been seen. */
    static Optional<Forecast> of(Contribution observer, Published published, Scopes assignable) {
        return published.outcome().seen().map(seen -> of(observer, published, seen, assignable));
    }

    private static Forecast of(Contribution observer, Published published, Observation seen, Scopes assignable) {
        List<Contribution> all = new ArrayList<>(published.contributions());
        all.removeIf(contribution ->
                contribution.holder().binding().equals(observer.holder().binding()));
        all.add(observer.managed());
        Outcome outcome = published.outcome();
        TargetDemand demand = Gathering.demand(all, outcome.ledger(), Set.of());
        Plan plan = Planner.plan(seen.atRest(), outcome.ledger(), demand, Memory.none(Instant.EPOCH));
        Set<IdentityKey> refused =
                DefaultIdentityGuard.refusals(seen, outcome.ledger(), demand).keySet();
        List<IdentityKey> foreign = foreign(outcome, seen);
        List<String> listed = foreign.stream()
                .filter(key -> key.isSystemAssigned() || assignable.covers(ArmId.of(key.value())))
                .limit(MOST_FOREIGN)
                .map(key -> spelling(seen, key))
                .toList();
        return new Forecast(
                carrying(plan, phase -> phase == Phase.ATTACHING),
                carrying(plan, phase -> phase != Phase.ATTACHING),
                listed,
                foreign.size() - listed.size(),
                DefaultIdentityChanges.plannedBy(plan, refused));
    }

    private static List<String> carrying(Plan plan, Predicate<Phase> which) {
        return plan.sent().entrySet().stream()
                .filter(sent -> sent.getValue().decision() instanceof Decision.Send(Phase phase) && which.test(phase))
                .map(sent -> sent.getKey().value())
                .toList();
    }

    private static List<IdentityKey> foreign(Outcome outcome, Observation seen) {
        List<IdentityKey> present = new ArrayList<>(seen.userAssigned().keySet());
        if (seen.systemAssigned().isPresent()) {
            present.addFirst(IdentityKey.SYSTEM_ASSIGNED);
        }
        present.removeIf(key -> outcome.claim(key)
                .map(Claim::phase)
                .filter(phase -> phase != Phase.EVICTING)
                .isPresent());
        return present;
    }

    private static String spelling(Observation seen, IdentityKey key) {
        Observation.AttachedIdentity attached = seen.userAssigned().get(key);
        return attached == null ? key.value() : attached.id().value();
    }
}
