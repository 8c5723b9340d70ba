package dev.vmidentity.status;

import dev.vmidentity.api.Reason;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.DefaultIdentity;
import dev.vmidentity.core.DefaultIdentityGuard.Refusal;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Scopes;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is said of a machine's default identity, and what to do.
 *
 * @param own what the binding lists, which it may know of in any case
 * @param nameable what its namespace may know of beside
 */
record DefaultIdentityText(Outcome outcome, Set<IdentityKey> own, Scopes nameable) {

    /** Why an identity is not attached. */
    Explanation refused(Refusal refusal) {
        return switch (refusal) {
            case Refusal.WouldBreak(DefaultIdentity.Change change) ->
                new Explanation(
                        Reason.DefaultIdentityWouldChange,
                        "Not attached: a workload on " + machine() + " that gives no client id gets "
                                + name(change.before()) + " now, and would then get "
                                + name(change.after()) + ". " + remedy(change.before())
                                + "; then set spec.defaultIdentityGuard: Warn, and it is attached.");
            case Refusal.ComesTooEarly _ ->
                new Explanation(
                        Reason.WaitingForIdentity,
                        "It waits for the other identities of this binding, as defaultIdentityGuard: Block asks: alone on "
                                + machine()
                                + " it would be what a workload without a client id gets, until another comes."
                                + " Make those ready, or take them out of the binding.");
        };
    }

    /** What an attach of the binding has changed. */
    Explanation changed(DefaultIdentity.Change change) {
        return new Explanation(
                Reason.DefaultIdentityChanged,
                "Without what this binding attached, a workload on " + machine() + " that gives no client id would get "
                        + name(change.before()) + "; now it gets " + name(change.after()) + ". "
                        + remedy(change.before())
                        + ". When that is done, spec.defaultIdentityGuard: \"Off\" (in quotes) takes this away.");
    }

    /** What a binding that only observes would change. */
    Explanation wouldChange(DefaultIdentity.Change change) {
        return new Explanation(
                Reason.DefaultIdentityWouldChange,
                "Under managementPolicy: Manage, a workload on " + machine() + " that gives no client id would get "
                        + name(change.after()) + " instead of " + name(change.before())
                        + ", or under defaultIdentityGuard: Block what does that would not be attached. "
                        + remedy(change.before()) + ".");
    }

    private String machine() {
        return outcome.target().name();
    }

    private String name(DefaultIdentity one) {
        return switch (one) {
            case DefaultIdentity.None() -> "no token";
            case DefaultIdentity.Ambiguous() -> "no token (of several user-assigned identities Azure picks none)";
            case DefaultIdentity.OwnOfMachine() -> "the machine's own identity";
            case DefaultIdentity.Only(IdentityKey id) -> name(id);
        };
    }

    private String name(IdentityKey id) {
        if (!mayName(id)) {
            return "an identity that others put there";
        }
        return attached(id) == null ? azureName(id) + " (which is being attached)" : azureName(id);
    }

    private String azureName(IdentityKey id) {
        AttachedIdentity attached = attached(id);
        return (attached == null ? ArmId.of(id.value()) : attached.id()).name();
    }

    /** What keeps a workload going. */
    private String remedy(DefaultIdentity before) {
        return switch (before) {
            case DefaultIdentity.Only(IdentityKey id)
            when mayName(id) ->
                "Give such workloads the client id of " + azureName(id) + ": AZURE_CLIENT_ID="
                        + Optional.ofNullable(attached(id))
                                .map(AttachedIdentity::clientId)
                                .orElse("<its client id>");
            case DefaultIdentity.None(),
                    DefaultIdentity.Ambiguous(),
                    DefaultIdentity.OwnOfMachine(),
                    DefaultIdentity.Only _ ->
                "Give such workloads the client id of the identity that they are to use, as AZURE_CLIENT_ID";
        };
    }

    private boolean mayName(IdentityKey id) {
        return own.contains(id) || nameable.covers(ArmId.of(id.value()));
    }

    private @Nullable AttachedIdentity attached(IdentityKey id) {
        return outcome.seen()
                .map(Observation::userAssigned)
                .map(all -> all.get(id))
                .orElse(null);
    }
}
