package dev.vmidentity.core;

import static dev.vmidentity.core.SmallWorld.A;
import static dev.vmidentity.core.SmallWorld.B;
import static dev.vmidentity.core.SmallWorld.ETAG;
import static dev.vmidentity.core.SmallWorld.NOW;
import static dev.vmidentity.core.SmallWorld.SYSTEM;
import static dev.vmidentity.core.SmallWorld.attached;
import static dev.vmidentity.core.SmallWorld.claim;
import static dev.vmidentity.core.SmallWorld.identity;
import static dev.vmidentity.core.SmallWorld.seen;
import static dev.vmidentity.core.SmallWorld.wish;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.TargetDemand.Wish;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the laws over small worlds cannot tell: many identities, an exclusive binding, what a process remembers. */
class PlannerTest {
    private static final Observation BARE = seen(ETAG, MachineState.SETTLED, false, Map.of());

    private static Map<IdentityKey, Wish> many(int count, Demand demand) {
        Map<IdentityKey, Wish> wishes = new TreeMap<>();
        IntStream.range(0, count).forEach(n -> wishes.put(identity("many" + n), wish(demand, false)));
        return wishes;
    }

    private static TargetDemand demand(Map<IdentityKey, Wish> wishes) {
        return new TargetDemand(wishes, Demand.UNWANTED);
    }

    private static Memory remembering(List<IdentityKey> heldBack, int mostAdds) {
        return new Memory(NOW, null, new TreeSet<>(heldBack), mostAdds, new TreeSet<>());
    }

    @ParameterizedTest
    @ValueSource(ints = {149, 150})
    void aHundredAndFiftyIdentitiesGoOutInOnePatch(int count) {
        Plan plan = Planner.plan(BARE, Ledger.EMPTY, demand(many(count, Demand.WANT)), Memory.none(NOW));

        assertThat(plan.patch().orElseThrow().add()).hasSize(count);
        assertThat(plan.deferred()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {151, 299, 301})
    void moreThanThatGoOutInAsFewPatchesAsPossible(int count) {
        TargetDemand wanted = demand(many(count, Demand.WANT));
        SmallArm arm = new SmallArm(BARE, Ledger.EMPTY, true);

        assertThat(Planner.plan(BARE, Ledger.EMPTY, wanted, Memory.none(NOW)).deferred())
                .isTrue();
        arm.settle(wanted);

        assertThat(arm.seen().userAssigned()).hasSize(count);
        assertThat(arm.patches()).isEqualTo((count + 149) / 150);
    }

    @Test
    void removalsCountTowardsTheHundredAndFifty() {
        Map<IdentityKey, AttachedIdentity> there = new TreeMap<>();
        Map<IdentityKey, Claim> claims = new TreeMap<>();
        many(140, Demand.UNWANTED).keySet().forEach(id -> {
            there.put(id, attached(id));
            claims.put(id, claim(id, Phase.ATTACHED, null));
        });
        Map<IdentityKey, Wish> wishes = new TreeMap<>();
        IntStream.range(0, 20).forEach(n -> wishes.put(identity("new" + n), wish(Demand.WANT, false)));

        Plan plan = Planner.plan(
                seen(ETAG, MachineState.SETTLED, false, there), Ledger.of(claims), demand(wishes), Memory.none(NOW));

        Patch patch = plan.patch().orElseThrow();
        assertThat(patch.add().size() + patch.remove().size()).isEqualTo(Patch.MOST_IDENTITIES);
        assertThat(plan.deferred()).isTrue();
    }

    @Test
    void fewerAreAddedWhileARefusedOneIsBeingFound() {
        Plan plan = Planner.plan(BARE, Ledger.EMPTY, demand(many(10, Demand.WANT)), remembering(List.of(), 3));

        assertThat(plan.patch().orElseThrow().add()).hasSize(3);
        assertThat(plan.claimed().claims()).hasSize(3);
        assertThat(plan.deferred()).isTrue();
    }

    @Test
    void aRefusedIdentityIsHeldBackAndTheOthersGoAhead() {
        TargetDemand wanted = demand(Map.of(A, wish(Demand.WANT, false), B, wish(Demand.WANT, false)));

        Plan plan = Planner.plan(BARE, Ledger.EMPTY, wanted, remembering(List.of(A), Patch.MOST_IDENTITIES));

        assertThat(plan.patch().orElseThrow().add()).containsExactly(ArmId.of(B.value()));
        assertThat(plan.claimed().claim(A)).isEmpty();
    }

    @Test
    void anExclusiveBindingRemovesWhatOthersAddedButNotTheMachinesOwnIdentity() {
        Observation crowded = seen(ETAG, MachineState.SETTLED, true, Map.of(A, attached(A), B, attached(B)));
        TargetDemand exclusive = new TargetDemand(Map.of(A, wish(Demand.WANT, false)), Demand.FORBID);
        SmallArm arm = new SmallArm(crowded, Ledger.EMPTY, true);

        arm.settle(exclusive);

        assertThat(arm.seen().userAssigned()).containsOnlyKeys(A);
        assertThat(arm.seen().has(SYSTEM)).isTrue();
        assertThat(arm.ledger()).isEqualTo(Ledger.EMPTY);
    }

    @Test
    void whileTheWishesAreNotAllKnownNothingIsDetached() {
        Observation machine = seen(ETAG, MachineState.SETTLED, false, Map.of(A, attached(A)));
        Ledger ours = Ledger.of(Map.of(A, claim(A, Phase.ATTACHED, null)));

        Plan plan = Planner.plan(machine, ours, new TargetDemand(Map.of(), Demand.KEEP), Memory.none(NOW));

        assertThat(plan.isAtRest()).isTrue();
    }

    @Test
    void whatIsKeptForSomebodyIsForgottenWithTheMachineThatItWasOn() {
        Claim earlier = claim(SYSTEM, Phase.ATTACHED, null).on("an earlier incarnation");
        Wish kept = new Wish(Demand.KEEP, false, earlier.holders(), Optional.empty());
        Observation madeAnew = seen(ETAG, MachineState.SETTLED, true, Map.of());

        Plan plan = Planner.plan(
                madeAnew, Ledger.of(Map.of(SYSTEM, earlier)), demand(Map.of(SYSTEM, kept)), Memory.none(NOW));

        assertThat(plan.claimed().claims()).isEmpty();
        assertThat(plan.patch()).isEmpty();
    }

    @Test
    void theLastIdentityLeavesByTheTypeAlone() {
        Observation machine = seen(ETAG, MachineState.SETTLED, true, Map.of(A, attached(A)));
        Ledger ours = Ledger.of(Map.of(A, claim(A, Phase.ATTACHED, null)));

        Plan plan = Planner.plan(machine, ours, TargetDemand.NOTHING, Memory.none(NOW));

        assertThat(plan.patch()).contains(new Patch(IdentityType.SYSTEM_ASSIGNED, List.of(), List.of(), ETAG));
    }

    @Test
    void whatIsRemovedIsSpelledAsAzureSpellsItAndWhatIsAddedAsAUserDid() {
        ArmId azures = ArmId.of(A.value().replace("/resourcegroups/", "/resourceGroups/"));
        ArmId users = ArmId.of(B.value().replace("/resourcegroups/rg", "/ResourceGroups/RG"));
        Observation machine =
                seen(ETAG, MachineState.SETTLED, false, Map.of(A, new AttachedIdentity(azures, null, null)));
        Ledger ours = Ledger.of(Map.of(A, claim(A, Phase.ATTACHED, null)));
        Wish wanted = new Wish(Demand.WANT, false, wish(Demand.WANT, false).holders(), Optional.of(users));

        Plan plan = Planner.plan(machine, ours, demand(Map.of(B, wanted)), Memory.none(NOW));

        Patch patch = plan.patch().orElseThrow();
        assertThat(patch.remove()).extracting(ArmId::value).containsExactly(azures.value());
        assertThat(patch.add()).extracting(ArmId::value).containsExactly(users.value());
    }

    @Test
    void anEvictionThatIsWantedMeanwhileDoesNotBecomeOurs() {
        Observation machine = seen(ETAG, MachineState.SETTLED, false, Map.of(A, attached(A)));
        Claim foreign = claim(A, Phase.EVICTING, ETAG).heldBy(List.of());

        Plan plan = Planner.plan(
                machine, Ledger.of(Map.of(A, foreign)), demand(Map.of(A, wish(Demand.WANT, false))), Memory.none(NOW));

        assertThat(plan.settle(new Machines.Patched.PreconditionFailed("etag")).claim(A))
                .contains(foreign);
    }

    @Test
    void anEntryOfAnEarlierMachineWaitsUntilNoLateRequestCanLand() {
        Claim earlier = claim(A, Phase.ATTACHING, ETAG).on("an earlier incarnation");

        Plan plan = Planner.plan(BARE, Ledger.of(Map.of(A, earlier)), TargetDemand.NOTHING, Memory.none(NOW));

        assertThat(plan.isAtRest()).isTrue();
        assertThat(plan.notBefore()).contains(NOW.plus(Protocol.LATE_REQUESTS_END));
    }
}
