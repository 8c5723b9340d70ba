package dev.vmidentity.identity;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.IdentityDeletionPolicy;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.UserAssignedIdentitySpec;
import dev.vmidentity.api.UserAssignedIdentityStatus;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.fakes.FakeAzure;
import dev.vmidentity.kube.Events;
import dev.vmidentity.kube.StatusWriter;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One object, an Azure in memory, a clock that a test moves, and what was written to Kubernetes. */
final class World {
    static final String SUBSCRIPTION = "11111111-2222-4333-8444-555555555555";
    static final String CLUSTER = "cccccccc-0000-4000-8000-000000000001";
    static final ArmId WEB = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg", "web");
    static final Rights EVERYTHING = new Rights(Scopes.parse("/"), Scopes.parse("/"), Scopes.parse("/"), Set.of());

    final FakeAzure azure;
    final List<UserAssignedIdentityStatus> statuses = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    UserAssignedIdentity object = object(Map.of());
    Optional<Rights> rights = Optional.of(EVERYTHING);
    Optional<List<String>> users = Optional.of(List.of());
    Optional<String> defaultSubscription = Optional.of(SUBSCRIPTION);

    /** Between the operator and Azure; a test puts what goes wrong here. */
    Identities identities;

    /** Whether the object is gone from the API server. */
    boolean gone;

    private Instant now = Instant.parse("2026-05-01T12:00:00Z");
    private int version = 1;
    private IdentityRounds rounds;

    World() {
        azure = new FakeAzure((InstantSource) () -> now);
        azure.makeGroup(SUBSCRIPTION, "rg");
        identities = azure.identities();
        rounds = restarted();
    }

    static UserAssignedIdentity object(Map<String, String> tags) {
        return object(tags, ManagementPolicy.Manage, IdentityDeletionPolicy.Delete);
    }

    static UserAssignedIdentity object(
            Map<String, String> tags, ManagementPolicy management, IdentityDeletionPolicy deletion) {
        var object = new UserAssignedIdentity();
        object.setMetadata(new ObjectMetaBuilder()
                .withName("web")
                .withNamespace("team-a")
                .withUid("uid-web")
                .withGeneration(1L)
                .withResourceVersion("1")
                .build());
        object.setSpec(new UserAssignedIdentitySpec(null, null, "rg", "westeurope", tags, management, deletion));
        return object;
    }

    /** A person applies another spec. */
    void apply(UserAssignedIdentity next) {
        next.getMetadata().setGeneration(object.getMetadata().getGeneration() + 1);
        next.setStatus(object.getStatus());
        next.getMetadata().setResourceVersion(object.getMetadata().getResourceVersion());
        object = next;
    }

    /** The process dies and another one begins, which remembers nothing. */
    void restart() {
        rounds = restarted();
    }

    private IdentityRounds restarted() {
        var settings = new IdentitySettings(
                CLUSTER, defaultSubscription, Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(1));
        return new IdentityRounds(
                new Forwarding(),
                (namespace, name, id) -> users,
                namespace -> rights,
                new StatusWriter(fresh -> written((UserAssignedIdentity) fresh)),
                new Events(events::add, "test", clock()),
                settings,
                clock(),
                () -> "%08x".formatted(version));
    }

    private @Nullable String written(UserAssignedIdentity fresh) {
        if (gone) {
            return null;
        }
        version++;
        object.setStatus(fresh.getStatus());
        object.getMetadata().setResourceVersion(Integer.toString(version));
        statuses.add(fresh.getStatus());
        return Integer.toString(version);
    }

    Duration converge() {
        return rounds.converge(object);
    }

    IdentityRounds.Removal remove() {
        return rounds.remove(object);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Waits as long as the operator wants to, and lets it go on. */
    Duration passAndConverge(Duration time) {
        pass(time);
        return converge();
    }

    UserAssignedIdentityStatus status() {
        return Objects.requireNonNull(object.getStatus());
    }

    Condition ready() {
        return status().conditions().getFirst();
    }

    Map<String, String> tags() {
        return azure.look(WEB).orElseThrow().tags();
    }

    int requests() {
        return azure.requests().size();
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    private final class Forwarding implements Identities {
        @Override
        public Seen read(ArmId id) {
            return identities.read(id);
        }

        @Override
        public Seen put(ArmId id, String location, Map<String, String> tags) {
            return identities.put(id, location, tags);
        }

        @Override
        public Deleted delete(ArmId id) {
            return identities.delete(id);
        }
    }
}
