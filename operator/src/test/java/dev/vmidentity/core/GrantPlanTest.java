package dev.vmidentity.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.GrantDemand.Principal;
import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.GrantPlan.Standing;
import dev.vmidentity.core.RoleAssignments.Assignment;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is made and what is deleted, and above all what is not. */
final class GrantPlanTest {
    private static final TargetId VM = TargetId.of(MachineKind.VIRTUAL_MACHINE, "1111", "rg-vms", "vm1");
    private static final RoleScope GROUP = RoleScope.of("/subscriptions/1111/resourceGroups/rg-data");
    private static final RoleScope OTHER = RoleScope.of("/subscriptions/1111/resourceGroups/rg-other");
    private static final Role READER = Role.of("Reader");
    private static final Role WRITER = Role.of("Contributor");
    private static final Map<Role, String> GUIDS = Map.of(READER, "r-guid", WRITER, "w-guid");
    private static final GrantName OURS = new GrantName("cluster", "binding");
    private static final GrantName THEIRS = new GrantName("cluster", "another");
    private static final String NOW = "p-now";
    private static final String BEFORE = "p-before";
    private static final Assignment READS = OURS.assignment(NOW, "r-guid", GROUP);

    private static GrantPlan plan(Principal principal, Stance stance, List<Wish> wishes, Assignment... found) {
        return GrantPlan.of(
                new GrantDemand(OURS, VM, principal, wishes, stance, List.of()), GUIDS, List.of(found), true);
    }

    private static GrantPlan maintain(List<Wish> wishes, Assignment... found) {
        return plan(new Principal.Known(NOW), Stance.MAINTAIN, wishes, found);
    }

    private static Wish wish(Role role, RoleScope scope) {
        return new Wish(role, scope, true);
    }

    @Test
    void whatIsListedAndNotThereIsMadeUnderTheNameThatItHasForEver() {
        GrantPlan plan = maintain(List.of(wish(READER, GROUP)));

        assertThat(plan.puts()).containsExactly(Map.entry(wish(READER, GROUP), READS));
        assertThat(plan.puts().values())
                .containsExactly(new GrantName("CLUSTER", "Binding")
                        .assignment(NOW, "r-guid", RoleScope.of(GROUP.value().toUpperCase(Locale.ROOT))));
    }

    @Test
    void whatIsThereIsLeft() {
        GrantPlan plan = maintain(List.of(wish(READER, GROUP)), READS);

        assertThat(plan.standings()).containsValue(Standing.ASSIGNED);
        assertThat(plan.puts()).isEmpty();
        assertThat(plan.deletes()).isEmpty();
    }

    @Test
    void whatIsNoLongerListedIsDeletedAndTheRestIsNot() {
        Assignment elsewhere = OURS.assignment(NOW, "r-guid", OTHER);

        assertThat(maintain(List.of(wish(READER, GROUP)), READS, elsewhere).deletes())
                .containsExactly(elsewhere);
    }

    @Test
    void theSameByOthersSatisfiesAndIsNeitherMadeNorDeleted() {
        Assignment theirs = THEIRS.assignment(NOW, "r-guid", GROUP);

        GrantPlan wanted = maintain(List.of(wish(READER, GROUP)), theirs);
        GrantPlan unwanted = plan(new Principal.Known(NOW), Stance.REMOVE, List.of(), theirs);

        assertThat(wanted.standings()).containsValue(Standing.BY_OTHERS);
        assertThat(wanted.puts()).isEmpty();
        assertThat(unwanted.deletes()).isEmpty();
    }

    @Test
    void aNameOfOursOverAnotherTripleIsNotOurs() {
        Assignment moved = new Assignment(GROUP, READS.name(), NOW, "w-guid", false);

        assertThat(plan(new Principal.Known(NOW), Stance.REMOVE, List.of(), moved)
                        .deletes())
                .isEmpty();
    }

    @Test
    void oneWithAConditionIsNotOurs() {
        Assignment conditional = new Assignment(GROUP, READS.name(), NOW, "r-guid", true);

        assertThat(plan(new Principal.Known(NOW), Stance.REMOVE, List.of(), conditional)
                        .deletes())
                .isEmpty();
        assertThat(maintain(List.of(wish(READER, GROUP)), conditional).puts()).isEmpty();
    }

    @Test
    void allIsDeletedWhenTheBindingGoesWhosever() {
        Assignment earlier = OURS.assignment(BEFORE, "r-guid", GROUP);

        GrantPlan plan = plan(new Principal.Unknown(), Stance.REMOVE, List.of(wish(READER, GROUP)), READS, earlier);

        assertThat(plan.deletes()).containsExactly(READS, earlier);
        assertThat(plan.puts()).isEmpty();
    }

    @Test
    void thoseOfAnEarlierPrincipalWaitUntilItIsCertainThatItIsGone() {
        Assignment earlier = OURS.assignment(BEFORE, "r-guid", GROUP);
        GrantDemand demand = new GrantDemand(
                OURS, VM, new Principal.Known(NOW), List.of(wish(READER, GROUP)), Stance.MAINTAIN, List.of());

        GrantPlan early = GrantPlan.of(demand, GUIDS, List.of(earlier), false);
        GrantPlan late = GrantPlan.of(demand, GUIDS, List.of(earlier), true);

        assertThat(early.deletes()).isEmpty();
        assertThat(early.later()).containsExactly(earlier);
        assertThat(early.puts().values()).containsExactly(READS);
        assertThat(late.deletes()).containsExactly(earlier);
    }

    @Test
    void whileThePrincipalIsNotKnownNothingIsMadeAndNothingDeleted() {
        GrantPlan plan = plan(new Principal.Unknown(), Stance.MAINTAIN, List.of(wish(READER, GROUP)), READS);

        assertThat(plan.puts()).isEmpty();
        assertThat(plan.deletes()).isEmpty();
        assertThat(plan.later()).isEmpty();
    }

    @Test
    void whileARoleIsNotKnownNothingIsDeletedWhereItIsListed() {
        Assignment perhaps = OURS.assignment(NOW, "x-guid", GROUP);
        Assignment elsewhere = OURS.assignment(NOW, "x-guid", OTHER);

        assertThat(maintain(List.of(wish(Role.of("Unheard"), GROUP)), perhaps, elsewhere)
                        .deletes())
                .containsExactly(elsewhere);
    }

    @Test
    void aRightThatWasTakenBackKeepsWhatIsThereAndAddsNothing() {
        Wish forbidden = new Wish(READER, GROUP, false);

        assertThat(maintain(List.of(forbidden), READS).deletes()).isEmpty();
        assertThat(maintain(List.of(forbidden)).puts()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Stance.class)
    void whoOnlyLooksMakesAndDeletesNothing(Stance stance) {
        GrantPlan plan = plan(new Principal.Known(NOW), stance, List.of(wish(WRITER, GROUP)), READS);

        assertThat(plan.puts().isEmpty()).isEqualTo(stance != Stance.MAINTAIN);
        assertThat(plan.deletes().isEmpty()).isEqualTo(stance == Stance.HOLD || stance == Stance.FORGET);
    }

    @Test
    void anIdThatIsRememberedIsReadAgain() {
        assertThat(Recorded.of("Reader", READS.id()))
                .hasValueSatisfying(one -> assertThat(one.is(READS)).isTrue());
        assertThat(Recorded.of("Reader", "nonsense")).isEmpty();
    }
}
