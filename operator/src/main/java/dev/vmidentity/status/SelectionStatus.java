package dev.vmidentity.status;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.Reason.Outlook;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.Failing;
import dev.vmidentity.api.VmIdentityBindingStatus.Foreign;
import dev.vmidentity.api.VmIdentityBindingStatus.Pending;
import dev.vmidentity.api.VmIdentityBindingStatus.SystemAssigned;
import dev.vmidentity.api.VmIdentityBindingStatus.Targets;
import dev.vmidentity.api.VmIdentityBindingStatus.UserAssigned;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.RolesView.Wished;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a binding with a selector: what there is to say of all its machines, and never longer for more of them. */
public final class SelectionStatus {
    private static final int MOST_FAILING = 20;
    private static final int MOST_PENDING = 151;
    private static final int MOST_FOREIGN = 50;
    private static final int LONGEST_FAILING = 512;
    private static final int LONGEST_EXAMPLE = 600;

    /** The gravest machines first, and of these always the same ones. */
    private static final Comparator<Map.Entry<TargetId, VmIdentityBindingStatus>> GRAVEST_FIRST =
            Comparator.<Map.Entry<TargetId, VmIdentityBindingStatus>, Explanation>comparing(
                            entry -> ready(entry.getValue()), Explanation.GRAVITY)
                    .reversed()
                    .thenComparing(Map.Entry::getKey);

    private final BindingView view;
    private final List<Wished> wishes;
    private final Roster roster;
    private final List<Map.Entry<TargetId, VmIdentityBindingStatus>> open;

    private SelectionStatus(BindingView view, List<Wished> wishes, Roster roster) {
        this.view = view;
        this.wishes = wishes;
        this.roster = roster;
        this.open = roster.cards().entrySet().stream()
                .filter(entry -> !Roster.isConverged(entry.getValue()))
                .sorted(GRAVEST_FIRST)
                .toList();
    }

    /**
     * The status.
     *
     * @param wishes the roles that the binding lists
     * @param previous the status as it is now; null when there is none
     * @param generation the {@code metadata.generation} that the view was made from
     */
    public static VmIdentityBindingStatus render(
            BindingView view,
            List<Wished> wishes,
            Roster roster,
            @Nullable VmIdentityBindingStatus previous,
            long generation,
            Instant now) {
        return new SelectionStatus(view, wishes, roster).render(previous, generation, now);
    }

    private VmIdentityBindingStatus render(@Nullable VmIdentityBindingStatus previous, long generation, Instant now) {
        List<Condition> before = previous == null ? List.of() : previous.conditions();
        return new VmIdentityBindingStatus(
                generation,
                null,
                roster.known() ? targets() : null,
                roster.known() ? "selector: " + machines(roster.matched()) : "selector",
                systemAssigned(),
                userAssigned(),
                pending(),
                foreign(),
                count(),
                AcrossMachines.instances(roster.cards().values()),
                conditions(before, generation, now));
    }

    private List<Condition> conditions(List<Condition> before, long generation, Instant now) {
        List<Condition> conditions = Conditions.of(before, generation, ready(), now);
        return AcrossMachines.defaultIdentity(roster.cards())
                .map(why -> Conditions.and(
                        conditions,
                        before,
                        ConditionType.DefaultIdentityChanged,
                        ConditionStatus.True,
                        generation,
                        why,
                        now))
                .orElse(conditions);
    }

    // ---- the binding as a whole

    private Explanation ready() {
        if (view.beingDeleted()) {
            String leaving = "What this binding put on machines is being detached; " + roster.leaving() + " are left.";
            return view.kept().values().stream()
                    .map(kept -> new Explanation(
                            kept.why().reason(),
                            leaving + " On one of them: " + kept.why().message()))
                    .findFirst()
                    .orElseGet(() -> new Explanation(Reason.Detaching, leaving));
        }
        List<Explanation> all = new ArrayList<>();
        view.hindrance().ifPresent(all::add);
        // Who observes detaches nothing, and nothing has to be confirmed.
        roster.held().filter(_ -> !view.observes()).map(this::held).ifPresent(all::add);
        if (!roster.known()) {
            all.add(roster.unlisted()
                    .map(SelectionStatus::unlisted)
                    .orElseGet(() -> new Explanation(
                            Reason.Observing, "The operator has yet to list the machines that match.")));
        }
        gravest().ifPresent(all::add);
        if (roster.moved() > 0 && !view.observes()) {
            all.add(new Explanation(
                    Reason.Detaching,
                    "What this binding put on " + machines(roster.moved())
                            + " that it no longer selects is being detached there."));
        }
        // Of equals the first.
        return all.stream()
                .max(Explanation.GRAVITY)
                .filter(most -> !most.isSettled())
                .orElseGet(this::settled);
    }

    private Optional<Explanation> gravest() {
        int untold = roster.matched() - roster.cards().size();
        String done = "Everything is as declared on " + converged() + " of " + machines(roster.matched()) + ". ";
        if (open.isEmpty()) {
            return untold == 0
                    ? Optional.empty()
                    : Optional.of(new Explanation(
                            Reason.Attaching, done + "The operator has yet to see " + untold + " of them."));
        }
        Explanation first = ready(open.getFirst().getValue());
        if (first.reason().outlook() == Outlook.Underway) {
            return Optional.of(new Explanation(first.reason(), done + "The others are being worked on."));
        }
        return Optional.of(new Explanation(
                first.reason(),
                done + "On " + failed() + " something stands in the way, such as on "
                        + open.getFirst().getKey().name() + ": " + Text.bounded(first.message(), LONGEST_EXAMPLE)
                        + " See status.targets.failing."));
    }

    private Explanation settled() {
        String more = notAllowed() + leaving();
        if (roster.unlisted().isPresent()) {
            return new Explanation(
                    Reason.MatchOutdated,
                    "Everything is on the " + machines(roster.matched()) + " that matched when they were last listed. "
                            + because(roster.unlisted().get()) + more);
        }
        if (roster.matched() == 0) {
            return new Explanation(
                    Reason.NoMachineMatches,
                    "The selector matches no machine" + (roster.notAllowed() > 0 ? " that the namespace may bind" : "")
                            + ". One that comes to match gets the identities." + more);
        }
        if (view.observes()) {
            Pending would = pending();
            return new Explanation(
                    Reason.Observed,
                    would == null
                            ? "Only observed: everything is on " + all() + " as declared." + more
                            : "Only observed: status.pending tells what would change on some of "
                                    + machines(roster.matched())
                                    + ". managementPolicy: Manage has it done." + more);
        }
        return new Explanation(
                Reason.Attached,
                "Everything is on " + all() + " that match" + (roster.matched() == 1 ? "es" : "") + ", as declared."
                        + more);
    }

    private String notAllowed() {
        return roster.notAllowed() == 0
                ? ""
                : " " + machines(roster.notAllowed()) + " that match are left out: the namespace's annotation"
                        + " vmidentity.dev/targets does not cover them.";
    }

    private String leaving() {
        return roster.leaving() == 0
                ? ""
                : " On " + machines(roster.leaving()) + " that matched before, something of this binding is left; it "
                        + (view.observes()
                                ? "stays as long as this binding only observes."
                                : "is let go when Azure confirms that they no longer match.");
    }

    private Explanation held(Roster.Held held) {
        return new Explanation(
                Reason.DetachesHeld,
                "Of " + machines(held.holding()) + " on which this binding has put something, " + held.missing()
                        + " suddenly match the selector no longer, and its spec has not changed. Nothing is detached"
                        + " there. Bring the machines' tags back; or, if it is meant, confirm: kubectl annotate vmib"
                        + " --namespace " + held.namespace() + " " + held.name() + " --overwrite"
                        + " vmidentity.dev/confirm-detach=$(date -u +%FT%TZ)");
    }

    private static Explanation unlisted(Fault fault) {
        return new Explanation(FaultText.ofList(fault).reason(), because(fault));
    }

    private static String because(Fault fault) {
        return "The machines that match cannot be listed at present: "
                + FaultText.ofList(fault).message();
    }

    // ---- counts and lists

    private Targets targets() {
        List<Failing> failing = open.stream()
                .filter(entry -> isFailing(entry.getValue()))
                .limit(MOST_FAILING)
                .map(entry -> new Failing(
                        entry.getKey().id().value(),
                        ready(entry.getValue()).reason(),
                        Text.bounded(ready(entry.getValue()).message(), LONGEST_FAILING)))
                .toList();
        return new Targets(roster.matched(), converged(), failed(), roster.leaving(), roster.notAllowed(), failing);
    }

    private int converged() {
        return roster.cards().size() - open.size();
    }

    private int failed() {
        return (int) open.stream().filter(entry -> isFailing(entry.getValue())).count();
    }

    private static boolean isFailing(VmIdentityBindingStatus card) {
        return Roster.reason(card).outlook() != Outlook.Underway;
    }

    private static String machines(int count) {
        return count == 1 ? "1 machine" : count + " machines";
    }

    private String all() {
        return roster.matched() == 1 ? "the 1 machine" : "all " + machines(roster.matched());
    }

    private @Nullable Pending pending() {
        List<String> attach = distinct(Pending::attach);
        List<String> detach = distinct(Pending::detach);
        return attach.isEmpty() && detach.isEmpty() ? null : new Pending(attach, detach);
    }

    private List<String> distinct(Function<Pending, List<String>> side) {
        return roster.cards().values().stream()
                .map(VmIdentityBindingStatus::pending)
                .filter(Objects::nonNull)
                .flatMap(pending -> side.apply(pending).stream())
                .distinct()
                .sorted()
                .limit(MOST_PENDING)
                .toList();
    }

    private @Nullable Foreign foreign() {
        List<Foreign> all = roster.cards().values().stream()
                .map(VmIdentityBindingStatus::foreign)
                .filter(Objects::nonNull)
                .toList();
        List<String> named = all.stream()
                .flatMap(one -> one.identities().stream())
                .distinct()
                .sorted()
                .toList();
        int unnamed = all.stream().mapToInt(Foreign::others).sum();
        int beyond = Math.max(0, named.size() - MOST_FOREIGN);
        return named.isEmpty() && unnamed == 0
                ? null
                : new Foreign(named.stream().limit(MOST_FOREIGN).toList(), unnamed + beyond);
    }

    // ---- identities

    /** How one wish stands on all machines: the gravest decides. */
    private record Everywhere(
            IdentityState state, Reason reason, @Nullable String message) {}

    private List<UserAssigned> userAssigned() {
        List<UserAssigned> rendered = new ArrayList<>();
        for (int i = 0; i < view.userAssigned().size(); i++) {
            rendered.add(userAssigned(view.userAssigned().get(i), i));
        }
        return rendered;
    }

    private UserAssigned userAssigned(BindingView.Listed listed, int index) {
        List<UserAssigned> everywhere = roster.cards().values().stream()
                .map(card -> card.userAssigned().get(index))
                .toList();
        Everywhere all = everywhere(
                listed.hindrance(),
                everywhere.stream()
                        .map(one -> new Everywhere(state(one.state()), reason(one.reason()), one.message()))
                        .toList());
        return new UserAssigned(
                listed.name().orElse(null),
                listed.id().map(ArmId::value).orElse(null),
                first(everywhere, UserAssigned::clientId),
                first(everywhere, UserAssigned::principalId),
                all.state(),
                all.reason(),
                all.message());
    }

    /** It has another principal on each machine: those are in the ledgers. */
    private @Nullable SystemAssigned systemAssigned() {
        if (view.systemAssigned().isEmpty()) {
            return null;
        }
        List<Everywhere> everywhere = roster.cards().values().stream()
                .map(VmIdentityBindingStatus::systemAssigned)
                .filter(Objects::nonNull)
                .map(one -> new Everywhere(state(one.state()), reason(one.reason()), one.message()))
                .toList();
        Everywhere all = everywhere(view.systemAssigned().get().hindrance(), everywhere);
        boolean off = all.reason() == Reason.Disabled;
        return new SystemAssigned(
                null,
                null,
                off ? null : all.state(),
                all.reason(),
                all.message(),
                RolesAcrossMachines.of(wishes, roster, view.beingDeleted()));
    }

    private Everywhere everywhere(Optional<Explanation> hindrance, List<Everywhere> machines) {
        if (hindrance.isPresent() && !view.beingDeleted()) {
            Explanation why = hindrance.get();
            return new Everywhere(Entry.stateOf(why.reason()), why.reason(), why.message());
        }
        if (view.beingDeleted()) {
            return new Everywhere(IdentityState.Detaching, Reason.Detaching, null);
        }
        if (!roster.known()) {
            return new Everywhere(IdentityState.Waiting, Reason.Observing, null);
        }
        if (roster.matched() == 0) {
            return new Everywhere(IdentityState.Waiting, Reason.NoMachineMatches, null);
        }
        return gravest(machines);
    }

    private Everywhere gravest(Collection<Everywhere> machines) {
        int untold = roster.matched() - machines.size();
        Stream<Everywhere> yetToTell =
                untold > 0 ? Stream.of(new Everywhere(IdentityState.Waiting, Reason.Observing, null)) : Stream.empty();
        Everywhere most = Stream.concat(machines.stream(), yetToTell)
                .max(Comparator.comparing((Everywhere one) -> Explanation.of(one.reason()), Explanation.GRAVITY)
                        .thenComparing(Everywhere::reason))
                .orElseThrow();
        long alike =
                machines.stream().filter(one -> one.reason() == most.reason()).count();
        if (alike == roster.matched() && most.reason().outlook() == Outlook.Settled) {
            return new Everywhere(most.state(), most.reason(), null);
        }
        long so = most.reason() == Reason.Observing ? Math.max(alike, untold) : alike;
        return new Everywhere(
                most.state(),
                most.reason(),
                "So on " + so + " of " + machines(roster.matched()) + ". "
                        + most.reason().meaning());
    }

    private static IdentityState state(@Nullable IdentityState state) {
        return state == null ? IdentityState.Waiting : state;
    }

    private static Reason reason(@Nullable Reason reason) {
        return reason == null ? Reason.Observing : reason;
    }

    private static <T> @Nullable String first(List<T> all, Function<T, @Nullable String> what) {
        return all.stream().map(what).filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** How many of the identities are on all machines. */
    private String count() {
        int wished = view.userAssigned().size();
        int there = 0;
        for (int i = 0; i < wished; i++) {
            int index = i;
            there += isEverywhere(card -> card.userAssigned().get(index).state()) ? 1 : 0;
        }
        if (view.systemAssigned().filter(BindingView.SystemWish::enabled).isPresent()) {
            wished++;
            there += isEverywhere(card -> card.systemAssigned() == null
                            ? null
                            : card.systemAssigned().state())
                    ? 1
                    : 0;
        }
        return there + "/" + wished;
    }

    private boolean isEverywhere(Function<VmIdentityBindingStatus, @Nullable IdentityState> state) {
        return roster.matched() > 0
                && roster.cards().size() == roster.matched()
                && roster.cards().values().stream()
                        .map(state)
                        .allMatch(one -> one == IdentityState.Attached || one == IdentityState.AttachedByOthers);
    }

    private static Explanation ready(VmIdentityBindingStatus card) {
        Condition ready =
                Conditions.find(card.conditions(), ConditionType.Ready).orElseThrow();
        return new Explanation(ready.reason(), ready.message());
    }
}
