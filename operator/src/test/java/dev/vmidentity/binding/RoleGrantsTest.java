package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.GrantDemand;
import dev.vmidentity.core.GrantDemand.Principal;
import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.GrantName;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.GrantOutcome.Line;
import dev.vmidentity.core.GrantOutcome.State;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleAssignments.Assignment;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.fakes.FakeRoleAssignments;
import dev.vmidentity.fakes.FakeRoleAssignments.Request;
import dev.vmidentity.fakes.RoleGround;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One binding's roles on one machine, round by round, with a ledger that is written between them. */
final class RoleGrantsTest {
    private static final String PRINCIPAL = "90cc53e8-4a6e-45b6-8339-516448218ee0";
    private static final String EARLIER = "90cc53e8-4a6e-45b6-8339-000000000000";
    private static final RoleScope GROUP =
            RoleScope.of("/subscriptions/" + Scene.SUBSCRIPTION + "/resourceGroups/rg-data");
    private static final RoleScope OTHER =
            RoleScope.of("/subscriptions/" + Scene.SUBSCRIPTION + "/resourceGroups/rg-other");
    private static final GrantName NAME = new GrantName("cluster", "binding");
    private static final Assignment READS = NAME.assignment(PRINCIPAL, RoleGround.READER, GROUP);
    private static final Assignment OTHER_READS = NAME.assignment(PRINCIPAL, RoleGround.READER, OTHER);
    private static final Wish WISH = new Wish(Role.of("Reader"), GROUP, true);
    private static final Wish OTHER_WISH = new Wish(Role.of("Reader"), OTHER, true);

    private final Scene.HandClock clock = new Scene.HandClock();
    private final FakeRoleAssignments azure = new FakeRoleAssignments();
    private GrantWorker worker = start();
    private Principal principal = new Principal.Known(PRINCIPAL);
    private Stance stance = Stance.MAINTAIN;
    private List<Wish> wishes = List.of(WISH);
    private List<Recorded> ledger = List.of();
    private Optional<Instant> next = Optional.empty();

    private GrantWorker start() {
        return new GrantWorker(new GrantCalls(azure, clock), Scene.TIMING, "made by a test", 7);
    }

    /** A round, after which the machine's ledger remembers what it is told to. */
    private GrantOutcome round() {
        var rounded = worker.round(new GrantDemand(NAME, Scene.VM, principal, wishes, stance, ledger));
        next = rounded.next();
        ledger = rounded.remember();
        return rounded.outcome();
    }

    private void assigned() {
        round();
        assertThat(states(round())).containsOnly(State.ASSIGNED);
        azure.requests();
    }

    private static List<State> states(GrantOutcome outcome) {
        return outcome.lines().stream().map(Line::state).toList();
    }

    private long puts() {
        return azure.requests().stream().filter(Request.Put.class::isInstance).count();
    }

    private void waitForNext() {
        Instant due = next.orElseThrow();
        assertThat(due).as("a round that is due in the past would spin").isAfter(clock.instant());
        clock.advance(Duration.between(clock.instant(), due));
    }

    @Test
    void nothingIsMadeBeforeTheLedgerRemembersIt() {
        GrantOutcome first = round();

        assertThat(azure.all()).isEmpty();
        assertThat(first.lines()).singleElement().satisfies(line -> {
            assertThat(line.state()).isEqualTo(State.ASSIGNING);
            assertThat(line.id()).contains(READS.id());
        });

        assertThat(states(round())).containsExactly(State.ASSIGNED);
        assertThat(azure.all()).containsExactly(READS);
    }

    @Test
    void aPrincipalThatAzureDoesNotKnowYetIsTriedAgainAfterSecondsWhateverHappensMeanwhile() {
        for (int i = 0; i < 3; i++) {
            azure.nextPut(new Fault.PrincipalUnknown("does not exist in the directory"));
        }
        round();
        assertThat(round().lines().getFirst().fault()).containsInstanceOf(Fault.PrincipalUnknown.class);
        assertThat(puts()).isOne();

        // The ledger was written, another entry came and went, its order changed: the binding is reconciled each time.
        round();
        wishes = List.of(OTHER_WISH, WISH);
        round();
        wishes = List.of(WISH);
        round();
        assertThat(azure.requests())
                .as("no second PUT of the same assignment")
                .noneMatch(request -> request.equals(new Request.Put(READS)));

        Instant begun = clock.instant();
        while (!azure.all().contains(READS)) {
            waitForNext();
            round();
        }
        assertThat(puts()).as("two more were refused").isEqualTo(3);
        assertThat(Duration.between(begun, clock.instant())).isBetween(Duration.ofSeconds(12), Duration.ofSeconds(45));
    }

    @Test
    void aThrottleHoldsForAllBindingsOfTheSubscriptionToTheSecond() {
        GrantCalls shared = new GrantCalls(azure, clock);
        GrantWorker other = new GrantWorker(shared, Scene.TIMING, "", 9);
        worker = new GrantWorker(shared, Scene.TIMING, "", 7);
        azure.nextPut(new Fault.Throttled(
                Fault.Throttled.Scope.SUBSCRIPTION, Optional.of(Duration.ofSeconds(17)), "too many"));
        round();
        round();
        azure.requests();

        other.round(new GrantDemand(NAME, Scene.VM, principal, wishes, stance, ledger));
        clock.advance(Duration.ofSeconds(16));
        round();
        assertThat(azure.requests()).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        assertThat(states(round())).containsExactly(State.ASSIGNED);
    }

    @Test
    void aNewProcessFindsWhatIsThereAndMakesNothing() {
        assigned();
        worker = start();

        assertThat(states(round())).containsExactly(State.ASSIGNED);
        assertThat(azure.requests()).noneMatch(r -> r instanceof Request.Put || r instanceof Request.Delete);
    }

    @Test
    void aProcessThatDiedAfterItsPutKnowsWhatItMadeThoughTheEntryWasTakenOut() {
        round();
        azure.put(READS, "");
        worker = start();
        wishes = List.of();

        round();

        assertThat(azure.all()).isEmpty();
    }

    @Test
    void withoutAMemoryItIsFoundByItsName() {
        assigned();
        worker = start();
        ledger = List.of();
        wishes = List.of(OTHER_WISH);

        round();
        assertThat(azure.all()).doesNotContain(READS);
    }

    @Test
    void whatOthersDeleteIsMadeAnewWithTheNextLook() {
        assigned();
        azure.deletedByOthers(READS);
        round();
        assertThat(azure.all()).isEmpty();

        clock.advance(Scene.TIMING.observe());
        round();

        assertThat(azure.all()).containsExactly(READS);
    }

    @Test
    void theSameByOthersSatisfiesIsNeverDeletedAndWhenItGoesOursIsMade() {
        Assignment theirs = new GrantName("cluster", "another").assignment(PRINCIPAL, RoleGround.READER, GROUP);
        azure.assignedByOthers(theirs);
        round();
        assertThat(states(round())).containsExactly(State.BY_OTHERS);

        azure.deletedByOthers(theirs);
        worker.lookSoon();
        round();
        round();
        assertThat(azure.all()).containsExactly(READS);
        azure.deletedByOthers(READS);
        azure.assignedByOthers(theirs);
        stance = Stance.REMOVE;
        assertThat(round().cleared()).isTrue();
        assertThat(azure.all()).containsExactly(theirs);
    }

    @Test
    void anEntryTakenOutIsDeletedAlone() {
        wishes = List.of(WISH, OTHER_WISH);
        assigned();
        wishes = List.of(WISH);

        round();

        assertThat(azure.all()).containsExactly(READS);
        assertThat(azure.requests()).contains(new Request.Delete(OTHER, OTHER_READS.name()));
    }

    @Test
    void thoseOfAnEarlierPrincipalGoWhenItIsCertainThatItIsAnother() {
        principal = new Principal.Known(EARLIER);
        assigned();
        Assignment old = NAME.assignment(EARLIER, RoleGround.READER, GROUP);
        principal = new Principal.Known(PRINCIPAL);

        round();
        assertThat(states(round())).containsExactly(State.ASSIGNED, State.REMOVING);
        assertThat(azure.all()).containsExactlyInAnyOrder(READS, old);

        clock.advance(Scene.TIMING.gone());
        round();
        assertThat(azure.all()).containsExactly(READS);
        assertThat(states(round())).containsExactly(State.ASSIGNED);
    }

    @Test
    void aRefusedDeleteIsSaidAndNothingIsCalledCleared() {
        assigned();
        azure.nextDelete(new Fault.Forbidden("Microsoft.Authorization/roleAssignments/delete", List.of(), "", "no"));
        stance = Stance.REMOVE;

        GrantOutcome refused = round();
        assertThat(refused.cleared()).isFalse();
        assertThat(refused.lines()).singleElement().satisfies(line -> {
            assertThat(line.state()).isEqualTo(State.REMOVING);
            assertThat(line.role()).isEqualTo("Reader");
            assertThat(line.fault()).containsInstanceOf(Fault.Forbidden.class);
        });

        waitForNext();
        assertThat(round().cleared()).isTrue();
        assertThat(azure.all()).isEmpty();
        assertThat(next).isEmpty();
    }

    @Test
    void whatCannotBeListedIsNotCalledCleared() {
        assigned();
        worker = start();
        azure.nextList(new Fault.Unreachable("time-out"));
        stance = Stance.REMOVE;

        GrantOutcome blind = round();

        assertThat(blind.cleared()).isFalse();
        assertThat(blind.lines())
                .singleElement()
                .satisfies(line -> assertThat(line.id()).contains(READS.id()));
        assertThat(azure.all()).containsExactly(READS);
        waitForNext();
        assertThat(round().cleared()).isTrue();
    }

    @Test
    void whatKeepsOneFromLookingIsSaidOfWhatIsToBeDeleted() {
        assigned();
        azure.nextList(new Fault.Unreachable("time-out"));
        stance = Stance.REMOVE;

        assertThat(round().lines().getFirst().fault()).containsInstanceOf(Fault.Unreachable.class);
        assertThat(azure.all()).containsExactly(READS);
    }

    @Test
    void whoMayNotListTheSubscriptionLooksOneByOne() {
        for (int i = 0; i < 9; i++) {
            azure.nextList(new Fault.Forbidden("Microsoft.Authorization/roleAssignments/read", List.of(), "", "no"));
        }

        assigned();
        stance = Stance.REMOVE;

        assertThat(round().cleared()).isTrue();
        assertThat(azure.all()).isEmpty();
    }

    @Test
    void aRoleThatNobodyKnowsIsSaidByItsName() {
        wishes = List.of(new Wish(Role.of("Reeder"), GROUP, true), OTHER_WISH);
        round();

        GrantOutcome outcome = round();

        assertThat(outcome.lines().getFirst().fault()).contains(new Fault.RoleMissing("Reeder", ""));
        assertThat(azure.all()).containsExactly(OTHER_READS);
    }

    @Test
    void whileItIsWellLittleIsAsked() {
        assigned();

        for (int i = 0; i < 20; i++) {
            round();
        }

        assertThat(azure.requests()).isEmpty();
        clock.advance(Scene.TIMING.observe());
        round();
        assertThat(azure.requests()).containsExactly(new Request.Listing(GROUP.subscriptionId(), PRINCIPAL));
    }
}
