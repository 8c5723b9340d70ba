package dev.vmidentity.core;

import static dev.vmidentity.core.SmallWorld.A;
import static dev.vmidentity.core.SmallWorld.B;
import static dev.vmidentity.core.SmallWorld.NOW;
import static dev.vmidentity.core.SmallWorld.SYSTEM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.DefaultIdentity.Ambiguous;
import dev.vmidentity.core.DefaultIdentity.Change;
import dev.vmidentity.core.DefaultIdentity.Only;
import dev.vmidentity.core.DefaultIdentity.OwnOfMachine;
import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DefaultIdentityChangesTest {
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

    private static Claim ours(IdentityKey id, String binding, @Nullable Instant sentAt) {
        return new Claim(
                id,
                Phase.ATTACHED,
                null,
                SmallWorld.MACHINE,
                sentAt,
                null,
                new TreeSet<>(List.of(new Holder(binding, "team-a", binding, Release.DETACH))));
    }

    @Test
    void aSecondOneBesideWhatOthersPutThereIsTold() {
        assertThat(DefaultIdentityChanges.causedBy("web", machine(A, B), ledger(ours(B, "web", NOW))))
                .contains(new Change(new Only(A), new Ambiguous()));
    }

    @Test
    void theMachinesOwnBesideTheOnlyOneIsTold() {
        assertThat(DefaultIdentityChanges.causedBy("web", machine(A, SYSTEM), ledger(ours(SYSTEM, "web", NOW))))
                .contains(new Change(new Only(A), new OwnOfMachine()));
    }

    @Test
    void ofTwoBindingsTheLaterOneIsTold() {
        Ledger ledger = ledger(ours(A, "first", NOW), ours(B, "later", NOW.plusSeconds(9)));

        assertThat(DefaultIdentityChanges.causedBy("later", machine(A, B), ledger))
                .contains(new Change(new Only(A), new Ambiguous()));
        assertThat(DefaultIdentityChanges.causedBy("first", machine(A, B), ledger))
                .isEmpty();
    }

    @Test
    void aBindingThatIsExtendedIsToldAndOneThatCameWholeIsNot() {
        Ledger extended = ledger(ours(A, "web", NOW), ours(B, "web", NOW.plusSeconds(9)));
        Ledger whole = ledger(ours(A, "web", NOW), ours(B, "web", NOW));

        assertThat(DefaultIdentityChanges.causedBy("web", machine(A, B), extended))
                .isPresent();
        assertThat(DefaultIdentityChanges.causedBy("web", machine(A, B), whole)).isEmpty();
    }

    @Test
    void whatIsNoLongerSoIsNotTold() {
        Ledger ledger = ledger(ours(B, "web", NOW));

        assertThat(DefaultIdentityChanges.causedBy("web", machine(B), ledger)).isEmpty();
        assertThat(DefaultIdentityChanges.causedBy("web", machine(A), ledger)).isEmpty();
    }

    @Test
    void whatWasAdoptedWasThereBefore() {
        Ledger ledger = ledger(ours(A, "web", null), ours(B, "web", null));

        assertThat(DefaultIdentityChanges.causedBy("web", machine(A, B), ledger))
                .isEmpty();
    }

    @Test
    void thatTheMachineWasMadeAnewIsNotTold() {
        Ledger ledger = ledger(ours(B, "web", NOW).on("an earlier incarnation"));

        assertThat(DefaultIdentityChanges.causedBy("web", machine(A, B), ledger))
                .isEmpty();
    }
}
