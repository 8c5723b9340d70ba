package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.binding.Contribution.Ask;
import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision.Send;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Memory;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Observation.SystemIdentity;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Plan;
import dev.vmidentity.core.Planner;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.TargetId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What holds of the plan over what several bindings ask of one machine, over all small mixes of them: of an acting binding in
 * any manner, with any guard, deleted or not, that retains or does not, beside one that only looks or of which it is not known
 * whether it is about the machine, or that may not bind it. What holds of a plan over one demand is {@code PlannerLawsTest}'s.
 */
class GatheringLawsTest {
    private static final TargetId MACHINE = TargetId.of(MachineKind.VIRTUAL_MACHINE, "sub", "rg", "vm1");
    private static final ArmId A = ArmId.userAssignedIdentity("sub", "rg", "a");
    private static final ArmId B = ArmId.userAssignedIdentity("sub", "rg", "b");
    private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");

    /** A mix. */
    private record Mix(List<Contribution> acting, Contribution other, Ledger ledger, Observation seen) {
        Plan plan() {
            List<Contribution> all = new ArrayList<>(acting);
            all.add(other);
            return planned(all);
        }

        Plan without() {
            return planned(acting);
        }

        private Plan planned(List<Contribution> contributions) {
            return Planner.plan(seen, ledger, Gathering.demand(contributions, ledger, Set.of()), Memory.none(NOW));
        }

        boolean holds(IdentityKey id) {
            return ledger.claim(id).stream()
                    .flatMap(claim -> claim.holders().stream())
                    .anyMatch(other.holder()::equals);
        }
    }

    @Test
    void whoOnlyLooksOrMayNotBeMeantHasNothingSentThatWouldNotBeSentWithoutIt() {
        forEach(mix -> {
            // What blocks may be let through because something else stays.
            boolean blocks = mix.acting().stream().anyMatch(one -> one.guard() != Guard.NONE);
            Set<String> more = new TreeSet<>(blocks ? names(removed(mix.plan())) : sent(mix.plan()));
            more.removeAll(blocks ? names(removed(mix.without())) : sent(mix.without()));

            assertThat(more).as(mix::toString).isEmpty();
        });
    }

    @Test
    void whatItListsOrHoldsIsNotTakenOffByAnybody() {
        forEach(mix -> {
            Set<IdentityKey> kept = mix.other().asks().stream().map(Ask::key).collect(Collectors.toSet());
            if (mix.other().systemAssigned() != SystemAsk.NOTHING) {
                kept.add(IdentityKey.SYSTEM_ASSIGNED);
            }
            mix.ledger().claims().keySet().stream().filter(mix::holds).forEach(kept::add);
            if (mix.other().systemAssigned() == SystemAsk.NOTHING
                    && mix.acting().stream().anyMatch(one -> one.systemAssigned() == SystemAsk.DISABLED)) {
                // Silence is no dissent.
                kept.remove(IdentityKey.SYSTEM_ASSIGNED);
            }

            assertThat(removed(mix.plan())).as(mix::toString).noneMatch(kept::contains);
        });
    }

    @Test
    void whatEveryHolderRetainsIsNotTakenOffUnlessSomebodyForbidsIt() {
        forEach(mix -> {
            Set<IdentityKey> retained = mix.ledger().claims().values().stream()
                    .filter(claim -> claim.holders().stream().allMatch(one -> one.onRelease() == Release.RETAIN))
                    .map(Claim::id)
                    .collect(Collectors.toSet());
            boolean forbids = mix.acting().stream()
                    .anyMatch(one -> one.manner() == Manner.EXCLUSIVE || one.systemAssigned() == SystemAsk.DISABLED);

            if (!forbids) {
                assertThat(removed(mix.plan())).as(mix::toString).noneMatch(retained::contains);
            }
        });
    }

    @Test
    void whoMayNotBindTheMachineAndHoldsNothingThereChangesNothing() {
        forEach(barred(), mix -> {
            if (mix.ledger().claims().keySet().stream().noneMatch(mix::holds)) {
                assertThat(mix.plan()).as(mix::toString).isEqualTo(mix.without());
            }
        });
    }

    @Test
    void whatWhoMayNotBindTheMachineHoldsThereIsNotTakenOffAndNothingIsSentForIt() {
        forEach(barred(), mix -> {
            boolean disables = mix.acting().stream().anyMatch(one -> one.systemAssigned() == SystemAsk.DISABLED);
            Set<IdentityKey> kept =
                    mix.ledger().claims().keySet().stream().filter(mix::holds).collect(Collectors.toSet());
            if (disables && mix.other().systemAssigned() == SystemAsk.NOTHING) {
                // Silence is no dissent.
                kept.remove(IdentityKey.SYSTEM_ASSIGNED);
            }

            assertThat(removed(mix.plan())).as(mix::toString).noneMatch(kept::contains);
            // What blocks may be let through because something else stays.
            if (mix.acting().stream().noneMatch(one -> one.guard() != Guard.NONE)) {
                assertThat(sent(mix.without())).as(mix::toString).containsAll(sent(mix.plan()));
            }
        });
    }

    /** What is sent for whom. */
    private static Set<String> sent(Plan plan) {
        return plan.sent().entrySet().stream()
                .filter(sent -> sent.getValue().decision() instanceof Send)
                .map(sent -> sent.getKey() + " " + sent.getValue().decision())
                .collect(Collectors.toSet());
    }

    private static Set<IdentityKey> removed(Plan plan) {
        return plan.sent().entrySet().stream()
                .filter(sent -> sent.getValue().decision() instanceof Send(Phase phase) && phase != Phase.ATTACHING)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Set<String> names(Set<IdentityKey> ids) {
        return ids.stream().map(IdentityKey::toString).collect(Collectors.toSet());
    }

    // ---- all mixes

    private static void forEach(Consumer<Mix> check) {
        forEach(others(), check);
    }

    private static void forEach(List<Contribution> others, Consumer<Mix> check) {
        for (Contribution acting : acting()) {
            for (Contribution other : others) {
                for (Ledger ledger : ledgers(acting.holder(), other.holder())) {
                    for (boolean there : new boolean[] {true, false}) {
                        check.accept(new Mix(List.of(acting), other, ledger, seen(ledger, there)));
                    }
                }
            }
        }
    }

    private static List<Contribution> acting() {
        List<Contribution> all = new ArrayList<>();
        for (Release release : Release.values()) {
            for (boolean deleting : new boolean[] {false, true}) {
                for (Manner manner : List.of(Manner.SHARED, Manner.EXCLUSIVE)) {
                    for (Guard guard : List.of(Guard.NONE, Guard.BLOCK)) {
                        for (SystemAsk system : List.of(SystemAsk.NOTHING, SystemAsk.ENABLED, SystemAsk.DISABLED)) {
                            for (List<Ask> asks : asks()) {
                                all.add(contribution("acting", release, deleting, asks, system, manner, guard));
                            }
                        }
                    }
                }
            }
        }
        return all;
    }

    private static List<Contribution> others() {
        List<Contribution> all = new ArrayList<>();
        for (Manner manner : List.of(Manner.KEPT, Manner.OBSERVED, Manner.OBSERVED_EXCLUSIVE)) {
            for (SystemAsk system : List.of(SystemAsk.NOTHING, SystemAsk.ENABLED, SystemAsk.DISABLED)) {
                for (List<Ask> asks : asks().subList(0, 2)) {
                    all.add(contribution("other", Release.DETACH, false, asks, system, manner, Guard.NONE));
                }
            }
        }
        return all;
    }

    private static List<Contribution> barred() {
        List<Contribution> all = new ArrayList<>();
        for (SystemAsk system : List.of(SystemAsk.NOTHING, SystemAsk.REFUSED)) {
            for (List<Ask> asks : List.of(List.<Ask>of(), List.of(new Ask(A, false, false)))) {
                all.add(contribution("other", Release.DETACH, false, asks, system, Manner.BARRED, Guard.NONE));
            }
        }
        return all;
    }

    private static List<List<Ask>> asks() {
        return List.of(
                List.of(),
                List.of(new Ask(A, true, false)),
                List.of(new Ask(A, false, false)),
                List.of(new Ask(A, true, true), new Ask(B, true, true)));
    }

    private static Contribution contribution(
            String name,
            Release release,
            boolean deleting,
            List<Ask> asks,
            SystemAsk system,
            Manner manner,
            Guard guard) {
        Holder holder = new Holder("uid-" + name, "team-a", name, release);
        return new Contribution(holder, deleting, Optional.of(MACHINE), asks, system, manner, guard, true);
    }

    /** Of A, and of the machine's own identity: whose they are. */
    private static List<Ledger> ledgers(Holder acting, Holder other) {
        List<Ledger> ledgers = new ArrayList<>();
        for (List<Holder> holders :
                List.of(List.<Holder>of(), List.of(acting), List.of(other), List.of(acting, other))) {
            Map<IdentityKey, Claim> claims = new TreeMap<>();
            if (!holders.isEmpty()) {
                for (IdentityKey id : List.of(IdentityKey.of(A), IdentityKey.SYSTEM_ASSIGNED)) {
                    claims.put(id, new Claim(id, Phase.ATTACHED, null, "m", NOW, null, new TreeSet<>(holders)));
                }
            }
            ledgers.add(Ledger.of(claims));
        }
        return ledgers;
    }

    /** @param there whether what others attached is there, too */
    private static Observation seen(Ledger ledger, boolean there) {
        Map<IdentityKey, AttachedIdentity> attached = new TreeMap<>();
        for (ArmId id : List.of(A, B)) {
            if (there || ledger.claim(IdentityKey.of(id)).isPresent()) {
                attached.put(IdentityKey.of(id), new AttachedIdentity(id, "c-" + id.name(), "p-" + id.name()));
            }
        }
        boolean system = there || ledger.claim(IdentityKey.SYSTEM_ASSIGNED).isPresent();
        return new Observation(
                MACHINE,
                "1",
                "m",
                MachineState.SETTLED,
                system ? Optional.of(new SystemIdentity("p-system", null)) : Optional.empty(),
                attached,
                "westus",
                NOW);
    }
}
