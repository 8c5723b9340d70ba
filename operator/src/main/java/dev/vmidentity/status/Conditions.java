package dev.vmidentity.status;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of an object as kstatus reads them: Ready always; Reconciling or Stalled beside it while it is not
 * ready, and absent otherwise.
 */
public final class Conditions {
    private Conditions() {}

    /**
     * The conditions that say the reason.
     *
     * @param previous those in the object's status now; {@code lastTransitionTime} is kept from them where the status
     *     of a condition did not change
     * @param generation the {@code metadata.generation} that was looked at
     */
    public static List<Condition> of(
            List<Condition> previous, long generation, Reason reason, String message, Instant now) {
        var ready = reason.outlook() == Reason.Outlook.Settled ? ConditionStatus.True : ConditionStatus.False;
        List<Condition> conditions = new ArrayList<>();
        conditions.add(condition(previous, ConditionType.Ready, ready, generation, reason, message, now));
        beside(reason.outlook())
                .map(type -> condition(previous, type, ConditionStatus.True, generation, reason, message, now))
                .ifPresent(conditions::add);
        return List.copyOf(conditions);
    }

    public static List<Condition> of(List<Condition> previous, long generation, Explanation why, Instant now) {
        return of(previous, generation, why.reason(), why.message(), now);
    }

    /** The condition of that type, if there is one. */
    public static Optional<Condition> find(List<Condition> conditions, ConditionType type) {
        return conditions.stream().filter(condition -> condition.type() == type).findFirst();
    }

    /** Those and one more, of a type of its own. */
    static List<Condition> and(
            List<Condition> conditions,
            List<Condition> previous,
            ConditionType type,
            ConditionStatus status,
            long generation,
            Explanation why,
            Instant now) {
        List<Condition> all = new ArrayList<>(conditions);
        all.add(condition(previous, type, status, generation, why.reason(), why.message(), now));
        return List.copyOf(all);
    }

    private static Optional<ConditionType> beside(Reason.Outlook outlook) {
        return switch (outlook) {
            case Settled -> Optional.empty();
            case Underway, WaitsForOthers -> Optional.of(ConditionType.Reconciling);
            case NeedsAPerson -> Optional.of(ConditionType.Stalled);
        };
    }

    private static Condition condition(
            List<Condition> previous,
            ConditionType type,
            ConditionStatus status,
            long generation,
            Reason reason,
            String message,
            Instant now) {
        var since = find(previous, type)
                .filter(before -> before.status() == status)
                .map(Condition::lastTransitionTime)
                .orElse(now);
        return new Condition(type, status, generation, since, reason, message);
    }
}
