package dev.vmidentity.status;

import static dev.vmidentity.status.Samples.BINDING;
import static dev.vmidentity.status.Samples.DB;
import static dev.vmidentity.status.Samples.NOW;
import static dev.vmidentity.status.Samples.WEB;
import static dev.vmidentity.status.Samples.binding;
import static dev.vmidentity.status.Samples.deleted;
import static dev.vmidentity.status.Samples.listed;
import static dev.vmidentity.status.Samples.machine;
import static dev.vmidentity.status.Samples.withSystem;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.core.DefaultIdentity.Ambiguous;
import dev.vmidentity.core.DefaultIdentity.Change;
import dev.vmidentity.core.DefaultIdentity.Only;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.status.BindingView.DefaultIdentityTelling;
import dev.vmidentity.status.Samples.Machine;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a binding says of workloads that give no client id. */
class DefaultIdentityStatusTest {
    private static final Scopes EVERYTHING = Scopes.parse("/");
    private static final BindingView WARNING =
            binding(listed("web", WEB)).telling(new DefaultIdentityTelling(true, EVERYTHING));

    private static VmIdentityBindingStatus render(
            BindingView view, Machine machine, @Nullable VmIdentityBindingStatus previous) {
        return BindingStatus.render(view, Optional.of(machine.outcome()), previous, 1, NOW);
    }

    private static VmIdentityBindingStatus render(BindingView view, Machine machine) {
        return render(view, machine, null);
    }

    private static Optional<Condition> said(VmIdentityBindingStatus status) {
        return Conditions.find(status.conditions(), ConditionType.DefaultIdentityChanged);
    }

    /** Ours beside one of others. */
    private static Machine changed() {
        return machine(WEB, DB).claiming(WEB, Phase.ATTACHED, BINDING);
    }

    @Test
    void whatAnAttachChangedIsSaidBesideReadyWithWhatToDo() {
        VmIdentityBindingStatus status = render(WARNING, changed());

        assertThat(status.conditions().getFirst().status()).isEqualTo(ConditionStatus.True);
        assertThat(status.conditions()).hasSize(2);
        Condition said = said(status).orElseThrow();
        assertThat(said.status()).isEqualTo(ConditionStatus.True);
        assertThat(said.reason()).isEqualTo(Reason.DefaultIdentityChanged);
        assertThat(said.message())
                .contains("vm1", "would get db-id", "no token", "AZURE_CLIENT_ID=client-db-id")
                .contains("defaultIdentityGuard: \"Off\"");
    }

    @Test
    void whatOthersPutThereAndTheNamespaceMayNotUseIsNotNamed() {
        var stranger = WARNING.telling(new DefaultIdentityTelling(true, Scopes.NONE));

        assertThat(said(render(stranger, changed())).orElseThrow().message())
                .contains("an identity that others put there", "AZURE_CLIENT_ID")
                .doesNotContain("db-id");
        assertThat(render(stranger, machine(DB).guarding(false, IdentityKey.of(WEB)))
                        .userAssigned()
                        .getFirst()
                        .message())
                .doesNotContain("db-id");
    }

    @Test
    void nothingIsSaidWhereTheBindingWantsNoneOfItOrNothingChangedOrItGoes() {
        var off = WARNING.telling(new DefaultIdentityTelling(false, EVERYTHING));

        assertThat(said(render(off, changed()))).isEmpty();
        assertThat(said(render(deleted(WARNING), changed()))).isEmpty();
        assertThat(said(render(WARNING, machine(WEB).claiming(WEB, Phase.ATTACHED, BINDING))))
                .isEmpty();
        assertThat(said(render(WARNING, machine(WEB, DB)))).isEmpty();
        assertThat(said(render(WARNING, changed().withSystem()))).isEmpty();
    }

    @Test
    void whatWasSaidStaysWhileTheMachineIsNotSeenAndGoesWithTheMachine() {
        VmIdentityBindingStatus before = render(WARNING, changed());

        assertThat(said(render(WARNING, machine().unseen().fault(new Fault.Unreachable("refused")), before)))
                .isEqualTo(said(before));
        assertThat(said(render(WARNING, machine().absent(false), before))).isEmpty();
        assertThat(said(render(WARNING, machine().unseen()))).isEmpty();
    }

    @Test
    void nothingNewIsSaidWhileAnOperationRunsSinceItMayFail() {
        VmIdentityBindingStatus quiet = render(WARNING, machine(DB));
        VmIdentityBindingStatus before = render(WARNING, changed());

        assertThat(said(render(WARNING, changed().in(MachineState.BUSY).underWay(), quiet)))
                .isEmpty();
        assertThat(said(render(WARNING, machine(DB).in(MachineState.BUSY), before)))
                .isEqualTo(said(before));
    }

    @Test
    void whatIsBlockedIsRefusedWithWhatToDo() {
        VmIdentityBindingStatus status = render(WARNING, machine(DB).guarding(false, IdentityKey.of(WEB)));

        var entry = status.userAssigned().getFirst();
        assertThat(entry.state()).isEqualTo(IdentityState.Refused);
        assertThat(entry.reason()).isEqualTo(Reason.DefaultIdentityWouldChange);
        assertThat(entry.message())
                .contains("gets db-id now", "no token", "AZURE_CLIENT_ID=client-db-id", "defaultIdentityGuard: Warn");
        assertThat(status.conditions())
                .extracting(Condition::type)
                .containsExactly(ConditionType.Ready, ConditionType.Stalled);
        assertThat(status.conditions().getFirst().reason()).isEqualTo(Reason.DefaultIdentityWouldChange);
        assertThat(status.identities()).isEqualTo("0/1");
    }

    @Test
    void enablingTheMachinesOwnIdentityIsRefusedInItsEntry() {
        VmIdentityBindingStatus status = render(
                withSystem(binding(), true).telling(new DefaultIdentityTelling(true, EVERYTHING)),
                machine(DB).guarding(false, IdentityKey.SYSTEM_ASSIGNED));

        var entry = requireNonNull(status.systemAssigned());
        assertThat(entry.state()).isEqualTo(IdentityState.Refused);
        assertThat(entry.message()).contains("gets db-id now", "the machine's own identity");
    }

    @Test
    void theFirstOfSeveralSaysThatItWaits() {
        VmIdentityBindingStatus status = render(WARNING, machine().guarding(true, IdentityKey.of(WEB)));

        var entry = status.userAssigned().getFirst();
        assertThat(entry.state()).isEqualTo(IdentityState.Waiting);
        assertThat(entry.reason()).isEqualTo(Reason.WaitingForIdentity);
        assertThat(entry.message()).contains("waits for the other identities");
    }

    @Test
    void whileTheLedgerIsNotKnownNothingIsCalledRefused() {
        var unknown = new Fault.LedgerUnavailable("timeout");

        assertThat(render(
                                WARNING,
                                machine(DB).guarding(false, IdentityKey.of(WEB)).fault(unknown))
                        .userAssigned()
                        .getFirst()
                        .reason())
                .isNotEqualTo(Reason.DefaultIdentityWouldChange);
    }

    @Test
    void aBindingThatObservesSaysWhatWouldChange() {
        var change = new Change(new Only(IdentityKey.of(DB)), new Ambiguous());
        var forecast = new BindingView.Forecast(List.of(WEB.key()), List.of(), List.of(), 0, Optional.of(change));

        VmIdentityBindingStatus status = render(WARNING.observing(Optional.of(forecast)), machine(DB));

        Condition said = said(status).orElseThrow();
        assertThat(said.status()).isEqualTo(ConditionStatus.False);
        assertThat(said.reason()).isEqualTo(Reason.DefaultIdentityWouldChange);
        assertThat(said.message()).contains("no token", "instead of db-id");
        assertThat(status.conditions().getFirst().status()).isEqualTo(ConditionStatus.True);
    }
}
