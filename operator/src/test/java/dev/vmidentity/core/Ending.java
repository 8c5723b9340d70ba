package dev.vmidentity.core;

import dev.vmidentity.core.SmallWorld.Part;
import java.util.Optional;

/**
 * Where an identity ends that is left alone with an operator, told from where it began; written down a second time, apart
 * from the protocol.
 *
 * @param entry the phase of its entry; empty for no entry
 */
record Ending(boolean present, Optional<Phase> entry) {
    static Ending of(Part part) {
        return switch (part.wish().demand()) {
            case WANT -> wanted(part);
            case KEEP ->
                new Ending(part.present(), Optional.ofNullable(part.claim()).map(Claim::phase));
            case FORBID -> new Ending(false, Optional.empty());
            case UNWANTED -> unwanted(part);
        };
    }

    static boolean isRetained(Part part) {
        Claim claim = part.claim();
        return claim != null && part.wish().demand() == Demand.UNWANTED && claim.release() == Release.RETAIN;
    }

    private static Ending wanted(Part part) {
        if (!part.present() || part.wish().adopt()) {
            return new Ending(true, Optional.of(Phase.ATTACHED));
        }
        return new Ending(true, doubt(part).or(() -> isOurs(part) ? Optional.of(Phase.ATTACHED) : Optional.empty()));
    }

    private static Ending unwanted(Part part) {
        if (isRetained(part) || !part.present()) {
            return new Ending(part.present(), Optional.empty());
        }
        return isOurs(part) ? new Ending(false, Optional.empty()) : new Ending(true, doubt(part));
    }

    /** What the ledger knows to be ours, and what it said last still holds. */
    private static boolean isOurs(Part part) {
        Claim claim = part.claim();
        if (claim == null || isOfEarlierIncarnation(claim)) {
            return false;
        }
        return switch (claim.phase()) {
            case ATTACHED -> true;
            case DETACHING, DETACHED -> SmallWorld.ETAG.equals(claim.etag());
            case ATTACHING, EVICTING, UNSURE -> false;
        };
    }

    private static Optional<Phase> doubt(Part part) {
        Claim claim = part.claim();
        if (claim == null || isOurs(part)) {
            return Optional.empty();
        }
        boolean doubted = isOfEarlierIncarnation(claim)
                ? claim.phase() != Phase.ATTACHED && claim.phase() != Phase.DETACHED
                : claim.phase() != Phase.EVICTING || !claim.holders().isEmpty();
        return doubted ? Optional.of(Phase.UNSURE) : Optional.empty();
    }

    private static boolean isOfEarlierIncarnation(Claim claim) {
        return !claim.machineId().equals(SmallWorld.MACHINE);
    }
}
