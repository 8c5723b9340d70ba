package dev.vmidentity.core.exploration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Memory;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Plan;
import dev.vmidentity.core.Planner;
import dev.vmidentity.core.Protocol;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.core.TargetId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The model writes into its ledger what the product's planner writes, or the exploration would be about nothing. */
class ModelTest {
    private static final TargetId TARGET = TargetId.of(MachineKind.VIRTUAL_MACHINE, "sub", "rg", "vm1");

    private final Entries entries = new Entries();

    @ParameterizedTest
    @EnumSource
    void theModelWritesWhatThePlannerWrites(Wish wish) {
        for (Claim claim : everyClaim()) {
            for (Machine.View view : everyView()) {
                Decision decision =
                        Protocol.decide(claim, entries.sight(view, false, -1), wish.demand(), wish.adopts());
                if (decision instanceof Decision.Rest || decision instanceof Decision.WaitUntil) {
                    continue;
                }

                Plan plan = Planner.plan(seen(view), ledger(claim), demand(wish), Memory.none(Entries.START));

                assertThat(plan.claimed().claim(Entries.X).orElse(null))
                        .as("%s on %s: %s", claim, view, decision)
                        .isEqualTo(entries.written(claim, decision, view, wish, false));
                assertThat(plan.patch().isPresent())
                        .isEqualTo(decision instanceof Decision.Send || decision instanceof Decision.Fence);
                assertThat(Optional.ofNullable(plan.sent().get(Entries.X)).map(Plan.Sent::freshDetach))
                        .isEqualTo(plan.patch().map(_ -> Operators.isFresh(claim, decision)));
            }
        }
    }

    private static List<@Nullable Claim> everyClaim() {
        List<@Nullable Claim> claims = new ArrayList<>();
        claims.add(null);
        for (Phase phase : Phase.values()) {
            for (String etag : List.of("1", "2")) {
                for (String machine : List.of("first", "second")) {
                    String its = phase == Phase.ATTACHED || phase == Phase.UNSURE ? null : etag;
                    Claim held = new Claim(Entries.X, phase, its, machine, Entries.START, null, Entries.SOMEBODY);
                    claims.add(held);
                    if (phase == Phase.EVICTING) {
                        claims.add(new Claim(
                                Entries.X, phase, its, machine, Entries.START, null, Collections.emptySortedSet()));
                    }
                }
            }
        }
        return claims;
    }

    private static List<Machine.View> everyView() {
        return List.of(
                new Machine.View(false, 1, 0, false),
                new Machine.View(true, 1, 0, false),
                new Machine.View(true, 1, 0, true));
    }

    private static Ledger ledger(@Nullable Claim claim) {
        return claim == null ? Ledger.EMPTY : Ledger.of(Map.of(Entries.X, claim));
    }

    private static TargetDemand demand(Wish wish) {
        var holders = wish.demand() == Demand.WANT ? Entries.SOMEBODY : new TreeSet<Holder>();
        return new TargetDemand(
                Map.of(Entries.X, new TargetDemand.Wish(wish.demand(), wish.adopts(), holders, Optional.empty())),
                Demand.UNWANTED);
    }

    private static Observation seen(Machine.View view) {
        ArmId id = ArmId.of(Entries.X.value());
        Map<IdentityKey, Observation.AttachedIdentity> attached =
                view.hasX() ? Map.of(Entries.X, new Observation.AttachedIdentity(id, null, null)) : Map.of();
        return new Observation(
                TARGET,
                Entries.etag(view.etag()),
                Entries.machine(view.incarnation()),
                view.operationRuns() ? Observation.MachineState.BUSY : Observation.MachineState.SETTLED,
                Optional.empty(),
                attached,
                "westus",
                Entries.START);
    }
}
