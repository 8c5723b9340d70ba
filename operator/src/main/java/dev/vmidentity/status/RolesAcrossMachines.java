package dev.vmidentity.status;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.Reason.Outlook;
import dev.vmidentity.api.RoleAssignmentState;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.RoleAssignment;
import dev.vmidentity.status.RolesView.Wished;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The roles of a binding that is about many machines: one entry for each that it lists, and how it stands on all of them.
 * Which assignment each machine's identity has is in the machine's ledger.
 */
final class RolesAcrossMachines {
    private static final Comparator<RoleAssignment> GRAVITY = Comparator.comparing(
                    (RoleAssignment entry) -> Explanation.of(reason(entry)), Explanation.GRAVITY)
            .thenComparing(RolesAcrossMachines::reason);

    private RolesAcrossMachines() {}

    static List<RoleAssignment> of(List<Wished> wishes, Roster roster, boolean beingDeleted) {
        return wishes.stream()
                .map(wish -> beingDeleted
                        ? entry(wish, RoleAssignmentState.Removing, Reason.Unassigning, null)
                        : of(wish, roster))
                .toList();
    }

    private static RoleAssignment of(Wished wish, Roster roster) {
        List<RoleAssignment> everywhere = roster.cards().values().stream()
                .flatMap(card -> on(card, wish).stream())
                .toList();
        Optional<RoleAssignment> gravest = everywhere.stream().max(GRAVITY);
        if (gravest.isEmpty()) {
            return roster.known() && roster.matched() == 0
                    ? entry(wish, RoleAssignmentState.Waiting, Reason.NoMachineMatches, null)
                    : yetToSee(wish);
        }
        Reason reason = reason(gravest.get());
        RoleAssignmentState state = gravest.get().state();
        boolean settled = reason.outlook() == Outlook.Settled;
        int untold = roster.matched() - everywhere.size();
        if (settled && untold > 0) {
            return yetToSee(wish);
        }
        long alike = everywhere.stream().filter(one -> reason(one) == reason).count();
        return entry(
                wish,
                state == null ? RoleAssignmentState.Waiting : state,
                reason,
                settled && alike == roster.matched()
                        ? null
                        : "So on " + alike + " of " + roster.matched()
                                + (roster.matched() == 1 ? " machine. " : " machines. ") + reason.meaning());
    }

    private static Optional<RoleAssignment> on(VmIdentityBindingStatus card, Wished wish) {
        return Stream.ofNullable(card.systemAssigned())
                .flatMap(own -> own.roleAssignments().stream())
                .filter(entry -> entry.role().equalsIgnoreCase(wish.role())
                        && entry.scope().equalsIgnoreCase(wish.text()))
                .findFirst();
    }

    private static RoleAssignment yetToSee(Wished wish) {
        return entry(wish, RoleAssignmentState.Waiting, Reason.Observing, null);
    }

    private static RoleAssignment entry(
            Wished wish, RoleAssignmentState state, Reason reason, @Nullable String message) {
        return new RoleAssignment(wish.role(), wish.text(), null, null, state, reason, message);
    }

    private static Reason reason(RoleAssignment entry) {
        Reason reason = entry.reason();
        return reason == null ? Reason.Observing : reason;
    }
}
