package dev.vmidentity.identity;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.status.Explanation;
import dev.vmidentity.status.IdentityStatus.Sight;
import java.util.Map;

/** What to do next about an identity. */
sealed interface Step {
    /** Nothing in Azure: say it, and look again at that pace. */
    record Tell(Explanation why, Sight sight, Pace pace) implements Step {}

    /** Create it: it was not there a moment ago. */
    record Create(ArmId id, String location, Map<String, String> tags) implements Step {}

    /** It is ours; replace its tags. */
    record Retag(ArmId id, String location, Map<String, String> tags) implements Step {}

    /** A PUT of ours fell on somebody else's: take our mark off it, and leave it alone from then on. */
    record Disown(ArmId id, String principal, String location, Map<String, String> tags) implements Step {}

    /** It is ours, and to be deleted. */
    record Delete(ArmId id) implements Step {}

    /** The object may go; says what became of the identity. */
    record Release(String farewell) implements Step {}

    /** How soon to look again. */
    sealed interface Pace {
        /** All is well. */
        record Calm() implements Pace {}

        /** Something is awaited that Azure does not announce. */
        record Watchful() implements Pace {}

        /** A replica of Azure may lag. */
        record Shortly() implements Pace {}

        /** A person has to do something, or a right to be given, which is told. */
        record Slowly() implements Pace {}

        record After(Fault fault) implements Pace {}
    }
}
