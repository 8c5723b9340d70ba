package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.GrantDemand;
import dev.vmidentity.core.GrantDemand.Principal;
import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.GrantOutcome.Line;
import dev.vmidentity.core.GrantOutcome.State;
import dev.vmidentity.core.GrantPlan;
import dev.vmidentity.core.GrantPlan.Standing;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.RoleAssignments.Assignment;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.status.Backoff;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The roles that one binding gives to the principal of one machine: looks, plans, deletes and makes.
 *
 * <p>{@link #round} is called by one thread at a time, and what it returns says when to come back. Nothing here must
 * outlive the process: the machine's ledger remembers where to look, and what is ours tells its own name.
 */
final class GrantWorker {
    private static final Logger LOG = LoggerFactory.getLogger(GrantWorker.class);
    private static final String THE_LOOK = "the look";

    private final GrantCalls calls;
    private final Timing timing;
    private final String description;
    private final long seed;
    private final GrantSetbacks setbacks;
    private final Set<Assignment> found = new HashSet<>();
    private final Set<Assignment> taken = new HashSet<>();

    private @Nullable GrantDemand before;
    private @Nullable Instant principalSince;
    private @Nullable Instant lookAt;
    private @Nullable Instant turn;
    private boolean complete;

    /**
     * The end of a round.
     *
     * @param next when to come back; empty when nothing is left to do or to look at
     * @param deleted whether something was deleted that others may have waited for
     * @param tells whether something was found out; otherwise what was known before stands
     * @param remember what is to be remembered from now on: what is there, and what is about to be made
     */
    record Rounded(
            GrantOutcome outcome, Optional<Instant> next, boolean deleted, boolean tells, List<Recorded> remember) {}

    /** What is held back: the same role, for the same principal, at the same scope. */
    private record Triple(Optional<String> principal, String role, RoleScope scope) {
        static Triple of(GrantDemand demand, Wish wish) {
            return new Triple(demand.principal().known(), wish.role().key(), wish.scope());
        }
    }

    /** @param description what a person reads in Azure beside what it makes */
    GrantWorker(GrantCalls calls, Timing timing, String description, long seed) {
        this.calls = calls;
        this.timing = timing;
        this.description = description;
        this.seed = seed;
        this.setbacks = new GrantSetbacks(seed);
    }

    Rounded round(GrantDemand demand) {
        Instant now = calls.now();
        note(demand, now);
        Map<Role, String> roles = roles(demand, now);
        boolean seen = !mustLook(demand, now) || look(demand, roles, now);
        boolean deleted = false;
        if (seen) {
            GrantPlan plan = plan(demand, roles, now);
            deleted = delete(plan.deletes(), now);
            put(demand, plan, now);
        }
        GrantOutcome outcome = outcome(demand, roles, now);
        before = demand;
        boolean tells = complete || turn == null;
        return new Rounded(outcome, next(demand, outcome, now), deleted, tells, remember(demand, roles, now));
    }

    /** Looks again with the next round: somebody else deleted what may have stood in the way. */
    void lookSoon() {
        lookAt = null;
    }

    private void note(GrantDemand demand, Instant now) {
        if (before == null || !before.principal().equals(demand.principal())) {
            principalSince = now;
        }
        if (before == null || !sameQuestion(before, demand)) {
            complete = false;
            lookAt = null;
        }
        Set<Object> asked = new HashSet<>(found);
        asked.add(THE_LOOK);
        demand.wishes().forEach(wish -> {
            asked.add(Triple.of(demand, wish));
            asked.add(wish.role());
        });
        setbacks.forgetAllBut(asked);
    }

    /** Whether what is to be looked at is the same. What we were about to make, and is named now, was looked at before. */
    private boolean sameQuestion(GrantDemand one, GrantDemand other) {
        return one.principal().equals(other.principal())
                && one.stance() == other.stance()
                && one.wishes().equals(other.wishes())
                && other.recorded().stream()
                        .allMatch(recorded -> one.recorded().contains(recorded)
                                || expected(other).anyMatch(recorded::is)
                                || found.stream().anyMatch(recorded::is));
    }

    private Stream<Assignment> expected(GrantDemand demand) {
        return demand.wishes().stream().flatMap(wish -> goal(demand, known(demand), wish).stream());
    }

    private Map<Role, String> known(GrantDemand demand) {
        Map<Role, String> roles = new HashMap<>();
        demand.wishes().forEach(wish -> calls.known(wish.role()).ifPresent(guid -> roles.put(wish.role(), guid)));
        return roles;
    }

    private Map<Role, String> roles(GrantDemand demand, Instant now) {
        for (Wish wish : demand.wishes()) {
            if (calls.known(wish.role()).isEmpty() && !setbacks.waits(wish.role(), now) && !isQuiet(wish.scope())) {
                switch (calls.find(wish.role(), wish.scope())) {
                    case RoleAssignments.Found.Known _ -> setbacks.done(wish.role());
                    case RoleAssignments.Found.Unknown _ ->
                        setbacks.refused(
                                wish.role(), new Fault.RoleMissing(wish.role().text(), ""), now);
                    case RoleAssignments.Found.Failed(Fault fault) ->
                        refused(wish.role(), fault, wish.scope().subscriptionId(), now);
                }
            }
        }
        return known(demand);
    }

    private boolean mustLook(GrantDemand demand, Instant now) {
        return !(complete && demand.stance() == Stance.REMOVE && ours(demand).isEmpty())
                && (lookAt == null || !now.isBefore(lookAt));
    }

    private boolean look(GrantDemand demand, Map<Role, String> roles, Instant now) {
        if (setbacks.waits(THE_LOOK, now) || scopes(demand).anyMatch(this::isQuiet)) {
            return false;
        }
        turn = turn == null ? calls.turn(scopes(demand).map(RoleScope::subscriptionId)) : turn;
        if (now.isBefore(turn)) {
            return false;
        }
        turn = null;
        return switch (GrantSight.look(calls, demand, roles)) {
            case GrantSight.Look.Complete(List<Assignment> all) -> {
                found.clear();
                found.addAll(all);
                taken.clear();
                complete = true;
                setbacks.done(THE_LOOK);
                lookAt = now.plus(Backoff.spread(timing.observe(), seed ^ now.toEpochMilli()));
                yield true;
            }
            case GrantSight.Look.Failed(Fault fault) -> {
                setbacks.refused(THE_LOOK, fault, now);
                yield false;
            }
        };
    }

    private GrantPlan plan(GrantDemand demand, Map<Role, String> roles, Instant now) {
        return GrantPlan.of(demand, roles, found, isCertain(now));
    }

    private boolean isCertain(Instant now) {
        return principalSince != null && !now.isBefore(principalSince.plus(timing.gone()));
    }

    private boolean delete(List<Assignment> deletes, Instant now) {
        boolean deleted = false;
        for (Assignment one : deletes) {
            if (setbacks.waits(one, now) || isQuiet(one.scope())) {
                continue;
            }
            switch (calls.azure().delete(one.scope(), one.name())) {
                case RoleAssignments.Deleted.Gone _ -> {
                    log("role assignment deleted", one);
                    setbacks.done(one);
                    found.remove(one);
                    deleted = true;
                }
                case RoleAssignments.Deleted.Failed(Fault fault) ->
                    refused(one, fault, one.scope().subscriptionId(), now);
            }
        }
        return deleted;
    }

    /** Before everything was looked for, nothing is concluded. */
    private List<Recorded> remember(GrantDemand demand, Map<Role, String> roles, Instant now) {
        if (!complete) {
            return demand.recorded();
        }
        Set<Assignment> remembered = new LinkedHashSet<>(ours(demand));
        remembered.addAll(plan(demand, roles, now).puts().values());
        return remembered.stream()
                .map(one -> new Recorded(role(demand, roles, one), one.scope(), one.name()))
                .toList();
    }

    /** Makes only what is remembered: an operator that dies afterwards knows where to look. */
    private void put(GrantDemand demand, GrantPlan plan, Instant now) {
        plan.puts().forEach((wish, goal) -> {
            Triple triple = Triple.of(demand, wish);
            if (!demand.isRecorded(goal)
                    || found.contains(goal)
                    || taken.contains(goal)
                    || setbacks.waits(triple, now)
                    || isQuiet(goal.scope())) {
                return;
            }
            switch (calls.azure().put(goal, description)) {
                case RoleAssignments.Put.Done _ -> {
                    log("role assigned", goal);
                    setbacks.done(triple);
                    found.add(goal);
                }
                case RoleAssignments.Put.Exists _ -> {
                    setbacks.done(triple);
                    taken.add(goal);
                }
                case RoleAssignments.Put.Failed(Fault.RoleMissing(String _, String detail)) ->
                    setbacks.refused(triple, new Fault.RoleMissing(wish.role().text(), detail), now);
                case RoleAssignments.Put.Failed(Fault fault) ->
                    refused(triple, fault, goal.scope().subscriptionId(), now);
            }
        });
    }

    private void refused(Object what, Fault fault, String subscription, Instant now) {
        calls.heard(fault, subscription);
        setbacks.refused(what, fault, now);
    }

    private static Stream<RoleScope> scopes(GrantDemand demand) {
        return Stream.concat(
                demand.wishes().stream().map(Wish::scope),
                demand.recorded().stream().map(Recorded::scope));
    }

    private boolean isQuiet(RoleScope scope) {
        return calls.quietUntil(scope.subscriptionId()).isPresent();
    }

    private List<Assignment> ours(GrantDemand demand) {
        return found.stream().filter(demand.name()::made).toList();
    }

    private static Optional<Assignment> goal(GrantDemand demand, Map<Role, String> roles, Wish wish) {
        return demand.principal()
                .known()
                .flatMap(principal -> Optional.ofNullable(roles.get(wish.role()))
                        .map(role -> demand.name().assignment(principal, role, wish.scope())));
    }

    // ---- how it stands

    private GrantOutcome outcome(GrantDemand demand, Map<Role, String> roles, Instant now) {
        GrantPlan plan = plan(demand, roles, now);
        List<Line> lines = new ArrayList<>();
        if (demand.stance() != Stance.REMOVE) {
            plan.standings().forEach((wish, standing) -> lines.add(line(demand, roles, wish, standing)));
        }
        leaving(demand, plan)
                .forEach(one -> lines.add(new Line(
                        role(demand, roles, one),
                        one.scope(),
                        Optional.of(one.id()),
                        State.REMOVING,
                        setbacks.fault(one).or(() -> setbacks.fault(THE_LOOK)))));
        if (demand.stance() == Stance.HOLD) {
            ours(demand).stream()
                    .filter(one -> lines.stream()
                            .noneMatch(line ->
                                    line.id().filter(one.id()::equalsIgnoreCase).isPresent()))
                    .forEach(one -> lines.add(new Line(
                            role(demand, roles, one),
                            one.scope(),
                            Optional.of(one.id()),
                            State.ASSIGNED,
                            Optional.empty())));
        }
        if (!complete) {
            // Not looked at yet: it goes on being named.
            demand.recorded().stream()
                    .filter(one -> lines.stream()
                            .noneMatch(line ->
                                    line.id().filter(one.id()::equalsIgnoreCase).isPresent()))
                    .forEach(one -> lines.add(new Line(
                            one.role(),
                            one.scope(),
                            Optional.of(one.id()),
                            demand.stance() == Stance.HOLD ? State.ASSIGNED : State.REMOVING,
                            setbacks.fault(THE_LOOK))));
        }
        boolean cleared =
                demand.stance() == Stance.REMOVE && complete && ours(demand).isEmpty();
        return new GrantOutcome(demand.machine(), demand.stance(), lines, cleared);
    }

    private List<Assignment> leaving(GrantDemand demand, GrantPlan plan) {
        List<Assignment> leaving = new ArrayList<>(plan.deletes());
        leaving.addAll(plan.later());
        if (demand.principal() instanceof Principal.Unknown && demand.stance() == Stance.MAINTAIN) {
            // Nothing is done about them before it is known whose they are; those that are listed have a line of their
            // own.
            ours(demand).stream()
                    .filter(one -> demand.wishes().stream()
                            .noneMatch(wish -> recorded(demand, wish)
                                    .filter(r -> r.is(one))
                                    .isPresent()))
                    .forEach(leaving::add);
        }
        return leaving;
    }

    private Line line(GrantDemand demand, Map<Role, String> roles, Wish wish, Standing standing) {
        Optional<Assignment> goal = goal(demand, roles, wish);
        Optional<String> id = goal.map(Assignment::id);
        if (standing == Standing.BY_OTHERS || goal.filter(taken::contains).isPresent()) {
            return line(wish, Optional.empty(), State.BY_OTHERS, Optional.empty());
        }
        if (standing == Standing.ASSIGNED) {
            return line(wish, id, State.ASSIGNED, Optional.empty());
        }
        if (demand.principal().known().isEmpty()) {
            Optional<Recorded> recorded = recorded(demand, wish);
            boolean there = demand.principal() instanceof Principal.Unknown
                    && recorded.filter(one -> ours(demand).stream().anyMatch(one::is))
                            .isPresent();
            return line(
                    wish,
                    demand.principal() instanceof Principal.Unknown ? recorded.map(Recorded::id) : Optional.empty(),
                    there ? State.ASSIGNED : State.WITHOUT_PRINCIPAL,
                    Optional.empty());
        }
        if (!wish.allowed()) {
            return line(wish, Optional.empty(), State.WITHHELD, Optional.empty());
        }
        Optional<Fault> fault = setbacks.fault(Triple.of(demand, wish))
                .or(() -> setbacks.fault(wish.role()))
                .or(() -> setbacks.fault(THE_LOOK));
        return line(wish, id, State.ASSIGNING, fault);
    }

    private static Line line(Wish wish, Optional<String> id, State state, Optional<Fault> fault) {
        return new Line(wish.role().text(), wish.scope(), id, state, fault);
    }

    private static Optional<Recorded> recorded(GrantDemand demand, Wish wish) {
        return demand.recorded().stream()
                .filter(one -> one.scope().equals(wish.scope())
                        && one.role().equalsIgnoreCase(wish.role().text()))
                .findFirst();
    }

    /** As a user wrote it, where one did. */
    private static String role(GrantDemand demand, Map<Role, String> roles, Assignment assignment) {
        return demand.wishes().stream()
                .filter(wish ->
                        goal(demand, roles, wish).filter(assignment::equals).isPresent())
                .map(wish -> wish.role().text())
                .findFirst()
                .or(() -> demand.recorded().stream()
                        .filter(one -> one.is(assignment))
                        .map(Recorded::role)
                        .findFirst())
                .orElse(assignment.role());
    }

    private Optional<Instant> next(GrantDemand demand, GrantOutcome outcome, Instant now) {
        if (outcome.cleared()) {
            return Optional.empty();
        }
        Instant next = lookAt == null || !now.isBefore(lookAt) ? now.plus(timing.observe()) : lookAt;
        List<Optional<Instant>> others = new ArrayList<>();
        others.add(setbacks.nextTry(now));
        others.add(Optional.ofNullable(turn).filter(now::isBefore));
        if (principalSince != null && !isCertain(now)) {
            others.add(Optional.of(principalSince.plus(timing.gone())));
        }
        scopes(demand).map(scope -> calls.quietUntil(scope.subscriptionId())).forEach(others::add);
        for (Optional<Instant> other : others) {
            next = other.isPresent() && other.get().isBefore(next) ? other.get() : next;
        }
        return Optional.of(next);
    }

    private static void log(String what, Assignment assignment) {
        LOG.atInfo()
                .addKeyValue("assignment", assignment.id())
                .addKeyValue("principal", assignment.principal())
                .addKeyValue("role", assignment.role())
                .log(what);
    }
}
