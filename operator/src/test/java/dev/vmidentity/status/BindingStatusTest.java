package dev.vmidentity.status;

import static dev.vmidentity.status.Samples.BINDING;
import static dev.vmidentity.status.Samples.DB;
import static dev.vmidentity.status.Samples.NOW;
import static dev.vmidentity.status.Samples.VM;
import static dev.vmidentity.status.Samples.WEB;
import static dev.vmidentity.status.Samples.binding;
import static dev.vmidentity.status.Samples.deleted;
import static dev.vmidentity.status.Samples.listed;
import static dev.vmidentity.status.Samples.machine;
import static dev.vmidentity.status.Samples.withSystem;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.TargetType;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.UserAssigned;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingView.Kept;
import dev.vmidentity.status.Samples.Machine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BindingStatusTest {
    private static final Fault UNREACHABLE = new Fault.Unreachable("Connection refused");
    private static final Fault FORBIDDEN = new Fault.Forbidden("", List.of(), "", "");
    private static final Explanation STAYS = new Explanation(Reason.WaitingForBinding, "db stays.");
    private static final BindingView WANTS_WEB = binding(listed("web", WEB));
    private static final IdentityKey SYSTEM = IdentityKey.SYSTEM_ASSIGNED;

    private static VmIdentityBindingStatus render(BindingView view, Machine machine) {
        return BindingStatus.render(view, Optional.of(machine.outcome()), null, 1, NOW);
    }

    private static Condition ready(VmIdentityBindingStatus status) {
        return status.conditions().getFirst();
    }

    private static VmIdentityBindingStatus.Pending pending(VmIdentityBindingStatus status) {
        return requireNonNull(status.pending());
    }

    private static VmIdentityBindingStatus.SystemAssigned system(VmIdentityBindingStatus status) {
        return requireNonNull(status.systemAssigned());
    }

    static Stream<Arguments> machines() {
        var missing = new Fault.IdentityMissing(List.of(WEB), "");
        var refused = new Fault.IdentityRefused(List.of(WEB), "InvalidParameter", "");
        return Stream.of(
                row("ours, there", machine(WEB).claiming(WEB, Phase.ATTACHED), "Attached", Reason.Attached, "1/1"),
                row("somebody else's", machine(WEB), "AttachedByOthers", Reason.AttachedByOthers, "1/1"),
                row("not there yet", machine(), "Attaching", Reason.Attaching, "0/1"),
                row("sent", machine(WEB).claiming(WEB, Phase.ATTACHING), "Attaching", Reason.Attaching, "0/1"),
                row(
                        "leaves before it comes",
                        machine(WEB).claiming(WEB, Phase.DETACHING),
                        "Detaching",
                        Reason.Detaching,
                        "0/1"),
                row("nobody knows whose", machine(WEB).claiming(WEB, Phase.UNSURE), "Unsure", Reason.Unsure, "1/1"),
                row(
                        "nobody knew whose, gone",
                        machine().claiming(WEB, Phase.UNSURE),
                        "Attaching",
                        Reason.Attaching,
                        "0/1"),
                row("no such identity", machine().fault(WEB, missing), "Refused", Reason.IdentityNotFound, "0/1"),
                row("refused", machine().fault(WEB, refused), "Refused", Reason.InvalidIdentity, "0/1"),
                row("no machine", machine().absent(false), "Waiting", Reason.WaitingForMachine, "0/1"),
                row("no group", machine().absent(true), "Waiting", Reason.WaitingForMachine, "0/1"),
                row("never seen", machine().unseen(), "Waiting", Reason.Observing, "0/1"),
                row("unreachable", machine().unseen().fault(UNREACHABLE), "Waiting", Reason.AzureUnreachable, "0/1"),
                row("forbidden", machine().fault(FORBIDDEN), "Refused", Reason.Forbidden, "0/1"),
                row(
                        "azure unwell",
                        machine().fault(new Fault.AzureUnwell(500, "", "")),
                        "Failed",
                        Reason.AzureFailing,
                        "0/1"),
                row("no etags", machine().withoutEtags(), "Refused", Reason.EtagUnsupported, "0/1"),
                row("busy", machine().in(MachineState.BUSY), "Waiting", Reason.MachineBusy, "0/1"),
                row("busy with us", machine().in(MachineState.BUSY).underWay(), "Attaching", Reason.Attaching, "0/1"),
                row("going", machine().in(MachineState.DELETING), "Waiting", Reason.MachineDeleting, "0/1"),
                row(
                        "a late request",
                        machine(WEB).claiming(WEB, Phase.ATTACHING).waitingUntil(NOW.plusSeconds(900)),
                        "Waiting",
                        Reason.NotKnownYet,
                        "0/1"));
    }

    private static Arguments row(String name, Machine machine, String state, Reason reason, String identities) {
        return arguments(name, machine, IdentityState.valueOf(state), reason, identities);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("machines")
    void aListedIdentityStandsAsItsMachineSays(
            String name, Machine machine, IdentityState state, Reason reason, String identities) {
        var status = render(WANTS_WEB, machine);

        var entry = status.userAssigned().getFirst();
        assertThat(entry.state()).isEqualTo(state);
        assertThat(entry.reason()).isEqualTo(reason);
        assertThat(status.identities()).isEqualTo(identities);
        var expected = reason == Reason.AttachedByOthers ? Reason.Attached : reason;
        assertThat(ready(status).reason()).isEqualTo(expected);
        assertThat(ready(status).status())
                .isEqualTo(expected == Reason.Attached ? ConditionStatus.True : ConditionStatus.False);
    }

    @Test
    void whatIsAttachedShowsItsIds() {
        var status = render(WANTS_WEB, machine(WEB).claiming(WEB, Phase.ATTACHED));

        assertThat(status.userAssigned())
                .containsExactly(new UserAssigned(
                        "web",
                        WEB.value(),
                        "client-web-id",
                        "principal-web-id",
                        IdentityState.Attached,
                        Reason.Attached,
                        null));
        assertThat(status.target())
                .isEqualTo(new VmIdentityBindingStatus.Target(VM.id().value(), "vm1", TargetType.VirtualMachine));
        assertThat(status.pending()).isNull();
    }

    @Test
    void anAbsentMachineIsNamedWithWhatToDo() {
        assertThat(ready(render(WANTS_WEB, machine().absent(true))).message())
                .contains(VM.id().value(), "resource group rg-vms", "create it, or correct spec.target");
    }

    @Test
    void beforeTheFirstOutcomeTheMachineIsYetToBeSeen() {
        var status = BindingStatus.render(WANTS_WEB, Optional.empty(), null, 1, NOW);

        assertThat(ready(status).reason()).isEqualTo(Reason.Observing);
        assertThat(status.pending()).isNull();
    }

    @Test
    void theOutcomeOfAnotherMachineSaysNothing() {
        var other = TargetId.of(MachineKind.VIRTUAL_MACHINE, Samples.SUBSCRIPTION, "rg-vms", "vm2");
        var view = new BindingView(
                BINDING,
                new BindingView.Target.Known(other),
                WANTS_WEB.userAssigned(),
                Optional.empty(),
                Optional.empty(),
                false);

        var status = render(view, machine(WEB).claiming(WEB, Phase.ATTACHED));

        assertThat(ready(status).reason()).isEqualTo(Reason.Observing);
        assertThat(status.identities()).isEqualTo("0/1");
    }

    @Test
    void aTargetThatIsNotKnownSaysWhy() {
        var why = new Explanation(Reason.SubscriptionRequired, "set one");
        var view = new BindingView(
                BINDING,
                new BindingView.Target.Unknown(why),
                WANTS_WEB.userAssigned(),
                Optional.empty(),
                Optional.empty(),
                false);

        var status = BindingStatus.render(view, Optional.empty(), null, 1, NOW);

        assertThat(ready(status).reason()).isEqualTo(Reason.SubscriptionRequired);
        assertThat(status.target()).isNull();
    }

    @Test
    void oneBadIdentityIsToldAndTheOthersAreAttached() {
        var view = binding(
                listed("web", WEB),
                new BindingView.Listed(
                        Optional.of("db"),
                        Optional.empty(),
                        Optional.of(new Explanation(Reason.WaitingForIdentity, "apply it"))));

        var status = render(view, machine(WEB).claiming(WEB, Phase.ATTACHED));

        assertThat(status.userAssigned())
                .extracting(UserAssigned::state)
                .containsExactly(IdentityState.Attached, IdentityState.Waiting);
        assertThat(status.identities()).isEqualTo("1/2");
        assertThat(ready(status).reason()).isEqualTo(Reason.WaitingForIdentity);
        assertThat(ready(status).message()).isEqualTo("db: apply it");
    }

    @Test
    void theGravestIsTheReason() {
        var view = binding(
                listed("web", WEB),
                new BindingView.Listed(
                        Optional.of("db"),
                        Optional.of(DB),
                        Optional.of(new Explanation(Reason.NotAllowedByNamespace, "ask for it"))));

        var status = render(view, machine());

        assertThat(ready(status).reason()).isEqualTo(Reason.NotAllowedByNamespace);
        assertThat(ready(status).message()).isEqualTo("db: ask for it (1 more: see status.)");
        assertThat(pending(status).attach()).containsExactly(WEB.key());
    }

    @Test
    void ofEqualsTheFirstIsTheReasonAndTheMachineComesBeforeItsIdentities() {
        var first = new BindingView.Listed(
                Optional.of("web"),
                Optional.of(WEB),
                Optional.of(new Explanation(Reason.NotAllowedByNamespace, "ask")));
        var second = new BindingView.Listed(
                Optional.of("db"), Optional.of(DB), Optional.of(new Explanation(Reason.IdentityNotFound, "make it")));

        assertThat(ready(render(binding(first, second), machine())).message())
                .isEqualTo("web: ask (1 more: see status.)");
        assertThat(ready(render(binding(first, second), machine().fault(FORBIDDEN)))
                        .reason())
                .isEqualTo(Reason.Forbidden);
    }

    @Test
    void aRevokedRightKeepsWhatIsThereAndSaysSo() {
        var view = binding(new BindingView.Listed(
                Optional.of("web"),
                Optional.of(WEB),
                Optional.of(new Explanation(Reason.NotAllowedByNamespace, "ask for it"))));

        var status = render(view, machine(WEB).claiming(WEB, Phase.ATTACHED, BINDING));

        assertThat(status.userAssigned().getFirst().state()).isEqualTo(IdentityState.Refused);
        assertThat(status.identities()).isEqualTo("1/1");
        assertThat(status.pending()).isNull();
    }

    @Test
    void whatWasSeenStaysTrueWhileAzureCannotBeReached() {
        var status =
                render(WANTS_WEB, machine(WEB).claiming(WEB, Phase.ATTACHED).fault(UNREACHABLE));

        assertThat(ready(status).reason()).isEqualTo(Reason.Attached);
    }

    @Test
    void aMachineThatMayNoLongerBeReadNeedsAPerson() {
        var status =
                render(WANTS_WEB, machine(WEB).claiming(WEB, Phase.ATTACHED).fault(FORBIDDEN));

        assertThat(ready(status).reason()).isEqualTo(Reason.Forbidden);
    }

    @Test
    void whatThisBindingHeldAndNoLongerListsIsPendingToLeave() {
        var status = render(
                WANTS_WEB,
                machine(WEB, DB).claiming(WEB, Phase.ATTACHED, BINDING).claiming(DB, Phase.DETACHING, BINDING));

        assertThat(pending(status).detach()).containsExactly(DB.key());
        assertThat(ready(status).reason()).isEqualTo(Reason.Detaching);
    }

    @Test
    void whatABindingEnabledAndNoLongerSpeaksOfStaysAndIsNotPending() {
        var machine = machine(WEB)
                .withSystem()
                .claiming(WEB, Phase.ATTACHED, BINDING)
                .claiming(SYSTEM, Phase.ATTACHED, BINDING);

        var status = render(WANTS_WEB, machine.keeping(SYSTEM, BINDING));

        assertThat(status.pending()).isNull();
        assertThat(ready(status).reason()).isEqualTo(Reason.Attached);
    }

    @Test
    void whatStaysBecauseAnotherBindingListsItIsNotPendingAndSaid() {
        var machine = machine(WEB, DB).claiming(WEB, Phase.ATTACHED, BINDING).claiming(DB, Phase.ATTACHED, BINDING);

        var status = render(WANTS_WEB.keeping(Map.of(IdentityKey.of(DB), new Kept(true, STAYS))), machine);

        assertThat(status.pending()).isNull();
        assertThat(ready(status).reason()).isEqualTo(Reason.Attached);
        assertThat(ready(status).message()).contains("as declared. db stays");
    }

    @Test
    void whatStaysUntilMoreIsKnownOfAnotherBindingIsPendingAndSaid() {
        var machine = machine(WEB, DB).claiming(WEB, Phase.ATTACHED, BINDING).claiming(DB, Phase.ATTACHED, BINDING);

        var status = render(WANTS_WEB.keeping(Map.of(IdentityKey.of(DB), new Kept(false, STAYS))), machine);

        assertThat(pending(status).detach()).containsExactly(DB.key());
        assertThat(ready(status).reason()).isEqualTo(Reason.WaitingForBinding);
        assertThat(ready(status).message()).isEqualTo(STAYS.message());
    }

    @Test
    void aDeletedBindingSaysWhichOtherKeepsIt() {
        var machine = machine(WEB, DB).claiming(WEB, Phase.ATTACHED, BINDING).claiming(DB, Phase.ATTACHED, BINDING);

        var unlisted = render(deleted(WANTS_WEB).keeping(Map.of(IdentityKey.of(DB), new Kept(true, STAYS))), machine);
        var listed = render(deleted(WANTS_WEB).keeping(Map.of(IdentityKey.of(WEB), new Kept(true, STAYS))), machine);

        assertThat(ready(unlisted).reason()).isEqualTo(Reason.WaitingForBinding);
        assertThat(ready(listed).reason()).isEqualTo(Reason.WaitingForBinding);
        assertThat(listed.userAssigned())
                .extracting(UserAssigned::state, UserAssigned::reason)
                .containsExactly(tuple(IdentityState.Detaching, Reason.WaitingForBinding));
        assertThat(pending(unlisted).detach()).contains(DB.key());
    }

    @Test
    void whatOthersHoldIsNotTold() {
        var status = render(
                WANTS_WEB,
                machine(WEB, DB).claiming(WEB, Phase.ATTACHED, BINDING).claiming(DB, Phase.DETACHING, "somebody"));

        assertThat(status.pending()).isNull();
        assertThat(ready(status).reason()).isEqualTo(Reason.Attached);
    }

    @Test
    void aSystemAssignedIdentityShowsItsPrincipalAndCounts() {
        var status = render(
                withSystem(WANTS_WEB, true),
                machine(WEB).withSystem().claiming(WEB, Phase.ATTACHED).claiming(SYSTEM, Phase.ATTACHED));

        assertThat(system(status).principalId()).isEqualTo("principal-system");
        assertThat(system(status).tenantId()).isEqualTo("tenant");
        assertThat(system(status).state()).isEqualTo(IdentityState.Attached);
        assertThat(status.identities()).isEqualTo("2/2");
    }

    @Test
    void aSystemAssignedIdentityThatIsOffAsWishedIsDisabled() {
        var status = render(withSystem(binding(), false), machine());

        assertThat(system(status).reason()).isEqualTo(Reason.Disabled);
        assertThat(system(status).state()).isNull();
        assertThat(status.identities()).isEqualTo("0/0");
        assertThat(ready(status).reason()).isEqualTo(Reason.Attached);
    }

    @Test
    void aSystemAssignedIdentityThatShallGoIsPending() {
        var status = render(withSystem(binding(), false), machine().withSystem());

        assertThat(system(status).state()).isEqualTo(IdentityState.Detaching);
        assertThat(pending(status).detach()).containsExactly("systemAssigned");
        assertThat(ready(status).reason()).isEqualTo(Reason.Detaching);
    }

    @Test
    void twoBindingsThatDisagreeBothSaySoAndNothingGoes() {
        var conflict = Optional.of(new Explanation(Reason.Conflict, "team-b/other says true"));

        var off = render(
                withSystem(binding(), new BindingView.SystemWish(false, conflict)),
                machine().withSystem());
        var on = render(
                withSystem(binding(), new BindingView.SystemWish(true, conflict)),
                machine().withSystem());

        assertThat(ready(off).reason()).isEqualTo(Reason.Conflict);
        assertThat(off.pending()).isNull();
        assertThat(ready(on).reason()).isEqualTo(Reason.Conflict);
        assertThat(system(on).state()).isEqualTo(IdentityState.AttachedByOthers);
        assertThat(on.identities()).isEqualTo("1/1");
    }

    @Test
    void aDeletedBindingDetachesWhatIsOursAndLeavesTheRest() {
        var status = render(
                deleted(binding(listed("web", WEB), listed("db", DB))),
                machine(WEB, DB).claiming(WEB, Phase.DETACHING, BINDING).underWay());

        assertThat(status.userAssigned())
                .extracting(UserAssigned::state)
                .containsExactly(IdentityState.Detaching, IdentityState.AttachedByOthers);
        assertThat(pending(status).detach()).containsExactly(WEB.key());
        assertThat(ready(status).reason()).isEqualTo(Reason.Detaching);
    }

    @Test
    void aDeletedBindingSaysWhatKeepsIt() {
        var status = render(
                deleted(WANTS_WEB),
                machine(WEB).claiming(WEB, Phase.ATTACHED, BINDING).fault(FORBIDDEN));

        assertThat(ready(status).reason()).isEqualTo(Reason.Forbidden);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("machines")
    void theSameSeenLaterIsAnEqualStatus(
            String name, Machine machine, IdentityState state, Reason reason, String identities) {
        var before = render(WANTS_WEB, machine);

        var after = BindingStatus.render(WANTS_WEB, Optional.of(machine.outcome()), before, 1, NOW.plusSeconds(99));

        assertThat(after).isEqualTo(before);
    }

    @Test
    void whoIsThrottledIsToldWhenTheNextTryIs() {
        var throttled =
                new Fault.Throttled(Fault.Throttled.Scope.SUBSCRIPTION, Optional.of(Duration.ofSeconds(77)), "");
        var outcome =
                machine().fault(throttled).waitingUntil(NOW.plusSeconds(77)).outcome();

        var told = MachineText.obstacle(outcome).orElseThrow();

        assertThat(told.reason()).isEqualTo(Reason.Throttled);
        assertThat(told.message()).endsWith("The next try is at " + NOW.plusSeconds(77) + ".");
    }
}
