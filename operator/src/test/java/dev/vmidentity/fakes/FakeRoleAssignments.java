package dev.vmidentity.fakes;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.RoleScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Role assignments in memory, with a log of what was asked and a script of what goes wrong. */
public final class FakeRoleAssignments implements RoleAssignments, RoleGround {
    private static final Map<String, String> BUILT_IN = Map.of(
            "reader", READER,
            "contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c",
            "owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635");

    private final Map<String, Assignment> assignments = new TreeMap<>();
    private final Deque<Fault> putFaults = new ArrayDeque<>();
    private final Deque<Fault> deleteFaults = new ArrayDeque<>();
    private final Deque<Fault> listFaults = new ArrayDeque<>();
    private final List<Request> requests = new ArrayList<>();

    /** A request that came in, in order. */
    public sealed interface Request {
        record Find(String role) implements Request {}

        record Read(RoleScope scope, String name) implements Request {}

        record Listing(String subscription, String principal) implements Request {}

        record Put(Assignment assignment) implements Request {}

        record Delete(RoleScope scope, String name) implements Request {}
    }

    @Override
    public RoleAssignments roles() {
        return this;
    }

    @Override
    public synchronized Found find(RoleScope scope, String roleName) {
        requests.add(new Request.Find(roleName));
        return Optional.ofNullable(BUILT_IN.get(roleName.toLowerCase(Locale.ROOT)))
                .<Found>map(Found.Known::new)
                .orElseGet(Found.Unknown::new);
    }

    @Override
    public synchronized Seen read(RoleScope scope, String name) {
        requests.add(new Request.Read(scope, name));
        return Optional.ofNullable(assignments.get(key(scope, name)))
                .<Seen>map(Seen.Present::new)
                .orElseGet(Seen.Absent::new);
    }

    @Override
    public synchronized Listed list(String subscriptionId, String principal) {
        requests.add(new Request.Listing(subscriptionId, principal));
        Fault fault = listFaults.poll();
        return fault != null
                ? new Listed.Failed(fault)
                : new Listed.All(assignments.values().stream()
                        .filter(one -> one.principal().equals(principal)
                                && one.scope().subscriptionId().equals(subscriptionId))
                        .toList());
    }

    @Override
    public synchronized Put put(Assignment assignment, String description) {
        requests.add(new Request.Put(assignment));
        Fault fault = putFaults.poll();
        if (fault != null) {
            return new Put.Failed(fault);
        }
        if (!BUILT_IN.containsValue(assignment.role())) {
            return new Put.Failed(new Fault.RoleMissing("", "the role does not exist"));
        }
        String key = key(assignment.scope(), assignment.name());
        boolean taken = assignments.entrySet().stream()
                .anyMatch(one -> !one.getKey().equals(key) && one.getValue().sameTriple(assignment));
        if (taken) {
            return new Put.Exists();
        }
        assignments.put(key, assignment);
        return new Put.Done();
    }

    @Override
    public synchronized Deleted delete(RoleScope scope, String name) {
        requests.add(new Request.Delete(scope, name));
        Fault fault = deleteFaults.poll();
        if (fault != null) {
            return new Deleted.Failed(fault);
        }
        assignments.remove(key(scope, name));
        return new Deleted.Gone();
    }

    @Override
    public synchronized void assignedByOthers(Assignment assignment) {
        assignments.put(key(assignment.scope(), assignment.name()), assignment);
    }

    /** Somebody else deletes it. */
    public synchronized void deletedByOthers(Assignment assignment) {
        assignments.remove(key(assignment.scope(), assignment.name()));
    }

    @Override
    public synchronized void nextPut(Fault fault) {
        putFaults.add(fault);
    }

    public synchronized void nextDelete(Fault fault) {
        deleteFaults.add(fault);
    }

    public synchronized void nextList(Fault fault) {
        listFaults.add(fault);
    }

    public synchronized List<Assignment> all() {
        return List.copyOf(assignments.values());
    }

    /** Those since the last call. */
    public synchronized List<Request> requests() {
        List<Request> since = List.copyOf(requests);
        requests.clear();
        return since;
    }

    private static String key(RoleScope scope, String name) {
        return scope.key() + "/" + name;
    }
}
