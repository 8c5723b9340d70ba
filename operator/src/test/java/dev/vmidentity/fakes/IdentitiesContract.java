package dev.vmidentity.fakes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Identities.Deleted;
import dev.vmidentity.core.Identities.Identity;
import dev.vmidentity.core.Identities.Seen;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What everybody who implements {@link dev.vmidentity.core.Identities} owes. */
public abstract class IdentitiesContract {
    private static final String SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
    private static final ArmId WEB = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "web");

    private Ground ground;

    protected abstract Ground ground();

    @BeforeEach
    void layGround() {
        ground = ground();
        ground.makeGroup(SUBSCRIPTION, "rg-ids");
    }

    @AfterEach
    void clearGround() {
        ground.close();
    }

    @Test
    void theFirstPutCreatesAndTellsTheIds() {
        Seen.Present made = present(ground.identities().put(WEB, "westeurope", Map.of("team", "a")));

        assertThat(made.created()).isTrue();
        Identity identity = made.identity();
        assertThat(identity.id()).isEqualTo(WEB);
        assertThat(identity.location()).isEqualTo("westeurope");
        assertThat(identity.tags()).containsExactly(Map.entry("team", "a"));
        assertThat(identity.clientId()).isNotEmpty();
        assertThat(identity.principalId()).isNotEmpty().isNotEqualTo(identity.clientId());
        assertThat(identity.tenantId()).isNotEmpty();
        assertThat(present(ground.identities().read(WEB)).identity()).isEqualTo(identity);
    }

    @Test
    void aSecondPutReplacesTheTagsAndKeepsTheIds() {
        Identity before = present(ground.identities().put(WEB, "westeurope", Map.of("team", "a")))
                .identity();

        Seen.Present again = present(ground.identities().put(WEB, "westeurope", Map.of("cost", "7")));

        assertThat(again.created()).isFalse();
        assertThat(again.identity().tags()).containsExactly(Map.entry("cost", "7"));
        assertThat(again.identity().clientId()).isEqualTo(before.clientId());
        assertThat(again.identity().principalId()).isEqualTo(before.principalId());
    }

    @Test
    void aPutOverWhatSomebodyElseMadeDoesNotClaimToHaveCreatedIt() {
        ground.makeIdentity(WEB);

        assertThat(present(ground.identities().put(WEB, "westeurope", Map.of())).created())
                .isFalse();
    }

    @Test
    void anIdInAnotherSpellingIsTheSameIdentity() {
        ground.makeIdentity(WEB);

        Identity shouted = present(ground.identities().read(ArmId.of(WEB.value().toUpperCase(Locale.ROOT))))
                .identity();

        assertThat(shouted).isEqualTo(present(ground.identities().read(WEB)).identity());
    }

    @Test
    void anIdentityThatIsNotThereIsAbsent() {
        assertThat(ground.identities().read(WEB))
                .isInstanceOfSatisfying(
                        Seen.Absent.class,
                        absent -> assertThat(absent.resourceGroupToo()).isFalse());
    }

    @Test
    void anIdentityWhoseGroupIsNotThereIsAbsentWithIt() {
        assertThat(ground.identities().read(inNoGroup()))
                .isInstanceOfSatisfying(
                        Seen.Absent.class,
                        absent -> assertThat(absent.resourceGroupToo()).isTrue());
    }

    @Test
    void aPutIntoAGroupThatIsNotThereNamesTheGroup() {
        assertThat(ground.identities().put(inNoGroup(), "westeurope", Map.of()))
                .isInstanceOfSatisfying(
                        Seen.Failed.class,
                        failed -> assertThat(failed.fault())
                                .isInstanceOfSatisfying(
                                        Fault.ResourceGroupMissing.class,
                                        fault -> assertThat(fault.resourceGroup())
                                                .isEqualTo("rg-nowhere")));
    }

    @Test
    void deletingTwiceIsASuccessTwice() {
        ground.makeIdentity(WEB);

        assertThat(ground.identities().delete(WEB)).isInstanceOf(Deleted.Gone.class);
        assertThat(ground.identities().delete(WEB)).isInstanceOf(Deleted.Gone.class);
        assertThat(ground.identities().read(WEB)).isInstanceOf(Seen.Absent.class);
    }

    @Test
    void deletingInAGroupThatIsNotThereIsASuccess() {
        assertThat(ground.identities().delete(inNoGroup())).isInstanceOf(Deleted.Gone.class);
    }

    @Test
    void anIdentityMadeAnewHasAnotherPrincipal() {
        Identity before =
                present(ground.identities().put(WEB, "westeurope", Map.of())).identity();
        assertThat(ground.identities().delete(WEB)).isInstanceOf(Deleted.Gone.class);

        Seen.Present anew = present(ground.identities().put(WEB, "westeurope", Map.of()));

        assertThat(anew.created()).isTrue();
        assertThat(anew.identity().principalId()).isNotEqualTo(before.principalId());
    }

    @Test
    void aThrottledReadTellsAzuresOwnWait() {
        ground.makeIdentity(WEB);
        ground.nextIdentityRequest(new Fault.Throttled(
                Fault.Throttled.Scope.SUBSCRIPTION,
                Optional.of(Duration.ofSeconds(9)),
                "Number of 'read' requests exceeded. Please try again after '9' seconds."));

        assertThat(ground.identities().read(WEB))
                .isInstanceOfSatisfying(
                        Seen.Failed.class,
                        failed -> assertThat(failed.fault())
                                .isInstanceOfSatisfying(
                                        Fault.Throttled.class,
                                        fault -> assertThat(fault.retryAfter()).contains(Duration.ofSeconds(9))));
    }

    private static ArmId inNoGroup() {
        return ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-nowhere", "web");
    }

    private static Seen.Present present(Seen seen) {
        assertThat(seen).isInstanceOf(Seen.Present.class);
        return (Seen.Present) seen;
    }
}
