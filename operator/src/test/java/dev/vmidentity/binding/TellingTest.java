package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.Explanation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

        assertThat(Telling.of(resolved, Optional.empty(), List.of(VM), _ -> Optional.empty())
                        .hindrance())
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

    @Test
    void whatStaysBecauseOthersListItIsToldWithWhom() {
        Contribution watcher = listing("team-a", "watcher", Manner.OBSERVED, true);
        Contribution secret = listing("team-b", "secret", Manner.OBSERVED, true);

        BindingView.Kept kept = kept(SILENT, watcher, secret);

        assertThat(kept.listed()).isTrue();
        assertThat(kept.why().reason()).isEqualTo(Reason.WaitingForBinding);
        assertThat(kept.why().message())
                .isEqualTo("a stays because of other bindings of the machine (team-a/watcher, 1 in other namespaces):"
                        + " it is listed there, and nothing is done about it.");
    }

    @Test
    void whatStaysUntilMoreIsKnownIsToldWithOfWhom() {
        Contribution unresolved = unresolved("team-a", "unresolved");
        Contribution selector = listing("team-a", "selector", Manner.KEPT, true);

        assertThat(kept(SILENT, unresolved, selector).why().message())
                .contains("(team-a/selector, team-a/unresolved): it is not known yet whether it is asked for there");
        assertThat(kept(SILENT, unresolved).listed()).isFalse();
    }

    @Test
    void whatItListsItselfOrWhatIsJustBeingDetachedIsNotToldToStay() {
        Contribution self = listing("team-a", "silent", Manner.SHARED, false);
        Contribution watcher = listing("team-a", "watcher", Manner.OBSERVED, true);

        assertThat(keeping(self, watcher))
                .as("its own entry says that it may not")
                .isEmpty();
        assertThat(keeping(SILENT)).isEmpty();
        assertThat(keeping(unresolved("team-a", "silent")))
                .as("its own entry says what is missing")
                .isEmpty();
    }

    @Test
    void whatStaysOnAMachineBeforeThisOneIsToldWithWhom() {
        Contribution watcher = listing("team-a", "watcher", Manner.OBSERVED, true);
        var resolved = new Resolver.Resolved(SILENT, view(SILENT), EVERYWHERE, List.of(), false);

        Explanation why = Telling.of(
                        resolved,
                        Optional.empty(),
                        List.of(FleetScene.vm("old"), FleetScene.vm("older")),
                        machine -> machine.name().equals("older")
                                ? Optional.of(holding(SILENT, watcher))
                                : Optional.empty())
                .hindrance()
                .orElseThrow();

        assertThat(why.reason()).isEqualTo(Reason.WaitingForBinding);
        assertThat(why.message()).contains("On older, which this binding was about before: a stays", "team-a/watcher");
    }

    private static BindingView.Kept kept(Contribution own, Contribution... others) {
        return Objects.requireNonNull(keeping(own, others).get(IdentityKey.of(FleetScene.A)));
    }

    private static Map<IdentityKey, BindingView.Kept> keeping(Contribution own, Contribution... others) {
        return Telling.of(
                        new Resolver.Resolved(own, view(own), EVERYWHERE, List.of(), false),
                        Optional.of(holding(own, others)))
                .kept();
    }

    /** A round of a machine on which the binding has an identity. */
    private static Published holding(Contribution own, Contribution... others) {
        List<Contribution> all =
                Stream.concat(Stream.of(own), Stream.of(others)).toList();
        Claim claim = new Claim(
                IdentityKey.of(FleetScene.A),
                Phase.ATTACHED,
                null,
                "m-1",
                null,
                null,
                new TreeSet<>(List.of(own.holder())));
        Ledger ledger = Ledger.of(Map.of(claim.id(), claim));
        Outcome outcome = new Outcome(
                VM,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                ledger,
                Gathering.demand(all, ledger, Set.of()),
                Map.of(),
                false,
                false,
                Optional.empty());
        return new Published(outcome, true, all, Published.RolesLeft.NONE);
    }

    private static Contribution listing(String namespace, String name, Manner manner, boolean allowed) {
        Contribution of = asking(namespace, name, SystemAsk.NOTHING, manner);
        return new Contribution(
                of.holder(),
                false,
                of.target(),
                List.of(new Contribution.Ask(FleetScene.A, allowed, false)),
                SystemAsk.NOTHING,
                manner,
                Guard.NONE,
                true);
    }

    private static Contribution unresolved(String namespace, String name) {
        Contribution of = asking(namespace, name, SystemAsk.NOTHING, Manner.SHARED);
        return new Contribution(
                of.holder(), false, of.target(), List.of(), SystemAsk.NOTHING, Manner.SHARED, Guard.NONE, false);
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
                elsewhere,
                _ -> Optional.empty());
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
