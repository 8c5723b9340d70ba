package dev.vmidentity.identity;

import dev.vmidentity.api.IdentityDeletionPolicy;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.UserAssignedIdentitySpec;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Identities.Deleted;
import dev.vmidentity.core.Identities.Identity;
import dev.vmidentity.core.Identities.Seen;
import dev.vmidentity.core.Rights;
import dev.vmidentity.identity.Step.Create;
import dev.vmidentity.identity.Step.Delete;
import dev.vmidentity.identity.Step.Disown;
import dev.vmidentity.identity.Step.Pace;
import dev.vmidentity.identity.Step.Release;
import dev.vmidentity.identity.Step.Retag;
import dev.vmidentity.identity.Step.Tell;
import dev.vmidentity.status.Explanation;
import dev.vmidentity.status.FaultText;
import dev.vmidentity.status.IdentityStatus.Sight;
import dev.vmidentity.status.NotAllowed;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From what is wanted, allowed and seen of one identity to the next step. Pure: equal arguments, equal step.
 *
 * @param rights what the namespace may do; empty while not known
 * @param principals those that the identity had while it was known as ours: a 404 of a lagging replica is told from a
 *     deletion by them
 * @param foreign principals of identities on which a PUT of ours fell by mistake: our mark on them means nothing
 * @param nonce goes into the mark of an identity that is created
 */
record IdentityPlanner(
        ArmId id,
        UserAssignedIdentitySpec spec,
        Owner owner,
        Optional<Rights> rights,
        Set<String> principals,
        Set<String> foreign,
        String nonce) {
    private static final Sight NOT_THERE = new Sight.NotThere();
    private static final Sight NOT_SEEN = new Sight.NotSeen();
    private static final int MOST_NAMES = 20;

    IdentityPlanner {
        principals = Set.copyOf(principals);
        foreign = Set.copyOf(foreign);
    }

    /** Why Azure is not even asked; empty when it is. */
    Optional<Tell> beforeLooking() {
        if (rights.isEmpty()) {
            return Optional.of(new Tell(
                    new Explanation(
                            Reason.NotKnownYet,
                            "What the namespace " + owner.namespace() + " may do is not known yet, so nothing is"
                                    + " changed."),
                    NOT_SEEN,
                    new Pace.Shortly()));
        }
        boolean mayLook = isAllowed() || rights.get().assign().covers(id);
        // Others' ids are not told to a namespace that may neither manage nor use the identity.
        return spec.managementPolicy() == ManagementPolicy.Observe && !mayLook
                ? Optional.of(new Tell(
                        NotAllowed.assign(owner.namespace(), rights.get().assign(), id), NOT_THERE, new Pace.Slowly()))
                : Optional.empty();
    }

    /** After the read of an object that is not being deleted. */
    Step next(Seen seen) {
        return switch (spec.managementPolicy()) {
            case Manage -> manage(seen);
            case Observe -> observe(seen);
            case Unknown -> new Tell(Explanation.of(Reason.NotUnderstood), NOT_SEEN, new Pace.Slowly());
        };
    }

    private Step manage(Seen seen) {
        return switch (seen) {
            case Seen.Present(Identity identity, boolean _) ->
                IdentityTags.areOf(owner, identity.tags()) ? keep(identity) : alreadyExists();
            case Seen.Absent(boolean groupToo, String detail) -> {
                if (!isAllowed()) {
                    yield new Tell(notAllowed(), NOT_THERE, new Pace.Slowly());
                }
                yield groupToo
                        ? failed(new Fault.ResourceGroupMissing(id.resourceGroup(), detail), NOT_THERE)
                        : create();
            }
            case Seen.Failed(Fault fault) -> failed(fault, NOT_SEEN);
        };
    }

    private Step observe(Seen seen) {
        return switch (seen) {
            case Seen.Present(Identity identity, boolean _) -> available(identity);
            case Seen.Absent _ ->
                new Tell(
                        new Explanation(
                                Reason.IdentityNotFound,
                                "Azure has no identity " + id + ", and managementPolicy Observe leaves its creation to"
                                        + " others. Create it (`az identity create`), or set managementPolicy: Manage."),
                        NOT_THERE,
                        new Pace.Watchful());
            case Seen.Failed(Fault fault) -> failed(fault, NOT_SEEN);
        };
    }

    /** It is ours. What a revoked right allowed is kept, and nothing is added to it. */
    private Step keep(Identity identity) {
        if (foreign.contains(identity.principalId())) {
            return disown(identity);
        }
        if (!isAllowed()) {
            return new Tell(notAllowed(), new Sight.There(identity), new Pace.Slowly());
        }
        var mark = IdentityTags.mark(identity.tags()).orElseThrow();
        Map<String, String> tags = IdentityTags.of(spec.tags(), identity.tags(), mark);
        return tags.equals(identity.tags()) ? available(identity) : new Retag(id, identity.location(), tags);
    }

    private Step create() {
        var location = spec.location();
        if (location == null) {
            return new Tell(
                    new Explanation(
                            Reason.NotUnderstood, "spec.location is missing: set it to a region such as westeurope."),
                    NOT_THERE,
                    new Pace.Slowly());
        }
        return new Create(id, location, IdentityTags.of(spec.tags(), Map.of(), owner.mark(nonce)));
    }

    /** After the PUT of {@link Create}. */
    Step created(Seen answer) {
        return switch (answer) {
            case Seen.Present(Identity identity, boolean created) -> {
                boolean ours = created || principals.contains(identity.principalId());
                if (ours && hasOurNonce(identity)) {
                    yield available(identity);
                }
                // Marked by somebody else within the answer: what the next read shows counts.
                yield ours
                        ? new Tell(Explanation.of(Reason.Creating), NOT_THERE, new Pace.Shortly())
                        : disown(identity);
            }
            case Seen.Absent _, Seen.Failed _ -> written(answer);
        };
    }

    /** After any other PUT, or one that came to nothing. */
    Step written(Seen answer) {
        return switch (answer) {
            case Seen.Present(Identity identity, boolean _) -> available(identity);
            case Seen.Absent(boolean _, String detail) ->
                failed(new Fault.ResourceGroupMissing(id.resourceGroup(), detail), NOT_THERE);
            case Seen.Failed(Fault fault) -> failed(fault, NOT_SEEN);
        };
    }

    /** After the PUT of {@link Disown}. Where that failed, {@link #foreign} knows it, and it is tried again. */
    Step disowned() {
        return alreadyExists();
    }

    /** For an object that is being deleted, before Azure is asked; empty when it is to be asked. */
    static Optional<Step> beforeRemoval(
            UserAssignedIdentitySpec spec, Optional<ArmId> pin, Optional<List<String>> users) {
        if (spec.managementPolicy() == ManagementPolicy.Unknown
                || spec.deletionPolicy() == IdentityDeletionPolicy.Unknown) {
            return Optional.of(new Tell(Explanation.of(Reason.NotUnderstood), NOT_SEEN, new Pace.Slowly()));
        }
        if (spec.managementPolicy() == ManagementPolicy.Observe) {
            return Optional.of(new Release("It was only observed, and stays in Azure."));
        }
        if (pin.isEmpty()) {
            // The pin is written before the first PUT: without one, nothing was ever created.
            return Optional.of(new Release("Nothing was created in Azure."));
        }
        if (spec.deletionPolicy() == IdentityDeletionPolicy.Retain) {
            return Optional.of(new Release("It is retained in Azure."));
        }
        if (users.isEmpty()) {
            return Optional.of(new Tell(
                    new Explanation(
                            Reason.NotKnownYet, "Which bindings use it is not known yet, so it is not deleted."),
                    NOT_SEEN,
                    new Pace.Shortly()));
        }
        return users.filter(names -> !names.isEmpty())
                // Asks only our own memory: no call goes to Azure while somebody uses it.
                .map(names -> new Tell(inUse(names), NOT_SEEN, new Pace.Shortly()));
    }

    /**
     * After the read of an object that is being deleted and that nobody uses. Needs no right: what was created while it
     * was allowed may always be cleaned up.
     *
     * @param seenLately whether it was there so short a while ago that a 404 may be a lagging replica's
     */
    static Step removal(ArmId id, Owner owner, Seen seen, Set<String> foreign, boolean seenLately) {
        return switch (seen) {
            case Seen.Present(Identity identity, boolean _) ->
                IdentityTags.areOf(owner, identity.tags()) && !foreign.contains(identity.principalId())
                        ? new Delete(id)
                        : new Release("It is not this object's, and stays in Azure.");
            case Seen.Absent _ ->
                seenLately
                        ? new Tell(
                                new Explanation(
                                        Reason.Deleting,
                                        "Azure says that it is gone already, and was seen a short while ago: it is asked"
                                                + " once more, to be sure."),
                                NOT_SEEN,
                                new Pace.Watchful())
                        : new Release("It was gone from Azure already.");
            case Seen.Failed(Fault fault) -> failed(id, fault, NOT_SEEN);
        };
    }

    /** After the DELETE. */
    static Step deleted(ArmId id, Deleted answer) {
        return switch (answer) {
            case Deleted.Gone() -> new Release("It is deleted in Azure.");
            case Deleted.Failed(Fault fault) -> failed(id, fault, NOT_SEEN);
        };
    }

    private static Explanation inUse(List<String> names) {
        var first = names.stream().sorted().limit(MOST_NAMES).collect(Collectors.joining(", "));
        var more = names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "";
        return new Explanation(
                Reason.DeletionWaitsForBindings,
                "It is deleted when nothing uses it any longer. Used by " + names.size() + ": delete these or take it"
                        + " out of them: " + first + more + ".");
    }

    private Tell available(Identity identity) {
        return new Tell(
                new Explanation(Reason.Available, "The identity " + id.name() + " exists in Azure as declared."),
                new Sight.There(identity),
                new Pace.Calm());
    }

    private Tell alreadyExists() {
        return new Tell(
                new Explanation(
                        Reason.AlreadyExists,
                        "An identity " + id + " exists in Azure and is not this object's. It is left alone. Choose"
                                + " another spec.name in a new object, or set managementPolicy: Observe to use it as it"
                                + " is."),
                NOT_THERE,
                new Pace.Slowly());
    }

    private Tell failed(Fault fault, Sight sight) {
        return failed(id, fault, sight);
    }

    private static Tell failed(ArmId id, Fault fault, Sight sight) {
        return new Tell(FaultText.explain(fault, id), sight, new Pace.After(fault));
    }

    private boolean isAllowed() {
        return rights.filter(allowed -> allowed.manage().covers(id)).isPresent();
    }

    private Explanation notAllowed() {
        return NotAllowed.manage(owner.namespace(), rights.orElse(Rights.NONE).manage(), id);
    }

    private boolean hasOurNonce(Identity identity) {
        return IdentityTags.mark(identity.tags())
                .filter(mark -> Objects.equals(mark, owner.mark(nonce)))
                .isPresent();
    }

    private Disown disown(Identity identity) {
        var theirs = Map.copyOf(IdentityTags.others(identity.tags()));
        return new Disown(id, identity.principalId(), identity.location(), theirs);
    }
}
