package dev.vmidentity.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Decision.Fence;
import dev.vmidentity.core.Decision.Send;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.SmallWorld.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What holds of every plan, over all small worlds: of one demand, whoever asks. How bindings come together to one, with those
 * that observe, that may not be meant, that block, that are exclusive or retain, is {@code GatheringLawsTest}'s.
 */
class PlannerLawsTest {
    @Test
    void whatIsSentIsClaimedBeforeUnderTheEtagOfThePatch() {
        SmallWorld.forEach(world -> {
            Plan plan = world.plan();

            plan.sent().forEach((id, sent) -> {
                Claim claim = plan.claimed().claim(id).orElseThrow();
                if (sent.decision() instanceof Send(Phase phase)) {
                    assertThat(claim.phase()).as(world::toString).isEqualTo(phase);
                    assertThat(claim.etag()).as(world::toString).isEqualTo(SmallWorld.ETAG);
                    assertThat(claim.machineId()).as(world::toString).isEqualTo(SmallWorld.MACHINE);
                    assertThat(claim.sentAt()).as(world::toString).isEqualTo(SmallWorld.NOW);
                }
            });
            assertThat(plan.patch().isPresent())
                    .as(world::toString)
                    .isEqualTo(!plan.sent().isEmpty());
        });
    }

    @Test
    void aPatchNamesOnlyWhatChangesAndItsTypeIsTheGoal() {
        SmallWorld.forEach(world -> {
            Plan plan = world.plan();
            plan.patch().ifPresent(patch -> {
                assertThat(patch.add())
                        .as(world::toString)
                        .allMatch(id -> !plan.observed().has(IdentityKey.of(id)));
                assertThat(patch.remove())
                        .as(world::toString)
                        .allMatch(id -> plan.observed().has(IdentityKey.of(id)));

                Observation after = SmallArm.after(plan.observed(), patch, true);

                assertThat(patch.type()).as(world::toString).isEqualTo(after.type());
                for (Part part : world.parts()) {
                    assertThat(after.has(part.id()))
                            .as("%s: %s", world, part.id())
                            .isEqualTo(goal(plan, part));
                }
            });
        });
    }

    /** Only what was sent on purpose makes a difference. */
    private static boolean goal(Plan plan, Part part) {
        Plan.Sent sent = plan.sent().get(part.id());
        if (sent != null && sent.decision() instanceof Send(Phase phase)) {
            return phase == Phase.ATTACHING;
        }
        return part.present();
    }

    @Test
    void leftAloneEachIdentityEndsWhereItShould() {
        SmallWorld.forEach(world -> {
            SmallArm arm = new SmallArm(world, true);

            arm.settle(world.demand());

            for (Part part : world.parts()) {
                assertThat(arm.seen().has(part.id()))
                        .as("whether it is there: %s\nof%s", part, world)
                        .isEqualTo(Ending.of(part).present());
                assertThat(arm.ledger().claim(part.id()).map(Claim::phase))
                        .as("its entry: %s\nof%s", part, world)
                        .isEqualTo(Ending.of(part).entry());
            }
        });
    }

    @Test
    void leftAloneItComesToRestWhereEtagsDoNotMoveToo() {
        SmallWorld.forEach(world -> {
            SmallArm arm = new SmallArm(world, false);

            arm.settle(world.demand());

            for (Part part : world.parts()) {
                assertThat(arm.seen().has(part.id()))
                        .as("whether it is there: %s\nof%s", part, world)
                        .isEqualTo(Ending.of(part).present());
            }
        });
    }

    @Test
    void aSecondOperatorFindsNothingLeftToDo() {
        SmallWorld.forEach(world -> {
            SmallArm arm = new SmallArm(world, true);
            arm.settle(world.demand());

            Memory fresh = Memory.none(SmallWorld.muchLater());
            Plan second = Planner.plan(arm.seen(), arm.ledger(), world.demand(), fresh);

            assertThat(second.isAtRest()).as(world::toString).isTrue();
            assertThat(second.claimed()).as(world::toString).isEqualTo(arm.ledger());
        });
    }

    @Test
    void equalArgumentsGiveAnEqualPlan() {
        SmallWorld.forEach(world -> assertThat(world.plan()).isEqualTo(world.plan()));
    }

    @Test
    void nothingIsDecidedWhileAnOperationRuns() {
        SmallWorld.forEach(world -> {
            for (MachineState state : new MachineState[] {MachineState.BUSY, MachineState.DELETING}) {
                Observation busy = world.observation(SmallWorld.ETAG, state);

                Plan plan = Planner.plan(busy, world.ledger(), world.demand(), SmallWorld.memory());

                assertThat(plan.patch()).as(world::toString).isEmpty();
                assertThat(phases(plan.claimed())).as(world::toString).isEqualTo(phases(withoutRetained(world)));
            }
        });
    }

    @Test
    void withoutAnEtagNothingIsSentAndNothingIsConcluded() {
        SmallWorld.forEach(world -> {
            Observation bare = world.observation(null, MachineState.SETTLED);

            Plan plan = Planner.plan(bare, world.ledger(), world.demand(), SmallWorld.memory());

            assertThat(plan.patch()).as(world::toString).isEmpty();
            assertThat(phases(plan.claimed())).as(world::toString).isEqualTo(phases(withoutRetained(world)));
            assertThat(plan.etagMissing() || world.plan().patch().isEmpty())
                    .as("what would be sent is said to be missing: %s", world)
                    .isTrue();
        });
    }

    @Test
    void whatIsRetainedIsForgottenWithoutAPatch() {
        SmallWorld.forEach(world -> {
            Plan plan = world.plan();
            for (Part part : world.parts()) {
                if (Ending.isRetained(part)) {
                    assertThat(plan.sent()).as(world::toString).doesNotContainKey(part.id());
                    assertThat(plan.claimed().claim(part.id()))
                            .as(world::toString)
                            .isEmpty();
                }
            }
        });
    }

    @Test
    void whatIsKeptIsLeftAlone() {
        SmallWorld.forEach(world -> {
            Plan plan = world.plan();
            for (Part part : world.parts()) {
                if (part.wish().demand() == Demand.KEEP) {
                    assertThat(plan.sent()).as(world::toString).doesNotContainKey(part.id());
                    assertThat(plan.claimed().claim(part.id()))
                            .as(world::toString)
                            .isEqualTo(Optional.ofNullable(part.claim()));
                }
            }
        });
    }

    @Test
    void aPatchThatChangesSomethingIsAFenceOnlyWhenTheEtagMoved() {
        SmallWorld.forEach(world -> {
            Plan plan = world.plan();
            if (plan.patch().isEmpty()) {
                return;
            }
            Observation after = SmallArm.after(plan.observed(), plan.patch().get(), true);

            Ledger unmoved = plan.settle(SmallWorld.accepted(SmallWorld.withEtag(SmallWorld.ETAG, after)));
            Ledger moved = plan.settle(SmallWorld.accepted(after));

            plan.sent().forEach((id, sent) -> {
                if (sent.decision() instanceof Fence) {
                    assertThat(unmoved.claim(id))
                            .as(world::toString)
                            .isEqualTo(plan.claimed().claim(id));
                    assertThat(moved.claim(id))
                            .as(world::toString)
                            .isNotEqualTo(plan.claimed().claim(id));
                }
            });
        });
    }

    @Test
    void aDeadAttachmentIsRenewedOnlyWhereItIsOursAndWantedAndNothingElseIsToDo() {
        SmallWorld.forEach(world -> {
            Plan usual = world.plan();
            for (Part part : world.parts()) {
                Plan plan = planKnowing(world, part);
                if (isOursAndWanted(part) && usual.isAtRest()) {
                    assertThat(plan.sent())
                            .as(world::toString)
                            .isEqualTo(Map.of(part.id(), new Plan.Sent(new Send(Phase.DETACHING), true)));
                } else {
                    assertThat(plan).as(world::toString).isEqualTo(usual);
                }
            }
        });
    }

    /** So that what holds of users who change their minds, at any moment, holds of it. */
    @Test
    void aRenewalBeginsAsIfItWereNotWantedAnyLonger() {
        SmallWorld.forEach(world -> {
            for (Part part : world.parts()) {
                Claim claim = part.claim();
                if (isOursAndWanted(part)
                        && world.plan().isAtRest()
                        && claim != null
                        && claim.release() != Release.RETAIN) {
                    List<Part> parts = new ArrayList<>(world.parts());
                    parts.set(
                            parts.indexOf(part),
                            new Part(part.id(), claim, true, SmallWorld.wish(Demand.UNWANTED, false)));
                    Plan changedMind = new SmallWorld(parts).plan();

                    Plan plan = planKnowing(world, part);

                    assertThat(plan.patch()).as(world::toString).isEqualTo(changedMind.patch());
                    assertThat(plan.claimed()).as(world::toString).isEqualTo(changedMind.claimed());
                }
            }
        });
    }

    private static Plan planKnowing(SmallWorld world, Part dead) {
        Memory memory = SmallWorld.memory().withDead(Optional.of(dead.id()), Map.of());
        return Planner.plan(world.observation(), world.ledger(), world.demand(), memory);
    }

    private static boolean isOursAndWanted(Part part) {
        Claim claim = part.claim();
        return claim != null
                && claim.phase() == Phase.ATTACHED
                && claim.machineId().equals(SmallWorld.MACHINE)
                && part.present()
                && part.wish().demand() == Demand.WANT
                && !part.id().isSystemAssigned();
    }

    @Test
    void silenceLeavesEveryClaimAsItWasWritten() {
        SmallWorld.forEach(world -> {
            Plan plan = world.plan();
            if (plan.patch().isPresent()) {
                assertThat(plan.settle(silence())).as(world::toString).isEqualTo(plan.claimed());
            }
        });
    }

    private static Machines.Patched silence() {
        return new Machines.Patched.Rejected(new Fault.Unreachable("cut"));
    }

    private static Map<IdentityKey, Phase> phases(Ledger ledger) {
        Map<IdentityKey, Phase> phases = new TreeMap<>();
        ledger.claims().forEach((id, claim) -> phases.put(id, claim.phase()));
        return phases;
    }

    private static Ledger withoutRetained(SmallWorld world) {
        Map<IdentityKey, Claim> claims = new TreeMap<>(world.ledger().claims());
        world.parts().stream().filter(Ending::isRetained).map(Part::id).forEach(claims::remove);
        return Ledger.of(claims);
    }
}
