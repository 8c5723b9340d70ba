package dev.vmidentity.status;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.Instances;
import dev.vmidentity.core.TargetId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is beside Ready on the machines of a selector, as one. */
final class AcrossMachines {
    private AcrossMachines() {}

    /** All instances of all scale sets together; null where there are none, or none was counted. */
    static @Nullable Instances instances(Collection<VmIdentityBindingStatus> cards) {
        List<Instances> counted = cards.stream()
                .map(VmIdentityBindingStatus::instances)
                .filter(Objects::nonNull)
                .filter(one -> one.total() != null)
                .toList();
        if (counted.isEmpty()) {
            return null;
        }
        int upgrading = sum(counted, Instances::upgrading);
        return new Instances(
                sum(counted, Instances::total),
                sum(counted, Instances::latestModel),
                upgrading == 0 ? null : upgrading,
                counted.stream()
                        .map(Instances::message)
                        .filter(Objects::nonNull)
                        .sorted()
                        .findFirst()
                        .orElse(null));
    }

    private static int sum(List<Instances> counted, Function<Instances, @Nullable Integer> what) {
        return counted.stream()
                .map(what)
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .sum();
    }

    /** Where the machine's default identity was changed by what the binding attached; empty where nowhere. */
    static Optional<Explanation> defaultIdentity(Map<TargetId, VmIdentityBindingStatus> cards) {
        List<Map.Entry<TargetId, Condition>> changed = cards.entrySet().stream()
                .flatMap(card ->
                        Conditions.find(card.getValue().conditions(), ConditionType.DefaultIdentityChanged).stream()
                                .filter(condition -> condition.status() == ConditionStatus.True)
                                .map(condition -> Map.entry(card.getKey(), condition)))
                .sorted(Map.Entry.comparingByKey())
                .toList();
        return changed.stream()
                .findFirst()
                .map(first -> new Explanation(
                        Reason.DefaultIdentityChanged,
                        Text.bounded(
                                "On " + changed.size() + " of " + cards.size() + " machines. On "
                                        + first.getKey().name() + ": "
                                        + first.getValue().message(),
                                Explanation.LONGEST)));
    }
}
