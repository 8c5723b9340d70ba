package dev.vmidentity.identity;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.UserAssignedIdentityStatus;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Rights;
import dev.vmidentity.identity.Recollection.Grounds;
import dev.vmidentity.identity.Step.Pace;
import dev.vmidentity.identity.Step.Tell;
import dev.vmidentity.kube.Events;
import dev.vmidentity.kube.NamespaceRights;
import dev.vmidentity.kube.StatusWriter;
import dev.vmidentity.status.Backoff;
import dev.vmidentity.status.Explanation;
import dev.vmidentity.status.IdentityStatus;
import dev.vmidentity.status.IdentityStatus.Sight;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round about one object: look, decide, do, tell. The decisions are {@link IdentityPlanner}'s; what Azure may answer
 * ends in status and a time to come back, never in an exception. A Kubernetes API server that does not answer is an
 * exception, for the framework to retry.
 */
public final class IdentityRounds {
    private static final Logger LOG = LoggerFactory.getLogger(IdentityRounds.class);
    private static final Duration SHORTLY = Duration.ofSeconds(2);

    /** Many bindings that come and go together move a count; it is not written more often than that. */
    private static final Duration COUNTS = Duration.ofSeconds(5);

    private final Identities identities;
    private final IdentityUses uses;
    private final NamespaceRights rights;
    private final StatusWriter statuses;
    private final Events events;
    private final IdentitySettings settings;
    private final Clock clock;
    private final Supplier<String> nonces;
    private final Map<String, Recollection> recollections = new ConcurrentHashMap<>();

    /** @param nonces eight characters each, never the same */
    public IdentityRounds(
            Identities identities,
            IdentityUses uses,
            NamespaceRights rights,
            StatusWriter statuses,
            Events events,
            IdentitySettings settings,
            Clock clock,
            Supplier<String> nonces) {
        this.identities = identities;
        this.uses = uses;
        this.rights = rights;
        this.statuses = statuses;
        this.events = events;
        this.settings = settings;
        this.clock = clock;
        this.nonces = nonces;
    }

    /** What to do with an object that is being deleted. */
    public sealed interface Removal {
        record Released() implements Removal {}

        record Waits(Duration next) implements Removal {}
    }

    /** A round for an object that shall be. Returns when to come back. */
    public Duration converge(UserAssignedIdentity object) {
        return switch (wanted(object)) {
            case Wanted.Known(ArmId id) -> converge(object, id);
            case Wanted.Unknown(Explanation why) -> {
                var told = new Tell(why, new Sight.NotSeen(), new Pace.Slowly());
                tell(object, Optional.empty(), told, users(object, Wanted.pin(statuses.current(object))));
                yield settings.absentInterval();
            }
        };
    }

    private Duration converge(UserAssignedIdentity object, ArmId id) {
        var memory = recollection(object);
        var may = rights.rights(object.getMetadata().getNamespace());
        var grounds = new Grounds(id, generation(object), may, false);
        var still = memory.still(grounds, clock.instant());
        var told = still.isPresent() ? still : look(object, id, may, memory);
        if (told.isEmpty()) {
            return SHORTLY;
        }
        if (still.isEmpty()) {
            remember(memory, grounds, told.get(), object);
        }
        return tell(object, Optional.of(id), told.get(), users(object, Optional.of(id)));
    }

    /** Empty when the object went away meanwhile. */
    private Optional<Tell> look(UserAssignedIdentity object, ArmId id, Optional<Rights> may, Recollection memory) {
        var principals = new HashSet<>(memory.principals());
        var status = statuses.current(object);
        if (status != null && status.principalId() != null) {
            principals.add(status.principalId());
        }
        var planner = new IdentityPlanner(
                id, object.getSpec(), owner(object), may, principals, memory.foreign(), nonces.get());
        Step step = planner.beforeLooking().<Step>map(told -> told).orElseGet(() -> planner.next(identities.read(id)));
        while (!(step instanceof Tell told)) {
            switch (step) {
                case Step.Create(ArmId at, String location, Map<String, String> tags) -> {
                    if (!pin(object, id)) {
                        return Optional.empty();
                    }
                    step = planner.created(identities.put(at, location, tags));
                }
                case Step.Retag(ArmId at, String location, Map<String, String> tags) ->
                    step = planner.written(identities.put(at, location, tags));
                case Step.Disown(ArmId at, String principal, String location, Map<String, String> tags) -> {
                    memory.disown(principal);
                    LOG.atWarn()
                            .addKeyValue("identity", at)
                            .log("created by somebody else at the same time; our mark is taken off it");
                    identities.put(at, location, tags);
                    step = planner.disowned();
                }
                case Tell _, Step.Delete _, Step.Release _ ->
                    throw new IllegalStateException("no step of an object that shall be: " + step);
            }
        }
        return Optional.of(told);
    }

    /**
     * Writes to status which identity is this object's, before anything is created: a death between the two leaves nothing
     * behind that nobody knows of.
     *
     * @return whether it is there
     */
    private boolean pin(UserAssignedIdentity object, ArmId id) {
        if (Wanted.pin(statuses.current(object)).isEmpty()) {
            var creating = new Tell(
                    new Explanation(Reason.Creating, "The identity " + id.name() + " is being created in Azure."),
                    new Sight.NotThere(),
                    new Pace.Shortly());
            write(object, render(object, Optional.of(id), creating, users(object, Optional.of(id))));
        }
        return Wanted.pin(statuses.current(object)).isPresent();
    }

    /** A round for an object that is being deleted. */
    public Removal remove(UserAssignedIdentity object) {
        var pin = Wanted.pin(statuses.current(object));
        var users = pin.isEmpty() ? Optional.<List<String>>empty() : users(object, pin);
        var step = IdentityPlanner.beforeRemoval(object.getSpec(), pin, users)
                .orElseGet(() -> removal(object, pin.orElseThrow()));
        return switch (step) {
            case Tell told -> {
                var memory = recollection(object);
                removalGrounds(object, pin)
                        .filter(grounds ->
                                !memory.still(grounds, clock.instant()).equals(Optional.of(told)))
                        .ifPresent(grounds -> remember(memory, grounds, told, object));
                yield new Removal.Waits(tell(object, Optional.empty(), told, users));
            }
            case Step.Release(String farewell) -> {
                release(object, farewell);
                yield new Removal.Released();
            }
            case Step.Create _, Step.Retag _, Step.Disown _, Step.Delete _ ->
                throw new IllegalStateException("no last step of a removal: " + step);
        };
    }

    private Step removal(UserAssignedIdentity object, ArmId id) {
        var memory = recollection(object);
        var now = clock.instant();
        var still = removalGrounds(object, Optional.of(id)).flatMap(grounds -> memory.still(grounds, now));
        // Only a fault or a lagging replica is waited for: that users are gone is known at once.
        if (still.isPresent() && still.get().why().reason() != Reason.DeletionWaitsForBindings) {
            return still.get();
        }
        var seen = identities.read(id);
        var lately = memory.sawWithin(settings.goneAfter(), now);
        var step = IdentityPlanner.removal(id, owner(object), seen, memory.foreign(), lately);
        if (step instanceof Step.Delete) {
            memory.deleting();
            return IdentityPlanner.deleted(id, identities.delete(id));
        }
        return step;
    }

    /** Says that a round ended in a defect of ours; the framework tries again. */
    public void defect(UserAssignedIdentity object) {
        var told = new Tell(Explanation.of(Reason.InternalError), new Sight.NotSeen(), new Pace.Slowly());
        write(object, render(object, Optional.empty(), told, Optional.empty()));
    }

    private static Optional<Grounds> removalGrounds(UserAssignedIdentity object, Optional<ArmId> pin) {
        return pin.map(id -> new Grounds(id, generation(object), Optional.empty(), true));
    }

    private void release(UserAssignedIdentity object, String farewell) {
        events.say(object, Events.Tone.Normal, Reason.Deleting, farewell);
        LOG.atInfo().addKeyValue("identity", name(object)).log(farewell);
        recollections.remove(uid(object));
        statuses.forget(uid(object));
    }

    private void remember(Recollection memory, Grounds grounds, Tell told, UserAssignedIdentity object) {
        var now = clock.instant();
        memory.looked(grounds, told, now.plus(pause(told, memory.attempt(told), uid(object))), now);
    }

    private Duration pause(Tell told, int attempts, String uid) {
        long seed = uid.hashCode() * 31L + attempts;
        return switch (told.pace()) {
            case Pace.Calm() -> Backoff.spread(settings.observeInterval(), seed);
            case Pace.Watchful() -> Backoff.spread(settings.absentInterval(), seed);
            case Pace.Shortly() -> SHORTLY;
            case Pace.Slowly() -> Backoff.slowly(attempts, uid.hashCode());
            case Pace.After(var fault) -> Backoff.after(fault, attempts, uid.hashCode());
        };
    }

    /** Renders and writes the status. Returns when to come back. */
    private Duration tell(UserAssignedIdentity object, Optional<ArmId> id, Tell told, Optional<List<String>> users) {
        var now = clock.instant();
        var memory = recollection(object);
        var next = render(object, id.filter(_ -> told.sight() instanceof Sight.There), told, users);
        var due = atLeastAMoment(memory.untilDue(now));
        var before = statuses.current(object);
        if (before != null && differInCountAlone(before, next)) {
            var free = memory.countWritten().equals(Instant.MIN)
                    ? Duration.ZERO
                    : Duration.between(now, memory.countWritten().plus(COUNTS));
            if (free.isPositive()) {
                return free.compareTo(due) < 0 ? free : due;
            }
        }
        write(object, next);
        return due;
    }

    private UserAssignedIdentityStatus render(
            UserAssignedIdentity object, Optional<ArmId> pin, Tell told, Optional<List<String>> users) {
        return IdentityStatus.render(
                pin,
                told.sight(),
                told.why(),
                users.map(List::size),
                statuses.current(object),
                generation(object),
                clock.instant());
    }

    private void write(UserAssignedIdentity object, UserAssignedIdentityStatus next) {
        var before = statuses.current(object);
        if (!statuses.write(object, next)) {
            return;
        }
        recollection(object).countWritten(clock.instant());
        var conditions = before == null ? List.<Condition>of() : before.conditions();
        if (events.readyChanged(object, conditions, next.conditions())) {
            var ready = next.conditions().getFirst();
            LOG.atInfo()
                    .addKeyValue("identity", name(object))
                    .addKeyValue("reason", ready.reason())
                    .log(ready.message());
        }
    }

    private static boolean differInCountAlone(UserAssignedIdentityStatus one, UserAssignedIdentityStatus other) {
        return !Objects.equals(one.bindings(), other.bindings())
                && new UserAssignedIdentityStatus(
                                other.observedGeneration(),
                                other.resourceId(),
                                other.clientId(),
                                other.principalId(),
                                other.tenantId(),
                                one.bindings(),
                                other.conditions())
                        .equals(one);
    }

    private Optional<List<String>> users(UserAssignedIdentity object, Optional<ArmId> id) {
        var metadata = object.getMetadata();
        return id.flatMap(known -> uses.users(metadata.getNamespace(), metadata.getName(), known));
    }

    private Wanted wanted(UserAssignedIdentity object) {
        return Wanted.of(object, statuses.current(object), settings.defaultSubscription());
    }

    private Owner owner(UserAssignedIdentity object) {
        return new Owner(
                settings.cluster(),
                object.getMetadata().getNamespace(),
                object.getMetadata().getName());
    }

    private Recollection recollection(UserAssignedIdentity object) {
        return recollections.computeIfAbsent(uid(object), _ -> new Recollection());
    }

    private static Duration atLeastAMoment(Duration due) {
        return due.compareTo(SHORTLY) < 0 ? SHORTLY : due;
    }

    private static long generation(UserAssignedIdentity object) {
        return Objects.requireNonNullElse(object.getMetadata().getGeneration(), 0L);
    }

    private static String uid(UserAssignedIdentity object) {
        return object.getMetadata().getUid();
    }

    private static String name(UserAssignedIdentity object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }
}
