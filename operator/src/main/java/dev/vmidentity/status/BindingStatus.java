package dev.vmidentity.status;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.TargetType;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.Foreign;
import dev.vmidentity.api.VmIdentityBindingStatus.Instances;
import dev.vmidentity.api.VmIdentityBindingStatus.Pending;
import dev.vmidentity.api.VmIdentityBindingStatus.SystemAssigned;
import dev.vmidentity.api.VmIdentityBindingStatus.Target;
import dev.vmidentity.api.VmIdentityBindingStatus.UserAssigned;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.DefaultIdentityGuard.Refusal;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.core.TargetId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The status of a binding, from its own facts and how its machine stands. */
public final class BindingStatus {
    private final BindingView view;
    private final Optional<TargetId> target;
    private final Optional<Outcome> outcome;
    private final Optional<Observation> seen;
    private final List<Entry> userAssigned;
    private final Optional<Entry> systemAssigned;
    private final @Nullable Instances instances;
    private final RoleLines roles;

    private BindingStatus(
            BindingView view, RolesView roles, Optional<Outcome> latest, @Nullable VmIdentityBindingStatus previous) {
        this.view = view;
        this.target = switch (view.target()) {
            case BindingView.Target.Known(TargetId id) -> Optional.of(id);
            case BindingView.Target.Matching _, BindingView.Target.Unknown _ -> Optional.empty();
        };
        this.outcome = latest.filter(o -> target.filter(o.target()::equals).isPresent());
        this.seen = outcome.flatMap(Outcome::seen);
        var entries = new Entries(
                outcome,
                refusal -> text(outcome.orElseThrow()).refused(refusal),
                outcome.<Map<IdentityKey, Refusal>>map(Outcome::refusals).orElse(Map.of()),
                view.kept(),
                view.observes(),
                view.beingDeleted());
        this.userAssigned =
                view.userAssigned().stream().map(entries::userAssigned).toList();
        this.systemAssigned = view.systemAssigned().map(entries::systemAssigned);
        // A new process that has seen a scale set in passing has not counted yet.
        boolean uncounted =
                seen.isPresent() && outcome.flatMap(Outcome::rollout).isEmpty();
        this.instances = uncounted && previous != null && speaksOfTheSameMachine(previous)
                ? previous.instances()
                : outcome.flatMap(known -> RolloutText.counted(known, view.upgradesInstances()))
                        .orElse(null);
        this.roles = RoleLines.of(roles, target);
    }

    /**
     * The status.
     *
     * @param outcome of the binding's machine; empty before the first, and one of another machine counts as none
     * @param previous the status as it is now; null when there is none
     * @param generation the {@code metadata.generation} that the view was made from
     */
    public static VmIdentityBindingStatus render(
            BindingView view,
            Optional<Outcome> outcome,
            @Nullable VmIdentityBindingStatus previous,
            long generation,
            Instant now) {
        return render(view, RolesView.NONE, outcome, previous, generation, now);
    }

    /** The same, with roles. */
    public static VmIdentityBindingStatus render(
            BindingView view,
            RolesView roles,
            Optional<Outcome> outcome,
            @Nullable VmIdentityBindingStatus previous,
            long generation,
            Instant now) {
        return new BindingStatus(view, roles, outcome, previous).render(previous, generation, now);
    }

    private VmIdentityBindingStatus render(@Nullable VmIdentityBindingStatus previous, long generation, Instant now) {
        List<Condition> before = previous == null ? List.of() : previous.conditions();
        var pending = pending();
        return new VmIdentityBindingStatus(
                generation,
                target.map(BindingStatus::target).orElse(null),
                null,
                target.map(TargetId::name).orElse(null),
                systemAssigned(),
                userAssigned(),
                pending.attach().isEmpty() && pending.detach().isEmpty() ? null : pending,
                view.forecast().map(BindingStatus::foreign).orElse(null),
                count(),
                instances,
                defaultIdentity(
                        Conditions.of(before, generation, ready(pending), now), previous, before, generation, now));
    }

    /** Adds what is to be said of the machine's default identity. */
    private List<Condition> defaultIdentity(
            List<Condition> conditions,
            @Nullable VmIdentityBindingStatus previous,
            List<Condition> before,
            long generation,
            Instant now) {
        var type = ConditionType.DefaultIdentityChanged;
        if (!view.telling().changes() || view.beingDeleted()) {
            return conditions;
        }
        boolean decided = seen.filter(o -> !o.state().operationRuns()).isPresent()
                || outcome.flatMap(Outcome::absence).isPresent();
        if (!decided && speaksOfTheSameMachine(previous)) {
            // It was so when the machine was last seen, and to say it anew would be another Event. An operation may
            // fail.
            return Conditions.find(before, type)
                    .map(said -> Conditions.and(
                            conditions,
                            before,
                            type,
                            said.status(),
                            generation,
                            new Explanation(said.reason(), said.message()),
                            now))
                    .orElse(conditions);
        }
        if (view.observes()) {
            return view.forecast()
                    .flatMap(BindingView.Forecast::defaultIdentity)
                    .map(change -> text(outcome.orElseThrow()).wouldChange(change))
                    .map(why -> Conditions.and(conditions, before, type, ConditionStatus.False, generation, why, now))
                    .orElse(conditions);
        }
        return outcome.flatMap(o -> o.defaultChangedBy(view.uid()).map(change -> text(o).changed(change)))
                .map(why -> Conditions.and(conditions, before, type, ConditionStatus.True, generation, why, now))
                .orElse(conditions);
    }

    private boolean speaksOfTheSameMachine(@Nullable VmIdentityBindingStatus previous) {
        Target told = previous == null ? null : previous.target();
        return told != null && told.equals(target.map(BindingStatus::target).orElse(null));
    }

    private DefaultIdentityText text(Outcome latest) {
        Set<IdentityKey> own = view.userAssigned().stream()
                .flatMap(listed -> listed.id().stream())
                .map(IdentityKey::of)
                .collect(Collectors.toSet());
        return new DefaultIdentityText(latest, own, view.telling().nameable());
    }

    /** The gravest of what is to be said, the machine before its identities. */
    private Explanation ready(Pending pending) {
        if (view.target() instanceof BindingView.Target.Unknown(Explanation why)) {
            return why;
        }
        List<Explanation> all = new ArrayList<>();
        view.hindrance().ifPresent(all::add);
        machine(pending).ifPresent(all::add);
        ofEntries().ifPresent(all::add);
        roles.ready().ifPresent(all::add);
        if (view.upgradesInstances() && !view.beingDeleted()) {
            outcome.flatMap(RolloutText::unfinished).ifPresent(all::add);
        }
        if (!pending.detach().isEmpty() && !view.observes()) {
            all.add(new Explanation(
                    Reason.Detaching, "Azure is detaching what is no longer wanted on " + name() + "."));
        }
        kept(kept -> view.beingDeleted() || !kept.listed()).forEach(all::add);
        // Of equals the first.
        return all.stream()
                .max(Explanation.GRAVITY)
                .filter(gravest -> !gravest.isSettled())
                .orElseGet(this::attached);
    }

    /** Why what the binding no longer asks for stays, in a lasting order. */
    private Stream<Explanation> kept(Predicate<BindingView.Kept> which) {
        return new TreeMap<>(view.kept()).values().stream().filter(which).map(BindingView.Kept::why);
    }

    /**
     * What stands in the way on the machine. While all is as wished, only what needs a person is told: a read that fails
     * for a minute does not make what was seen untrue.
     */
    private Optional<Explanation> machine(Pending pending) {
        if (outcome.isEmpty()) {
            return Optional.of(new Explanation(Reason.Observing, "The operator has yet to see " + name() + "."));
        }
        boolean rests = seen.isPresent()
                && pending.attach().isEmpty()
                && pending.detach().isEmpty()
                && outcome.get().absence().isEmpty();
        return outcome.flatMap(MachineText::obstacle)
                .filter(obstacle -> !(view.observes() && seen.isPresent()))
                .filter(obstacle -> !rests || obstacle.reason().outlook() == Reason.Outlook.NeedsAPerson);
    }

    private Optional<Explanation> ofEntries() {
        List<Entry> open =
                entries().stream().filter(entry -> !entry.detail().isSettled()).toList();
        return open.stream()
                .max((one, other) -> Explanation.GRAVITY.compare(one.detail(), other.detail()))
                .map(gravest -> told(gravest, open));
    }

    private static Explanation told(Entry gravest, List<Entry> open) {
        var others = open.size() - 1;
        var more = others == 0 ? "" : " (" + others + " more: see status.)";
        var said =
                Text.bounded(gravest.label() + ": " + gravest.detail().message(), Explanation.LONGEST - more.length());
        return new Explanation(gravest.reason(), said + more);
    }

    private Explanation attached() {
        if (view.beingDeleted()) {
            return new Explanation(Reason.Detaching, "Nothing of this binding is left on " + name() + ".");
        }
        if (view.observes()) {
            return observed();
        }
        return new Explanation(
                Reason.Attached,
                Stream.of(
                                Stream.of("Everything is on " + name() + " as declared."),
                                behind().stream(),
                                kept(BindingView.Kept::listed).map(Explanation::message))
                        .flatMap(each -> each)
                        .collect(Collectors.joining(" ")));
    }

    /** How many instances are not on the latest model, and what brings them there, where that is nobody's wish. */
    private Optional<String> behind() {
        return Optional.ofNullable(instances)
                .filter(counted -> !view.upgradesInstances() && counted.latestModel() != null)
                .map(Instances::message);
    }

    private Explanation observed() {
        int attach = view.forecast().map(forecast -> forecast.attach().size()).orElse(0);
        int detach = view.forecast().map(forecast -> forecast.detach().size()).orElse(0);
        return new Explanation(
                Reason.Observed,
                attach + detach == 0
                        ? "Only observed: everything is on " + name() + " as declared."
                        : "Only observed: on " + name() + " " + attach + " would be attached and " + detach
                                + " detached, see status.pending. managementPolicy: Manage has it done.");
    }

    private String name() {
        return target.map(TargetId::name).orElse("the machine");
    }

    private List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        systemAssigned.ifPresent(entries::add);
        entries.addAll(userAssigned);
        return entries;
    }

    private static @Nullable Foreign foreign(BindingView.Forecast forecast) {
        return forecast.foreign().isEmpty() && forecast.more() == 0
                ? null
                : new Foreign(forecast.foreign(), forecast.more());
    }

    private Pending pending() {
        if (view.observes() && !view.beingDeleted()) {
            return view.forecast()
                    .map(forecast -> new Pending(
                            capped(new TreeSet<>(forecast.attach())), capped(new TreeSet<>(forecast.detach()))))
                    .orElse(new Pending(List.of(), List.of()));
        }
        Set<String> attach = new TreeSet<>();
        Set<String> detach = new TreeSet<>();
        boolean off = view.beingDeleted();
        userAssigned.stream().filter(Entry::remains).forEach(entry -> add(entry, off ? detach : attach));
        boolean disable = view.systemAssigned().filter(wish -> !wish.enabled()).isPresent();
        systemAssigned.filter(Entry::remains).ifPresent(entry -> add(entry, off || disable ? detach : attach));
        Set<String> listed = new HashSet<>();
        entries().forEach(entry -> add(entry, listed));
        outcome.ifPresent(o -> o.ledger().claims().values().stream()
                .filter(claim -> !listed.contains(claim.id().value()) && Entries.leaves(claim, view.uid()))
                .filter(claim -> !staysForItsSake(o, claim) && !staysForOthers(claim))
                .forEach(claim -> detach.add(claim.id().value())));
        return outcome.isEmpty() ? new Pending(List.of(), List.of()) : new Pending(capped(attach), capped(detach));
    }

    /** It was enabled by this binding, which no longer speaks of it: that leaves it as it is. */
    private boolean staysForItsSake(Outcome known, Claim claim) {
        TargetDemand.Wish wish = known.demand().wish(claim.id());
        return wish.demand() == Demand.KEEP
                && wish.holders().stream().anyMatch(holder -> holder.binding().equals(view.uid()));
    }

    /** Another binding asks for it: if that one acted, it would be that one's. */
    private boolean staysForOthers(Claim claim) {
        BindingView.Kept kept = view.kept().get(claim.id());
        return kept != null && kept.listed() && !view.beingDeleted();
    }

    private static void add(Entry entry, Set<String> keys) {
        entry.key().map(IdentityKey::value).ifPresent(keys::add);
    }

    private static List<String> capped(Set<String> keys) {
        return keys.stream().limit(MOST_PENDING).toList();
    }

    /** As the schema says. */
    private static final int MOST_PENDING = 151;

    private String count() {
        var wished = entries().stream().filter(entry -> !isDisabling(entry)).toList();
        return wished.stream().filter(Entry::there).count() + "/" + wished.size();
    }

    private boolean isDisabling(Entry entry) {
        return view.systemAssigned().filter(wish -> !wish.enabled()).isPresent()
                && systemAssigned.filter(entry::equals).isPresent();
    }

    private List<UserAssigned> userAssigned() {
        List<UserAssigned> rendered = new ArrayList<>();
        for (int i = 0; i < userAssigned.size(); i++) {
            rendered.add(userAssigned(view.userAssigned().get(i), userAssigned.get(i)));
        }
        return rendered;
    }

    private UserAssigned userAssigned(BindingView.Listed listed, Entry entry) {
        Optional<Observation.AttachedIdentity> attached =
                entry.key().flatMap(key -> seen.map(o -> o.userAssigned().get(key)));
        return new UserAssigned(
                listed.name().orElse(null),
                listed.id().map(ArmId::value).orElse(null),
                attached.map(Observation.AttachedIdentity::clientId).orElse(null),
                attached.map(Observation.AttachedIdentity::principalId).orElse(null),
                entry.state(),
                entry.reason(),
                entry.message());
    }

    /** Of a binding that no longer speaks of the machine's own identity, while roles are left of when it did. */
    private @Nullable SystemAssigned systemAssigned() {
        if (systemAssigned.isEmpty() && roles.entries().isEmpty()) {
            return null;
        }
        Optional<Observation.SystemIdentity> present = seen.flatMap(Observation::systemAssigned);
        return new SystemAssigned(
                present.map(Observation.SystemIdentity::principalId).orElse(null),
                present.map(Observation.SystemIdentity::tenantId).orElse(null),
                systemAssigned.map(Entry::state).orElse(null),
                systemAssigned.map(Entry::reason).orElse(null),
                systemAssigned.map(Entry::message).orElse(null),
                roles.entries());
    }

    private static Target target(TargetId id) {
        return new Target(
                id.id().value(),
                id.name(),
                switch (id.kind()) {
                    case VIRTUAL_MACHINE -> TargetType.VirtualMachine;
                    case SCALE_SET -> TargetType.VirtualMachineScaleSet;
                });
    }
}
