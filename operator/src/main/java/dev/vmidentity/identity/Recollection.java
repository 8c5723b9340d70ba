package dev.vmidentity.identity;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Identities.Identity;
import dev.vmidentity.core.Rights;
import dev.vmidentity.identity.Step.Pace;
import dev.vmidentity.identity.Step.Tell;
import dev.vmidentity.status.IdentityStatus.Sight;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this process remembers of one object between its rounds; losing it costs a read. Used by one round at a time: the
 * framework never runs two of one object.
 */
final class Recollection {
    private final Set<String> principals = new HashSet<>();
    private final Set<String> foreign = new HashSet<>();
    private @Nullable Look last;
    private @Nullable Instant seenAt;
    private Instant countWritten = Instant.MIN;
    private int attempts;

    /**
     * On what the answer of a look depends.
     *
     * @param removal whether it was made to delete the identity
     */
    record Grounds(ArmId id, long generation, Optional<Rights> rights, boolean removal) {}

    private record Look(Grounds grounds, Tell told, Instant due) {
        /** Azure's own wait holds whatever the object says meanwhile. */
        boolean isThrottled() {
            return told.pace() instanceof Pace.After(Fault.Throttled _);
        }
    }

    /** What was told by the last look, while that still holds: other events than a change of its grounds cost no call. */
    Optional<Tell> still(Grounds grounds, Instant now) {
        return Optional.ofNullable(last)
                .filter(look -> now.isBefore(look.due()))
                .filter(look -> look.grounds().equals(grounds) || look.isThrottled())
                .map(Look::told);
    }

    /** Counts how often in a row the same had to be waited for; to be asked before {@link #looked}. */
    int attempt(Tell told) {
        boolean again = last != null && last.told().why().reason() == told.why().reason();
        attempts = again ? Math.addExact(Math.min(attempts, 1_000), 1) : 1;
        return attempts;
    }

    void looked(Grounds grounds, Tell told, Instant due, Instant now) {
        last = new Look(grounds, told, due);
        if (told.sight() instanceof Sight.There(Identity identity)) {
            principals.add(identity.principalId());
            seenAt = now;
        }
    }

    /** From now on a 404 is our own doing. */
    void deleting() {
        seenAt = null;
    }

    boolean sawWithin(Duration time, Instant now) {
        return seenAt != null && now.isBefore(seenAt.plus(time));
    }

    /** How long until the last look no longer holds; zero when there is none. */
    Duration untilDue(Instant now) {
        return last == null || !now.isBefore(last.due()) ? Duration.ZERO : Duration.between(now, last.due());
    }

    void disown(String principal) {
        foreign.add(principal);
        principals.remove(principal);
    }

    Set<String> principals() {
        return principals;
    }

    Set<String> foreign() {
        return foreign;
    }

    Instant countWritten() {
        return countWritten;
    }

    void countWritten(Instant now) {
        countWritten = now;
    }
}
