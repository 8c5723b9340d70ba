package dev.vmidentity.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.Pending;
import dev.vmidentity.api.VmIdentityBindingStatus.Targets;
import dev.vmidentity.api.VmIdentityBindingStatus.UserAssigned;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.TargetId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelectionStatusTest {
    private static final UserAssigned ATTACHED = entry(IdentityState.Attached, Reason.Attached);
    private static final UserAssigned ATTACHING = entry(IdentityState.Attaching, Reason.Attaching);
    private static final UserAssigned REFUSED = entry(IdentityState.Refused, Reason.Forbidden);

    private final Map<TargetId, VmIdentityBindingStatus> cards = new HashMap<>();

    @Test
    void itIsReadyWhenEverythingIsOnAllThatMatch() {
        card("a", Reason.Attached, ATTACHED);
        card("b", Reason.AttachedByOthers, entry(IdentityState.AttachedByOthers, Reason.AttachedByOthers));

        VmIdentityBindingStatus status = render(roster(2));

        assertThat(ready(status).status()).isEqualTo(ConditionStatus.True);
        assertThat(status.identities()).isEqualTo("1/1");
        assertThat(status.userAssigned().getFirst().state()).isEqualTo(IdentityState.AttachedByOthers);
    }

    @Test
    void aMachineThatHasYetToTellIsNotDone() {
        card("a", Reason.Attached, ATTACHED);

        VmIdentityBindingStatus status = render(roster(2));

        assertThat(ready(status).status()).isEqualTo(ConditionStatus.False);
        assertThat(ready(status).message()).contains("on 1 of 2 machines");
        assertThat(status.identities()).isEqualTo("0/1");
        assertThat(targets(status).converged()).isEqualTo(1);
        assertThat(status.userAssigned().getFirst().state()).isEqualTo(IdentityState.Waiting);
    }

    @Test
    void theGravestDecidesAndNamesOneMachineAsAnExample() {
        card("a", Reason.Attached, ATTACHED);
        card("b", Reason.Attaching, ATTACHING);
        card("c", Reason.Forbidden, REFUSED);

        VmIdentityBindingStatus status = render(roster(3));

        assertThat(ready(status).reason()).isEqualTo(Reason.Forbidden);
        assertThat(ready(status).message()).contains("such as on c: Forbidden on c");
        assertThat(targets(status).converged()).isEqualTo(1);
        assertThat(targets(status).failed()).isEqualTo(1);
        assertThat(targets(status).failing()).singleElement().satisfies(one -> {
            assertThat(one.resourceId()).endsWith("/c");
            assertThat(one.reason()).isEqualTo(Reason.Forbidden);
        });
        assertThat(status.userAssigned().getFirst().state()).isEqualTo(IdentityState.Refused);
        assertThat(status.userAssigned().getFirst().message()).startsWith("So on 1 of 3 machines.");
        assertThat(status.userAssigned().getFirst().clientId()).isEqualTo("client");
    }

    @Test
    void aStatusOfFiveThousandIsNoLongerThanOneOfAHundred() {
        for (int i = 0; i < 100; i++) {
            card("m" + i, Reason.Forbidden, REFUSED);
        }
        int hundred = render(roster(100)).toString().length();
        for (int i = 100; i < 5_000; i++) {
            card("m" + i, Reason.Forbidden, REFUSED);
        }

        VmIdentityBindingStatus status = render(roster(5_000));

        assertThat(targets(status).failing()).hasSize(20);
        assertThat(status.toString().length()).isLessThan(hundred + 200);
    }

    @Test
    void beforeItIsKnownWhatMatchesItSaysSo() {
        VmIdentityBindingStatus status = render(
                new Roster(false, 0, Map.of(), 0, 0, 0, Optional.of(new Fault.Unreachable("cut")), Optional.empty()));

        assertThat(ready(status).reason()).isEqualTo(Reason.AzureUnreachable);
        assertThat(status.targets()).isNull();
    }

    @Test
    void aWordOfThePersonIsAskedForWithTheCommand() {
        card("a", Reason.Attached, ATTACHED);

        VmIdentityBindingStatus status = render(new Roster(
                true, 1, cards, 30, 0, 0, Optional.empty(), Optional.of(new Roster.Held(30, 40, "team-a", "web"))));

        assertThat(ready(status).reason()).isEqualTo(Reason.DetachesHeld);
        assertThat(ready(status).message())
                .contains("Of 40 machines")
                .contains("30 suddenly")
                .contains("kubectl annotate vmib --namespace team-a web --overwrite");
    }

    @Test
    void whoObservesHasNothingToConfirm() {
        card("a", Reason.Observed, ATTACHED);
        Roster roster = new Roster(
                true, 1, cards, 30, 0, 0, Optional.empty(), Optional.of(new Roster.Held(30, 40, "team-a", "web")));

        VmIdentityBindingStatus status = SelectionStatus.render(
                Samples.binding(Samples.listed("web", Samples.WEB)).observing(Optional.empty()),
                List.of(),
                roster,
                null,
                1,
                Samples.NOW);

        assertThat(ready(status).reason()).isEqualTo(Reason.Observed);
    }

    private void card(String name, Reason reason, UserAssigned entry) {
        cards.put(
                TargetId.of(MachineKind.VIRTUAL_MACHINE, Samples.SUBSCRIPTION, "rg-vms", name),
                new VmIdentityBindingStatus(
                        1L,
                        null,
                        null,
                        name,
                        null,
                        List.of(entry),
                        new Pending(List.of(Samples.WEB.key()), List.of()),
                        null,
                        "0/1",
                        null,
                        Conditions.of(List.of(), 1, reason, reason + " on " + name, Samples.NOW)));
    }

    private Roster roster(int matched) {
        return new Roster(true, matched, cards, 0, 0, 0, Optional.empty(), Optional.empty());
    }

    private static VmIdentityBindingStatus render(Roster roster) {
        return SelectionStatus.render(
                Samples.binding(Samples.listed("web", Samples.WEB)), List.of(), roster, null, 1, Samples.NOW);
    }

    private static UserAssigned entry(IdentityState state, Reason reason) {
        return new UserAssigned("web", Samples.WEB.value(), "client", "principal", state, reason, null);
    }

    private static Targets targets(VmIdentityBindingStatus status) {
        return Objects.requireNonNull(status.targets());
    }

    private static Condition ready(VmIdentityBindingStatus status) {
        return status.conditions().getFirst();
    }
}
