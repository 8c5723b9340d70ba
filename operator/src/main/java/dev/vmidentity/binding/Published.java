package dev.vmidentity.binding;

import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a round made known.
 *
 * @param ledgerKnown whether the outcome's ledger is what is stored; nothing may be let go of while it is not known
 * @param contributions those that the round was about; whoever is not as it is in here has to submit again
 */
record Published(Outcome outcome, boolean ledgerKnown, List<Contribution> contributions) {
    Published {
        contributions = List.copyOf(contributions);
    }

    /** Whether something on the machine is the binding's and can be taken off; what nobody can tell about holds nobody. */
    boolean holds(String binding) {
        return outcome.ledger().claims().values().stream()
                .filter(claim -> claim.phase() != Phase.UNSURE)
                .flatMap(claim -> claim.holders().stream())
                .anyMatch(holder -> holder.binding().equals(binding));
    }

    /** Whether it tells bindings the same: when the machine was looked at is nothing to tell. */
    boolean tellsAs(@Nullable Published other) {
        return other != null
                && ledgerKnown == other.ledgerKnown
                && contributions.equals(other.contributions)
                && timeless(outcome).equals(timeless(other.outcome));
    }

    private static Outcome timeless(Outcome outcome) {
        return outcome.seen().isEmpty()
                ? outcome
                : outcome.seeing(outcome.seen().get().at(Instant.EPOCH));
    }

    Optional<Contribution> contribution(String binding) {
        return contributions.stream()
                .filter(contribution -> contribution.holder().binding().equals(binding))
                .findFirst();
    }
}
