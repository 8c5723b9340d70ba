package dev.vmidentity.status;

import dev.vmidentity.core.TargetId;
import java.util.List;
import java.util.stream.Collectors;

/** What a person is told when a binding lets go of machines and, as it says, leaves there what it put on them. */
public final class RetainedText {
    private static final int MOST_NAMED = 10;
    private static final String STAYS = "Whatever this binding put there stays, as deletionPolicy: Retain says, and the"
            + " operator no longer looks after it.";

    private RetainedText() {}

    /** Of a binding that is gone. */
    public static String everywhere() {
        return STAYS;
    }

    /** Of machines that no longer match. */
    public static String on(List<TargetId> machines) {
        String named = machines.stream().limit(MOST_NAMED).map(TargetId::name).collect(Collectors.joining(", "));
        int more = machines.size() - MOST_NAMED;
        return "No longer selected: " + named + (more > 0 ? " and " + more + " more" : "") + ". " + STAYS;
    }
}
