package dev.vmidentity.binding;

import dev.vmidentity.core.Outcome;
import java.util.List;
import java.util.Optional;

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

    Optional<Contribution> contribution(String binding) {
        return contributions.stream()
                .filter(contribution -> contribution.holder().binding().equals(binding))
                .findFirst();
    }
}
