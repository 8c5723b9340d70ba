package dev.vmidentity.fakes;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Observation.SystemIdentity;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * An Azure in memory: machines, identities, operations that take time, and a script of what goes wrong.
 *
 * <p>An operation ends when the clock passes its end ({@link #operationsTake}; at once unless told), or with {@link
 * #settle} when they are held. One thread at a time gets through. What {@link Ground} says holds here too.
 */
public final class FakeAzure implements Ground {
    static final String TENANT = "72f988bf-0000-4000-8000-000000000001";

    private final InstantSource clock;
    private final Set<String> groups = new HashSet<>();
    private final Map<TargetId, FakeMachine> machines = new TreeMap<>();
    private final FakeIdentities identities = new FakeIdentities(this);
    private final FakeFleet fleet = new FakeFleet(this);
    private final Map<String, Running> operations = new LinkedHashMap<>();
    private final Map<String, Optional<Failing>> ended = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();

    private final Deque<Mishap> patchMishaps = new ArrayDeque<>();
    private final Deque<Fault> readFaults = new ArrayDeque<>();
    private final Deque<Fault> pollFaults = new ArrayDeque<>();
    private final Deque<Fault> listFaults = new ArrayDeque<>();
    private final Deque<Mishap> upgradeMishaps = new ArrayDeque<>();
    private final Deque<Runnable> beforePatches = new ArrayDeque<>();
    private final Map<TargetId, Stale> stale = new HashMap<>();
    private final List<Late> late = new ArrayList<>();

    private Etags etags = Etags.MOVE;
    private Duration operationTime = Duration.ZERO;
    private Optional<Duration> pollAfter = Optional.empty();
    private boolean held;

    /** How etags behave. */
    public enum Etags {
        /** Every write moves them. */
        MOVE,
        /** They stay, whatever is written. */
        STAY,
        /** There are none. */
        NONE
    }

    /** A request that came in, in order. */
    public sealed interface Request {
        record Read(TargetId target) implements Request {}

        record Patched(TargetId target, Patch patch) implements Request {}

        record Polled(TargetId target) implements Request {}

        /** A question about many machines: how many were named, none where they were described. */
        record Asked(int named) implements Request {}

        record InstancesListed(TargetId target) implements Request {}

        record InstancesUpgraded(TargetId target, List<String> instances) implements Request {}

        record IdentityRead(ArmId id) implements Request {}

        record IdentityPut(ArmId id, String location, Map<String, String> tags) implements Request {}

        record IdentityDelete(ArmId id) implements Request {}
    }

    private record Running(
            FakeMachine machine, Instant ends, boolean held, FakeMachine.Held before, Optional<Failing> failing) {}

    private record Failing(Fault fault, boolean etagMoves) {}

    private record Stale(Observation seen, int times) {}

    private record Late(TargetId target, Patch patch) {}

    private sealed interface Verdict {
        record Applied(FakeMachine machine, Machines.Operation operation) implements Verdict {}

        record Refused(Machines.Patched answer) implements Verdict {}
    }

    public FakeAzure(InstantSource clock) {
        this.clock = clock;
    }

    // ---- the ports

    @Override
    public Machines machines() {
        return new Machines() {
            @Override
            public Machines.Seen read(TargetId target) {
                return readMachine(target);
            }

            @Override
            public Machines.Patched patch(TargetId target, Patch patch) {
                return patchMachine(target, patch);
            }

            @Override
            public Machines.Progress poll(Operation operation) {
                return pollOperation(operation);
            }
        };
    }

    @Override
    public Identities identities() {
        return identities;
    }

    @Override
    public FakeFleet fleet() {
        return fleet;
    }

    @Override
    public Instances instances() {
        return new Instances() {
            @Override
            public Listed list(TargetId scaleSet) {
                return listInstances(scaleSet);
            }

            @Override
            public Upgraded upgrade(TargetId scaleSet, List<String> ids) {
                return upgradeInstances(scaleSet, ids);
            }
        };
    }

    // ---- other people

    @Override
    public synchronized void makeGroup(String subscriptionId, String resourceGroup) {
        groups.add(group(subscriptionId, resourceGroup));
    }

    @Override
    public synchronized void makeMachine(TargetId target) {
        makeGroup(target.id().subscriptionId(), target.id().resourceGroup());
        machines.put(target, new FakeMachine(target, etags));
    }

    @Override
    public synchronized void deleteMachine(TargetId target) {
        machines.remove(target);
    }

    /** Somebody has begun to delete the machine; it is still to be seen. */
    public synchronized void beginDelete(TargetId target) {
        machine(target).state(MachineState.DELETING);
    }

    @Override
    public synchronized void makeIdentity(ArmId id) {
        makeGroup(id.subscriptionId(), id.resourceGroup());
        identities.make(id);
    }

    @Override
    public synchronized void deleteIdentity(ArmId id) {
        identities.remove(id);
    }

    /** The machine tells no ids of an identity any longer, as of one that does not exist. */
    public synchronized void showsNothingOf(TargetId target, ArmId identity) {
        machine(target).showNothingOf(IdentityKey.of(identity));
    }

    @Override
    public synchronized void attach(TargetId target, ArmId identity) {
        change(target, before -> {
            Map<IdentityKey, AttachedIdentity> after = new TreeMap<>(before.userAssigned());
            after.putIfAbsent(
                    IdentityKey.of(identity), known(identity).orElse(new AttachedIdentity(identity, null, null)));
            return new FakeMachine.Held(before.systemAssigned(), after);
        });
    }

    /** Somebody else takes it off. */
    public synchronized void detach(TargetId target, ArmId identity) {
        change(target, before -> {
            Map<IdentityKey, AttachedIdentity> after = new TreeMap<>(before.userAssigned());
            after.remove(IdentityKey.of(identity));
            return new FakeMachine.Held(before.systemAssigned(), after);
        });
    }

    @Override
    public synchronized void enableSystemAssigned(TargetId target) {
        change(
                target,
                before -> new FakeMachine.Held(
                        before.systemAssigned().or(() -> Optional.of(new SystemIdentity(FakeMachine.newId(), TENANT))),
                        before.userAssigned()));
    }

    /** Somebody else takes the machine's own identity away. */
    public synchronized void disableSystemAssigned(TargetId target) {
        change(target, before -> new FakeMachine.Held(Optional.empty(), before.userAssigned()));
    }

    @Override
    public synchronized void makeInstances(TargetId target, Instances.Policy policy, int count) {
        machine(target).instances().set(policy, count);
    }

    /** Somebody sets another upgrade policy; who is behind is behind still. */
    public synchronized void upgradePolicy(TargetId target, Instances.Policy policy) {
        machine(target).instances().policy(policy);
        machine(target).moveEtag();
    }

    @Override
    public synchronized void makeFlexible(TargetId target) {
        machine(target).instances().flexible();
    }

    /** Somebody else changes the model of a scale set, its image say. */
    public synchronized void changeModel(TargetId target) {
        machine(target).replace(machine(target).held());
    }

    @Override
    public synchronized void touch(TargetId target) {
        machine(target).moveEtag();
    }

    @Override
    public synchronized void tag(TargetId target, Map<String, String> tags) {
        machine(target).tags(tags);
    }

    @Override
    public synchronized void makeInstance(TargetId virtualMachine, TargetId scaleSet) {
        machine(virtualMachine).managedBy(scaleSet.id().value());
    }

    /** Somebody else's operation begins: the machine is busy for as long as one takes. */
    public synchronized void startOperation(TargetId target) {
        begin(machine(target), machine(target).held(), Optional.empty());
    }

    // ---- time

    /** By the clock. Zero: it has ended when one looks again. */
    public synchronized void operationsTake(Duration time) {
        operationTime = time;
    }

    /** What Azure says of when to poll. */
    public synchronized void pollAfter(Optional<Duration> wait) {
        pollAfter = wait;
    }

    @Override
    public synchronized void holdOperations() {
        held = true;
    }

    @Override
    public synchronized void settle() {
        held = false;
        operations.replaceAll((url, running) ->
                new Running(running.machine(), Instant.MIN, false, running.before(), running.failing()));
        catchUp();
    }

    // ---- what goes wrong

    /** For all machines, from now on. */
    public synchronized void etags(Etags next) {
        etags = next;
        machines.values().forEach(machine -> machine.etags(next));
    }

    @Override
    public synchronized void nextPatch(Mishap mishap) {
        patchMishaps.add(mishap);
    }

    @Override
    public synchronized void nextRead(Fault fault) {
        readFaults.add(fault);
    }

    @Override
    public void nextQuestion(Fault fault) {
        fleet.next(fault);
    }

    @Override
    public synchronized void nextInstances(Fault fault) {
        listFaults.add(fault);
    }

    /** What befalls the next upgrade of instances: one of those that a PATCH may meet, but for those about etags. */
    public synchronized void nextUpgrade(Mishap mishap) {
        upgradeMishaps.add(mishap);
    }

    public synchronized void nextPoll(Fault fault) {
        pollFaults.add(fault);
    }

    @Override
    public synchronized void nextIdentityRequest(Fault fault) {
        identities.next(fault);
    }

    /** Runs when the next PATCH comes in and before it is looked at: between the GET that it was planned on and its effect. */
    public synchronized void beforeNextPatch(Runnable act) {
        beforePatches.add(act);
    }

    /** The next reads of the machine tell what it looks like now, whatever happens meanwhile. */
    public synchronized void staleReads(TargetId target, int times) {
        catchUp();
        stale.put(target, new Stale(machine(target).observe(clock.instant()), times));
    }

    /** Requests that {@link Mishap.LandsLate} kept back reach Azure now, with the If-Match that they carry. */
    public synchronized void landLateRequests() {
        catchUp();
        List.copyOf(late).forEach(request -> attempt(request.target(), request.patch(), Optional.empty()));
        late.clear();
    }

    // ---- looking

    /** As it truly is; costs no request. */
    public synchronized Optional<Observation> look(TargetId target) {
        catchUp();
        return Optional.ofNullable(machines.get(target)).map(machine -> machine.observe(clock.instant()));
    }

    /** As it truly is; costs no request. */
    public synchronized Optional<Identities.Identity> look(ArmId id) {
        return identities.look(id);
    }

    /** How many of how many instances are on the latest model, truly; costs no request. */
    public synchronized Instances.Listed instances(TargetId target) {
        catchUp();
        return machine(target).instances().list();
    }

    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    public synchronized void forgetRequests() {
        requests.clear();
    }

    @Override
    public synchronized int patches(TargetId target) {
        return (int) requests.stream()
                .filter(request -> request instanceof Request.Patched patched
                        && patched.target().equals(target))
                .count();
    }

    public synchronized int reads(TargetId target) {
        return (int) requests.stream()
                .filter(request ->
                        request instanceof Request.Read read && read.target().equals(target))
                .count();
    }

    @Override
    public void close() {}

    // ---- machines

    private synchronized Machines.Seen readMachine(TargetId target) {
        catchUp();
        requests.add(new Request.Read(target));
        Fault fault = readFaults.poll();
        if (fault != null) {
            return new Machines.Seen.Failed(fault);
        }
        Stale old = stale.get(target);
        if (old != null && old.times() > 0) {
            stale.put(target, new Stale(old.seen(), old.times() - 1));
            return new Machines.Seen.Present(at(old.seen(), clock.instant()));
        }
        FakeMachine machine = machines.get(target);
        if (machine == null) {
            return new Machines.Seen.Absent(!hasGroup(target.id()), "the resource '" + target + "' was not found");
        }
        return new Machines.Seen.Present(machine.observe(clock.instant()));
    }

    private synchronized Machines.Patched patchMachine(TargetId target, Patch patch) {
        requests.add(new Request.Patched(target, patch));
        Runnable before = beforePatches.poll();
        if (before != null) {
            before.run();
        }
        catchUp();
        Mishap mishap = patchMishaps.poll();
        return switch (mishap) {
            case null -> answer(attempt(target, patch, Optional.empty()));
            case Mishap.Answered(Fault fault) -> new Machines.Patched.Rejected(fault);
            case Mishap.CutBeforeEffect() -> lost();
            case Mishap.CutAfterEffect(), Mishap.CutWithinAnswer() -> {
                attempt(target, patch, Optional.empty());
                yield lost();
            }
            case Mishap.LandsLate() -> {
                late.add(new Late(target, patch));
                yield lost();
            }
            case Mishap.PreconditionFailedAfterEffect() -> {
                attempt(target, patch, Optional.empty());
                yield new Machines.Patched.PreconditionFailed("etag does not match");
            }
            case Mishap.OperationFails(Fault fault, boolean etagMoves) ->
                answer(attempt(target, patch, Optional.of(new Failing(fault, etagMoves))));
        };
    }

    private synchronized Machines.Progress pollOperation(Machines.Operation operation) {
        requests.add(new Request.Polled(operation.target()));
        Fault fault = pollFaults.poll();
        if (fault != null) {
            return new Machines.Progress.Unknown(fault);
        }
        catchUp();
        if (operations.containsKey(operation.url())) {
            return new Machines.Progress.Running(pollAfter);
        }
        Optional<Failing> failing = ended.get(operation.url());
        if (failing == null) {
            return new Machines.Progress.Unknown(new Fault.Unexpected(404, "NotFound", "no such operation"));
        }
        return failing.<Machines.Progress>map(how -> new Machines.Progress.Failed(how.fault()))
                .orElseGet(Machines.Progress.Succeeded::new);
    }

    private synchronized Instances.Listed listInstances(TargetId target) {
        catchUp();
        requests.add(new Request.InstancesListed(target));
        Fault fault = listFaults.poll();
        if (fault != null) {
            return new Instances.Listed.Failed(fault);
        }
        FakeMachine machine = machines.get(target);
        return machine == null
                ? new Instances.Listed.Failed(new Fault.BeingDeleted("the resource '" + target + "' was not found"))
                : machine.instances().list();
    }

    private synchronized Instances.Upgraded upgradeInstances(TargetId target, List<String> ids) {
        requests.add(new Request.InstancesUpgraded(target, ids));
        catchUp();
        return switch (upgradeMishaps.poll()) {
            case null -> attemptUpgrade(target, ids, Optional.empty());
            case Mishap.Answered(Fault fault) -> new Instances.Upgraded.Rejected(fault);
            case Mishap.CutBeforeEffect() -> cut();
            case Mishap.CutAfterEffect(), Mishap.CutWithinAnswer() -> {
                attemptUpgrade(target, ids, Optional.empty());
                yield cut();
            }
            case Mishap.OperationFails(Fault fault, boolean etagMoves) ->
                attemptUpgrade(target, ids, Optional.of(new Failing(fault, etagMoves)));
            case Mishap.LandsLate(), Mishap.PreconditionFailedAfterEffect() ->
                throw new IllegalArgumentException("an upgrade carries no etag");
        };
    }

    private Instances.Upgraded attemptUpgrade(TargetId target, List<String> ids, Optional<Failing> failing) {
        FakeMachine machine = machines.get(target);
        if (machine == null) {
            return new Instances.Upgraded.Rejected(
                    new Fault.BeingDeleted("the resource '" + target + "' was not found"));
        }
        if (machine.instances().isFlexible()) {
            return new Instances.Upgraded.Rejected(
                    new Fault.Refused("OperationNotAllowed", "not allowed with Flexible orchestration mode"));
        }
        if (machine.state().operationRuns()) {
            return new Instances.Upgraded.Rejected(new Fault.Busy("Conflict", "another operation runs"));
        }
        if (!machine.instances().has(ids)) {
            return new Instances.Upgraded.Rejected(
                    new Fault.Refused("InvalidParameter", "not an active instanceId: " + ids));
        }
        machine.instances().begin(ids);
        machine.moveEtag();
        return new Instances.Upgraded.Accepted(Optional.of(begin(machine, machine.held(), failing)), pollAfter);
    }

    private static Instances.Upgraded cut() {
        return new Instances.Upgraded.Rejected(new Fault.Unreachable("the connection was cut"));
    }

    private Verdict attempt(TargetId target, Patch patch, Optional<Failing> failing) {
        FakeMachine machine = machines.get(target);
        if (machine == null) {
            return refuse(
                    hasGroup(target.id())
                            ? new Fault.BeingDeleted("the resource '" + target + "' was not found")
                            : new Fault.ResourceGroupMissing(
                                    target.id().resourceGroup(),
                                    "resource group '" + target.id().resourceGroup() + "' could not be found"));
        }
        if (machine.state() == MachineState.DELETING) {
            return refuse(new Fault.BeingDeleted("'" + target + "' is marked for deletion"));
        }
        if (!patch.ifMatch().equals(machine.etag())) {
            return new Verdict.Refused(new Machines.Patched.PreconditionFailed(
                    "etag " + patch.ifMatch() + " does not match etag " + machine.etag()));
        }
        if (machine.state() == MachineState.BUSY) {
            return refuse(new Fault.Busy("Conflict", "another operation runs"));
        }
        List<ArmId> missing =
                patch.add().stream().filter(id -> identities.look(id).isEmpty()).toList();
        if (!missing.isEmpty()) {
            return refuse(new Fault.IdentityMissing(missing, missing + " was not found"));
        }
        boolean user =
                patch.type() == IdentityType.USER_ASSIGNED || patch.type() == IdentityType.SYSTEM_AND_USER_ASSIGNED;
        if (!user && !patch.add().isEmpty()) {
            return refuse(new Fault.IdentityRefused(
                    patch.add(), "BadRequest", "a non-UserAssigned identity type should not contain identities"));
        }
        if (user && machine.userAssignedAfter(patch) == 0) {
            return refuse(new Fault.IdentityRefused(
                    List.of(), "MissingIdentityIds", "the identity ids must not be empty for 'UserAssigned'"));
        }
        FakeMachine.Held before = machine.held();
        machine.apply(patch);
        return new Verdict.Applied(machine, begin(machine, before, failing));
    }

    private Machines.Operation begin(FakeMachine machine, FakeMachine.Held before, Optional<Failing> failing) {
        machine.state(MachineState.BUSY);
        String url = "fake:" + UUID.randomUUID();
        operations.put(url, new Running(machine, clock.instant().plus(operationTime), held, before, failing));
        return new Machines.Operation(machine.target(), url);
    }

    private Machines.Patched answer(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Applied(FakeMachine machine, Machines.Operation operation) ->
                new Machines.Patched.Accepted(machine.observe(clock.instant()), Optional.of(operation), pollAfter);
            case Verdict.Refused(Machines.Patched refusal) -> refusal;
        };
    }

    private static Verdict refuse(Fault fault) {
        return new Verdict.Refused(new Machines.Patched.Rejected(fault));
    }

    private static Machines.Patched lost() {
        return new Machines.Patched.Rejected(new Fault.Unreachable("the connection was cut"));
    }

    /** A GET, with what surrounds the machine. */
    synchronized Fleet.Sight glance(TargetId target) {
        return switch (readMachine(target)) {
            case Machines.Seen.Present(Observation seen) -> {
                Fleet.Glance now = machine(target).glance(clock.instant());
                yield new Fleet.Sight.Present(new Fleet.Glance(seen, now.tags(), now.managedBy()));
            }
            case Machines.Seen.Absent _ -> new Fleet.Sight.Absent();
            case Machines.Seen.Failed(Fault fault) -> new Fleet.Sight.Failed(fault);
        };
    }

    /** All machines as they are. */
    synchronized List<Fleet.Glance> inventory() {
        return inventory(machines.keySet());
    }

    /** Those of the machines that there are. */
    synchronized List<Fleet.Glance> inventory(Set<TargetId> asked) {
        catchUp();
        return asked.stream()
                .map(machines::get)
                .filter(Objects::nonNull)
                .map(machine -> machine.glance(clock.instant()))
                .toList();
    }

    /** Ends every operation whose time has come. */
    private void catchUp() {
        List<String> over = operations.entrySet().stream()
                .filter(entry -> over(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        for (String url : over) {
            Running running = Objects.requireNonNull(operations.remove(url));
            ended.put(url, running.failing());
            end(running);
        }
    }

    private void end(Running running) {
        FakeMachine machine = running.machine();
        boolean another = operations.values().stream().anyMatch(other -> other.machine() == machine);
        if (machine.state() != MachineState.BUSY || another) {
            return;
        }
        machine.instances().end(running.failing().isEmpty());
        running.failing().ifPresentOrElse(failing -> machine.rollBack(running.before(), failing.etagMoves()), () -> {
            machine.fillIn(this::known);
            machine.state(MachineState.SETTLED);
        });
    }

    private boolean over(Running running) {
        return !running.held() && !clock.instant().isBefore(running.ends());
    }

    private void change(TargetId target, UnaryOperator<FakeMachine.Held> writer) {
        FakeMachine machine = machine(target);
        machine.replace(writer.apply(machine.held()));
    }

    private FakeMachine machine(TargetId target) {
        FakeMachine machine = machines.get(target);
        if (machine == null) {
            throw new IllegalStateException("no machine " + target);
        }
        return machine;
    }

    private Optional<AttachedIdentity> known(ArmId id) {
        return identities
                .look(id)
                .map(identity -> new AttachedIdentity(id, identity.clientId(), identity.principalId()));
    }

    private static Observation at(Observation seen, Instant readAt) {
        return new Observation(
                seen.target(),
                seen.etag(),
                seen.machineId(),
                seen.state(),
                seen.systemAssigned(),
                seen.userAssigned(),
                seen.location(),
                readAt);
    }

    synchronized void received(Request request) {
        requests.add(request);
    }

    boolean hasGroup(ArmId id) {
        return groups.contains(group(id.subscriptionId(), id.resourceGroup()));
    }

    private static String group(String subscriptionId, String resourceGroup) {
        return (subscriptionId + "/" + resourceGroup).toLowerCase(Locale.ROOT);
    }
}
