package dev.vmidentity.status;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.RoleAssignmentState;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.RoleAssignment;
import dev.vmidentity.core.GrantDemand;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.GrantOutcome.Line;
import dev.vmidentity.core.GrantOutcome.State;
import dev.vmidentity.core.TargetId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The roles of a binding as its status has them. */
final class RoleLines {
    private final List<RoleAssignment> entries = new ArrayList<>();
    private final List<Explanation> open = new ArrayList<>();

    private RoleLines() {}

    /** @param target the binding's own machine; without one, there is nobody to assign roles to */
    static RoleLines of(RolesView view, Optional<TargetId> target) {
        var lines = new RoleLines();
        List<RoleAssignment> untold = new ArrayList<>(view.untold());
        Optional<GrantOutcome> own = view.outcomes().stream()
                .filter(outcome -> target.filter(outcome.machine()::equals).isPresent())
                .findFirst();
        for (RolesView.Wished wish : view.wishes()) {
            Optional<Line> line = own.stream()
                    .flatMap(outcome -> outcome.lines().stream())
                    .filter(one -> one.state() != State.REMOVING && is(one, wish))
                    .findFirst();
            Optional<RoleAssignment> before = untold.stream()
                    .filter(entry -> entry.role().equalsIgnoreCase(wish.role())
                            && entry.scope().equalsIgnoreCase(wish.text()))
                    .findFirst();
            if (line.isPresent()) {
                lines.add(wish, line.get(), own.orElseThrow().machine());
            } else if (before.isPresent()) {
                untold.remove(before.get());
                lines.goOn(before.get());
            } else if (!leaves(own)) {
                lines.add(wish, target);
            }
        }
        view.outcomes()
                .forEach(outcome -> outcome.lines().stream()
                        .filter(line -> !lines.tells(line) && line.id().isPresent())
                        .forEach(line -> lines.add(unlisted(line, outcome), outcome.machine())));
        untold.forEach(lines::goOn);
        return lines;
    }

    List<RoleAssignment> entries() {
        return entries.stream().limit(VmIdentityBindingStatus.MOST_ROLES).toList();
    }

    /** The gravest of what is not as wished. */
    Optional<Explanation> ready() {
        return open.stream().max(Explanation.GRAVITY);
    }

    private static boolean is(Line line, RolesView.Wished wish) {
        return line.role().equalsIgnoreCase(wish.role())
                && wish.scope().filter(line.scope()::equals).isPresent();
    }

    private static boolean leaves(Optional<GrantOutcome> own) {
        return own.filter(outcome -> outcome.stance() == GrantDemand.Stance.REMOVE)
                .isPresent();
    }

    /** What was listed when it was last looked at, and is no longer: it is about to be deleted, unless one only looks. */
    private static Line unlisted(Line line, GrantOutcome outcome) {
        return outcome.stance() == GrantDemand.Stance.HOLD || line.state() == State.REMOVING
                ? line
                : new Line(line.role(), line.scope(), line.id(), State.REMOVING, line.fault());
    }

    private boolean tells(Line line) {
        return line.state() != State.REMOVING
                && entries.stream()
                        .anyMatch(entry -> entry.role().equalsIgnoreCase(line.role())
                                && entry.scope().equalsIgnoreCase(line.scope().value()));
    }

    private void goOn(RoleAssignment entry) {
        entries.add(entry);
        Reason reason = entry.reason();
        if (reason != null && reason.outlook() != Reason.Outlook.Settled) {
            String message = entry.message();
            open.add(new Explanation(
                    reason, label(entry.role(), entry.scope()) + (message == null ? reason.meaning() : message)));
        }
    }

    /** Nobody has looked yet. */
    private void add(RolesView.Wished wish, Optional<TargetId> machine) {
        var why = wish.hindrance()
                .orElseGet(() -> Explanation.of(wish.scope().isEmpty() ? Reason.NotUnderstood : Reason.Assigning));
        entry(wish.role(), wish.text(), machine.orElse(null), null, stateOf(why.reason()), why);
    }

    private void add(RolesView.Wished wish, Line line, TargetId machine) {
        var why = why(line, machine);
        var state = state(line, why);
        if (wish.hindrance().isPresent()) {
            // A right that was taken back keeps what is there, and the entry says what is wrong with it.
            why = wish.hindrance().get();
            state = line.state() == State.ASSIGNED || line.state() == State.BY_OTHERS
                    ? state
                    : RoleAssignmentState.Refused;
        }
        entry(wish.role(), wish.text(), machine, line, state, why);
    }

    private void add(Line line, TargetId machine) {
        var why = why(line, machine);
        entry(line.role(), line.scope().value(), machine, line, state(line, why), why);
    }

    private void entry(
            String role,
            String scope,
            @Nullable TargetId machine,
            @Nullable Line line,
            RoleAssignmentState state,
            Explanation why) {
        boolean told = why.message().equals(Explanation.of(why.reason()).message());
        entries.add(new RoleAssignment(
                role,
                scope,
                machine == null ? null : machine.id().value(),
                line == null ? null : line.id().orElse(null),
                state,
                why.reason(),
                told ? null : why.message()));
        if (!why.isSettled()) {
            open.add(new Explanation(why.reason(), label(role, scope) + why.message()));
        }
    }

    private static String label(String role, String scope) {
        return "role " + role + " at " + scope + ": ";
    }

    private static Explanation why(Line line, TargetId machine) {
        return switch (line.state()) {
            case ASSIGNED -> Explanation.of(Reason.Assigned);
            case BY_OTHERS -> Explanation.of(Reason.AssignedByOthers);
            case WITHOUT_PRINCIPAL -> Explanation.of(Reason.WaitingForPrincipal);
            case WITHHELD -> Explanation.of(Reason.NotAllowedByNamespace);
            case ASSIGNING ->
                line.fault()
                        .map(fault -> RoleText.explain(fault, line.scope(), machine))
                        .orElseGet(() -> Explanation.of(Reason.Assigning));
            case REMOVING ->
                line.fault()
                        .map(fault -> RoleText.explain(fault, line.scope(), machine))
                        .map(why -> new Explanation(why.reason(), "It is to be deleted. " + why.message()))
                        .orElseGet(() -> Explanation.of(Reason.Unassigning));
        };
    }

    private static RoleAssignmentState state(Line line, Explanation why) {
        return switch (line.state()) {
            case ASSIGNED -> RoleAssignmentState.Assigned;
            case BY_OTHERS -> RoleAssignmentState.AssignedByOthers;
            case REMOVING -> RoleAssignmentState.Removing;
            case WITHOUT_PRINCIPAL, WITHHELD, ASSIGNING -> stateOf(why.reason());
        };
    }

    private static RoleAssignmentState stateOf(Reason reason) {
        return switch (reason.outlook()) {
            case Settled -> RoleAssignmentState.Assigned;
            case Underway -> RoleAssignmentState.Assigning;
            case WaitsForOthers ->
                reason == Reason.AzureFailing ? RoleAssignmentState.Failed : RoleAssignmentState.Waiting;
            case NeedsAPerson -> RoleAssignmentState.Refused;
        };
    }
}
