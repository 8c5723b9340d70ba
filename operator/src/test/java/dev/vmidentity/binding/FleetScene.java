package dev.vmidentity.binding;

import dev.vmidentity.api.AdoptionPolicy;
import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.Condition;
import dev.vmidentity.api.DefaultIdentityGuard;
import dev.vmidentity.api.InstanceUpgrade;
import dev.vmidentity.api.ManagementPolicy;
import dev.vmidentity.api.Ownership;
import dev.vmidentity.api.TargetType;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingSpec;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeAzure;
import dev.vmidentity.fakes.FakeRoleAssignments;
import dev.vmidentity.kube.Events;
import dev.vmidentity.kube.StatusWriter;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Many machines with tags, bindings with selectors, and everything of this package that moves them, on one thread. */
final class FleetScene {
    static final String GROUP = "/subscriptions/" + Scene.SUBSCRIPTION + "/resourceGroups/rg-vms";
    static final ArmId A = Scene.A;
    static final ArmId FOREIGN = Scene.FOREIGN;

    final Scene.HandClock clock = new Scene.HandClock();
    final FakeAzure azure = new FakeAzure(clock);
    final TaggedFleet fleet = new TaggedFleet(azure);
    final FakeRoleAssignments roles = new FakeRoleAssignments();
    final MemoryLedgers ledgers = new MemoryLedgers();
    final Map<String, VmIdentityBinding> bindings = new TreeMap<>();
    final List<String> events = new ArrayList<>();
    Rights rights = Rights.of(
            Map.of(
                    Rights.TARGETS,
                    "/",
                    Rights.ASSIGN,
                    "/",
                    Rights.ALLOW,
                    "Selector,Exclusive,Adopt,DisableSystemAssigned",
                    Rights.GRANT,
                    "/",
                    Rights.ROLES,
                    "Reader"),
            Rights.NONE);
    List<String> scopes = List.of(GROUP);
    BindingDeletionPolicy deletionPolicy = BindingDeletionPolicy.Detach;
    int statusWrites;
    int looks;

    /** Questions to Azure that are not answered yet, while it takes its time. */
    final List<Runnable> questions = new ArrayList<>();

    boolean takesItsTime;

    private final Map<TargetId, Worker> workers = new HashMap<>();
    private final Map<TargetId, Published> published = new HashMap<>();
    private final LinkedHashSet<TargetId> submitted = new LinkedHashSet<>();
    private final LinkedHashSet<String> woken = new LinkedHashSet<>();
    private final Map<TargetId, Instant> due = new HashMap<>();
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final Map<String, Instant> again = new HashMap<>();
    private final Resolver resolver =
            new Resolver((_, _) -> Optional.empty(), _ -> Optional.of(rights), Optional.empty());
    private final HandAlarms alarms = new HandAlarms();
    private int versions;
    private Brake brake = new Brake(10, this::exists, () -> ledgers.lostGivers(this::exists), clock);
    private Running running = start();

    /** What a process has in memory, beside the workers. */
    private record Running(Selections selections, RoleGrants grants) {}

    private record Due(Instant when, TargetId machine) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return when.compareTo(other.when);
        }
    }

    FleetScene() {
        azure.makeIdentity(A);
        azure.makeIdentity(Scene.B);
        azure.makeIdentity(FOREIGN);
    }

    private Running start() {
        var grants = new RoleGrants(roles, "cluster", this::told, submitted::add, Scene.TIMING, alarms, clock);
        var started = new Selections(
                resolver,
                ledgers,
                new Rounds(machine -> Optional.ofNullable(published.get(machine)), submitted::add),
                grants::outcome,
                binding -> woken.add(binding.getMetadata().getUid()),
                fleet,
                Duration.ofMinutes(1),
                brake,
                Scene.TIMING.gone(),
                new Reporter(
                        new StatusWriter(this::apply),
                        new Events(event -> events.add(event.getReason()), "test", clock)),
                question -> {
                    if (takesItsTime) {
                        questions.add(question);
                    } else {
                        question.run();
                    }
                },
                clock);
        return new Running(started, grants);
    }

    private void told(Holder holder, TargetId machine) {
        running.selections().changed(holder.binding(), machine);
        woken.add(holder.binding());
    }

    /** A new process: all that the old one had in memory is gone. */
    void restart() {
        workers.clear();
        published.clear();
        submitted.clear();
        due.clear();
        queue.clear();
        again.clear();
        alarms.clear();
        brake = new Brake(10, this::exists, () -> ledgers.lostGivers(this::exists), clock);
        running = start();
        woken.addAll(bindings.keySet());
        submitted.addAll(ledgers.machines());
    }

    private boolean exists(String uid) {
        return bindings.containsKey(uid);
    }

    private String apply(CustomResource<?, ?> fresh) {
        VmIdentityBinding binding =
                Objects.requireNonNull(bindings.get(fresh.getMetadata().getUid()));
        binding.setStatus((VmIdentityBindingStatus) fresh.getStatus());
        statusWrites++;
        binding.getMetadata().setResourceVersion(String.valueOf(++versions));
        return binding.getMetadata().getResourceVersion();
    }

    static TargetId vm(String name) {
        return TargetId.of(MachineKind.VIRTUAL_MACHINE, Scene.SUBSCRIPTION, "rg-vms", name);
    }

    TargetId machine(String name, String env) {
        TargetId machine = vm(name);
        azure.makeMachine(machine);
        fleet.tag(machine, Map.of("env", env));
        return machine;
    }

    List<TargetId> machines(int count, String env) {
        List<TargetId> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(machine("vm" + i, env));
        }
        return made;
    }

    /** A binding, new or changed, of all virtual machines of the group with that tag. */
    void select(String name, String env, ArmId... ids) {
        select(name, env, ManagementPolicy.Manage, ids);
    }

    void select(String name, String env, ManagementPolicy policy, ArmId... ids) {
        var selector =
                new VmIdentityBindingSpec.Selector(List.of(TargetType.VirtualMachine), scopes, Map.of("env", env));
        apply(name, new VmIdentityBindingSpec.Target(null, null, null, selector), policy, null, ids);
    }

    /** A binding, new or changed, whose target this version does not understand. */
    void bindNothing(String name, ArmId... ids) {
        apply(name, new VmIdentityBindingSpec.Target(null, null, null, null), ManagementPolicy.Manage, null, ids);
    }

    /** A binding, new or changed, of that machine alone. */
    void bind(String name, TargetId machine, ManagementPolicy policy, ArmId... ids) {
        var target = new VmIdentityBindingSpec.Target(null, null, machine.id().value(), null);
        apply(name, target, policy, null, ids);
    }

    /** A binding, new or changed, that enables each machine's own identity and gives it a role at those places. */
    void give(String name, String env, String... places) {
        var selector =
                new VmIdentityBindingSpec.Selector(List.of(TargetType.VirtualMachine), scopes, Map.of("env", env));
        give(name, new VmIdentityBindingSpec.Target(null, null, null, selector), places);
    }

    void give(String name, VmIdentityBindingSpec.Target target, String... places) {
        var listed = Stream.of(places)
                .map(place -> new VmIdentityBindingSpec.RoleAssignment("Reader", place))
                .toList();
        apply(name, target, ManagementPolicy.Manage, new VmIdentityBindingSpec.SystemAssigned(true, listed));
    }

    private void apply(
            String name,
            VmIdentityBindingSpec.Target target,
            ManagementPolicy policy,
            VmIdentityBindingSpec.@Nullable SystemAssigned own,
            ArmId... ids) {
        String uid = "uid-" + name;
        VmIdentityBinding before = bindings.get(uid);
        // Another object, as of an informer: who holds the one before does not see the change.
        VmIdentityBinding binding = new VmIdentityBinding();
        binding.setMetadata(new ObjectMetaBuilder()
                .withUid(uid)
                .withNamespace("team-a")
                .withName(name)
                .withGeneration(before == null ? 1L : before.getMetadata().getGeneration() + 1)
                .withResourceVersion(String.valueOf(++versions))
                .build());
        if (before != null && before.getStatus() != null) {
            binding.setStatus(before.getStatus());
        }
        bindings.put(uid, binding);
        binding.setSpec(new VmIdentityBindingSpec(
                target,
                own,
                Stream.of(ids)
                        .map(id -> new VmIdentityBindingSpec.UserAssigned(null, id.value()))
                        .toList(),
                Ownership.Shared,
                policy,
                AdoptionPolicy.Never,
                DefaultIdentityGuard.Warn,
                deletionPolicy,
                InstanceUpgrade.Never,
                null));
        woken.add(uid);
    }

    /** What the binding asks of the machine, as of now. */
    Optional<Contribution> asked(String name, TargetId machine) {
        return running.selections().granting().contribution(binding(name), machine);
    }

    void delete(String name) {
        binding(name).getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        woken.add("uid-" + name);
    }

    void confirm(String name) {
        binding(name)
                .getMetadata()
                .setAnnotations(
                        Map.of("vmidentity.dev/confirm-detach", clock.instant().toString()));
        woken.add("uid-" + name);
    }

    /** Somebody cuts its finalizer off: it is gone at once. */
    void forceAway(String name) {
        VmIdentityBinding binding = Objects.requireNonNull(bindings.remove("uid-" + name));
        submitted.addAll(ledgers.of("uid-" + name));
        running.selections().gone(binding);
    }

    /** Lets so much time pass, a second at a time, with all that is due in it. */
    void pass(Duration time) {
        Instant end = clock.instant().plus(time);
        work();
        while (clock.instant().isBefore(end)) {
            clock.advance(Duration.ofSeconds(1));
            running.selections().tick();
            work();
        }
    }

    private void work() {
        for (int steps = 0; steps < 1_000_000; steps++) {
            if (!woken.isEmpty()) {
                String uid = woken.removeFirst();
                again.remove(uid);
                reconcile(uid);
            } else if (!submitted.isEmpty()) {
                round(submitted.removeFirst());
            } else if (!lateToDo()) {
                return;
            }
        }
        throw new AssertionError("does not come to rest");
    }

    private boolean lateToDo() {
        Instant now = clock.instant();
        again.entrySet().removeIf(entry -> !entry.getValue().isAfter(now) && woken.add(entry.getKey()));
        while (!queue.isEmpty() && !queue.peek().when().isAfter(now)) {
            Due next = queue.poll();
            if (next.when().equals(due.get(next.machine()))) {
                submitted.add(next.machine());
            }
        }
        alarms.ring(now);
        return !woken.isEmpty() || !submitted.isEmpty() || alarms.isDue(now);
    }

    private void reconcile(String uid) {
        VmIdentityBinding binding = bindings.get(uid);
        if (binding == null) {
            return;
        }
        looks++;
        Selection.Looked looked = look(binding);
        if (looked.released()) {
            bindings.remove(uid);
            running.selections().gone(binding);
        } else {
            looked.again().ifPresent(wait -> again.put(uid, clock.instant().plus(wait)));
        }
    }

    /** As the reconciler does; a binding of one machine has no status here. */
    private Selection.Looked look(VmIdentityBinding binding) {
        if (resolver.selector(binding).isPresent()) {
            return running.selections().look(binding);
        }
        running.selections().forget(binding);
        resolver.target(binding).ifPresent(submitted::add);
        submitted.addAll(ledgers.of(binding.getMetadata().getUid()));
        return Selection.Looked.DONE;
    }

    private void round(TargetId machine) {
        Worker.Rounded rounded = workers.computeIfAbsent(machine, this::worker).round();
        Published before = published.put(machine, rounded.published());
        due.remove(machine);
        rounded.next().ifPresent(next -> {
            due.put(machine, next);
            queue.add(new Due(next, machine));
        });
        if (!rounded.published().tellsAs(before)) {
            if (before != null) {
                before.outcome().ledger().claims().values().stream()
                        .map(Claim::holders)
                        .flatMap(Set::stream)
                        .forEach(holder -> woken.add(holder.binding()));
            }
            running.grants().published(rounded.published());
            running.selections().published(rounded.published());
            rounded.published()
                    .contributions()
                    .forEach(asking -> woken.add(asking.holder().binding()));
            rounded.published().outcome().ledger().claims().values().stream()
                    .map(Claim::holders)
                    .flatMap(Set::stream)
                    .forEach(holder -> woken.add(holder.binding()));
        }
    }

    private Worker worker(TargetId machine) {
        return new Worker(
                machine,
                azure.machines(),
                azure.identities(),
                azure.instances(),
                ledgers,
                running.grants(),
                this::contributions,
                target -> Optional.of(contributions(target)),
                brake,
                Glances.alone(fleet, clock),
                Budgets.ofAzureAlone(clock),
                Scene.TIMING,
                clock);
    }

    private List<Contribution> contributions(TargetId machine) {
        return bindings.values().stream()
                .flatMap(binding -> running.selections().granting().contribution(binding, machine).stream())
                .toList();
    }

    /** What the latest round of the machine was about, of that binding. */
    Optional<Contribution> known(String name, TargetId machine) {
        return Objects.requireNonNull(published.get(machine)).contribution("uid-" + name);
    }

    /** Whether the machine has an identity of its own. */
    boolean hasOwn(TargetId machine) {
        return azure.look(machine).orElseThrow().systemAssigned().isPresent();
    }

    boolean isOn(TargetId machine, ArmId id) {
        return azure.look(machine).orElseThrow().has(IdentityKey.of(id));
    }

    long having(ArmId id) {
        return fleet.machines.stream()
                .filter(machine -> azure.look(machine).isPresent() && isOn(machine, id))
                .count();
    }

    VmIdentityBindingStatus status(String name) {
        return binding(name).getStatus();
    }

    VmIdentityBindingStatus.Targets targets(String name) {
        return Objects.requireNonNull(status(name).targets());
    }

    VmIdentityBindingStatus.Pending pending(String name) {
        return Objects.requireNonNull(status(name).pending());
    }

    private VmIdentityBinding binding(String name) {
        return Objects.requireNonNull(bindings.get("uid-" + name));
    }

    List<VmIdentityBindingStatus.RoleAssignment> given(String name) {
        return Objects.requireNonNull(status(name).systemAssigned()).roleAssignments();
    }

    Condition ready(String name) {
        return status(name).conditions().getFirst();
    }
}
