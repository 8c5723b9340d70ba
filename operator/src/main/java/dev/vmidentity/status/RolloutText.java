package dev.vmidentity.status;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus.Instances;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Instances.Policy;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Rollout;
import dev.vmidentity.core.Rollout.Counted;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is to be said of the instances of a scale set. */
final class RolloutText {
    private static final int MOST_NAMED = 10;

    private RolloutText() {}

    /** For {@code status.instances}; empty of a machine that has none, and while nothing is known. */
    static Optional<Instances> counted(Outcome outcome, boolean upgrades) {
        return outcome.rollout().flatMap(rollout -> switch (rollout) {
            case Rollout.Flexible _ -> Optional.empty();
            case Rollout.Uncounted(Fault fault) ->
                Optional.of(new Instances(
                        null, null, null, uncounted(fault, outcome).message()));
            case Counted counted ->
                Optional.of(new Instances(
                        counted.total(),
                        counted.latest(),
                        counted.upgrading().isEmpty()
                                ? null
                                : counted.upgrading().size(),
                        message(counted, outcome, upgrades)));
        });
    }

    private static @Nullable String message(Counted counted, Outcome outcome, boolean upgrades) {
        return switch (counted.policy()) {
            case AUTOMATIC, ROLLING ->
                upgrades
                        ? "The upgrade policy of " + name(outcome) + " is " + policy(counted.policy())
                                + ": Azure itself brings its instances to the latest model, and instanceUpgrade:"
                                + " Automatic does nothing here."
                        : null;
            case MANUAL ->
                counted.isComplete()
                        ? null
                        : upgrades
                                ? counted.setback()
                                        .map(setback ->
                                                inTheWay(setback, outcome).message())
                                        .orElse(null)
                                : behind(counted, outcome);
        };
    }

    private static String policy(Policy policy) {
        return switch (policy) {
            case MANUAL -> "Manual";
            case AUTOMATIC -> "Automatic";
            case ROLLING -> "Rolling";
        };
    }

    /** How many are not on the latest model, and what brings them there. */
    private static String behind(Counted counted, Outcome outcome) {
        ArmId id = outcome.target().id();
        return standing(counted) + ". `az vmss update-instances --subscription " + id.subscriptionId()
                + " --resource-group " + Text.shellWord(id.resourceGroup()) + " --name " + Text.shellWord(id.name())
                + " --instance-ids '*'` or instanceUpgrade: Automatic brings the others there, with all that anybody"
                + " changed in the model.";
    }

    private static String standing(Counted counted) {
        return counted.latest() + " of " + counted.total() + " instances are on the latest model";
    }

    /** What a binding that has instances upgraded waits for; empty when nothing is left to be done. */
    static Optional<Explanation> unfinished(Outcome outcome) {
        if (outcome.target().kind() != MachineKind.SCALE_SET || outcome.seen().isEmpty()) {
            return Optional.empty();
        }
        if (outcome.rollout().isEmpty()) {
            return Optional.of(new Explanation(
                    Reason.UpgradingInstances,
                    "The instances of " + name(outcome) + " have yet to be counted; that is done when no operation runs"
                            + " on it."));
        }
        return switch (outcome.rollout().get()) {
            case Rollout.Flexible _ ->
                Optional.of(new Explanation(
                        Reason.MachineUnsupported,
                        name(outcome) + " is a scale set in Flexible orchestration: its instances are machines of their"
                                + " own, and Azure has no upgrade to a latest model for them. Take instanceUpgrade out"
                                + " of the binding."));
            case Rollout.Uncounted(Fault fault) -> Optional.of(uncounted(fault, outcome));
            case Counted counted ->
                counted.policy() != Policy.MANUAL || counted.isComplete()
                        ? Optional.empty()
                        : Optional.of(counted.setback()
                                .map(setback -> inTheWay(setback, outcome))
                                .orElseGet(() -> upgrading(counted, outcome)));
        };
    }

    private static Explanation upgrading(Counted counted, Outcome outcome) {
        return new Explanation(
                Reason.UpgradingInstances,
                standing(counted) + " of " + name(outcome)
                        + (counted.upgrading().isEmpty()
                                ? "; the others are next."
                                : "; being upgraded: " + named(counted.upgrading()) + "."));
    }

    private static Explanation uncounted(Fault fault, Outcome outcome) {
        Explanation why = FaultText.explain(fault, outcome.target().id());
        return new Explanation(
                why.reason(), "The instances of " + name(outcome) + " cannot be counted. " + why.message());
    }

    private static Explanation inTheWay(Rollout.Setback setback, Outcome outcome) {
        if (setback.instances().isEmpty()) {
            return uncounted(setback.fault(), outcome);
        }
        Explanation why = FaultText.explain(setback.fault(), outcome.target().id());
        String which = "Instances " + named(setback.instances()) + " of " + name(outcome);
        return switch (setback.fault()) {
            case Fault.Refused(String code, String detail)
            when why.reason() == Reason.Rejected -> failed(which, code, detail);
            case Fault.Unexpected(int _, String code, String detail) -> failed(which, code, detail);
            case Fault.IdentityMissing(List<ArmId> _, String detail) -> failed(which, "", detail);
            case Fault.IdentityRefused(List<ArmId> _, String code, String detail) -> failed(which, code, detail);
            case Fault.Refused _,
                    Fault.Throttled _,
                    Fault.Forbidden _,
                    Fault.Busy _,
                    Fault.BeingDeleted _,
                    Fault.SubscriptionMissing _,
                    Fault.ResourceGroupMissing _,
                    Fault.CredentialsRefused _,
                    Fault.Unreachable _,
                    Fault.AzureUnwell _,
                    Fault.ChangedMeanwhile _,
                    Fault.LedgerNotOurs _,
                    Fault.LedgerUnavailable _,
                    Fault.PrincipalUnknown _,
                    Fault.RoleMissing _,
                    Fault.ScopeMissing _,
                    Fault.DetachHeld _ ->
                new Explanation(why.reason(), which + " are not upgraded yet. " + why.message());
        };
    }

    private static Explanation failed(String which, String code, String detail) {
        String said = Text.quoted(detail);
        return new Explanation(
                Reason.InstanceUpgradeFailed,
                which + " could not be brought to the latest model, and the others wait. Mend what Azure says, or set"
                        + " instanceUpgrade: Never; it is tried again, slowly. Azure says: "
                        + (code.isEmpty() ? said : said.isEmpty() ? code : code + ": " + said));
    }

    private static String named(List<String> instances) {
        String first = instances.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        int more = instances.size() - MOST_NAMED;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    private static String name(Outcome outcome) {
        return outcome.target().name();
    }
}
