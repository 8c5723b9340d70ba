package dev.vmidentity.binding;

import static dev.vmidentity.binding.Scene.A;
import static dev.vmidentity.binding.Scene.B;
import static dev.vmidentity.binding.Scene.FOREIGN;
import static dev.vmidentity.binding.Scene.VM;
import static dev.vmidentity.binding.Scene.standing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Standing;
import dev.vmidentity.fakes.FakeAzure;
import dev.vmidentity.fakes.Mishap;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Attachments whose identity was deleted, or deleted and made anew, behind our back. */
class RenewalTest {
    private final Scene scene = new Scene();

    @Test
    void anIdentityMadeAnewIsDetachedAndAttachedOnce() {
        attached(A, B);
        makeAnew(A);
        scene.azure.showsNothingOf(VM, A);

        letPass(Duration.ofMinutes(10));

        assertThat(shown(A)).isEqualTo(own(A));
        assertThat(standing(scene.settle(), A)).isEqualTo(Standing.ATTACHED);
        assertThat(scene.azure.patches(VM)).as("off and on").isEqualTo(2);
        assertThat(identityReads(A)).as("seen twice").isEqualTo(2);
        assertThat(identityReads(B)).isZero();
    }

    @Test
    void itIsAskedForOnlyWhenItsIdsHaveBeenMissingForAWhileAndActedOnOnlyWhenSeenTwice() {
        attached(A);
        makeAnew(A);
        scene.azure.showsNothingOf(VM, A);

        scene.round();
        assertThat(identityReads(A)).isZero();
        scene.clock.advance(Scene.TIMING.gone());
        scene.round();

        assertThat(identityReads(A)).isEqualTo(1);
        assertThat(scene.azure.patches(VM)).isZero();
    }

    @Test
    void oneOfWhichTheMachineTellsOldIdsForEverIsFoundInTheEnd() {
        attached(A);
        makeAnew(A);

        letPass(Duration.ofHours(3));

        assertThat(shown(A)).isEqualTo(own(A));
        assertThat(scene.azure.patches(VM)).isEqualTo(2);
    }

    @Test
    void whatIsAliveIsAskedForSeldom() {
        attached(A, B);

        letPass(Duration.ofHours(24));

        assertThat(identityReads(A) + identityReads(B)).isBetween(8L, 16L);
        assertThat(scene.azure.patches(VM)).isZero();
    }

    @Test
    void idsThatAzureDoesNotTellForAWhileAreNoReasonToDetach() {
        attached(A);
        scene.azure.showsNothingOf(VM, A);

        letPass(Duration.ofHours(1));

        assertThat(scene.azure.patches(VM)).isZero();
        assertThat(identityReads(A)).isEqualTo(1);
    }

    @Test
    void whatWasRenewedAndStillShowsNothingIsNotRenewedAgain() {
        attached(A);
        makeAnew(A);
        scene.azure.showsNothingOf(VM, A);
        letPass(Duration.ofMinutes(10));
        assertThat(scene.azure.patches(VM)).isEqualTo(2);

        scene.azure.showsNothingOf(VM, A);
        scene.restart();
        letPass(Duration.ofHours(6));

        assertThat(scene.azure.patches(VM)).isEqualTo(2);
    }

    @Test
    void oneThatIsGoneIsTakenOffSaidAndAttachedWhenItIsMadeAnew() {
        attached(A, B);
        scene.azure.deleteIdentity(A);
        scene.azure.showsNothingOf(VM, A);

        letPass(Duration.ofMinutes(30));
        Published published = scene.round().published();
        assertThat(scene.isOn(A)).isFalse();
        assertThat(scene.isOn(B)).isTrue();
        assertThat(published.outcome().faults().get(IdentityKey.of(A))).isInstanceOf(Fault.IdentityMissing.class);
        assertThat(published.outcome().fault()).isEmpty();
        assertThat(detaches()).isEqualTo(1);

        scene.azure.makeIdentity(A);
        letPass(Duration.ofMinutes(30));

        assertThat(shown(A)).isEqualTo(own(A));
        assertThat(detaches()).isEqualTo(1);
    }

    @Test
    void aDetachOfADeadIdentityThatAzureRefusesHoldsBackItselfAlone() {
        attached(A);
        scene.azure.deleteIdentity(A);
        scene.azure.showsNothingOf(VM, A);
        Fault refusal = new Fault.IdentityMissing(List.of(A), "was not found");
        scene.azure.nextPatch(new Mishap.Answered(refusal));

        while (scene.azure.patches(VM) == 0) {
            letPass(Duration.ofSeconds(30));
        }
        Published published = scene.round().published();

        assertThat(published.outcome().fault()).isEmpty();
        assertThat(published.outcome().faults()).containsEntry(IdentityKey.of(A), refusal);
        assertThat(scene.isOn(A)).isTrue();
        scene.bind("more", B);
        scene.round();
        assertThat(scene.isOn(B)).isTrue();
    }

    @Test
    void foreignAndUnsureAttachmentsAreNeverRenewed() {
        scene.azure.attach(VM, FOREIGN);
        scene.azure.nextPatch(new Mishap.CutAfterEffect());
        attached(A, FOREIGN);
        assertThat(scene.phase(A)).contains(Phase.UNSURE);
        for (ArmId id : List.of(A, FOREIGN)) {
            makeAnew(id);
            scene.azure.showsNothingOf(VM, id);
        }

        letPass(Duration.ofHours(6));

        assertThat(scene.azure.patches(VM)).isZero();
        assertThat(identityReads(A) + identityReads(FOREIGN)).isZero();
    }

    private void attached(ArmId... ids) {
        scene.bind("web", ids);
        scene.settle();
        scene.azure.forgetRequests();
    }

    private void makeAnew(ArmId id) {
        scene.azure.deleteIdentity(id);
        scene.azure.makeIdentity(id);
    }

    /** The worker comes whenever it asked to. */
    private void letPass(Duration time) {
        var end = scene.clock.instant().plus(time);
        while (scene.clock.instant().isBefore(end)) {
            var next = scene.round().next().orElse(end);
            scene.clock.advanceTo(next.isBefore(end) ? next : end);
        }
    }

    private String shown(ArmId id) {
        return Objects.requireNonNull(scene.machine().principalId(IdentityKey.of(id)));
    }

    private String own(ArmId id) {
        return scene.azure.look(id).orElseThrow().principalId();
    }

    private long identityReads(ArmId id) {
        return scene.azure.requests().stream()
                .filter(request -> request.equals(new FakeAzure.Request.IdentityRead(id)))
                .count();
    }

    private long detaches() {
        return scene.azure.requests().stream()
                .filter(request -> request instanceof FakeAzure.Request.Patched patched
                        && !patched.patch().remove().isEmpty())
                .count();
    }
}
