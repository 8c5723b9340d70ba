package dev.vmidentity.core;

import dev.vmidentity.core.RoleAssignments.Assignment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one binding asks for the principal of one machine's own identity.
 *
 * @param name how its assignments are named
 * @param machine whose principal it is
 * @param principal the principal now
 * @param wishes the roles that it lists; with {@link Stance#REMOVE} those that it listed
 * @param stance what is done about it
 * @param recorded what the machine's ledger remembers of the binding: a hint where to look, and the permission to make
 *     what is named there. It is written first, so that nothing is made that nobody remembers
 */
public record GrantDemand(
        GrantName name,
        TargetId machine,
        Principal principal,
        List<Wish> wishes,
        Stance stance,
        List<Recorded> recorded) {
    public GrantDemand {
        wishes = List.copyOf(wishes);
        recorded = List.copyOf(recorded);
    }

    public boolean isRecorded(Assignment assignment) {
        return recorded.stream().anyMatch(one -> one.is(assignment));
    }

    /** Whether there is nothing to make and nothing to look for. */
    public boolean isEmpty() {
        return wishes.isEmpty() && recorded.isEmpty();
    }

    /** Whose roles it is about. */
    public sealed interface Principal {
        /** @param id lower-case */
        record Known(String id) implements Principal {}

        /** The machine has none, or there is no machine. */
        record None() implements Principal {}

        /** Nobody has seen. Nothing is concluded from that. */
        record Unknown() implements Principal {}

        default Optional<String> known() {
            return this instanceof Known(String id) ? Optional.of(id) : Optional.empty();
        }
    }

    /** What is done. */
    public enum Stance {
        /** What is listed is made, what no longer is listed is deleted. */
        MAINTAIN,
        /** All that the binding made is deleted. */
        REMOVE,
        /** It is only looked at. */
        HOLD,
        /** It is left as it is, and forgotten. */
        FORGET
    }

    /**
     * An assignment as it is remembered. Nothing is believed of it: it is read before anything is done about it.
     *
     * @param role as the user wrote it
     */
    public record Recorded(String role, RoleScope scope, String name) {
        private static final Pattern ID = Pattern.compile(
                "(.+)/providers/Microsoft\\.Authorization/roleAssignments/([^/]+)", Pattern.CASE_INSENSITIVE);

        /** Empty when that is not the id of an assignment. */
        public static Optional<Recorded> of(String role, String id) {
            Matcher matcher = ID.matcher(id);
            return matcher.matches()
                    ? RoleScope.parse(matcher.group(1))
                            .map(scope ->
                                    new Recorded(role, scope, matcher.group(2).toLowerCase(Locale.ROOT)))
                    : Optional.empty();
        }

        public String id() {
            return scope.value() + "/providers/Microsoft.Authorization/roleAssignments/" + name;
        }

        public boolean is(Assignment assignment) {
            return scope.equals(assignment.scope()) && name.equals(assignment.name());
        }
    }

    /**
     * A role at a scope.
     *
     * @param allowed whether the namespace may have it made; one that is there is kept without
     */
    public record Wish(Role role, RoleScope scope, boolean allowed) {}
}
