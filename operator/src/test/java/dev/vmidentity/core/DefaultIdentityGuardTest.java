package dev.vmidentity.core;

import static dev.vmidentity.core.SmallWorld.A;
import static dev.vmidentity.core.SmallWorld.B;
import static dev.vmidentity.core.SmallWorld.SYSTEM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Decision.Send;
import dev.vmidentity.core.DefaultIdentity.Ambiguous;
import dev.vmidentity.core.DefaultIdentity.Change;
import dev.vmidentity.core.DefaultIdentity.Only;
import dev.vmidentity.core.DefaultIdentity.OwnOfMachine;
import dev.vmidentity.core.DefaultIdentityGuard.Refusal;
import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.SmallWorld.Part;
import dev.vmidentity.core.TargetDemand.Guarded;
import dev.vmidentity.core.TargetDemand.Wish;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DefaultIdentityGuardTest {
    private static final IdentityKey C = SmallWorld.identity("c");

    private static Guarded binding(IdentityKey... ids) {
        return new Guarded(new TreeSet<>(List.of(ids)), false);
    }

    private static Guarded expecting(IdentityKey... ids) {
        return new Guarded(new TreeSet<>(List.of(ids)), true);
    }

    private static Observation machine(IdentityKey... there) {
        Map<IdentityKey, AttachedIdentity> attached = new HashMap<>();
        Arrays.stream(there)
                .filter(id -> !id.isSystemAssigned())
                .forEach(id -> attached.put(id, SmallWorld.attached(id)));
        return SmallWorld.seen(
                SmallWorld.ETAG, MachineState.SETTLED, List.of(there).contains(SYSTEM), attached);
    }

    private static Ledger ledger(Claim... claims) {
        Map<IdentityKey, Claim> all = new TreeMap<>();
        Arrays.stream(claims).forEach(claim -> all.put(claim.id(), claim));
        return Ledger.of(all);
    }

    /** All that the bindings ask for is wanted. */
    private static TargetDemand demand(Guarded... bindings) {
        Map<IdentityKey, Wish> wishes = new TreeMap<>();
        for (Guarded binding : bindings) {
            binding.ids().forEach(id -> wishes.put(id, SmallWorld.wish(Demand.WANT, false)));
        }
        return new TargetDemand(wishes, Demand.UNWANTED, Set.of(), List.of(bindings));
    }

    private static TargetDemand and(TargetDemand demand, IdentityKey id, Demand what) {
        Map<IdentityKey, Wish> wishes = new TreeMap<>(demand.wishes());
        wishes.put(id, SmallWorld.wish(what, false));
        return new TargetDemand(wishes, demand.others(), Set.of(), demand.guarded());
    }

    private static Map<IdentityKey, Refusal> refusals(Observation seen, Ledger ledger, TargetDemand demand) {
        return DefaultIdentityGuard.refusals(seen, ledger, demand);
    }

    private static Refusal breaks(DefaultIdentity before, DefaultIdentity after) {
        return new Refusal.WouldBreak(new Change(before, after));
    }

    @Nested
    class Block {
        @Test
        void aSecondOneIsRefusedBesideTheOnlyOne() {
            assertThat(refusals(machine(A), Ledger.EMPTY, demand(binding(B))))
                    .isEqualTo(Map.of(B, breaks(new Only(A), new Ambiguous())));
        }

        @Test
        void theMachinesOwnIsRefusedBesideTheOnlyOne() {
            assertThat(refusals(machine(A), Ledger.EMPTY, demand(binding(SYSTEM))))
                    .isEqualTo(Map.of(SYSTEM, breaks(new Only(A), new OwnOfMachine())));
        }

        @Test
        void besideTheMachinesOwnOrSeveralNothingIsRefused() {
            assertThat(refusals(machine(SYSTEM, A), Ledger.EMPTY, demand(binding(B, C))))
                    .isEmpty();
            assertThat(refusals(machine(A, B), Ledger.EMPTY, demand(binding(C, SYSTEM))))
                    .isEmpty();
        }

        @Test
        void anEmptyMachineTakesAllOfOneBinding() {
            assertThat(refusals(machine(), Ledger.EMPTY, demand(binding(A, B)))).isEmpty();
            assertThat(refusals(machine(), Ledger.EMPTY, demand(binding(SYSTEM, A))))
                    .isEmpty();
        }

        @Test
        void anEmptyMachineTakesTheFirstOfTwoBindings() {
            assertThat(refusals(machine(), Ledger.EMPTY, demand(binding(B), binding(A))))
                    .isEqualTo(Map.of(A, breaks(new Only(B), new Ambiguous())));
        }

        @Test
        void besideTheOnlyOneAllOfABindingAreRefused() {
            assertThat(refusals(machine(C), Ledger.EMPTY, demand(binding(SYSTEM, A))))
                    .containsOnlyKeys(SYSTEM, A);
        }

        @Test
        void whatIsAskedForWithoutAGuardComesFirst() {
            TargetDemand demand = and(demand(binding(A)), B, Demand.WANT);

            assertThat(refusals(machine(), Ledger.EMPTY, demand))
                    .isEqualTo(Map.of(A, breaks(new Only(B), new Ambiguous())));
        }

        @Test
        void whatIsRefusedToOneBindingIsAttachedForAnotherThatMay() {
            TargetDemand demand = demand(expecting(A), binding(A, B));

            assertThat(refusals(machine(), Ledger.EMPTY, demand)).isEmpty();
        }

        @Test
        void whatLeavesInTheSamePatchDoesNotCount() {
            TargetDemand evicting = and(demand(binding(B)), A, Demand.FORBID);
            TargetDemand detaching = demand(binding(B));
            Ledger ours = ledger(SmallWorld.claim(A, Phase.ATTACHED, null));

            assertThat(refusals(machine(A), Ledger.EMPTY, evicting)).isEmpty();
            assertThat(refusals(machine(A), ours, detaching)).isEmpty();
            assertThat(refusals(machine(A), ours, detaching.keeping(Set.of(A)))).containsOnlyKeys(B);
        }

        @Test
        void anAttachThatMayHaveBeenSentGoesOnAndCountsAsThere() {
            Ledger sent = ledger(SmallWorld.claim(A, Phase.ATTACHING, "6"));

            assertThat(refusals(machine(C), sent, demand(binding(A)))).isEmpty();
            assertThat(refusals(machine(), sent, demand(binding(A), binding(B))))
                    .containsOnlyKeys(B);
        }

        @Test
        void anEntryAboutAnEarlierMachineIsNoReasonToGoOn() {
            Ledger before = ledger(SmallWorld.claim(A, Phase.ATTACHED, null).on("an earlier incarnation"));

            Plan plan = Planner.plan(machine(C), before, demand(binding(A)), SmallWorld.memory());

            assertThat(plan.patch()).isEmpty();
            assertThat(plan.claimed().isEmpty()).isTrue();
        }

        @Test
        void theFirstOfABindingWaitsForTheSecondAndNotForTheThird() {
            assertThat(refusals(machine(), Ledger.EMPTY, demand(expecting(A))))
                    .containsExactly(Map.entry(A, new Refusal.ComesTooEarly(new Change(new Only(A), new Ambiguous()))));
            assertThat(refusals(machine(), Ledger.EMPTY, demand(expecting(A, B))))
                    .isEmpty();
            assertThat(refusals(machine(SYSTEM), Ledger.EMPTY, demand(expecting(A))))
                    .isEmpty();
            assertThat(refusals(machine(), Ledger.EMPTY, demand(expecting(SYSTEM))))
                    .isEmpty();
        }

        @Test
        void neitherAnOperationThatRunsNorAMissingEtagChangesWhatIsRefused() {
            TargetDemand evicting = and(demand(binding(B)), A, Demand.FORBID);
            Observation busy =
                    SmallWorld.seen(null, MachineState.BUSY, false, machine(A).userAssigned());

            assertThat(refusals(busy, Ledger.EMPTY, evicting)).isEmpty();
            assertThat(refusals(busy, Ledger.EMPTY, demand(binding(B)))).containsOnlyKeys(B);
        }
    }

    @Nested
    class Laws {
        @Test
        void noPatchBreaksWhatIsThereOrUnderWay() {
            everyGuard((world, demand) -> {
                Plan plan = plan(world, demand);
                Set<IdentityKey> guarded = guarded(demand);
                TreeSet<IdentityKey> before = new TreeSet<>(plan.observed().identities());
                TreeSet<IdentityKey> adds = new TreeSet<>();
                plan.sent().forEach((id, sent) -> {
                    if (sent.decision() instanceof Send(Phase phase)) {
                        if (phase != Phase.ATTACHING) {
                            before.remove(id);
                        } else if (guarded.contains(id) && !isOfThisMachine(world.ledger(), id)) {
                            adds.add(id);
                        } else {
                            before.add(id);
                        }
                    }
                });
                TreeSet<IdentityKey> after = new TreeSet<>(before);
                after.addAll(adds);
                if (demand.guarded().size() == 1) {
                    assertThat(Change.between(before, after).breaks())
                            .as("%s %s", world, demand.guarded())
                            .isFalse();
                } else {
                    // One after the other, so there is an order in which none breaks anything.
                    for (Guarded one : demand.guarded()) {
                        TreeSet<IdentityKey> next = new TreeSet<>(before);
                        one.ids().stream().filter(adds::contains).forEach(next::add);
                        assertThat(Change.between(before, next).breaks())
                                .as("%s %s", world, demand.guarded())
                                .isFalse();
                        before.addAll(next);
                    }
                }
            });
        }

        @Test
        void whatIsRefusedIsNeitherSentNorClaimed() {
            everyGuard((world, demand) -> {
                Plan plan = plan(world, demand);

                refusals(world.observation(), world.ledger(), demand).keySet().forEach(id -> {
                    assertThat(plan.observed().has(id)).as(world::toString).isFalse();
                    assertThat(isOfThisMachine(world.ledger(), id))
                            .as(world::toString)
                            .isFalse();
                    assertThat(plan.sent().get(id))
                            .as(world::toString)
                            .satisfiesAnyOf(
                                    sent -> assertThat(sent).isNull(),
                                    sent -> assertThat(sent.decision()).isInstanceOf(Decision.Fence.class));
                    assertThat(plan.claimed().claim(id).isEmpty()
                                    || world.ledger().claim(id).isPresent())
                            .as(world::toString)
                            .isTrue();
                });
            });
        }

        @Test
        void whatIsNotRefusedIsPlannedAsIfThereWereNoGuard() {
            everyGuard((world, demand) -> {
                Plan plan = plan(world, demand);
                Plan usual = world.plan();
                Set<IdentityKey> refused =
                        refusals(world.observation(), world.ledger(), demand).keySet();

                assertThat(but(plan.sent(), refused)).as(world::toString).isEqualTo(but(usual.sent(), refused));
                assertThat(but(plan.claimed().claims(), refused))
                        .as(world::toString)
                        .isEqualTo(but(usual.claimed().claims(), refused));
            });
        }

        @Test
        void leftAloneItComesToRestAndASecondOperatorAgrees() {
            everyGuard((world, demand) -> {
                SmallArm arm = new SmallArm(world, true);

                arm.settle(demand);

                Memory fresh = Memory.none(SmallWorld.muchLater());
                assertThat(Planner.plan(arm.seen(), arm.ledger(), demand, fresh).isAtRest())
                        .as(world::toString)
                        .isTrue();
                refusals(arm.seen(), arm.ledger(), demand)
                        .keySet()
                        .forEach(id -> assertThat(arm.ledger().claim(id))
                                .as("no doubt remains: %s", world)
                                .isEmpty());
            });
        }

        /**
         * All that is wanted guarded by one binding, by one that expects more, the first alone, and by one each; in the worlds
         * where something is to be attached.
         */
        private static void everyGuard(BiConsumer<SmallWorld, TargetDemand> check) {
            SmallWorld.forEach(world -> {
                List<Part> wanted = world.parts().stream()
                        .filter(part -> part.wish().demand() == Demand.WANT)
                        .toList();
                if (wanted.stream().allMatch(Part::present)) {
                    return;
                }
                IdentityKey[] ids = wanted.stream().map(Part::id).toArray(IdentityKey[]::new);
                check.accept(world, guarded(world, binding(ids)));
                check.accept(world, guarded(world, expecting(ids)));
                if (ids.length > 1) {
                    check.accept(world, guarded(world, binding(ids[0])));
                    check.accept(
                            world,
                            guarded(
                                    world,
                                    Arrays.stream(ids)
                                            .map(DefaultIdentityGuardTest::binding)
                                            .toArray(Guarded[]::new)));
                }
            });
        }

        private static TargetDemand guarded(SmallWorld world, Guarded... bindings) {
            return new TargetDemand(world.demand().wishes(), Demand.UNWANTED, Set.of(), List.of(bindings));
        }

        private static Set<IdentityKey> guarded(TargetDemand demand) {
            TreeSet<IdentityKey> ids = new TreeSet<>();
            demand.guarded().forEach(one -> ids.addAll(one.ids()));
            return ids;
        }

        private static Plan plan(SmallWorld world, TargetDemand demand) {
            return Planner.plan(world.observation(), world.ledger(), demand, SmallWorld.memory());
        }

        private static boolean isOfThisMachine(Ledger ledger, IdentityKey id) {
            return ledger.claim(id)
                    .filter(claim -> claim.machineId().equals(SmallWorld.MACHINE))
                    .isPresent();
        }

        private static <T> Map<IdentityKey, T> but(Map<IdentityKey, T> all, Set<IdentityKey> some) {
            Map<IdentityKey, T> rest = new TreeMap<>(all);
            rest.keySet().removeAll(some);
            return rest;
        }
    }
}
