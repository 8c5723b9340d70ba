package dev.vmidentity.status;

import static dev.vmidentity.status.Samples.SUBSCRIPTION;
import static dev.vmidentity.status.Samples.VM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.RoleAssignmentState;
import dev.vmidentity.api.VmIdentityBindingStatus.RoleAssignment;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.GrantOutcome.Line;
import dev.vmidentity.core.GrantOutcome.State;
import dev.vmidentity.core.RoleScope;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Roles as a status tells them. */
final class RoleLinesTest {
    private static final RoleScope GROUP = RoleScope.of("/subscriptions/" + SUBSCRIPTION + "/resourceGroups/rg-data");
    private static final String ID = GROUP + "/providers/Microsoft.Authorization/roleAssignments/1";
    private static final RolesView.Wished READER = wished(Optional.empty());

    private static RolesView.Wished wished(Optional<Explanation> hindrance) {
        return new RolesView.Wished("Reader", GROUP.value(), Optional.of(GROUP), hindrance);
    }

    private static Line line(State state, Fault... fault) {
        return new Line(
                "Reader", GROUP, Optional.of(ID), state, List.of(fault).stream().findFirst());
    }

    private static RoleLines lines(List<RolesView.Wished> wishes, Stance stance, Line... lines) {
        return RoleLines.of(
                new RolesView(wishes, List.of(new GrantOutcome(VM, stance, List.of(lines), false)), List.of()),
                Optional.of(VM));
    }

    @Test
    void oneThatIsAssignedIsNothingToWorryAbout() {
        RoleLines told = lines(List.of(READER), Stance.MAINTAIN, line(State.ASSIGNED));

        assertThat(told.ready()).isEmpty();
        assertThat(told.entries())
                .containsExactly(new RoleAssignment(
                        "Reader",
                        GROUP.value(),
                        VM.id().value(),
                        ID,
                        RoleAssignmentState.Assigned,
                        Reason.Assigned,
                        null));
    }

    @Test
    void aPrincipalThatIsNotKnownYetIsWaitedFor() {
        RoleLines told = lines(List.of(READER), Stance.MAINTAIN, line(State.ASSIGNING, new Fault.PrincipalUnknown("")));

        assertThat(told.entries().getFirst().state()).isEqualTo(RoleAssignmentState.Waiting);
        assertThat(told.ready()).hasValueSatisfying(why -> {
            assertThat(why.reason()).isEqualTo(Reason.WaitingForPrincipal);
            assertThat(why.message()).startsWith("role Reader at " + GROUP + ": ");
        });
    }

    @Test
    void aDenialNamesTheScopeAndNotTheAssignment() {
        Fault denied = new Fault.Forbidden(
                "Microsoft.Authorization/roleAssignments/write",
                List.of(ID),
                "11111111-0000-4000-8000-000000000000",
                "");

        RoleLines told = lines(List.of(READER), Stance.MAINTAIN, line(State.ASSIGNING, denied));

        assertThat(told.entries().getFirst().state()).isEqualTo(RoleAssignmentState.Refused);
        assertThat(told.entries().getFirst().message())
                .contains("--role \"Role Based Access Control Administrator\" --scope " + GROUP + "`")
                .contains("--condition");
    }

    @Test
    void aRightThatWasTakenBackIsSaidOfWhatIsThere() {
        var mayNot = new Explanation(Reason.NotAllowedByNamespace, "may not");

        RoleLines told = lines(List.of(wished(Optional.of(mayNot))), Stance.MAINTAIN, line(State.ASSIGNED));

        assertThat(told.entries().getFirst().state()).isEqualTo(RoleAssignmentState.Assigned);
        assertThat(told.ready().orElseThrow().reason()).isEqualTo(Reason.NotAllowedByNamespace);
    }

    @Test
    void whatIsNoLongerListedIsNotDoneBeforeItIsDeleted() {
        RoleLines told = lines(List.of(), Stance.MAINTAIN, line(State.ASSIGNED));

        assertThat(told.entries().getFirst().state()).isEqualTo(RoleAssignmentState.Removing);
        assertThat(told.entries().getFirst().id()).isEqualTo(ID);
        assertThat(told.ready().orElseThrow().reason()).isEqualTo(Reason.Unassigning);
    }

    @Test
    void whatNobodyHasLookedAtYetIsNotDone() {
        RoleLines told = RoleLines.of(new RolesView(List.of(READER), List.of(), List.of()), Optional.of(VM));

        assertThat(told.ready().orElseThrow().reason()).isEqualTo(Reason.Assigning);
    }

    @Test
    void whatTheStatusSaysIsKeptUntilItIsKnownOtherwise() {
        var entry = new RoleAssignment(
                "Reader", GROUP.value(), VM.id().value(), ID, RoleAssignmentState.Assigned, Reason.Assigned, null);

        assertThat(RoleLines.of(new RolesView(List.of(READER), List.of(), List.of(entry)), Optional.of(VM))
                        .entries())
                .containsExactly(entry);
        assertThat(RoleLines.of(new RolesView(List.of(), List.of(), List.of(entry)), Optional.of(VM))
                        .entries())
                .containsExactly(entry);
    }
}
