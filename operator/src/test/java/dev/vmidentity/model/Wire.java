package dev.vmidentity.model;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.Mishap;
import dev.vmidentity.model.Step.PatchFault;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The operator's way to Azure: everything that a history scripts happens here, and the effect of every PATCH is watched. */
final class Wire implements Machines {
    /** A PATCH lives no longer. */
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);

    /** How old what a replica tells may be. */
    private static final Duration STALEST = Duration.ofSeconds(15);

    private final World world;
    private final Map<TargetId, Before> told = new TreeMap<>();
    private final Map<String, Fault> failing = new HashMap<>();
    private final Set<String> endless = new HashSet<>();

    /** What a machine looked like, and since when it does not any longer. */
    private record Before(Optional<Observation> seen, Instant until) {}

    Wire(World world) {
        this.world = world;
    }

    /** The machine is about to change. */
    void changes(TargetId target) {
        told.put(target, new Before(world.cloud().look(target), world.clock().instant()));
    }

    /** Its operation ends as failed, and its effect stays. */
    Instances.Upgraded failing(Instances.Upgraded answer, Fault why) {
        operation(answer).ifPresent(operation -> failing.put(operation.url(), why));
        return answer;
    }

    /** Whoever asks for its operation is told for ever that it runs. */
    Instances.Upgraded endless(Instances.Upgraded answer) {
        operation(answer).ifPresent(operation -> endless.add(operation.url()));
        return answer;
    }

    private static Optional<Operation> operation(Instances.Upgraded answer) {
        return answer instanceof Instances.Upgraded.Accepted accepted ? accepted.operation() : Optional.empty();
    }

    @Override
    public Seen read(TargetId target) {
        Errand errand = world.errand();
        world.before("GET " + target.name());
        world.tally().read();
        Optional<Fault> fault = errand.readFault();
        fault.ifPresent(_ -> world.caused(Happening.READ_FAILED));
        Before old = told.get(target);
        boolean isStale = errand.readsStale()
                && old != null
                && world.clock().instant().isBefore(old.until().plus(STALEST));
        if (isStale) {
            world.caused(Happening.READ_STALE);
        }
        Seen answer;
        if (fault.isPresent()) {
            answer = new Seen.Failed(fault.get());
        } else if (isStale && old != null) {
            answer = old.seen()
                    .<Seen>map(seen -> new Seen.Present(seen.at(world.clock().instant())))
                    .orElseGet(() -> new Seen.Absent(false, "not replicated yet"));
        } else {
            answer = world.cloud().machines().read(target);
        }
        errand.hasRead();
        world.log(() -> "    " + (isStale ? "stale: " : "") + Chronicle.of(answer));
        world.after();
        return answer;
    }

    @Override
    public Patched patch(TargetId target, Patch patch) {
        Errand errand = world.errand();
        Instant entered = world.clock().instant();
        world.before("PATCH " + target.name() + " " + Chronicle.of(patch));
        world.tally().patch();
        Instant end = entered.plus(LONGEST_REQUEST);
        Books.Order order = ordered(target, errand);
        Optional<PatchFault> fault = errand.patchFault();
        fault.ifPresent(befallen -> world.caused(kind(befallen)));
        Patched answer;
        if (world.clock().instant().isAfter(end)) {
            answer = lost();
        } else {
            answer = switch (fault.orElse(null)) {
                case null -> send(target, patch, order, Optional.empty());
                case PatchFault.Scripted(Mishap mishap) -> send(target, patch, order, Optional.of(mishap));
                case PatchFault.FailsAndStays(Fault why) -> {
                    Patched sent = send(target, patch, order, Optional.empty());
                    if (sent instanceof Patched.Accepted accepted) {
                        accepted.operation().ifPresent(operation -> failing.put(operation.url(), why));
                    }
                    yield sent;
                }
                case PatchFault.AnsweredAfterEffect(Fault why) -> {
                    Patched sent = send(target, patch, order, Optional.empty());
                    yield sent instanceof Patched.Accepted ? new Patched.Rejected(why) : sent;
                }
                case PatchFault.NeverEnds() -> {
                    Patched sent = send(target, patch, order, Optional.empty());
                    if (sent instanceof Patched.Accepted accepted) {
                        accepted.operation().ifPresent(operation -> endless.add(operation.url()));
                    }
                    yield sent;
                }
                case PatchFault.Late(Duration by) -> {
                    Instant due = world.clock().instant().plus(by);
                    world.late(due.isBefore(end) ? due : end, target, patch, order);
                    yield lost();
                }
            };
        }
        count(answer, fault.isPresent());
        world.log(() -> "    " + fault.map(it -> it + ": ").orElse("") + Chronicle.of(answer));
        world.after();
        return answer;
    }

    /** What was under way when the machine was looked at goes on; what begins is judged. */
    private Books.Order ordered(TargetId target, Errand errand) {
        Set<IdentityKey> known =
                new TreeSet<>(world.ledgers().look(target).claims().keySet());
        known.removeAll(errand.begun());
        return errand.order().guarding(errand.order().guarded().sending(errand.begun(), known));
    }

    private static Happening kind(PatchFault fault) {
        return switch (fault) {
            case PatchFault.Late _ -> Happening.LATE;
            case PatchFault.FailsAndStays _ -> Happening.FAILED_AND_STAYED;
            case PatchFault.NeverEnds _ -> Happening.NEVER_ENDED;
            case PatchFault.AnsweredAfterEffect _ -> Happening.UNWELL_AFTER_EFFECT;
            case PatchFault.Scripted(Mishap mishap) ->
                switch (mishap) {
                    case Mishap.Answered(Fault.Throttled _) -> Happening.THROTTLED;
                    case Mishap.Answered(Fault.AzureUnwell _) -> Happening.UNWELL;
                    case Mishap.Answered(Fault.Busy _) -> Happening.CONFLICT;
                    case Mishap.Answered _ -> Happening.REFUSED;
                    case Mishap.CutBeforeEffect _ -> Happening.CUT_BEFORE_EFFECT;
                    case Mishap.CutAfterEffect _ -> Happening.CUT_AFTER_EFFECT;
                    case Mishap.CutWithinAnswer _ -> Happening.CUT_WITHIN_ANSWER;
                    case Mishap.LandsLate _ -> Happening.LATE;
                    case Mishap.PreconditionFailedAfterEffect _ -> Happening.PRECONDITION_FAILED_AFTER_EFFECT;
                    case Mishap.OperationFails _ -> Happening.ROLLED_BACK;
                };
        };
    }

    /** What Azure answers of itself. */
    private void count(Patched answer, boolean scripted) {
        if (scripted) {
            return;
        }
        if (answer instanceof Patched.PreconditionFailed) {
            world.tally().happened(Happening.PRECONDITION_FAILED);
        }
        if (answer instanceof Patched.Rejected(Fault.Busy _)) {
            world.tally().happened(Happening.CONFLICT);
        }
    }

    /** A request reaches Azure. */
    Patched send(TargetId target, Patch patch, Books.Order order, Optional<Mishap> mishap) {
        Optional<Observation> before = world.look(target);
        if (world.cloud() instanceof FakeCloud
                && world.climate().fenceless()
                && mishap.isEmpty()
                && before.filter(machine -> changesNothing(machine, patch)).isPresent()) {
            return new Patched.Accepted(before.get(), Optional.empty(), Optional.empty());
        }
        before.ifPresent(_ -> changes(target));
        var comesBack = world.books().on(target);
        mishap.ifPresent(world.cloud()::nextPatch);
        Patched answer = world.cloud().machines().patch(target, patch);
        Optional<Observation> after = world.cloud().look(target);
        if (before.isPresent() && after.isPresent()) {
            if (order.guarded().letsThrough(Books.ids(before.get()), Books.ids(after.get()))) {
                world.tally().happened(Happening.LET_THROUGH);
            }
            world.books()
                    .operatorWrote(
                            after.get(),
                            order,
                            dead(before.get()),
                            world.ledgers().look(target));
            if (mishap.filter(Mishap.OperationFails.class::isInstance).isPresent()
                    && answer instanceof Patched.Accepted
                    && after.get().state().operationRuns()) {
                world.books().doomed(target, comesBack);
            }
        }
        return answer;
    }

    /** An attachment whose identity is gone, or is another by now, may be renewed. */
    private Set<IdentityKey> dead(Observation machine) {
        Set<IdentityKey> dead = new TreeSet<>();
        machine.userAssigned().forEach((id, attached) -> {
            Optional<String> principal = world.cloud().principal(attached.id());
            if (principal.filter(it -> it.equals(attached.principalId())).isEmpty()) {
                dead.add(id);
            }
        });
        return dead;
    }

    private static boolean changesNothing(Observation machine, Patch patch) {
        boolean user =
                patch.type() == IdentityType.USER_ASSIGNED || patch.type() == IdentityType.SYSTEM_AND_USER_ASSIGNED;
        return !machine.state().operationRuns()
                && patch.ifMatch().equals(machine.etag())
                && patch.type() == machine.type()
                && patch.add().stream().allMatch(id -> machine.has(IdentityKey.of(id)))
                && (!user || patch.remove().stream().noneMatch(id -> machine.has(IdentityKey.of(id))));
    }

    @Override
    public Progress poll(Operation operation) {
        Errand errand = world.errand();
        world.before("polls " + operation.target().name());
        world.tally().poll();
        Optional<Fault> fault = errand.pollFault();
        fault.ifPresent(_ -> world.caused(Happening.POLL_FAILED));
        Progress answer = fault.<Progress>map(Progress.Unknown::new)
                .orElseGet(() -> world.cloud().machines().poll(operation));
        Fault why = failing.get(operation.url());
        if (why != null && answer instanceof Progress.Succeeded) {
            answer = new Progress.Failed(why);
        }
        if (endless.contains(operation.url())) {
            answer = new Progress.Running(Optional.empty());
        }
        Progress said = answer;
        world.log(() -> "    " + said);
        world.after();
        return answer;
    }

    private static Patched lost() {
        return new Patched.Rejected(new Fault.Unreachable("the connection was cut"));
    }

    static List<String> names(Observation machine) {
        return Books.ids(machine).stream().map(Chronicle::of).toList();
    }
}
