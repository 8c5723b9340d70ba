package dev.vmidentity.binding;

import static dev.vmidentity.binding.Scene.A;
import static dev.vmidentity.binding.Scene.B;
import static dev.vmidentity.binding.Scene.FOREIGN;
import static dev.vmidentity.binding.Scene.VM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.DefaultIdentity.Ambiguous;
import dev.vmidentity.core.DefaultIdentity.Change;
import dev.vmidentity.core.DefaultIdentity.Only;
import dev.vmidentity.core.DefaultIdentityGuard.Refusal;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.fakes.Mishap;
import dev.vmidentity.status.BindingView;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bindings that must not change what a workload gets that gives no client id, on machines as they come. */
class GuardTest {
    private static final Change SECOND_BESIDE_FOREIGN = new Change(new Only(IdentityKey.of(FOREIGN)), new Ambiguous());

    private final Scene scene = new Scene();

    private void bind(String name, Guard guard, ArmId... ids) {
        scene.bind(name, ids);
        scene.guard(name, guard);
    }

    @Test
    void whatWouldChangeTheDefaultIsNotAttachedUntilTheGuardIsTakenAway() {
        scene.azure.attach(VM, FOREIGN);
        bind("web", Guard.BLOCK, A);

        Published refused = scene.settle();

        assertThat(refused.outcome().refusals())
                .isEqualTo(Map.of(IdentityKey.of(A), new Refusal.WouldBreak(SECOND_BESIDE_FOREIGN)));
        assertThat(scene.azure.patches(VM)).isZero();
        assertThat(scene.ledgers.find(VM)).isInstanceOf(Ledgers.Found.None.class);

        bind("web", Guard.NONE, A);
        Published attached = scene.settle();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(attached.outcome().refusals()).isEmpty();
        assertThat(attached.outcome().defaultChangedBy("uid-web")).contains(SECOND_BESIDE_FOREIGN);
        scene.restart();
        assertThat(scene.settle().outcome().defaultChangedBy("uid-web")).contains(SECOND_BESIDE_FOREIGN);
    }

    @Test
    void enablingTheMachinesOwnIdentityIsRefusedToo() {
        scene.azure.attach(VM, FOREIGN);
        scene.bindSystem("own", SystemAsk.ENABLED);
        scene.guard("own", Guard.BLOCK);

        Published published = scene.settle();

        assertThat(published.outcome().refusals()).containsOnlyKeys(IdentityKey.SYSTEM_ASSIGNED);
        assertThat(scene.machine().systemAssigned()).isEmpty();
    }

    @Test
    void whenTheOthersAreGoneItIsAttachedByItself() {
        scene.azure.attach(VM, FOREIGN);
        bind("web", Guard.BLOCK, A);
        scene.settle();

        scene.azure.detach(VM, FOREIGN);
        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void ofTwoBindingsThatComeTogetherTheFirstByNameIsServedAndTheOtherWhenItGoes() {
        bind("b", Guard.BLOCK, A);
        bind("a", Guard.BLOCK, B);
        scene.bindings.put("listed last", Objects.requireNonNull(scene.bindings.remove("a")));
        scene.settle();
        assertThat(scene.isOn(B)).isTrue();
        assertThat(scene.isOn(A)).isFalse();

        scene.restart();
        scene.settle();
        assertThat(scene.isOn(A)).isFalse();
        scene.delete("listed last");
        scene.settle();

        assertThat(scene.isOn(B)).isFalse();
        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void anIdentityThatAnotherBindingWantsWithoutAGuardIsAttachedForBoth() {
        scene.azure.attach(VM, FOREIGN);
        bind("careful", Guard.BLOCK, A, B);
        bind("careless", Guard.NONE, A);

        Published published = scene.settle();

        // With that one there are several, and a further one breaks nothing.
        assertThat(published.outcome().refusals()).isEmpty();
        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.isOn(B)).isTrue();
    }

    @Test
    void whatIsOnTheMachineStaysWhenTheGuardBeginsToBlock() {
        scene.azure.attach(VM, FOREIGN);
        bind("web", Guard.NONE, A);
        scene.settle();
        scene.azure.forgetRequests();

        bind("web", Guard.BLOCK, A);
        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.azure.patches(VM)).isZero();
    }

    @Test
    void aBlockedBindingHealsWhatWasTakenOffBehindOurBack() {
        scene.azure.attach(VM, FOREIGN);
        bind("web", Guard.NONE, A);
        scene.settle();
        bind("web", Guard.BLOCK, A);
        scene.settle();

        scene.azure.detach(VM, A);
        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void anAttachOfUnknownOutcomeIsBroughtToItsEndWhenTheGuardBeginsToBlock() {
        scene.azure.attach(VM, FOREIGN);
        bind("web", Guard.NONE, A);
        scene.azure.nextPatch(new Mishap.CutBeforeEffect());
        scene.round();
        assertThat(scene.phase(A)).contains(Phase.ATTACHING);

        bind("web", Guard.BLOCK, A);
        scene.settle();

        assertThat(scene.phase(A)).contains(Phase.ATTACHED);
        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void onAMachineMadeAnewTheGuardLooksAnew() {
        bind("web", Guard.BLOCK, A);
        scene.settle();
        assertThat(scene.isOn(A)).isTrue();

        scene.azure.makeMachine(VM);
        scene.azure.attach(VM, FOREIGN);
        Published published = scene.settle();

        assertThat(scene.isOn(A)).isFalse();
        assertThat(published.outcome().refusals()).containsOnlyKeys(IdentityKey.of(A));
        assertThat(published.outcome().ledger().isEmpty()).isTrue();
    }

    @Test
    void anExclusiveBindingThatBlocksMayReplaceTheOnlyIdentity() {
        scene.azure.attach(VM, FOREIGN);
        scene.bind("only", Manner.EXCLUSIVE, A);
        scene.guard("only", Guard.BLOCK);

        scene.settle();

        assertThat(scene.isOn(FOREIGN)).isFalse();
        assertThat(scene.isOn(A)).isTrue();
    }

    @Test
    void aBindingThatBlocksWaitsForItsSecondIdentityRatherThanMakeTheFirstTheDefault() {
        bind("web", Guard.BLOCK_EXPECTING, A);
        Published waiting = scene.settle();
        assertThat(waiting.outcome().refusals().get(IdentityKey.of(A))).isInstanceOf(Refusal.ComesTooEarly.class);
        assertThat(scene.azure.patches(VM)).isZero();

        bind("web", Guard.BLOCK, A, B);
        scene.settle();

        assertThat(scene.isOn(A)).isTrue();
        assertThat(scene.isOn(B)).isTrue();
    }

    @Test
    void aBindingThatObservesIsToldWhatItWouldChangeOrBeRefused() {
        scene.azure.attach(VM, FOREIGN);
        scene.bind("web", Manner.OBSERVED, A);
        var attaching = forecast("web").orElseThrow();
        scene.guard("web", Guard.BLOCK);
        var refused = forecast("web").orElseThrow();

        assertThat(attaching.attach()).hasSize(1);
        assertThat(attaching.defaultIdentity()).contains(SECOND_BESIDE_FOREIGN);
        assertThat(refused.attach()).isEmpty();
        assertThat(refused.defaultIdentity()).contains(SECOND_BESIDE_FOREIGN);
    }

    private Optional<BindingView.Forecast> forecast(String name) {
        Published published = scene.settle();
        return Forecasting.of(Objects.requireNonNull(scene.bindings.get(name)), published, Scopes.NONE);
    }
}
