package dev.vmidentity.core.exploration;

import java.util.ArrayList;
import java.util.List;

/**
 * A PATCH as Azure gets it. Those of unknown outcome are kept as bits of a {@code long}, one for each kind, etag and
 * incarnation: two equal ones cannot both have an effect, since the first moves the etag.
 *
 * @param ifMatch the etag that it carries
 * @param incarnation of the machine that it was sent to; Azure is not told
 */
record Request(Kind kind, int ifMatch, int incarnation) {
    static final int ETAGS = 8;
    private static final int KINDS = 3;

    enum Kind {
        ADD,
        REMOVE,
        /** A removal that was asked for, whosever it is. */
        EVICT,
        /** Leaves X as it is. One that lands late is not followed: it is an etag that moves by itself. */
        FENCE
    }

    long bit() {
        return 1L << ((incarnation * KINDS + kind.ordinal()) * ETAGS + ifMatch);
    }

    /** Without those that were sent to the first incarnation. */
    static long toSecond(long bits) {
        return bits & -(1L << (KINDS * ETAGS));
    }

    static List<Request> all(long bits) {
        List<Request> requests = new ArrayList<>(2);
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            int at = Long.numberOfTrailingZeros(rest);
            Kind kind =
                    switch (at / ETAGS % KINDS) {
                        case 0 -> Kind.ADD;
                        case 1 -> Kind.REMOVE;
                        default -> Kind.EVICT;
                    };
            requests.add(new Request(kind, at % ETAGS, at / ETAGS / KINDS));
        }
        return requests;
    }

    @Override
    public String toString() {
        return kind + "(" + ifMatch + ")" + (incarnation > 0 ? " to machine " + incarnation : "");
    }
}
