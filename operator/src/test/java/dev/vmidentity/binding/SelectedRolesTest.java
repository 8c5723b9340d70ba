package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.Quietly;
import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.RoleAssignmentState;
import dev.vmidentity.api.VmIdentityBindingSpec;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantName;
import dev.vmidentity.core.GrantRecord;
import dev.vmidentity.core.RoleAssignments.Assignment;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeRoleAssignments.Request;
import dev.vmidentity.fakes.RoleGround;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A binding with a selector gives the identity of each machine its roles, and takes them back. */
@ExtendWith(Quietly.class)
class SelectedRolesTest {
    private static final Duration A_WHILE = Duration.ofSeconds(30);
    private static final Duration A_REFRESH = Duration.ofSeconds(80);
    private static final String DATA = "/subscriptions/" + Scene.SUBSCRIPTION + "/resourceGroups/rg-data";
    private static final String LOGS = "/subscriptions/" + Scene.SUBSCRIPTION + "/resourceGroups/rg-logs";

    private final FleetScene scene = new FleetScene();

    private String principal(TargetId machine) {
        return scene.azure
                .look(machine)
                .orElseThrow()
                .systemAssigned()
                .orElseThrow()
                .principalId();
    }

    private Set<String> givenAt(String scope) {
        return scene.roles.all().stream()
                .filter(one -> one.scope().value().equals(scope))
                .map(Assignment::principal)
                .collect(Collectors.toSet());
    }

    private Assignment theirs(TargetId machine) {
        return new GrantName("another", "another")
                .assignment(principal(machine), RoleGround.READER, RoleScope.of(DATA));
    }

    @Test
    void eachMachineThatMatchesNowOrLaterGetsTheRole() {
        List<TargetId> machines = scene.machines(3, "prod");
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);

        assertThat(givenAt(DATA))
                .hasSize(3)
                .isEqualTo(machines.stream().map(this::principal).collect(Collectors.toSet()));
        assertThat(scene.ready("web").status()).isEqualTo(ConditionStatus.True);
        assertThat(scene.given("web")).singleElement().satisfies(entry -> {
            assertThat(entry.state()).isEqualTo(RoleAssignmentState.Assigned);
            assertThat(entry.machine()).isNull();
            assertThat(entry.id()).isNull();
            assertThat(entry.message()).isNull();
        });
        assertThat(scene.ledgers.look(machines.getFirst()).rolesOf("uid-web"))
                .singleElement()
                .satisfies(known -> {
                    assertThat(known.namespace()).isEqualTo("team-a");
                    assertThat(known.name()).isEqualTo("web");
                    assertThat(known.assignment().role()).isEqualTo("Reader");
                });

        TargetId late = scene.machine("late", "prod");
        scene.pass(A_REFRESH);
        assertThat(givenAt(DATA)).hasSize(4).contains(principal(late));
    }

    @Test
    void aMachineThatMatchesNoLongerLosesTheRoleFirstAndThenTheIdentity() {
        TargetId machine = scene.machines(3, "prod").getFirst();
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);
        String principal = principal(machine);
        for (int i = 0; i < 9; i++) {
            scene.roles.nextDelete(
                    new Fault.Forbidden("Microsoft.Authorization/roleAssignments/delete", List.of(), "", "no"));
        }

        scene.fleet.tag(machine, Map.of("env", "test"));
        scene.pass(A_REFRESH);
        assertThat(scene.hasOwn(machine)).as("while its role is there").isTrue();
        assertThat(givenAt(DATA)).contains(principal);

        scene.pass(Duration.ofHours(2));
        assertThat(givenAt(DATA)).hasSize(2).doesNotContain(principal);
        assertThat(scene.hasOwn(machine)).isFalse();
        assertThat(scene.ledgers.look(machine).isEmpty()).isTrue();
    }

    @Test
    void aRoleThatIsNoLongerListedGoesEverywhereAndAnotherComes() {
        scene.machines(3, "prod");
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);

        scene.give("web", "prod", LOGS);
        scene.pass(A_WHILE);

        assertThat(givenAt(DATA)).isEmpty();
        assertThat(givenAt(LOGS)).hasSize(3);
        assertThat(scene.given("web")).hasSize(1);
    }

    @Test
    void aBindingThatIsDeletedTakesAllOfItsOwnAndNothingElse() {
        List<TargetId> machines = scene.machines(3, "prod");
        scene.give("web", "prod", DATA, LOGS);
        scene.pass(A_WHILE);
        Assignment foreign = new Assignment(
                RoleScope.of(LOGS),
                "5b2a5d30-7a3c-4c30-a1b8-2c2d9dcb2a57",
                principal(machines.getFirst()),
                "owner",
                false);
        scene.roles.assignedByOthers(foreign);

        scene.delete("web");
        scene.pass(A_REFRESH);

        assertThat(scene.roles.all()).containsExactly(foreign);
        assertThat(scene.bindings).isEmpty();
        assertThat(machines).noneMatch(scene::hasOwn);
    }

    @Test
    void aNewProcessKnowsWhatTheOneBeforeGaveThoughItWasTakenOutMeanwhile() {
        scene.machines(3, "prod");
        scene.give("web", "prod", DATA, LOGS);
        scene.pass(A_WHILE);

        scene.give("web", "prod", LOGS);
        scene.restart();
        scene.pass(A_WHILE);

        assertThat(givenAt(DATA)).isEmpty();
        assertThat(givenAt(LOGS)).hasSize(3);
    }

    @Test
    void aNewProcessWritesNothingWhereAllIsWell() {
        scene.machines(3, "prod");
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);
        scene.roles.requests();
        int before = scene.statusWrites;

        scene.restart();
        scene.pass(A_WHILE);

        assertThat(scene.statusWrites).isEqualTo(before);
        assertThat(scene.roles.requests()).noneMatch(request -> request instanceof Request.Put);
    }

    @Test
    void whereOthersGaveItNothingIsMadeAndNothingTaken() {
        List<TargetId> machines = scene.machines(2, "prod");
        scene.give("web", "prod");
        scene.pass(A_WHILE);
        Assignment theirs = theirs(machines.getFirst());
        scene.roles.assignedByOthers(theirs);

        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);
        assertThat(scene.given("web").getFirst().state())
                .isIn(RoleAssignmentState.AssignedByOthers, RoleAssignmentState.Assigned);
        assertThat(scene.given("web").getFirst().message()).contains("1 of 2");

        scene.delete("web");
        scene.pass(A_REFRESH);
        assertThat(scene.roles.all()).containsExactly(theirs);
    }

    @Test
    void whatOneMachineIsRefusedIsToldOfThatOne() {
        scene.machines(3, "prod");
        scene.roles.nextPut(
                new Fault.Forbidden("Microsoft.Authorization/roleAssignments/write", List.of(DATA), "p", "no"));
        scene.give("web", "prod", DATA);
        scene.pass(Duration.ofSeconds(6));

        assertThat(scene.targets("web").converged()).isEqualTo(2);
        assertThat(scene.targets("web").failing()).singleElement().satisfies(failing -> {
            assertThat(failing.reason()).isEqualTo(Reason.Forbidden);
            assertThat(failing.message()).contains("role Reader at " + DATA);
        });
        assertThat(scene.given("web").getFirst().reason()).isEqualTo(Reason.Forbidden);
        assertThat(scene.given("web").getFirst().message()).startsWith("So on 1 of 3 machines.");
    }

    @Test
    void aBindingWhoseFinalizerWasCutOffLeavesNoRoles() {
        scene.machines(3, "prod");
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);

        scene.forceAway("web");
        scene.pass(A_REFRESH);

        assertThat(scene.roles.all()).isEmpty();
        assertThat(scene.ledgers.machines()).isEmpty();
    }

    @Test
    void manyThatAreSuddenlyGoneLeaveTheirRolesUntilAPersonSaysSo() {
        scene.machines(1, "prod");
        for (int i = 0; i < 12; i++) {
            scene.give("web" + i, "prod", DATA.replace("rg-data", "rg-" + i));
        }
        scene.pass(A_WHILE);
        assertThat(scene.roles.all()).hasSize(12);

        for (int i = 0; i < 12; i++) {
            scene.forceAway("web" + i);
        }
        scene.pass(A_REFRESH);

        assertThat(scene.roles.all()).hasSize(12);
        scene.ledgers.confirmed = Optional.of(scene.clock.instant());
        scene.pass(Duration.ofMinutes(6));
        assertThat(scene.roles.all()).isEmpty();
    }

    @Test
    void aBindingThatTurnsToOneMachineLeavesNothingOnTheOthers() {
        List<TargetId> machines = scene.machines(3, "prod");
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);

        TargetId stays = machines.getFirst();
        scene.give(
                "web", new VmIdentityBindingSpec.Target(null, null, stays.id().value(), null), DATA);
        scene.pass(A_REFRESH);

        assertThat(givenAt(DATA)).containsExactly(principal(stays));
        assertThat(machines).filteredOn(scene::hasOwn).containsExactly(stays);
        assertThat(scene.azure.patches(stays)).isEqualTo(1);

        scene.give("web", "prod", DATA);
        scene.pass(A_REFRESH);
        assertThat(givenAt(DATA)).hasSize(3);
        assertThat(scene.azure.patches(stays)).isEqualTo(1);
    }

    @Test
    void aFleetIsLookedAtInTurnAndAllOfItIsServed() {
        int fleet = 600;
        scene.machines(fleet, "prod");
        scene.give("web", "prod", DATA);

        scene.pass(Duration.ofMinutes(1));
        assertThat(lists()).isLessThanOrEqualTo(50 + 60 * 5);

        scene.pass(Duration.ofMinutes(3));
        assertThat(givenAt(DATA)).hasSize(fleet);
        assertThat(scene.targets("web").converged()).isEqualTo(fleet);
        assertThat(lists()).as("each once, and no more than there are turns").isLessThanOrEqualTo(180 * 5);
        assertThat(scene.given("web")).hasSize(1);
    }

    private long lists() {
        return scene.roles.requests().stream()
                .filter(request -> request instanceof Request.Listing)
                .count();
    }

    @Test
    void whatIsRetainedStaysAndIsForgotten() {
        scene.deletionPolicy = BindingDeletionPolicy.Retain;
        scene.machines(2, "prod");
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);

        scene.delete("web");
        scene.pass(A_REFRESH);

        assertThat(givenAt(DATA)).hasSize(2);
        assertThat(scene.bindings).isEmpty();
        assertThat(scene.ledgers.machines()).isEmpty();
    }

    @Test
    void whatABindingGaveThatVanishedStaysAsLongAsAnotherAsksForTheSame() {
        TargetId machine = scene.machine("vm", "prod");
        scene.give("first", "prod", DATA);
        scene.pass(A_WHILE);
        scene.give("second", "prod", DATA);
        scene.pass(A_WHILE);
        scene.roles.requests();

        scene.forceAway("first");
        scene.pass(A_REFRESH);
        assertThat(givenAt(DATA)).containsExactly(principal(machine));
        assertThat(scene.roles.requests()).noneMatch(request -> request instanceof Request.Delete);

        scene.delete("second");
        scene.pass(Duration.ofMinutes(6));
        assertThat(scene.roles.all()).isEmpty();
        assertThat(scene.ledgers.machines()).isEmpty();
    }

    @Test
    void aLedgerThatABackupBroughtBackForgetsBindingsThatAreNotBack() {
        TargetId machine = scene.machine("vm", "prod");
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);

        scene.ledgers.restore();
        scene.forceAway("web");
        scene.restart();
        scene.pass(A_REFRESH);

        assertThat(givenAt(DATA)).containsExactly(principal(machine));
        assertThat(scene.ledgers.look(machine).roles()).isEmpty();
    }

    @Test
    void aLedgerThatIsLostIsFilledAnew() {
        TargetId machine = scene.machine("vm", "prod");
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);

        scene.ledgers.lose(machine);
        scene.restart();
        scene.pass(Duration.ofMinutes(7));
        assertThat(scene.ledgers.look(machine).rolesOf("uid-web")).hasSize(1);

        scene.delete("web");
        scene.pass(A_REFRESH);
        assertThat(scene.roles.all()).isEmpty();
    }

    @Test
    void whatAnotherProcessNotedMeanwhileIsNotForgotten() {
        TargetId machine = scene.machine("vm", "prod");
        scene.give("web", "prod", DATA);
        scene.pass(A_WHILE);
        Assignment earlier = new GrantName("cluster", "uid-web")
                .assignment("90cc53e8-4a6e-45b6-8339-000000000000", RoleGround.READER, RoleScope.of(DATA));
        scene.roles.assignedByOthers(earlier);
        scene.ledgers.note(
                machine,
                new GrantRecord("uid-web", "team-a", "web", new Recorded("Reader", earlier.scope(), earlier.name())));

        scene.pass(Duration.ofMinutes(7));

        assertThat(scene.roles.all()).doesNotContain(earlier);
        assertThat(givenAt(DATA)).containsExactly(principal(machine));
        assertThat(scene.ledgers.look(machine).roles()).hasSize(1);
    }
}
