package dev.vmidentity.status;

import dev.vmidentity.api.UserAssignedIdentityStatus;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Identities.Identity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a UserAssignedIdentity. */
public final class IdentityStatus {
    private IdentityStatus() {}

    /** What is known of the identity in Azure. */
    public sealed interface Sight {
        /** Azure has it, and it is the one that this object is about. */
        record There(Identity identity) implements Sight {}

        /** Azure does not have it, or the one it has is not this object's. */
        record NotThere() implements Sight {}

        /** It could not be read: what was known before still holds. */
        record NotSeen() implements Sight {}
    }

    /**
     * The status.
     *
     * @param pin the id that is this object's from now on, if that is decided; one that was decided before stays
     * @param users how many bindings use it; empty when not known
     * @param previous the status as it is now; null when there is none
     */
    public static UserAssignedIdentityStatus render(
            Optional<ArmId> pin,
            Sight sight,
            Explanation ready,
            Optional<Integer> users,
            @Nullable UserAssignedIdentityStatus previous,
            long generation,
            Instant now) {
        var before = previous == null
                ? new UserAssignedIdentityStatus(null, null, null, null, null, null, List.of())
                : previous;
        var resourceId = before.resourceId() != null
                ? before.resourceId()
                : pin.map(ArmId::value).orElse(null);
        Integer bindings = users.orElse(before.bindings());
        var conditions = Conditions.of(before.conditions(), generation, ready, now);
        return switch (sight) {
            case Sight.There(Identity identity) ->
                new UserAssignedIdentityStatus(
                        generation,
                        resourceId,
                        identity.clientId(),
                        identity.principalId(),
                        identity.tenantId(),
                        bindings,
                        conditions);
            case Sight.NotThere() ->
                new UserAssignedIdentityStatus(generation, resourceId, null, null, null, bindings, conditions);
            case Sight.NotSeen() ->
                new UserAssignedIdentityStatus(
                        generation,
                        resourceId,
                        before.clientId(),
                        before.principalId(),
                        before.tenantId(),
                        bindings,
                        conditions);
        };
    }
}
