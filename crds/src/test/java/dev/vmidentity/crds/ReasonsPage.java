package dev.vmidentity.crds;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The page that lists every {@link Reason}: {@code docs/reasons.md}. */
final class ReasonsPage {
    /** From the root of the tree. */
    static final String FILE = "docs/reasons.md";

    private static final String HEAD = """
            <!-- Generated from the Java types in crds/ by '%s'. Do not edit. -->

            # Reasons

            A reason says in one word why something is as it is. The set is closed, and the same for all three kinds. The message beside
            a reason has the particulars: which identity, which scope, which command.

            ## Where they appear

            - **Conditions** of `UserAssignedIdentity`, `VmIdentityBinding` and `VmIdentityLedger`. `Ready` is always there. `Reconciling`
              or `Stalled` is beside it while it is not True, with the same reason and message. `kubectl get uai,vmib` has a column REASON.
              `DefaultIdentityChanged` is on a binding whose identities change what a workload without a client id gets, ready or not.
            - **Entries of a binding**: each identity of `status.userAssigned`, and `status.systemAssigned`, has a `state`, a `reason` and,
              where something is wrong, a `message`. The binding's own condition has the gravest of them.
            - **Events** of identities and bindings: when the reason of `Ready` changes, one Event with that reason and message. It is a
              Warning when a person must act. `kubectl describe` shows it. So is `DefaultIdentityChanged` when it comes up.

            What comes next is the reason's outlook:

            """.formatted(GenerateCrds.COMMAND);

    private static final String STATES = """

            ## States of an identity

            `state` of an entry of a binding says where the identity is; `reason` says why.

            """;

    private static final String TABLE = """

            | reason | what it means | what to do |
            |---|---|---|
            """;

    private ReasonsPage() {}

    static String text() {
        return HEAD + outlooks() + all() + STATES + states();
    }

    private static String outlooks() {
        return "| outlook | Ready | beside it | what comes next |\n|---|---|---|---|\n"
                + Arrays.stream(Reason.Outlook.values()).map(ReasonsPage::row).collect(Collectors.joining());
    }

    private static String row(Reason.Outlook outlook) {
        var conditions = switch (outlook) {
            case Settled -> "True | nothing";
            case Underway, WaitsForOthers -> "False | Reconciling";
            case NeedsAPerson -> "False | Stalled";
        };
        var next = switch (outlook) {
            case Settled -> "Everything is as declared.";
            case Underway -> "The operator or Azure is at work.";
            case WaitsForOthers -> "It goes on by itself when something else has come about.";
            case NeedsAPerson -> "Somebody must change something. It is still tried again, slowly.";
        };
        return "| [%s](#%s) | %s | %s |\n".formatted(title(outlook), anchor(outlook), conditions, next);
    }

    private static String all() {
        return Arrays.stream(Reason.Outlook.values())
                .map(outlook -> "\n## " + title(outlook) + "\n" + TABLE + reasons(outlook))
                .collect(Collectors.joining());
    }

    private static String reasons(Reason.Outlook outlook) {
        return Arrays.stream(Reason.values())
                // Never written: what a reason of a newer version reads as.
                .filter(reason -> reason != Reason.Unknown && reason.outlook() == outlook)
                .map(reason -> "| `%s` | %s | %s |\n".formatted(reason.name(), reason.meaning(), reason.whatToDo()))
                .collect(Collectors.joining());
    }

    private static String title(Reason.Outlook outlook) {
        return switch (outlook) {
            case Settled -> "Settled";
            case Underway -> "Underway";
            case WaitsForOthers -> "Waits for others";
            case NeedsAPerson -> "Needs a person";
        };
    }

    /** As GitHub makes it from a heading. */
    private static String anchor(Reason.Outlook outlook) {
        return title(outlook).toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    private static String states() {
        return "| state | what it means |\n|---|---|\n"
                + Arrays.stream(IdentityState.values())
                        .filter(state -> state != IdentityState.Unknown)
                        .map(state -> "| `%s` | %s |\n".formatted(state.name(), meaning(state)))
                        .collect(Collectors.joining());
    }

    private static String meaning(IdentityState state) {
        return switch (state) {
            case Attached -> "It is on the machine, and the operator put it there or adopted it.";
            case AttachedByOthers ->
                "It is on the machine, and others put it there. The binding is satisfied and will not detach it.";
            case Attaching -> "It is being attached.";
            case Detaching -> "It is being detached.";
            case Unsure -> "It is on the machine, and nobody can tell by whom. It is left there.";
            case Waiting -> "Not yet possible, and it goes on by itself.";
            case Refused -> "Not permitted or not valid: a person must change something.";
            case Failed -> "Tried, and Azure answered with an error.";
            case Unknown -> throw new IllegalArgumentException("never written");
        };
    }
}
