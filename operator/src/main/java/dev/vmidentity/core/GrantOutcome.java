package dev.vmidentity.core;

import java.util.List;
import java.util.Optional;

/**
 * How the roles of one binding stand on one machine: all that status is rendered from.
 *
 * @param machine the machine
 * @param stance what was being done
 * @param lines one for each wish, in that order, and then one for each that is to be deleted
 * @param cleared whether all was looked for and nothing that the binding made is left
 */
public record GrantOutcome(TargetId machine, GrantDemand.Stance stance, List<Line> lines, boolean cleared) {
    public GrantOutcome {
        lines = List.copyOf(lines);
    }

    /**
     * A role at a scope.
     *
     * @param role as the user wrote it, or the id where none did
     * @param id of the assignment that is, or is about to be, this binding's
     * @param fault what stands in the way
     */
    public record Line(String role, RoleScope scope, Optional<String> id, State state, Optional<Fault> fault) {}

    /** Where an assignment stands. */
    public enum State {
        ASSIGNED,
        BY_OTHERS,
        /** About to be made. */
        ASSIGNING,
        /** There is nobody to assign it to yet. */
        WITHOUT_PRINCIPAL,
        /** Not made, as the namespace may not. */
        WITHHELD,
        /** About to be deleted. */
        REMOVING
    }
}
