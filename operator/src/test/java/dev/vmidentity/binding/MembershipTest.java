package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.binding.Membership.Standing;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Fleet.Sight;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration GONE = Duration.ofMinutes(1);
    static final Selector PROD = selector("rg-vms", "prod");
    private static final TargetId ONE = FleetScene.vm("one");
    private static final TargetId TWO = FleetScene.vm("two");

    private final Membership membership = new Membership(PROD, false, 0, 10, GONE);

    @Test
    void nothingIsKnownBeforeTheFirstAnswer() {
        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.UNKNOWN);
    }

    @Test
    void whoIsMissingIsLeftAsItIsUntilItIsAsked() {
        take(Set.of(ONE, TWO), Set.of(ONE, TWO));
        take(Set.of(TWO), Set.of(ONE, TWO));

        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.LEAVING);
        assertThat(membership.due(NOW)).containsExactly(ONE);

        assertThat(membership.looked(ONE, present(ONE, "test"), NOW)).isTrue();
        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.OUT);
    }

    @Test
    void whoHoldsSomethingAndIsInNoAnswerIsLeavingEvenIfNothingElseIsKnownOfIt() {
        take(Set.of(TWO), Set.of());

        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.LEAVING);
        assertThat(membership.standing(ONE, false)).isEqualTo(Standing.OUT);
    }

    @Test
    void whoSaysThatItMatchesStaysAndIsAskedEverLessOften() {
        take(Set.of(ONE, TWO), Set.of(ONE));
        take(Set.of(TWO), Set.of(ONE));
        membership.looked(ONE, present(ONE, "prod"), NOW);

        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.IN);
        assertThat(membership.matched()).contains(ONE);
        assertThat(membership.due(NOW.plusSeconds(10))).isEmpty();
        assertThat(membership.due(NOW.plusSeconds(60))).containsExactly(ONE);
    }

    @Test
    void whoSaidThatItMatchesAndNoLongerDoesLeaves() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));
        membership.looked(ONE, present(ONE, "prod"), NOW);

        assertThat(membership.looked(ONE, present(ONE, "test"), NOW.plusSeconds(60)))
                .isTrue();

        assertThat(membership.matched()).isEmpty();
        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.OUT);
    }

    @Test
    void whoCannotBeAskedStaysAsItIs() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));
        membership.looked(ONE, new Sight.Failed(new Fault.Unreachable("cut")), NOW);

        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.LEAVING);
        assertThat(membership.due(NOW)).isEmpty();
        assertThat(membership.due(NOW.plusSeconds(60))).containsExactly(ONE);
    }

    @Test
    void oneThatIsNotThereCountsAsGoneWhenToldTwiceAMinuteApart() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));

        membership.looked(ONE, new Sight.Absent(), NOW);
        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.LEAVING);
        assertThat(membership.due(NOW.plusSeconds(59))).isEmpty();
        membership.looked(ONE, new Sight.Absent(), NOW.plusSeconds(59));
        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.LEAVING);

        membership.looked(ONE, new Sight.Absent(), NOW.plus(GONE));
        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.OUT);
    }

    @Test
    void aFailureBetweenTwoAbsencesDoesNotPutThemOff() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));

        membership.looked(ONE, new Sight.Absent(), NOW);
        membership.looked(ONE, new Sight.Failed(new Fault.Unreachable("cut")), NOW.plusSeconds(30));
        membership.looked(ONE, new Sight.Absent(), NOW.plus(GONE));

        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.OUT);
    }

    @Test
    void anAbsenceBeforeItWasSeenAgainDoesNotCount() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));

        membership.looked(ONE, new Sight.Absent(), NOW);
        membership.looked(ONE, present(ONE, "prod"), NOW.plusSeconds(30));
        membership.looked(ONE, new Sight.Absent(), NOW.plus(GONE));

        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.IN);
    }

    @Test
    void whoHasJustLeftIsNotTakenBackByAnInventoryThatLags() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));
        membership.looked(ONE, present(ONE, "test"), NOW);

        take(Set.of(ONE), Set.of());
        assertThat(membership.standing(ONE, false)).isEqualTo(Standing.OUT);
        membership.looked(ONE, present(ONE, "test"), NOW);
        assertThat(membership.standing(ONE, false)).isEqualTo(Standing.OUT);
        assertThat(membership.due(NOW)).as("asked ever less often").isEmpty();

        membership.looked(ONE, present(ONE, "prod"), NOW.plusSeconds(60));
        assertThat(membership.standing(ONE, false)).isEqualTo(Standing.IN);
    }

    @Test
    void moreThanTenAndMoreThanAFifthAtOnceAreHeldAndNotEvenAsked() {
        Set<TargetId> all = machines(100);
        take(all, all);

        take(machines(79), all);

        assertThat(membership.braked()).contains(new Membership.Braked(21, 100));
        assertThat(membership.due(NOW.plusSeconds(3_600))).isEmpty();

        membership.take(machines(79), all, true, NOW);
        assertThat(membership.braked()).isEmpty();
        assertThat(membership.due(NOW)).hasSize(21);
    }

    @Test
    void aFifthMayLeave() {
        Set<TargetId> all = machines(100);
        take(all, all);

        take(machines(80), all);

        assertThat(membership.braked()).isEmpty();
        assertThat(membership.due(NOW)).hasSize(20);
    }

    @Test
    void whereTheBindingHoldsNothingThereIsNothingToHoldBack() {
        take(machines(100), Set.of());

        take(Set.of(), Set.of());

        assertThat(membership.braked()).isEmpty();
    }

    @Test
    void theBrakeIsReleasedWhenTheMachinesAreBack() {
        Set<TargetId> all = machines(100);
        take(all, all);
        take(Set.of(), all);

        take(all, all);

        assertThat(membership.braked()).isEmpty();
        assertThat(all).allMatch(machine -> membership.standing(machine, true) == Standing.IN);
    }

    @Test
    void whatWasLeavingWhenTheProcessBeforeEndedIsNotCountedAgain() {
        Set<TargetId> all = machines(100);
        Membership next = new Membership(PROD, false, 50, 10, GONE);

        next.take(machines(50), all, false, NOW);

        assertThat(next.braked()).isEmpty();
    }

    @Test
    void aChangedSelectorExplainsWhoLeavesOnceAndNobodyIsAskedWhoCannotMatch() {
        Set<TargetId> all = machines(100);
        take(all, all);
        membership.reselect(selector("rg-other", "prod"));
        assertThat(membership.standing(ONE, false)).isEqualTo(Standing.UNKNOWN);

        take(Set.of(), all);

        assertThat(membership.braked()).isEmpty();
        assertThat(membership.due(NOW)).isEmpty();
        assertThat(all).allMatch(machine -> membership.standing(machine, true) == Standing.OUT);
    }

    /** What matched may have been asked something that no ledger tells yet. */
    @Test
    void whoMatchedTheOldSelectorIsAskedEvenIfNothingIsHeldThereYet() {
        take(Set.of(ONE, TWO), Set.of());
        take(Set.of(ONE), Set.of());
        membership.reselect(selector("rg-vms", "test"));

        take(Set.of(), Set.of());

        assertThat(membership.standing(ONE, false)).isEqualTo(Standing.LEAVING);
        assertThat(membership.standing(TWO, false)).as("it was leaving already").isEqualTo(Standing.LEAVING);
        assertThat(membership.due(NOW)).containsExactly(ONE, TWO);
        assertThat(membership.hasMoved(ONE)).isTrue();
    }

    @Test
    void whatDidNotMatchTheOldSelectorMatchesANewOneAtOnce() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));
        membership.looked(ONE, present(ONE, "test"), NOW);
        membership.reselect(selector("rg-vms", "test"));

        take(Set.of(ONE), Set.of());

        assertThat(membership.standing(ONE, false)).isEqualTo(Standing.IN);
    }

    @Test
    void aChangedSelectorReleasesTheBrakeUntilItsOwnAnswer() {
        Set<TargetId> all = machines(100);
        take(all, all);
        take(Set.of(), all);

        membership.reselect(selector("rg-vms", "test"));

        assertThat(membership.braked()).isEmpty();
    }

    @Test
    void aChangedSelectorExplainsItsFirstAnswerAndNoOther() {
        Set<TargetId> all = machines(100);
        take(Set.of(ONE), Set.of(ONE));
        membership.reselect(selector("rg-vms", "test"));
        take(all, Set.of(ONE));
        assertThat(membership.hasMoved(ONE)).isTrue();

        take(Set.of(), all);

        assertThat(membership.braked()).contains(new Membership.Braked(100, 100));
    }

    @Test
    void whatWasLeavingBeforeIsSubtractedOnceAndNotFromWhatLeavesLater() {
        Set<TargetId> all = machines(100);
        Membership next = new Membership(PROD, false, 15, 10, GONE);
        next.take(machines(85), all, false, NOW);
        assertThat(next.braked()).isEmpty();

        next.take(machines(60), all, false, NOW);

        assertThat(next.braked()).contains(new Membership.Braked(25, 100));
    }

    @Test
    void whatWasLeavingBeforeDoesNotCountAmongThoseLetGoEither() {
        Set<TargetId> all = machines(100);
        Membership next = new Membership(PROD, false, 15, 10, GONE);
        next.take(machines(85), all, false, NOW);

        next.take(machines(70), all, false, NOW);

        assertThat(next.braked()).isEmpty();
    }

    @Test
    void whoLeftMoreThanTenMinutesAgoDoesNotCount() {
        Set<TargetId> all = machines(100);
        take(all, all);
        take(machines(85), all);

        membership.take(machines(70), all, false, NOW.plus(Membership.AT_ONCE));
        assertThat(membership.braked()).contains(new Membership.Braked(15, 100));

        membership.take(machines(70), all, false, NOW.plus(Membership.AT_ONCE).plusMillis(1));
        assertThat(membership.braked()).isEmpty();
    }

    @Test
    void whoHasLeftIsOutForAsLongAsSomethingIsHeldThere() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));
        membership.looked(ONE, present(ONE, "test"), NOW);

        membership.take(Set.of(), Set.of(ONE), false, NOW.plus(Membership.LAG.multipliedBy(2)));

        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.OUT);
    }

    @Test
    void whoHasLeftIsForgottenWhenTheInventoryMustKnowAndNothingIsHeldThere() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));
        membership.looked(ONE, present(ONE, "test"), NOW);
        take(Set.of(), Set.of());
        assertThat(membership.remembers(ONE)).isTrue();

        Instant later = NOW.plus(Membership.LAG).plusSeconds(1);
        membership.take(Set.of(), Set.of(), false, later);
        assertThat(membership.remembers(ONE)).isFalse();

        membership.take(Set.of(ONE), Set.of(), false, later);
        assertThat(membership.standing(ONE, false)).isEqualTo(Standing.IN);
    }

    @Test
    void whoStandsOtherwiseThanBeforeIsTold() {
        assertThat(membership.take(Set.of(ONE), Set.of(), false, NOW)).containsExactly(ONE);
        assertThat(membership.take(Set.of(ONE), Set.of(ONE), false, NOW)).isEmpty();
        assertThat(membership.take(Set.of(ONE, TWO), Set.of(ONE), false, NOW)).containsExactly(TWO);
        assertThat(membership.take(Set.of(TWO), Set.of(ONE), false, NOW)).containsExactly(ONE);
        assertThat(membership.take(Set.of(TWO), Set.of(ONE), false, NOW)).isEmpty();
        assertThat(membership.take(Set.of(ONE, TWO), Set.of(ONE), false, NOW)).containsExactly(ONE);
    }

    @Test
    void whoWasAboutToReturnAndIsMissingAgainIsAskedNoMore() {
        take(Set.of(ONE), Set.of(ONE));
        take(Set.of(), Set.of(ONE));
        membership.looked(ONE, present(ONE, "test"), NOW);
        take(Set.of(ONE), Set.of());

        take(Set.of(), Set.of());

        assertThat(membership.due(NOW.plusSeconds(3_600))).isEmpty();
        assertThat(membership.standing(ONE, true)).isEqualTo(Standing.OUT);
    }

    @Test
    void whoIsLeavingAndHoldsNothingYetIsStillAskedAfterTheNextAnswer() {
        take(Set.of(ONE), Set.of());
        take(Set.of(), Set.of());
        take(Set.of(), Set.of());

        assertThat(membership.standing(ONE, false)).isEqualTo(Standing.LEAVING);
        assertThat(membership.due(NOW)).containsExactly(ONE);
    }

    @Test
    void whoIsHeldBackAndHoldsNothingAnyLongerIsAsked() {
        Set<TargetId> all = machines(100);
        take(all, all);
        take(Set.of(), all);
        assertThat(membership.due(NOW)).isEmpty();

        take(Set.of(), Set.of());

        assertThat(membership.due(NOW)).hasSize(100);
    }

    @Test
    void whereNothingIsHeldTheBrakeHoldsNobodyBack() {
        Set<TargetId> all = machines(100);
        take(union(all, ONE), all);

        take(Set.of(), all);

        assertThat(membership.braked()).isPresent();
        assertThat(membership.due(NOW)).containsExactly(ONE);
    }

    /** So it is when a process starts and the status, which would tell of a changed spec, is lost. */
    @Test
    void whoCannotMatchIsHeldBackTooWhileNothingExplainsIt() {
        Set<TargetId> elsewhere = IntStream.range(0, 30)
                .mapToObj(n -> TargetId.of(MachineKind.VIRTUAL_MACHINE, Scene.SUBSCRIPTION, "rg-other", "vm" + n))
                .collect(Collectors.toSet());

        take(Set.of(ONE), elsewhere);

        assertThat(membership.braked()).contains(new Membership.Braked(30, 30));
        assertThat(elsewhere).allMatch(machine -> membership.standing(machine, true) == Standing.LEAVING);
    }

    @Test
    void whoIsSelectedAgainHasNotMoved() {
        take(Set.of(ONE), Set.of(ONE));
        membership.reselect(selector("rg-other", "prod"));
        take(Set.of(), Set.of(ONE));
        assertThat(membership.hasMoved(ONE)).isTrue();

        membership.reselect(PROD);
        take(Set.of(ONE), Set.of(ONE));

        assertThat(membership.hasMoved(ONE)).isFalse();
    }

    private static Set<TargetId> union(Set<TargetId> machines, TargetId one) {
        Set<TargetId> all = new HashSet<>(machines);
        all.add(one);
        return all;
    }

    private void take(Set<TargetId> answer, Set<TargetId> held) {
        membership.take(answer, held, false, NOW);
    }

    private static Set<TargetId> machines(int count) {
        return IntStream.range(0, count).mapToObj(n -> FleetScene.vm("vm" + n)).collect(Collectors.toSet());
    }

    private static Selector selector(String group, String env) {
        return Selector.of(
                List.of(MachineKind.VIRTUAL_MACHINE),
                List.of("/subscriptions/" + Scene.SUBSCRIPTION + "/resourceGroups/" + group),
                Map.of("env", env));
    }

    static Sight present(TargetId machine, String env) {
        Observation seen = new Observation(
                machine, "1", "m-1", MachineState.SETTLED, Optional.empty(), Map.of(), "westeurope", NOW);
        return new Sight.Present(new Fleet.Glance(seen, Map.of("env", env), Optional.empty()));
    }
}
