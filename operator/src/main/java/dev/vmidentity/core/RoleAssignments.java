package dev.vmidentity.core;

import java.util.List;

/**
 * The port to role assignments. Its contract is the suite {@code RoleAssignmentsContract}. No method throws for anything
 * that Azure or the network may do.
 */
public interface RoleAssignments {
    /** Finds a built-in role by its name. */
    Found find(RoleScope scope, String roleName);

    Seen read(RoleScope scope, String name);

    /** All of a principal in a subscription: those of the subscription itself and of what is in it. */
    Listed list(String subscriptionId, String principal);

    /**
     * Assigns the role to the principal of an identity. Doing so twice under the same name is a success too.
     *
     * @param description what a person reads there
     */
    Put put(Assignment assignment, String description);

    /** Deleting one that is not there is a success too. */
    Deleted delete(RoleScope scope, String name);

    /**
     * A role, assigned.
     *
     * @param name a GUID that whoever makes it chooses
     * @param principal object id, lower-case
     * @param role GUID of its definition, lower-case
     * @param conditional whether it holds under a condition alone
     */
    record Assignment(RoleScope scope, String name, String principal, String role, boolean conditional) {
        /** Its id in Azure. */
        public String id() {
            return scope.value() + "/providers/Microsoft.Authorization/roleAssignments/" + name;
        }

        /** Whether it gives the same principal the same role at the same scope. */
        public boolean sameTriple(Assignment other) {
            return scope.equals(other.scope) && principal.equals(other.principal) && role.equals(other.role);
        }
    }

    /** Whether there is such a role. */
    sealed interface Found {
        /** @param role GUID, lower-case */
        record Known(String role) implements Found {}

        record Unknown() implements Found {}

        record Failed(Fault fault) implements Found {}
    }

    /** The answer to a read. */
    sealed interface Seen {
        record Present(Assignment assignment) implements Seen {}

        record Absent() implements Seen {}

        record Failed(Fault fault) implements Seen {}
    }

    /** The answer to a list: all of them, or nothing. */
    sealed interface Listed {
        record All(List<Assignment> assignments) implements Listed {
            public All {
                assignments = List.copyOf(assignments);
            }
        }

        record Failed(Fault fault) implements Listed {}
    }

    /** The answer to a write. */
    sealed interface Put {
        /** It is there under that name. */
        record Done() implements Put {}

        /** The same principal has the same role at the same scope already, under another name. */
        record Exists() implements Put {}

        record Failed(Fault fault) implements Put {}
    }

    /** The answer to a delete. */
    sealed interface Deleted {
        record Gone() implements Deleted {}

        record Failed(Fault fault) implements Deleted {}
    }
}
