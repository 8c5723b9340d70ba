package dev.vmidentity.core;

import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a process knows of a machine beyond the ledger; losing it costs a PATCH, never an identity.
 *
 * @param now the moment of planning
 * @param succeeded the etag of a PATCH whose operation this process saw succeed
 * @param heldBack identities that Azure refused a short while ago: not sent now, so that the others go ahead
 * @param mostAdds how many identities one PATCH may add: fewer than allowed while a refused one is being found
 * @param fenceless identities whose fences did not move the etag several times
 */
public record Memory(
        Instant now,
        @Nullable String succeeded,
        SortedSet<IdentityKey> heldBack,
        int mostAdds,
        SortedSet<IdentityKey> fenceless) {
    public Memory {
        heldBack = Collections.unmodifiableSortedSet(new TreeSet<>(heldBack));
        fenceless = Collections.unmodifiableSortedSet(new TreeSet<>(fenceless));
    }

    public static Memory none(Instant now) {
        return new Memory(now, null, new TreeSet<>(Set.of()), Patch.MOST_IDENTITIES, new TreeSet<>(Set.of()));
    }
}
