package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.Explanation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TellingTest {
    private static final TargetId VM = FleetScene.vm("vm");
    private static final Rights EVERYWHERE = Rights.of(Map.of(Rights.TARGETS, "/", Rights.ASSIGN, "/"), Rights.NONE);
    private static final Contribution ENABLES = asking("team-a", "enables", SystemAsk.ENABLED, Manner.SHARED);
    private static final Contribution DISABLES = asking("team-a", "disables", SystemAsk.DISABLED, Manner.SHARED);
    private static final Contribution SILENT = asking("team-a", "silent", SystemAsk.NOTHING, Manner.SHARED);

    @Test
    void whatIsStillBeingDetachedElsewhereIsNamed() {
        BindingView told = told(SILENT, EVERYWHERE, List.of(FleetScene.vm("old"), FleetScene.vm("older")));

        assertThat(told.hindrance()).hasValueSatisfying(why -> {
            assertThat(why.reason()).isEqualTo(Reason.Detaching);
            assertThat(why.message()).contains("on old, older is being detached there");
        });
    }

    @Test
    void ofManyMachinesElsewhereTheNumberIsTold() {
        List<TargetId> many =
                IntStream.range(0, 21).mapToObj(n -> FleetScene.vm("vm" + n)).toList();

        assertThat(told(SILENT, EVERYWHERE, many).hindrance().orElseThrow().message())
                .contains("on 21 other machines is being detached");
    }

    @Test
    void whatStandsInTheWayOfTheBindingIsToldBeforeWhatIsElsewhere() {
        Explanation why = Explanation.of(Reason.NotUnderstood);
        BindingView view = view(SILENT).withHindrance(why);
        var resolved = new Resolver.Resolved(SILENT, view, EVERYWHERE, List.of(), false);

        assertThat(Telling.of(resolved, Optional.empty(), List.of(VM)).hindrance())
                .contains(why);
    }

    @Test
    void whoObservesDetachesNothingElsewhere() {
        Contribution observer = asking("team-a", "observer", SystemAsk.NOTHING, Manner.OBSERVED);

        assertThat(told(observer, EVERYWHERE, List.of(FleetScene.vm("old"))).hindrance())
                .isEmpty();
    }

    @Test
    void whoDisagreesIsToldWithWhomAndOtherNamespacesAreANumber() {
        Contribution elsewhere = asking("team-b", "secret", SystemAsk.DISABLED, Manner.SHARED);

        Explanation why = told(ENABLES, EVERYWHERE, List.of(), ENABLES, DISABLES, elsewhere, SILENT)
                .systemAssigned()
                .orElseThrow()
                .hindrance()
                .orElseThrow();

        assertThat(why.reason()).isEqualTo(Reason.Conflict);
        assertThat(why.message())
                .contains("this one and team-a/disables, 1 in other namespaces")
                .doesNotContain("secret")
                .doesNotContain("team-a/enables");
    }

    @Test
    void whoSaysNothingOfItIsToldNothingOfTheOthersQuarrel() {
        Contribution observer = asking("team-a", "observer", SystemAsk.ENABLED, Manner.OBSERVED);

        assertThat(told(observer, EVERYWHERE, List.of(), observer, ENABLES, DISABLES)
                        .systemAssigned()
                        .orElseThrow()
                        .hindrance())
                .isEmpty();
    }

    @Test
    void whoObservesIsToldWhatIsOnTheMachineWhereItMayBindIt() {
        Contribution observer = asking("team-a", "observer", SystemAsk.ENABLED, Manner.OBSERVED);

        assertThat(told(observer, EVERYWHERE, List.of(), observer).forecast())
                .hasValueSatisfying(forecast -> assertThat(forecast.attach()).containsExactly("systemAssigned"));

        BindingView blind = told(observer, Rights.NONE, List.of(), observer);
        assertThat(blind.observes()).isTrue();
        assertThat(blind.forecast()).isEmpty();
    }

    private static BindingView told(
            Contribution own, Rights rights, List<TargetId> elsewhere, Contribution... contributions) {
        Observation seen = new Observation(
                VM, "1", "m-1", MachineState.SETTLED, Optional.empty(), Map.of(), "westeurope", Instant.EPOCH);
        Outcome outcome = new Outcome(
                VM,
                Optional.of(seen),
                Optional.empty(),
                Optional.empty(),
                Ledger.EMPTY,
                TargetDemand.NOTHING,
                Map.of(),
                false,
                false,
                Optional.empty());
        return Telling.of(
                new Resolver.Resolved(own, view(own), rights, List.of(), false),
                Optional.of(new Published(outcome, true, List.of(contributions), Published.RolesLeft.NONE)),
                elsewhere);
    }

    private static BindingView view(Contribution own) {
        return new BindingView(
                own.holder().binding(),
                new BindingView.Target.Known(VM),
                List.of(),
                Optional.of(new BindingView.SystemWish(true, Optional.empty())),
                Optional.empty(),
                false);
    }

    private static Contribution asking(String namespace, String name, SystemAsk system, Manner manner) {
        return new Contribution(
                new Holder("uid-" + namespace + "-" + name, namespace, name, Release.DETACH),
                false,
                Optional.of(VM),
                List.of(),
                system,
                manner,
                Guard.NONE,
                true);
    }
}
