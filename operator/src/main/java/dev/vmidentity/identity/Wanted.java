package dev.vmidentity.identity;

import dev.vmidentity.api.IdentityDeletionPolicy;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.UserAssignedIdentityStatus;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.status.Explanation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which identity in Azure an object is about. */
public sealed interface Wanted {
    record Known(ArmId id) implements Wanted {}

    /** It cannot be told, or must not be acted on. */
    record Unknown(Explanation why) implements Wanted {}

    /**
     * From the object's spec, and from its status only that it stays what it was.
     *
     * @param status as it is to our best knowledge
     * @param defaultSubscription the operator's
     */
    static Wanted of(
            UserAssignedIdentity object,
            @Nullable UserAssignedIdentityStatus status,
            Optional<String> defaultSubscription) {
        var spec = object.getSpec();
        if (spec.managementPolicy() == ManagementPolicy.Unknown
                || spec.deletionPolicy() == IdentityDeletionPolicy.Unknown) {
            return new Unknown(Explanation.of(Reason.NotUnderstood));
        }
        Optional<ArmId> pin = pin(status);
        Optional<String> subscription =
                Optional.ofNullable(spec.subscriptionId()).or(() -> defaultSubscription);
        if (subscription.isEmpty()) {
            return new Unknown(pin.map(fixed -> defaultsChanged(fixed, "the operator has no default subscription now"))
                    .orElseGet(() -> Explanation.of(Reason.SubscriptionRequired)));
        }
        var id = ArmId.userAssignedIdentity(subscription.get(), spec.resourceGroup(), object.effectiveName());
        return pin.filter(fixed -> !fixed.equals(id))
                .<Wanted>map(fixed -> new Unknown(defaultsChanged(fixed, "now it would be " + id)))
                .orElseGet(() -> new Known(id));
    }

    /** The identity that is this object's for ever, once that was decided. */
    static Optional<ArmId> pin(@Nullable UserAssignedIdentityStatus status) {
        return status == null || status.resourceId() == null ? Optional.empty() : ArmId.parse(status.resourceId());
    }

    private static Explanation defaultsChanged(ArmId pin, String now) {
        return new Explanation(
                Reason.DefaultsChanged,
                "This object's identity is " + pin + ", and " + now
                        + ". Nothing is changed. Set spec.subscriptionId to " + pin.subscriptionId()
                        + ", or delete this object and make another.");
    }
}
