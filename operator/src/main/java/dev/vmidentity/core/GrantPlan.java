package dev.vmidentity.core;

import dev.vmidentity.core.GrantDemand.Principal;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.RoleAssignments.Assignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to make and what to delete, from what is asked and what was found. Pure.
 *
 * @param standings how each wish stands
 * @param puts by wish; wishes that come to the same assignment have the same
 * @param deletes ours, and no longer asked for
 * @param later ours and of another principal: to be deleted when it is certain that the principal is another
 */
public record GrantPlan(
        Map<Wish, Standing> standings, Map<Wish, Assignment> puts, List<Assignment> deletes, List<Assignment> later) {

    /** How one wish stands. */
    public enum Standing {
        /** There, and made for this binding. */
        ASSIGNED,
        /** There, and made by somebody else. */
        BY_OTHERS,
        /** Not there. */
        MISSING,
        /** Its role or principal is not known, or nobody has looked. */
        UNKNOWN
    }

    /**
     * The plan.
     *
     * @param roles the GUIDs of roles, as far as they are known
     * @param found what was found in Azure: assignments of anybody, to any principal
     * @param certain whether the principal is known for long enough that an earlier one is gone for certain: one read of a
     *     replica that lags must not cost the roles of a principal that is there
     */
    public static GrantPlan of(
            GrantDemand demand, Map<Role, String> roles, Collection<Assignment> found, boolean certain) {
        List<Assignment> ours = found.stream().filter(demand.name()::made).toList();
        Map<Wish, Standing> standings = new LinkedHashMap<>();
        Map<Wish, Assignment> puts = new LinkedHashMap<>();
        List<Assignment> wanted = new ArrayList<>();
        List<RoleScope> unclear = new ArrayList<>();
        for (Wish wish : demand.wishes()) {
            Optional<Assignment> goal = goal(demand, roles, wish);
            goal.ifPresent(wanted::add);
            if (goal.isEmpty()) {
                unclear.add(wish.scope());
            }
            Standing standing =
                    goal.map(one -> standing(one, demand.name(), found)).orElse(Standing.UNKNOWN);
            standings.put(wish, standing);
            if (standing == Standing.MISSING && demand.stance() == Stance.MAINTAIN && wish.allowed()) {
                puts.put(wish, goal.get());
            }
        }
        return switch (demand.stance()) {
            case HOLD, FORGET -> new GrantPlan(standings, puts, List.of(), List.of());
            case REMOVE -> new GrantPlan(standings, puts, ours, List.of());
            case MAINTAIN -> maintain(demand.principal(), standings, puts, wanted, unclear, ours, certain);
        };
    }

    private static GrantPlan maintain(
            Principal principal,
            Map<Wish, Standing> standings,
            Map<Wish, Assignment> puts,
            List<Assignment> wanted,
            List<RoleScope> unclear,
            List<Assignment> ours,
            boolean certain) {
        List<Assignment> deletes = new ArrayList<>();
        List<Assignment> later = new ArrayList<>();
        for (Assignment one : ours) {
            boolean current = principal.known().filter(one.principal()::equals).isPresent();
            // A role whose GUID is not known may be the very one that is assigned there.
            boolean spoken = wanted.stream().anyMatch(one::sameTriple) || unclear.contains(one.scope());
            if (current && !spoken) {
                deletes.add(one);
            } else if (!current && !(principal instanceof Principal.Unknown)) {
                (certain ? deletes : later).add(one);
            }
        }
        return new GrantPlan(standings, puts, deletes, later);
    }

    private static Optional<Assignment> goal(GrantDemand demand, Map<Role, String> roles, Wish wish) {
        return demand.principal()
                .known()
                .flatMap(principal -> Optional.ofNullable(roles.get(wish.role()))
                        .map(role -> demand.name().assignment(principal, role, wish.scope())));
    }

    private static Standing standing(Assignment goal, GrantName name, Collection<Assignment> found) {
        List<Assignment> same = found.stream().filter(goal::sameTriple).toList();
        if (same.stream().anyMatch(name::made)) {
            return Standing.ASSIGNED;
        }
        return same.isEmpty() ? Standing.MISSING : Standing.BY_OTHERS;
    }
}
