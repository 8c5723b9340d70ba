package dev.vmidentity.core;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
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
 * @param dead an attachment of ours whose identity was deleted, or deleted and made anew: it is detached, and attached again
 *     when it is wanted
 * @param principals what identities said of themselves lately
 */
public record Memory(
        Instant now,
        @Nullable String succeeded,
        SortedSet<IdentityKey> heldBack,
        int mostAdds,
        SortedSet<IdentityKey> fenceless,
        Optional<IdentityKey> dead,
        Map<IdentityKey, String> principals) {
    public Memory {
        heldBack = Collections.unmodifiableSortedSet(new TreeSet<>(heldBack));
        fenceless = Collections.unmodifiableSortedSet(new TreeSet<>(fenceless));
        principals = Map.copyOf(principals);
    }

    public Memory(
            Instant now,
            @Nullable String succeeded,
            SortedSet<IdentityKey> heldBack,
            int mostAdds,
            SortedSet<IdentityKey> fenceless) {
        this(now, succeeded, heldBack, mostAdds, fenceless, Optional.empty(), Map.of());
    }

    /** The same, and that the attachment is dead. */
    public Memory withDead(Optional<IdentityKey> id, Map<IdentityKey, String> told) {
        return new Memory(now, succeeded, heldBack, mostAdds, fenceless, id, told);
    }

    public static Memory none(Instant now) {
        return new Memory(now, null, new TreeSet<>(Set.of()), Patch.MOST_IDENTITIES, new TreeSet<>(Set.of()));
    }
}
