package dev.vmidentity.status;

import dev.vmidentity.api.Reason;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.TargetId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What is to be said about a machine as a whole. */
final class MachineText {
    private MachineText() {}

    /**
     * What stands in the way of writing to the machine; empty when nothing does, or nothing but our own work on it.
     */
    static Optional<Explanation> obstacle(Outcome outcome) {
        if (outcome.absence().isPresent()) {
            return Optional.of(absent(outcome.target(), outcome.absence().get().resourceGroupToo()));
        }
        if (outcome.fault().isPresent()) {
            return Optional.of(until(
                    FaultText.explain(outcome.fault().get(), outcome.target().id()), outcome));
        }
        if (outcome.etagMissing()) {
            return Optional.of(Explanation.of(Reason.EtagUnsupported));
        }
        return outcome.seen().isEmpty()
                ? Optional.of(Explanation.of(Reason.Observing))
                : occupied(outcome.seen().get().state(), outcome);
    }

    /** With the moment at which Azure, or what may be asked of it, lets the machine go on. */
    private static Explanation until(Explanation why, Outcome outcome) {
        return outcome.waitsUntil()
                .filter(_ -> why.reason() == Reason.Throttled)
                .map(moment -> new Explanation(
                        why.reason(),
                        why.message() + " The next try is at " + moment.truncatedTo(ChronoUnit.SECONDS) + "."))
                .orElse(why);
    }

    private static Optional<Explanation> occupied(MachineState state, Outcome outcome) {
        var name = outcome.target().name();
        return switch (state) {
            case SETTLED, FAILED -> Optional.empty();
            case BUSY ->
                outcome.underWay()
                        ? Optional.empty()
                        : Optional.of(new Explanation(
                                Reason.MachineBusy,
                                "An operation is running on " + name
                                        + ": somebody else's, or one of this operator's that"
                                        + " has lasted too long to be waited for. It goes on by itself when that"
                                        + " ends."));
            case DELETING ->
                Optional.of(new Explanation(
                        Reason.MachineDeleting,
                        "Azure is deleting " + name + ". If it is made anew, identities are attached then."));
        };
    }

    private static Explanation absent(TargetId target, boolean resourceGroupToo) {
        var missing = resourceGroupToo
                ? "Azure has no machine " + target + ", nor its resource group "
                        + target.id().resourceGroup() + "."
                : "Azure has no machine " + target + ".";
        return new Explanation(
                Reason.WaitingForMachine,
                missing + " Identities are attached when it appears: create it, or correct spec.target.");
    }
}
