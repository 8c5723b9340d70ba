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
    private static final int ETAGS = 8;
    private static final List<Kind> FOLLOWED = List.of(Kind.ADD, Kind.REMOVE, Kind.EVICT);

    enum Kind {
        ADD,
        REMOVE,
        /** A removal that was asked for, whosever it is. */
        EVICT,
        /** Leaves X as it is. One that lands late is not followed: it is an etag that moves by itself. */
        FENCE
    }

    long bit() {
        return 1L << ((incarnation * FOLLOWED.size() + FOLLOWED.indexOf(kind)) * ETAGS + ifMatch);
    }

    /** Without those that were sent to the first incarnation. */
    static long toSecond(long bits) {
        return bits & -(1L << (FOLLOWED.size() * ETAGS));
    }

    static List<Request> all(long bits) {
        List<Request> requests = new ArrayList<>(2);
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            int at = Long.numberOfTrailingZeros(rest);
            int place = at / ETAGS;
            requests.add(new Request(FOLLOWED.get(place % FOLLOWED.size()), at % ETAGS, place / FOLLOWED.size()));
        }
        return requests;
    }

    @Override
    public String toString() {
        return kind + "(" + ifMatch + ")" + (incarnation > 0 ? " to machine " + incarnation : "");
    }
}
