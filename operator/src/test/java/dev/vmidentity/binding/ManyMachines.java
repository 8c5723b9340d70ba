package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.binding.Contribution.Ask;
import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeAzure;
import dev.vmidentity.fakes.FakeAzure.Request;
import dev.vmidentity.status.BindingStatus;
import dev.vmidentity.status.BindingView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;

/** Many machines, a binding for each, and one process of the operator; time passes as the workers ask for it. */
final class ManyMachines {
    static final ArmId WEB = ArmId.userAssignedIdentity(Scene.SUBSCRIPTION, "rg-ids", "web");

    /** As many machines as one request to Resource Graph names. */
    private static final int NAMED = 500;

    final Scene.HandClock clock;
    final FakeAzure azure;
    final MemoryLedgers ledgers = new MemoryLedgers();

    private final Map<TargetId, List<Contribution>> bindings = new HashMap<>();
    private final Map<TargetId, Worker> workers = new HashMap<>();
    private final Map<TargetId, Instant> due = new HashMap<>();
    private final Map<TargetId, Published> told = new HashMap<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparing(Alarm::moment).thenComparing(Alarm::target));
    private final Machines machines;
    private final Identities identities;
    private final Fleet fleet;
    private Glances glances;
    private Budgets budgets;

    private record Alarm(Instant moment, TargetId target) {}

    /** In memory. */
    ManyMachines() {
        this(new Scene.HandClock());
    }

    private ManyMachines(Scene.HandClock clock) {
        this(clock, new FakeAzure(clock));
    }

    private ManyMachines(Scene.HandClock clock, FakeAzure azure) {
        this(clock, azure, azure.machines(), azure.identities(), azure.fleet());
    }

    /** In another Azure, of the same clock. */
    ManyMachines(Scene.HandClock clock, Machines machines, Identities identities, Fleet fleet) {
        this(clock, new FakeAzure(clock), machines, identities, fleet);
    }

    private ManyMachines(
            Scene.HandClock clock, FakeAzure azure, Machines machines, Identities identities, Fleet fleet) {
        this.clock = clock;
        this.azure = azure;
        this.machines = machines;
        this.identities = identities;
        this.fleet = fleet;
        this.glances = Glances.alone(fleet, clock);
        this.budgets = Budgets.ofAzureAlone(clock);
        azure.makeIdentity(WEB);
        azure.makeGroup(Scene.SUBSCRIPTION, "rg-vms");
    }

    static TargetId machine(int number) {
        return TargetId.of(MachineKind.VIRTUAL_MACHINE, Scene.SUBSCRIPTION, "rg-vms", "vm-" + number);
    }

    void bind(TargetId target, ArmId... ids) {
        bindings.put(
                target,
                List.of(new Contribution(
                        new Holder("uid-" + target.name(), "team-a", target.name(), Release.DETACH),
                        false,
                        Optional.of(target),
                        List.of(ids).stream()
                                .map(id -> new Ask(id, true, false))
                                .toList(),
                        SystemAsk.NOTHING,
                        Manner.SHARED,
                        Guard.NONE,
                        true)));
        submit(target);
    }

    void submit(TargetId target) {
        wake(target, clock.instant());
    }

    /** Everything is attached, by a process that knows no bounds. */
    void converge(Duration time) {
        pass(time);
        azure.forgetRequests();
    }

    /** A new process, with Azure's budgets, which looks at all machines that have a binding. */
    void restart() {
        glances = new Glances(fleet, Runnable::run, Scene.TIMING, clock);
        budgets = new Budgets(clock);
        workers.clear();
        due.clear();
        alarms.clear();
        told.clear();
        bindings.keySet().forEach(this::submit);
    }

    void pass(Duration time) {
        Instant end = clock.instant().plus(time);
        while (!alarms.isEmpty() && !alarms.peek().moment().isAfter(end)) {
            Alarm alarm = alarms.remove();
            if (alarm.moment().equals(due.get(alarm.target()))) {
                clock.advanceTo(alarm.moment());
                round(alarm.target());
            }
        }
        clock.advanceTo(end);
    }

    Worker.Rounded round(TargetId target) {
        Worker.Rounded rounded = workers.computeIfAbsent(target, this::worker).round();
        if (rounded.tells()) {
            told.put(target, rounded.published());
        }
        due.remove(target);
        rounded.next().ifPresent(next -> wake(target, next));
        return rounded;
    }

    private void wake(TargetId target, Instant moment) {
        due.put(target, moment);
        alarms.add(new Alarm(moment, target));
    }

    private Worker worker(TargetId target) {
        return new Worker(
                target,
                machines,
                identities,
                new FakeAzure(clock).instances(),
                ledgers,
                RoleKnowledge.NONE,
                of -> Objects.requireNonNull(bindings.get(of)),
                of -> Optional.of(Objects.requireNonNull(bindings.get(of))),
                new Brake(10, _ -> true, () -> 0, clock),
                glances,
                budgets,
                Scene.TIMING,
                clock);
    }

    Optional<Published> told(TargetId target) {
        return Optional.ofNullable(told.get(target));
    }

    /** What the binding's status would be made, all of it. */
    Map<TargetId, VmIdentityBindingStatus> statuses(Map<TargetId, VmIdentityBindingStatus> before) {
        Map<TargetId, VmIdentityBindingStatus> statuses = new HashMap<>();
        told.forEach((target, published) -> statuses.put(
                target,
                BindingStatus.render(
                        new BindingView(
                                "uid-" + target.name(),
                                new BindingView.Target.Known(target),
                                List.of(new BindingView.Listed(Optional.empty(), Optional.of(WEB), Optional.empty())),
                                Optional.empty(),
                                Optional.empty(),
                                false),
                        Optional.of(published.outcome()),
                        before.get(target),
                        1,
                        clock.instant())));
        return statuses;
    }

    long reads() {
        return azure.requests().stream()
                .filter(request -> request instanceof Request.Read)
                .count();
    }

    long patches() {
        return azure.requests().stream()
                .filter(request -> request instanceof Request.Patched)
                .count();
    }

    /** Requests that ask for many, as the adapter would send them. */
    long questions() {
        return azure.requests().stream()
                .mapToLong(request -> request instanceof Request.Asked(int named) ? (named + NAMED - 1) / NAMED : 0)
                .sum();
    }

    long requests() {
        return azure.requests().stream()
                        .filter(request -> !(request instanceof Request.Asked))
                        .count()
                + questions();
    }
}
