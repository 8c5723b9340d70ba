package dev.vmidentity.binding;

import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.TargetDemand;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one pass of a worker is about: the ledger as it was found, and what the bindings ask.
 *
 * @param version the ledger's; empty where there is none
 * @param restored whether the ledger is a copy that a backup brought back
 * @param confirmed when a person said that what has lost its bindings may go
 */
record Sheet(
        Ledger ledger,
        Optional<Ledgers.Version> version,
        boolean restored,
        Optional<Instant> confirmed,
        List<Contribution> contributions,
        TargetDemand demand) {

    /** On a ledger that was not found, or could not be read. */
    static Sheet without(List<Contribution> contributions) {
        return new Sheet(Ledger.EMPTY, Optional.empty(), false, Optional.empty(), contributions);
    }

    static Sheet on(Ledgers.Found.Ours found, List<Contribution> contributions) {
        return new Sheet(
                found.ledger(), Optional.of(found.version()), found.restored(), found.confirmed(), contributions);
    }

    private Sheet(
            Ledger ledger,
            Optional<Ledgers.Version> version,
            boolean restored,
            Optional<Instant> confirmed,
            List<Contribution> contributions) {
        this(ledger, version, restored, confirmed, contributions, Gathering.demand(contributions, ledger));
    }

    /** Whether somebody wants to be told of the machine, and nothing done. */
    boolean isObserved() {
        return contributions.stream()
                .anyMatch(contribution -> contribution.manner().looks() && !contribution.deleting());
    }

    Sheet with(List<Contribution> newer) {
        return new Sheet(ledger, version, restored, confirmed, newer);
    }
}
