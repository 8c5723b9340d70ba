package dev.vmidentity.binding;

import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.TargetDemand;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one pass of a worker is about: the ledger as it was found, and what the bindings ask.
 *
 * @param version the ledger's; empty where there is none
 * @param restored whether the ledger is a copy that a backup brought back
 * @param confirmed when a person said that what has lost its bindings may go
 * @param rolesToGo bindings whose roles are to be deleted before the machine's own identity may go
 */
record Sheet(
        Ledger ledger,
        Optional<Ledgers.Version> version,
        boolean restored,
        Optional<Instant> confirmed,
        List<Contribution> contributions,
        Set<String> rolesToGo,
        TargetDemand demand) {

    /** On a ledger that was not found, or could not be read. */
    static Sheet without(List<Contribution> contributions, Predicate<String> cleared) {
        return of(Ledger.EMPTY, Optional.empty(), false, Optional.empty(), contributions, cleared);
    }

    /** @param cleared whether it is known of a binding that none of its roles is left */
    static Sheet on(Ledgers.Found.Ours found, List<Contribution> contributions, Predicate<String> cleared) {
        return of(
                found.ledger(),
                Optional.of(found.version()),
                found.restored(),
                found.confirmed(),
                contributions,
                cleared);
    }

    private static Sheet of(
            Ledger ledger,
            Optional<Ledgers.Version> version,
            boolean restored,
            Optional<Instant> confirmed,
            List<Contribution> contributions,
            Predicate<String> cleared) {
        Set<String> rolesToGo = Gathering.rolesToGo(contributions, ledger, cleared);
        return new Sheet(
                ledger,
                version,
                restored,
                confirmed,
                contributions,
                rolesToGo,
                Gathering.demand(contributions, ledger, rolesToGo));
    }

    /** Whether somebody wants to be told of the machine, and nothing done. */
    boolean isObserved() {
        return contributions.stream()
                .anyMatch(contribution -> contribution.manner().looks() && !contribution.deleting());
    }

    Sheet with(List<Contribution> newer, Predicate<String> cleared) {
        return of(ledger, version, restored, confirmed, newer, cleared);
    }
}
