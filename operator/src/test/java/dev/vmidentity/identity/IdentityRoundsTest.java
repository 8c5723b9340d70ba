package dev.vmidentity.identity;

import static dev.vmidentity.identity.World.CLUSTER;
import static dev.vmidentity.identity.World.SUBSCRIPTION;
import static dev.vmidentity.identity.World.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.IdentityDeletionPolicy;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.Reason;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.fakes.FakeAzure.Request;
import dev.vmidentity.identity.IdentityRounds.Removal;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdentityRoundsTest {
    private final World world = new World();

    @Test
    void whatIsNotThereIsCreatedWithItsMarkAndTags() {
        world.object = World.object(Map.of("team", "a"));

        world.converge();

        assertThat(world.tags())
                .containsEntry("team", "a")
                .hasEntrySatisfying(IdentityTags.OWNER, mark -> assertThat(mark).startsWith(CLUSTER + "/team-a/web/"));
        assertThat(world.ready().status()).isEqualTo(ConditionStatus.True);
        var made = world.azure.look(WEB).orElseThrow();
        assertThat(world.status().clientId()).isEqualTo(made.clientId());
        assertThat(world.status().principalId()).isEqualTo(made.principalId());
        assertThat(world.status().resourceId()).isEqualTo(WEB.value());
        assertThat(world.status().bindings()).isZero();
    }

    @Test
    void whichIdentityItIsIsWrittenBeforeItIsCreated() {
        world.converge();

        assertThat(world.statuses.getFirst().resourceId()).isEqualTo(WEB.value());
        assertThat(world.statuses.getFirst().conditions().getFirst().reason()).isEqualTo(Reason.Creating);
        assertThat(world.events).extracting(Event::getReason).containsExactly("Creating", "Available");
    }

    @Test
    void nothingIsCreatedForAnObjectThatIsGone() {
        world.gone = true;

        world.converge();

        assertThat(world.azure.look(WEB)).isEmpty();
    }

    @Test
    void steadyStateIsOneReadAnIntervalAndNoWrite() {
        var next = world.converge();
        int written = world.statuses.size();
        world.azure.forgetRequests();

        world.converge();
        world.converge();
        world.passAndConverge(next);

        assertThat(world.azure.requests()).containsExactly(new Request.IdentityRead(WEB));
        assertThat(world.statuses).hasSize(written);
    }

    @Test
    void aRestartWritesNothing() {
        world.converge();
        int written = world.statuses.size();
        int said = world.events.size();
        world.azure.forgetRequests();

        world.restart();
        world.converge();

        assertThat(world.azure.requests()).containsExactly(new Request.IdentityRead(WEB));
        assertThat(world.statuses).hasSize(written);
        assertThat(world.events).hasSize(said);
    }

    @Test
    void whatSomebodyElseMadeIsLeftAlone() {
        world.azure.makeIdentity(WEB);
        var theirs = world.azure.look(WEB);

        world.converge();

        assertThat(world.ready().reason()).isEqualTo(Reason.AlreadyExists);
        assertThat(world.status().resourceId()).isNull();
        assertThat(world.azure.look(WEB)).isEqualTo(theirs);
        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
        assertThat(world.azure.look(WEB)).isEqualTo(theirs);
    }

    @Test
    void whatSomebodyElseMadeInTheLastMomentIsGivenBackAndNeverDeleted() {
        world.identities = new Between(world.azure.identities()) {
            private boolean once;

            @Override
            public Seen put(ArmId id, String location, Map<String, String> tags) {
                if (!once) {
                    once = true;
                    world.azure.makeIdentity(WEB);
                }
                return super.put(id, location, tags);
            }
        };

        world.converge();

        assertThat(world.ready().reason()).isEqualTo(Reason.AlreadyExists);
        assertThat(world.tags()).doesNotContainKeys(IdentityTags.OWNER, IdentityTags.SET);
        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
        assertThat(world.azure.look(WEB)).isPresent();
    }

    @Test
    void aMarkThatCouldNotBeTakenOffIsNoClaim() {
        world.identities = new Between(world.azure.identities()) {
            private int puts;

            @Override
            public Seen put(ArmId id, String location, Map<String, String> tags) {
                puts++;
                if (puts == 1) {
                    world.azure.makeIdentity(WEB);
                }
                return puts == 2 ? new Seen.Failed(new Fault.Unreachable("cut")) : super.put(id, location, tags);
            }
        };
        var next = world.converge();
        assertThat(world.tags()).containsKey(IdentityTags.OWNER);

        world.passAndConverge(next);

        assertThat(world.ready().reason()).isEqualTo(Reason.AlreadyExists);
        assertThat(world.tags()).doesNotContainKey(IdentityTags.OWNER);
    }

    @Test
    void aReplicaThatLagsDoesNotMakeOursForeign() {
        var next = world.converge();
        var ours = world.azure.look(WEB).orElseThrow();
        world.identities = new Between(world.azure.identities()) {
            @Override
            public Seen read(ArmId id) {
                return new Seen.Absent(false, "not found");
            }
        };

        world.passAndConverge(next);

        assertThat(world.ready().reason()).isEqualTo(Reason.Available);
        assertThat(world.status().principalId()).isEqualTo(ours.principalId());
    }

    @Test
    void anAnswerThatWasLostLeavesOursOurs() {
        world.identities = new Between(world.azure.identities()) {
            private boolean once;

            @Override
            public Seen put(ArmId id, String location, Map<String, String> tags) {
                var answer = super.put(id, location, tags);
                boolean lost = !once;
                once = true;
                return lost ? new Seen.Failed(new Fault.Unreachable("cut")) : answer;
            }
        };
        var next = world.converge();
        assertThat(world.ready().reason()).isEqualTo(Reason.AzureUnreachable);

        world.passAndConverge(next);

        assertThat(world.ready().reason()).isEqualTo(Reason.Available);
    }

    @Test
    void whatIsDeletedBehindOurBackIsMadeAgain() {
        var next = world.converge();
        var before = world.status().principalId();
        world.azure.deleteIdentity(WEB);

        world.passAndConverge(next);

        assertThat(world.ready().reason()).isEqualTo(Reason.Available);
        assertThat(world.status().principalId()).isNotEqualTo(before);
    }

    @Test
    void tagsOfOthersAreKeptAndOursFollowTheSpec() {
        world.object = World.object(Map.of("team", "a", "cost", "1"));
        world.converge();
        var withTheirs = new java.util.HashMap<>(world.tags());
        withTheirs.put("created-by-policy", "yes");
        world.azure.identities().put(WEB, "westeurope", withTheirs);

        world.apply(World.object(Map.of("team", "b")));
        world.converge();

        assertThat(world.tags())
                .containsEntry("team", "b")
                .containsEntry("created-by-policy", "yes")
                .doesNotContainKey("cost")
                .containsKey(IdentityTags.OWNER);
        assertThat(world.ready().reason()).isEqualTo(Reason.Available);
    }

    @Test
    void whatIsObservedIsNeverWritten() {
        world.object = World.object(Map.of("team", "a"), ManagementPolicy.Observe, IdentityDeletionPolicy.Delete);
        var next = world.converge();
        assertThat(world.ready().reason()).isEqualTo(Reason.IdentityNotFound);

        world.azure.makeIdentity(WEB);
        world.passAndConverge(next);

        assertThat(world.ready().reason()).isEqualTo(Reason.Available);
        assertThat(world.status().resourceId()).isEqualTo(WEB.value());
        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
        assertThat(world.azure.requests()).allMatch(request -> request instanceof Request.IdentityRead);
    }

    @Test
    void aNamespaceWithoutTheRightIsToldTheAnnotation() {
        world.rights = Optional.of(Rights.NONE);

        world.converge();

        assertThat(world.ready().reason()).isEqualTo(Reason.NotAllowedByNamespace);
        assertThat(world.ready().message())
                .contains("kubectl annotate namespace team-a --overwrite vmidentity.dev/manage=/subscriptions/"
                        + SUBSCRIPTION + "/resourceGroups/rg`.");
        assertThat(world.azure.look(WEB)).isEmpty();
    }

    @Test
    void aNamespaceWithoutAnyRightIsNotToldAnIdentitysIds() {
        world.azure.makeIdentity(WEB);
        world.object = World.object(Map.of(), ManagementPolicy.Observe, IdentityDeletionPolicy.Retain);
        world.rights = Optional.of(Rights.NONE);

        world.converge();

        assertThat(world.ready().reason()).isEqualTo(Reason.NotAllowedByNamespace);
        assertThat(world.status().clientId()).isNull();
        assertThat(world.requests()).isZero();
    }

    @Test
    void aRightThatIsGivenIsUsedAtOnce() {
        world.rights = Optional.of(Rights.NONE);
        world.converge();

        world.rights = Optional.of(World.EVERYTHING);
        world.converge();

        assertThat(world.ready().reason()).isEqualTo(Reason.Available);
    }

    @Test
    void aRevokedRightKeepsWhatExistsAddsNothingAndAllowsTheDeletion() {
        world.converge();
        world.rights = Optional.of(new Rights(Scopes.NONE, Scopes.NONE, Scopes.NONE, Set.of()));
        world.apply(World.object(Map.of("team", "a")));

        world.converge();

        assertThat(world.ready().reason()).isEqualTo(Reason.NotAllowedByNamespace);
        assertThat(world.status().clientId()).isNotNull();
        assertThat(world.tags()).doesNotContainKey("team");
        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
        assertThat(world.azure.look(WEB)).isEmpty();
    }

    @Test
    void rightsThatAreNotKnownChangeNothing() {
        world.rights = Optional.empty();

        world.converge();

        assertThat(world.ready().reason()).isEqualTo(Reason.NotKnownYet);
        assertThat(world.requests()).isZero();
    }

    @Test
    void withoutASubscriptionItAsksForOne() {
        world.defaultSubscription = Optional.empty();
        world.restart();

        world.converge();

        assertThat(world.ready().reason()).isEqualTo(Reason.SubscriptionRequired);
    }

    @Test
    void anotherDefaultNeverMakesASecondIdentity() {
        world.converge();
        world.defaultSubscription = Optional.of("99999999-2222-4333-8444-555555555555");
        world.restart();
        int requests = world.requests();

        world.converge();

        assertThat(world.ready().reason()).isEqualTo(Reason.DefaultsChanged);
        assertThat(world.ready().message()).contains(SUBSCRIPTION);
        assertThat(world.status().clientId()).isNotNull();
        assertThat(world.requests()).isEqualTo(requests);
    }

    @Test
    void anotherDefaultDoesNotKeepTheDeletionFromTheRightOne() {
        world.converge();
        world.defaultSubscription = Optional.of("99999999-2222-4333-8444-555555555555");
        world.restart();

        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
        assertThat(world.azure.look(WEB)).isEmpty();
    }

    @Test
    void aMissingResourceGroupIsWaitedFor() {
        var elsewhere = World.object(Map.of());
        elsewhere.setSpec(new dev.vmidentity.api.UserAssignedIdentitySpec(
                null,
                null,
                "rg-later",
                "westeurope",
                Map.of(),
                ManagementPolicy.Manage,
                IdentityDeletionPolicy.Delete));
        world.object = elsewhere;
        var next = world.converge();
        assertThat(world.ready().reason()).isEqualTo(Reason.WaitingForResourceGroup);

        world.azure.makeGroup(SUBSCRIPTION, "rg-later");
        world.passAndConverge(next);

        assertThat(world.ready().reason()).isEqualTo(Reason.Available);
    }

    @Test
    void aFaultIsToldAndTriedAgainLaterAndLater() {
        world.azure.nextIdentityRequest(new Fault.Unreachable("one"));
        world.azure.nextIdentityRequest(new Fault.Unreachable("one"));
        var first = world.converge();
        int written = world.statuses.size();

        var second = world.passAndConverge(first);

        assertThat(world.ready().reason()).isEqualTo(Reason.AzureUnreachable);
        assertThat(second).isGreaterThan(first);
        assertThat(world.statuses).hasSize(written);
    }

    @Test
    void azuresOwnWaitIsObeyedWhateverHappensMeanwhile() {
        world.azure.nextIdentityRequest(new Fault.Throttled(
                Fault.Throttled.Scope.IDENTITIES, Optional.of(Duration.ofSeconds(17)), "slow down"));
        assertThat(world.converge()).isEqualTo(Duration.ofSeconds(17));
        int requests = world.requests();

        world.apply(World.object(Map.of("team", "a")));
        world.pass(Duration.ofSeconds(16));
        world.converge();
        assertThat(world.requests()).isEqualTo(requests);

        world.passAndConverge(Duration.ofSeconds(1));
        assertThat(world.ready().reason()).isEqualTo(Reason.Available);
    }

    @Test
    void deletionWaitsForItsUsersAndNamesThem() {
        world.converge();
        world.users = Optional.of(
                IntStream.range(10, 35).mapToObj(i -> "team-a/b" + i).toList());

        assertThat(world.remove()).isInstanceOf(Removal.Waits.class);

        assertThat(world.ready().reason()).isEqualTo(Reason.DeletionWaitsForBindings);
        assertThat(world.ready().message()).contains("Used by 25", "team-a/b10, team-a/b11", "and 5 more.");
        assertThat(world.azure.look(WEB)).isPresent();
    }

    @Test
    void deletionGoesOnAsSoonAsTheLastUserIsGone() {
        world.converge();
        world.users = Optional.of(List.of("team-a/b1"));
        world.remove();

        world.users = Optional.of(List.of());

        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
        assertThat(world.azure.look(WEB)).isEmpty();
    }

    @Test
    void deletionWaitsWhileItsUsersAreNotKnown() {
        world.converge();
        world.users = Optional.empty();

        assertThat(world.remove()).isInstanceOf(Removal.Waits.class);
        assertThat(world.azure.look(WEB)).isPresent();
    }

    @Test
    void whatIsRetainedStays() {
        world.object = World.object(Map.of(), ManagementPolicy.Manage, IdentityDeletionPolicy.Retain);
        world.converge();
        world.users = Optional.of(List.of("team-a/b1"));

        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
        assertThat(world.azure.look(WEB)).isPresent();
    }

    @Test
    void aDeletionThatAzureRefusesIsToldAndTriedAgain() {
        world.converge();
        world.identities = new Between(world.azure.identities()) {
            private boolean once;

            @Override
            public Deleted delete(ArmId id) {
                boolean locked = !once;
                once = true;
                return locked ? new Deleted.Failed(new Fault.Refused("ScopeLocked", "locked")) : super.delete(id);
            }
        };

        var first = world.remove();
        assertThat(world.ready().reason()).isEqualTo(Reason.Locked);
        assertThat(first).isInstanceOfSatisfying(Removal.Waits.class, waits -> world.pass(waits.next()));

        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
        assertThat(world.azure.look(WEB)).isEmpty();
    }

    @Test
    void aFreshIdentityThatAReplicaDoesNotKnowYetIsNotForgotten() {
        world.converge();
        world.identities = new Between(world.azure.identities()) {
            private boolean once;

            @Override
            public Seen read(ArmId id) {
                boolean lags = !once;
                once = true;
                return lags ? new Seen.Absent(false, "not found") : super.read(id);
            }
        };

        assertThat(world.remove()).isInstanceOfSatisfying(Removal.Waits.class, waits -> world.pass(waits.next()));

        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
        assertThat(world.azure.look(WEB)).isEmpty();
    }

    @Test
    void whatIsGoneForLongIsReleased() {
        world.converge();
        world.azure.deleteIdentity(WEB);
        world.pass(Duration.ofMinutes(2));

        assertThat(world.remove()).isInstanceOf(Removal.Released.class);
    }

    @Test
    void aCountThatManyBindingsMoveIsWrittenEveryFiveSeconds() {
        world.converge();
        int written = world.statuses.size();
        int requests = world.requests();

        for (int i = 1; i <= 100; i++) {
            world.users = Optional.of(
                    IntStream.range(0, i).mapToObj(n -> "team-a/b" + n).toList());
            world.converge();
        }
        assertThat(world.statuses).hasSize(written);
        world.passAndConverge(Duration.ofSeconds(5));

        assertThat(world.status().bindings()).isEqualTo(100);
        assertThat(world.statuses).hasSize(written + 1);
        assertThat(world.requests()).isEqualTo(requests);
    }

    @ParameterizedTest
    @EnumSource(value = IdentityDeletionPolicy.class, names = "Unknown")
    void aPolicyThatIsNotKnownNeitherDeletesNorReleases(IdentityDeletionPolicy unknown) {
        world.converge();
        world.apply(World.object(Map.of(), ManagementPolicy.Manage, unknown));

        assertThat(world.remove()).isInstanceOf(Removal.Waits.class);
        assertThat(world.ready().reason()).isEqualTo(Reason.NotUnderstood);
        assertThat(world.azure.look(WEB)).isPresent();
    }

    /** Lets through what a test does not bend. */
    private static class Between implements Identities {
        private final Identities behind;

        Between(Identities behind) {
            this.behind = behind;
        }

        @Override
        public Seen read(ArmId id) {
            return behind.read(id);
        }

        @Override
        public Seen put(ArmId id, String location, Map<String, String> tags) {
            return behind.put(id, location, tags);
        }

        @Override
        public Deleted delete(ArmId id) {
            return behind.delete(id);
        }
    }
}
