package dev.vmidentity.fakes;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.RoleAssignments.Assignment;

/** The Azure behind the port to roles. Reader, Contributor and Owner are there, and one custom role, by its id alone. */
public interface RoleGround {
    String SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
    String READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";

    RoleAssignments roles();

    /** Somebody else makes it. */
    void assignedByOthers(Assignment assignment);

    /** The next write of a role assignment is refused so. */
    void nextPut(Fault fault);
}
