package dev.vmidentity.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.Failing;
import dev.vmidentity.api.VmIdentityBindingStatus.Foreign;
import dev.vmidentity.api.VmIdentityBindingStatus.Pending;
import dev.vmidentity.api.VmIdentityBindingStatus.SystemAssigned;
import dev.vmidentity.api.VmIdentityBindingStatus.Targets;
import dev.vmidentity.api.VmIdentityBindingStatus.UserAssigned;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.TargetId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of many machines, what is counted, and where lists end. */
class SelectionTextTest {
    private static final UserAssigned ATTACHED = new UserAssigned(
            "web", Samples.WEB.value(), "client", "principal", IdentityState.Attached, Reason.Attached, null);
    private static final BindingView BINDING = Samples.binding(Samples.listed("web", Samples.WEB));

    private final Map<TargetId, VmIdentityBindingStatus> cards = new HashMap<>();

    // ---- which decides

    @Test
    void theGravestAreListedFirstAndOfThoseAlwaysTheSame() {
        for (int i = 0; i < 30; i++) {
            card("w" + (i + 10), Reason.WaitingForMachine);
        }
        for (int i = 0; i < 5; i++) {
            card("x" + i, Reason.Forbidden);
        }
        card("a", Reason.Attached);

        List<String> names = targets(render(BINDING, roster(36))).failing().stream()
                .map(Failing::resourceId)
                .map(id -> id.substring(id.lastIndexOf('/') + 1))
                .toList();

        assertThat(names).hasSize(20).startsWith("x0", "x1", "x2", "x3", "x4", "w10", "w11", "w12");
    }

    @Test
    void whoWaitsForOthersIsAmongTheFailedAndWhoIsWorkedOnIsNot() {
        card("a", Reason.WaitingForMachine);
        card("b", Reason.Attaching);
        card("c", Reason.Attached);

        assertThat(targets(render(BINDING, roster(3)))).satisfies(targets -> {
            assertThat(targets.converged()).isEqualTo(1);
            assertThat(targets.failed()).isEqualTo(1);
            assertThat(targets.failing()).hasSize(1);
        });
    }

    @Test
    void whatStandsInTheWayOfTheWholeIsToldBeforeWhatDoesOnOneMachine() {
        card("a", Reason.Forbidden);
        BindingView hindered = BINDING.withHindrance(new Explanation(Reason.NotAllowedByNamespace, "May not."));

        VmIdentityBindingStatus status = render(hindered, roster(1));

        assertThat(ready(status).reason()).isEqualTo(Reason.NotAllowedByNamespace);
    }

    @Test
    void anEntryThatIsNotAllowedAnywhereSaysSoWhateverTheMachinesTell() {
        card("a", Reason.Attached);
        BindingView.Listed refused = new BindingView.Listed(
                Optional.of("web"),
                Optional.of(Samples.WEB),
                Optional.of(new Explanation(Reason.NotAllowedByNamespace, "May not.")));

        assertThat(render(Samples.binding(refused), roster(1))
                        .userAssigned()
                        .getFirst()
                        .reason())
                .isEqualTo(Reason.NotAllowedByNamespace);
    }

    // ---- what is said

    @Test
    void whatLeavesAndWhatIsLeftOutIsToldBesideReady() {
        card("a", Reason.Attached);
        Roster roster = new Roster(true, 1, cards, 2, 0, 3, Optional.empty(), Optional.empty());

        VmIdentityBindingStatus status = render(BINDING, roster);

        assertThat(ready(status).status()).isEqualTo(ConditionStatus.True);
        assertThat(ready(status).message())
                .contains("On 2 machines that matched before, something of this binding is left; it is let go when")
                .contains("3 machines that match are left out")
                .contains("vmidentity.dev/targets");
        assertThat(targets(status)).isEqualTo(new Targets(1, 1, 0, 2, 3, List.of()));
    }

    @Test
    void whatAChangedSpecDetachesHoldsUpReadyAndWhatAnObserverLeavesDoesNot() {
        card("a", Reason.Attached);
        Roster roster = new Roster(true, 1, cards, 2, 2, 0, Optional.empty(), Optional.empty());

        Condition acting = ready(render(BINDING, roster));
        assertThat(acting.reason()).isEqualTo(Reason.Detaching);
        assertThat(acting.message()).contains("2 machines that it no longer selects");

        Condition observing = ready(render(BINDING.observing(Optional.empty()), roster));
        assertThat(observing.reason()).isEqualTo(Reason.Observed);
        assertThat(observing.message()).contains("stays as long as this binding only observes");
    }

    @Test
    void aListThatCannotBeHadAnewIsToldAndEverythingElseIsAsItWas() {
        card("a", Reason.Attached);
        Fault fault = new Fault.Unreachable("cut");
        Roster roster = new Roster(true, 1, cards, 0, 0, 0, Optional.of(fault), Optional.empty());

        VmIdentityBindingStatus status = render(BINDING, roster);

        assertThat(ready(status).status()).isEqualTo(ConditionStatus.True);
        assertThat(ready(status).reason()).isEqualTo(Reason.MatchOutdated);
        assertThat(targets(status).converged()).isEqualTo(1);
    }

    @Test
    void whereNothingMatchesEverythingIsDoneAndNothingIsOn() {
        VmIdentityBindingStatus status = render(BINDING, roster(0));

        assertThat(ready(status).status()).isEqualTo(ConditionStatus.True);
        assertThat(ready(status).reason()).isEqualTo(Reason.NoMachineMatches);
        assertThat(status.identities()).isEqualTo("0/1");
        assertThat(status.userAssigned().getFirst().state()).isEqualTo(IdentityState.Waiting);
        assertThat(status.userAssigned().getFirst().reason()).isEqualTo(Reason.NoMachineMatches);
    }

    @Test
    void whatIsDeletedCountsWhatIsLeft() {
        VmIdentityBindingStatus status = render(Samples.deleted(BINDING), Roster.leaving(7));

        assertThat(ready(status).reason()).isEqualTo(Reason.Detaching);
        assertThat(ready(status).message()).contains("7 are left");
        assertThat(status.userAssigned().getFirst().state()).isEqualTo(IdentityState.Detaching);
    }

    @Test
    void machinesWhereSomethingStaysAreNamedUpToTen() {
        List<TargetId> machines =
                IntStream.range(10, 22).mapToObj(n -> vm("vm" + n)).toList();

        assertThat(RetainedText.on(machines))
                .startsWith("No longer selected: vm10, vm11,")
                .contains("vm19 and 2 more.")
                .doesNotContain("vm20");
        assertThat(RetainedText.on(machines.subList(0, 10)))
                .contains("vm19. What")
                .doesNotContain("more.");
    }

    // ---- the machine's own identity

    @Test
    void theMachinesOwnIdentitiesAreCountedAndNoneOfThemIsNamed() {
        card("a", new SystemAssigned("p-1", "t-1", IdentityState.Attached, Reason.Attached, null, List.of()));
        card("b", new SystemAssigned("p-2", "t-1", IdentityState.Attaching, Reason.Attaching, null, List.of()));
        BindingView view = Samples.withSystem(BINDING, true);

        VmIdentityBindingStatus status = render(view, roster(2));
        SystemAssigned told = Objects.requireNonNull(status.systemAssigned());
        assertThat(told.principalId()).isNull();
        assertThat(told.state()).isEqualTo(IdentityState.Attaching);
        assertThat(status.identities()).isEqualTo("1/2");

        card("b", new SystemAssigned("p-2", "t-1", IdentityState.Attached, Reason.Attached, null, List.of()));
        assertThat(render(view, roster(2)).identities()).isEqualTo("2/2");
        assertThat(render(view, roster(3)).identities())
                .as("one has yet to tell")
                .isEqualTo("0/2");
    }

    @Test
    void workloadsThatLoseTheirIdentityAreToldWithTheirNumberAndTheFirstMachine() {
        card("b", Reason.Attached, changed(ConditionStatus.True, "Of b."));
        card("a", Reason.Attached, changed(ConditionStatus.True, "Of a."));
        card("c", Reason.Attached, changed(ConditionStatus.False, "Of c."));

        assertThat(render(BINDING, roster(3)).conditions())
                .filteredOn(condition -> condition.type() == ConditionType.DefaultIdentityChanged)
                .singleElement()
                .satisfies(condition -> assertThat(condition.message()).isEqualTo("On 2 of 3 machines. On a: Of a."));
    }

    // ---- where it ends

    @Test
    void messagesAndListsEndSomewhere() {
        String endless = "x".repeat(5_000);
        for (int i = 0; i < 200; i++) {
            int n = i;
            card(
                    "m" + i,
                    status -> new VmIdentityBindingStatus(
                            1L,
                            null,
                            null,
                            status,
                            null,
                            List.of(ATTACHED),
                            new Pending(List.of("attach-" + n), List.of("detach-" + n)),
                            new Foreign(List.of("foreign-" + n), 1),
                            "0/1",
                            null,
                            conditions(Reason.Forbidden, endless)));
        }

        VmIdentityBindingStatus status = render(BINDING, roster(200));

        assertThat(targets(status).failing())
                .hasSize(20)
                .allSatisfy(one -> assertThat(one.message()).hasSizeLessThanOrEqualTo(512));
        assertThat(targets(status).failed()).isEqualTo(200);
        assertThat(ready(status).message()).endsWith("See status.targets.failing.");
        assertThat(Objects.requireNonNull(status.pending()).attach()).hasSize(151);
        assertThat(status.pending().detach()).hasSize(151);
        Foreign foreign = Objects.requireNonNull(status.foreign());
        assertThat(foreign.identities()).hasSize(50);
        assertThat(foreign.others())
                .as("those not named, and those that may not be")
                .isEqualTo(350);
    }

    private interface Made {
        VmIdentityBindingStatus of(String machine);
    }

    private void card(String name, Made made) {
        cards.put(vm(name), made.of(name));
    }

    private void card(String name, Reason reason) {
        card(name, machine -> card(machine, null, conditions(reason, reason + " on " + machine)));
    }

    private void card(String name, SystemAssigned system) {
        card(name, machine -> card(machine, system, conditions(Reason.Attached, "Done.")));
    }

    private void card(String name, Reason reason, Condition beside) {
        card(
                name,
                machine ->
                        card(machine, null, List.of(conditions(reason, "Done.").getFirst(), beside)));
    }

    private static VmIdentityBindingStatus card(
            String machine, @Nullable SystemAssigned system, List<Condition> conditions) {
        return new VmIdentityBindingStatus(
                1L, null, null, machine, system, List.of(ATTACHED), null, null, "1/1", null, conditions);
    }

    private static List<Condition> conditions(Reason reason, String message) {
        return Conditions.of(List.of(), 1, new Explanation(reason, message), Samples.NOW);
    }

    private static Condition changed(ConditionStatus status, String message) {
        return Conditions.and(
                        List.of(),
                        List.of(),
                        ConditionType.DefaultIdentityChanged,
                        status,
                        1,
                        new Explanation(Reason.DefaultIdentityChanged, message),
                        Samples.NOW)
                .getFirst();
    }

    private static TargetId vm(String name) {
        return TargetId.of(MachineKind.VIRTUAL_MACHINE, Samples.SUBSCRIPTION, "rg-vms", name);
    }

    private Roster roster(int matched) {
        return new Roster(true, matched, cards, 0, 0, 0, Optional.empty(), Optional.empty());
    }

    private static VmIdentityBindingStatus render(BindingView view, Roster roster) {
        return SelectionStatus.render(view, List.of(), roster, null, 1, Samples.NOW);
    }

    private static Targets targets(VmIdentityBindingStatus status) {
        return Objects.requireNonNull(status.targets());
    }

    private static Condition ready(VmIdentityBindingStatus status) {
        return status.conditions().getFirst();
    }
}
