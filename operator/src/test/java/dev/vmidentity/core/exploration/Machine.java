package dev.vmidentity.core.exploration;

import org.jspecify.annotations.Nullable;

/**
 * One machine as Azure has it, with regard to the one identity X that the exploration is about.
 *
 * @param before what a failing operation would roll X back to; null when no operation runs
 */
record Machine(Owner x, int etag, int incarnation, @Nullable Owner before) {
    /** Whose X is. Azure does not record it; only the model knows. */
    enum Owner {
        ABSENT,
        OURS,
        FOREIGN,
        /**
         * Added by others while the ledger said that it is ours: nobody could tell, so it counts as ours. This is the
         * price of the protocol.
         */
        FOREIGN_TAKEN_FOR_OURS
    }

    boolean hasX() {
        return x != Owner.ABSENT;
    }

    boolean operationRuns() {
        return before != null;
    }

    /** A write by somebody else; it takes over from an operation that runs. */
    Machine written(Owner next) {
        return new Machine(next, etag + 1, incarnation, null);
    }

    Machine moved() {
        return new Machine(x, etag + 1, incarnation, before);
    }

    Machine settled() {
        return new Machine(x, etag, incarnation, null);
    }

    /** What a GET tells of it. */
    View view() {
        return new View(hasX(), etag, incarnation, operationRuns());
    }

    /** What a GET told. */
    record View(boolean hasX, int etag, int incarnation, boolean operationRuns) {}

    @Override
    public String toString() {
        String whose = switch (x) {
            case ABSENT -> "absent";
            case OURS -> "ours";
            case FOREIGN -> "foreign";
            case FOREIGN_TAKEN_FOR_OURS -> "foreign, taken for ours";
        };
        return "X " + whose + ", etag " + etag + (incarnation > 0 ? ", machine " + incarnation : "")
                + (operationRuns() ? ", operation runs" : "");
    }
}
