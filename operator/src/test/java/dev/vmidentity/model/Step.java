package dev.vmidentity.model;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.binding.StoredLedgers;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.Mishap;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One thing that happens. What cannot happen as the world is at that moment does not. */
sealed interface Step {
    // ---- users

    record Bind(Asking asking) implements Step {}

    record Delete(String uid) implements Step {}

    /** Its finalizer is cut off by force. */
    record Vanish(String uid) implements Step {}

    /** A person confirms that far less than before is to match, if the status asks for that. */
    record ConfirmBinding(String uid) implements Step {}

    /** An admin deletes the ledger, and its finalizer with it. */
    record DeleteLedger(TargetId target) implements Step {}

    /** An admin confirms on the ledger that what lost its bindings may go. */
    record Confirm(TargetId target) implements Step {}

    // ---- Azure

    record MakeIdentity(ArmId id) implements Step {}

    record DeleteIdentity(ArmId id) implements Step {}

    /** With what its template brings. */
    record MakeMachine(TargetId target, List<ArmId> brings, boolean systemAssigned, Map<String, String> tags)
            implements Step {}

    record DeleteMachine(TargetId target) implements Step {}

    // ---- other people's writes

    record Attach(TargetId target, ArmId id) implements Step {}

    record Detach(TargetId target, ArmId id) implements Step {}

    /** The whole block, as a template does it. */
    record Replace(TargetId target, List<ArmId> ids, boolean systemAssigned) implements Step {}

    record EnableSystem(TargetId target) implements Step {}

    record DisableSystem(TargetId target) implements Step {}

    /** The etag moves by itself. */
    record Touch(TargetId target) implements Step {}

    /** All of its tags. */
    record Tag(TargetId target, Map<String, String> tags) implements Step {}

    /** What questions about many machines come to from now on. */
    record Ask(Inventory.Mood mood, TargetId machine) implements Step {}

    /** Somebody else's operation begins. */
    record Occupy(TargetId target) implements Step {}

    // ---- the operator

    record Pass(Duration time) implements Step {}

    record Restart(int process) implements Step {}

    /** The watches of a process catch up. */
    record Hear(int process) implements Step {}

    /**
     * A round.
     *
     * @param hears whether the watches caught up before
     * @param whenDue whether the clock first moves to when the machine's worker wants to come back, if that is soon
     */
    record Round(int process, TargetId target, boolean hears, boolean whenDue, Script script) implements Step {}

    /** The process dies; only as an interruption of a round. */
    record Kill() implements Step {}

    /**
     * What happens during a round, counted by its calls.
     *
     * @param lists what befalls lists of instances
     * @param upgrades what befalls their upgrades
     */
    record Script(
            List<Interruption> interruptions,
            List<PatchFault> patches,
            List<Fault> reads,
            List<Fault> polls,
            List<StoredLedgers.Mishap> ledger,
            List<Fault> lists,
            List<PatchFault> upgrades,
            boolean staleRead,
            boolean listFails) {
        static final Script NOTHING =
                new Script(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), false, false);
    }

    /**
     * Something that happens between two calls of a round.
     *
     * @param after whether it comes between the effect of the call and its answer
     */
    record Interruption(int call, boolean after, Step step) {}

    /** What befalls a PATCH. */
    sealed interface PatchFault {
        record Scripted(Mishap mishap) implements PatchFault {}

        /** The connection ends, and the request reaches Azure so much later. */
        record Late(Duration by) implements PatchFault {}

        /** It has its effect, and this is the answer. */
        record AnsweredAfterEffect(Fault fault) implements PatchFault {}

        /** Whoever asks for its operation is told for ever that it runs. */
        record NeverEnds() implements PatchFault {}

        /** It is answered 200, its operation ends as failed, and its effect stays. */
        record FailsAndStays(Fault fault) implements PatchFault {}
    }
}
