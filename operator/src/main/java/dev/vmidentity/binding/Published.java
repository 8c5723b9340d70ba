package dev.vmidentity.binding;

import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a round made known.
 *
 * @param ledgerKnown whether the outcome's ledger is what is stored; nothing may be let go of while it is not known
 * @param contributions those that the round was about; whoever is not as it is in here has to submit again
 * @param roles what of roles has to be seen to
 */
record Published(Outcome outcome, boolean ledgerKnown, List<Contribution> contributions, RolesLeft roles) {
    Published {
        contributions = List.copyOf(contributions);
    }

    /**
     * Roles of the machine's own identity.
     *
     * @param toGo bindings whose roles are to be deleted, and are or may be there still
     * @param vanished bindings that the ledger remembers roles of, and that are no more: the API server itself said so
     */
    record RolesLeft(Set<String> toGo, Set<String> vanished) {
        static final RolesLeft NONE = new RolesLeft(Set.of(), Set.of());

        RolesLeft {
            toGo = Set.copyOf(toGo);
            vanished = Set.copyOf(vanished);
        }
    }

    /** Whether something on the machine is the binding's and can be taken off; what nobody can tell about holds nobody. */
    boolean holds(String binding) {
        return roles.toGo().contains(binding) || holdsIdentities(binding);
    }

    private boolean holdsIdentities(String binding) {
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
                && roles.equals(other.roles)
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
