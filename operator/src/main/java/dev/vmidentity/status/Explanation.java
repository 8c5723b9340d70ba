package dev.vmidentity.status;

import dev.vmidentity.api.Reason;
import java.util.Comparator;

/**
 * Why something is as it is.
 *
 * @param message for a person: what is wrong and what to do; at most 1,024 characters, which also fit in an Event
 */
public record Explanation(Reason reason, String message) {
    static final int LONGEST = 1_024;

    /** The lightest first. */
    static final Comparator<Explanation> GRAVITY =
            Comparator.comparingInt(explanation -> gravity(explanation.reason().outlook()));

    public Explanation {
        message = Text.bounded(message, LONGEST);
    }

    /** What the reason itself says, where there is nothing more to tell. */
    public static Explanation of(Reason reason) {
        return new Explanation(
                reason,
                reason.outlook() == Reason.Outlook.Settled || reason.outlook() == Reason.Outlook.Underway
                        ? reason.meaning()
                        : reason.meaning() + " " + reason.whatToDo());
    }

    public boolean isSettled() {
        return reason.outlook() == Reason.Outlook.Settled;
    }

    private static int gravity(Reason.Outlook outlook) {
        return switch (outlook) {
            case Settled -> 0;
            case Underway -> 1;
            case WaitsForOthers -> 2;
            case NeedsAPerson -> 3;
        };
    }
}
