package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.History;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.MachineIdentity;
import dev.vmidentity.simulator.model.Resource;
import dev.vmidentity.simulator.model.Work;
import dev.vmidentity.simulator.model.World;
import dev.vmidentity.simulator.model.World.Change;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Virtual machines and scale sets: everything that both have in common, which is nearly everything. */
final class Machines implements Provider {
    private final Machine.Type type;
    private final World world;
    private final Context context;
    private final IdentityBlock identities;
    private final MachineBody bodies;
    private final LongRunning operations;
    private final Rights rights;
    private final Throttle throttle;
    private final History history;
    private final AtomicLong reads = new AtomicLong();

    Machines(
            Machine.Type type,
            Context context,
            LongRunning operations,
            Rights rights,
            Throttle throttle,
            History history) {
        this.type = type;
        this.world = context.world();
        this.context = context;
        this.identities = new IdentityBlock(context.world(), context.entropy());
        this.bodies = new MachineBody(identities, context);
        this.operations = operations;
        this.rights = rights;
        this.throttle = throttle;
        this.history = history;
    }

    @Override
    public Answer handle(Call call) {
        if (!call.path().isInstance()) {
            if (call.method().equals("GET")) {
                return list(call);
            }
            throw new Refusal(Errors.methodNotAllowed(call.method()));
        }
        return switch (call.method()) {
            case "GET" -> get(call);
            case "PUT" -> put(call);
            case "PATCH" -> patch(call);
            case "DELETE" -> delete(call);
            default -> throw new Refusal(Errors.methodNotAllowed(call.method()));
        };
    }

    ObjectNode show(Machine machine, Call call) {
        return bodies.show(machine, call);
    }

    private Answer list(Call call) {
        var rows = world.under(call.path().scope(), Machine.class)
                .filter(machine -> machine.type() == type)
                .toList();
        return Answer.json(
                200, Json.indented(Paging.page(call, rows, Resource::key, machine -> bodies.show(machine, call))));
    }

    private Answer get(Call call) {
        var stale = call.settings().consistency().staleReads();
        var found = stale > 0
                ? history.find(call.path().path(), call.now().minusMillis(stale))
                : world.find(call.path().path());
        var machine = drifted(
                found.filter(Machine.class::isInstance)
                        .map(Machine.class::cast)
                        .orElseThrow(() -> new Refusal(absent(call))),
                call);
        var shown = bodies.show(machine, call);
        if (call.query("$expand").filter("instanceView"::equalsIgnoreCase).isPresent() && type == Machine.Type.VM) {
            InstanceView.add(shown, machine);
            return Answer.json(200, Json.indented(shown));
        }
        return etag(Answer.json(200, Json.indented(shown)), machine, call);
    }

    /** Etags that move without any client's write. */
    private Machine drifted(Machine machine, Call call) {
        int every = call.settings().etags().driftEveryReads();
        if (every <= 0 || reads.incrementAndGet() % every != 0) {
            return machine;
        }
        return world.change(machine.id(), before -> {
            if (!(before instanceof Machine there)) {
                return new Change<>(before, machine);
            }
            var moved = there.withEtag(there.etag() + 1);
            return new Change<>(moved, moved);
        });
    }

    private Answer put(Call call) {
        var body = call.body();
        var location = body.path("location").asText("");
        if (location.isBlank()) {
            throw new Refusal(Errors.locationRequired());
        }
        if (!Locations.exists(location)) {
            throw new Refusal(Errors.locationUnavailable(location, type.fullType()));
        }
        return world.change(call.path().path(), stored -> {
            var before = stored instanceof Machine machine ? machine : null;
            precondition(call, before);
            if (before == null) {
                return create(call, body, Locations.normal(location));
            }
            if (!before.location().equals(Locations.normal(location))) {
                throw new Refusal(Errors.otherLocation(
                        before.name(), before.location(), call.group(), Locations.normal(location)));
            }
            refuseWhileDeleting(before, "Update");
            var tags = body.hasNonNull("tags") ? Json.strings(body.get("tags")) : before.tags();
            var changed = before.withBody(
                    tags,
                    MachineBody.extra(body),
                    bodies.properties(body.get("properties"), before, type, before.id()));
            changed = ScaleSetModel.resized(changed, context.entropy());
            return update(call, before, changed, body, false);
        });
    }

    private Change<Answer> create(Call call, ObjectNode body, String location) {
        var id = canonicalId(call);
        var fresh = new Machine(
                id,
                type,
                location,
                body.hasNonNull("tags") ? Json.strings(body.get("tags")) : null,
                MachineIdentity.NONE,
                MachineBody.extra(body),
                bodies.properties(body.get("properties"), null, type, id),
                context.entropy().guid(),
                1,
                "Succeeded",
                call.now(),
                null,
                1,
                List.of());
        fresh = ScaleSetModel.resized(fresh, context.entropy());
        if (body.hasNonNull("identity")) {
            fresh = fresh.withIdentity(identityOf(call, body, fresh));
        }
        fresh = identities.policed(fresh, call.settings().policy());
        var settings = call.settings().operations();
        var vm = type == Machine.Type.VM;
        var started = operations.start(
                call,
                fresh,
                Work.Kind.CREATE,
                vm ? settings.vmCreate() : settings.scaleSetCreate(),
                fresh.identity(),
                vm ? 35 : 37);
        var machine = fresh.withWork(started.work());
        var created = etag(Answer.json(201, Json.indented(bodies.show(machine, call))), machine, call);
        return new Change<>(
                machine,
                operations.announce(
                        vm ? created : created.with("x-ms-request-charge", charge(machine)),
                        call,
                        started.operation(),
                        false,
                        10));
    }

    private Answer patch(Call call) {
        var body = call.body();
        return world.change(call.path().path(), stored -> {
            if (!(stored instanceof Machine before)) {
                throw new Refusal(absent(call));
            }
            precondition(call, before);
            refuseWhileDeleting(before, "Update");
            var properties = before.properties();
            if (body.get("properties") instanceof ObjectNode sent) {
                if (sent.has("priority") && !sent.get("priority").equals(properties.get("priority"))) {
                    throw new Refusal(Errors.compute(
                            409,
                            "PropertyChangeNotAllowed",
                            "Changing property 'priority' is not allowed.",
                            "priority"));
                }
                properties = bodies.properties(
                        MachineBody.merged(properties, MachineBody.withoutReadOnly(sent)), before, type, before.id());
            }
            var tags = body.hasNonNull("tags") ? Json.strings(body.get("tags")) : before.tags();
            var changed =
                    before.withBody(tags, MachineBody.merged(before.extra(), MachineBody.extra(body)), properties);
            return update(call, before, ScaleSetModel.resized(changed, context.entropy()), body, true);
        });
    }

    /** Common to PATCH and to PUT on what exists: identity, etag, operation, answer. */
    private Change<Answer> update(Call call, Machine before, Machine changed, ObjectNode body, boolean patch) {
        var after = changed;
        if (body.hasNonNull("identity")) {
            after = after.withIdentity(identityOf(call, body, after));
        }
        if (!patch) {
            after = identities.policed(after, call.settings().policy());
        }
        meetRunning(call, before);
        var noop = after.equals(before);
        if (!noop || call.settings().etags().noopMoves()) {
            after = after.withEtag(before.etag() + 1);
        }
        if (!noop) {
            after = ScaleSetModel.changed(after);
        }
        var durations = call.settings().operations();
        var vm = type == Machine.Type.VM;
        long millis = noop
                ? durations.vmNoop()
                : !patch ? durations.vmPut() : vm ? durations.vmPatch() : durations.scaleSetPatch();
        var started = operations.start(call, after, Work.Kind.UPDATE, millis, before.identity(), 0);
        var machine = after.withWork(started.work());
        var shown = bodies.show(machine, call);
        if (!vm && !call.since("2022-11-01")) {
            hideAttached(shown);
        }
        var answer = etag(Answer.json(200, Json.indented(shown)), machine, call);
        if (!vm) {
            answer = answer.with("x-ms-request-charge", patch ? "0" : charge(machine));
        }
        return new Change<>(machine, operations.announce(answer, call, started.operation(), false, vm ? 0 : 10));
    }

    /** Scale sets answered every dictionary value as {@code {}} in the versions before 2022-11-01, kept ones too. */
    private static void hideAttached(ObjectNode shown) {
        if (shown.path("identity").get("userAssignedIdentities") instanceof ObjectNode ids) {
            List.copyOf(ids.properties()).forEach(entry -> ids.putObject(entry.getKey()));
        }
    }

    private Answer delete(Call call) {
        return world.change(call.path().path(), stored -> {
            if (!(stored instanceof Machine before)) {
                return new Change<>(stored, Answer.empty(204));
            }
            var durations = call.settings().operations();
            var started = operations.start(call, before, Work.Kind.DELETE, durations.delete(), before.identity(), 10);
            if (before.work() != null) {
                preempt(call, before.work());
            }
            var accepted = Answer.empty(202);
            return new Change<>(
                    before.withWork(started.work()),
                    operations.announce(
                            type == Machine.Type.VM ? accepted : accepted.with("x-ms-request-charge", charge(before)),
                            call,
                            started.operation(),
                            true,
                            10));
        });
    }

    /** Instances that the request touches. */
    private static String charge(Machine scaleSet) {
        return Integer.toString(scaleSet.instances().size());
    }

    private MachineIdentity identityOf(Call call, ObjectNode body, Machine machine) {
        var wanted = identities.read(body.get("identity"), call, machine);
        rights.assign(call, machine, wanted.assigned());
        throttle.assign(call, machine.id(), wanted.assigned().size());
        return identities.apply(machine.identity(), wanted, call, machine);
    }

    /** If-Match and If-None-Match, of the versions that have etags. */
    private void precondition(Call call, @Nullable Machine before) {
        if (!MachineBody.hasEtag(call)) {
            return;
        }
        var match = call.request().header("If-Match");
        if (match.isPresent()) {
            if (before == null) {
                throw new Refusal(Errors.etagMismatch(match.get(), "\"\""));
            }
            var present = "\"" + before.etag() + "\"";
            if (!match.get().equals("*") && !match.get().equals(present)) {
                throw new Refusal(Errors.etagMismatch(match.get(), present));
            }
        }
        if (before != null
                && call.request().header("If-None-Match").filter("*"::equals).isPresent()) {
            throw new Refusal(Errors.existsAlready(before));
        }
    }

    private static void refuseWhileDeleting(Machine machine, String verb) {
        if (machine.isDeleting()) {
            throw new Refusal(Errors.markedForDeletion(machine, verb));
        }
    }

    private void meetRunning(Call call, Machine before) {
        var work = before.work();
        if (work == null) {
            return;
        }
        switch (call.settings().operations().concurrent()) {
            case CONFLICT -> throw new Refusal(Errors.conflict());
            case PREEMPT -> preempt(call, work);
            case ALLOW -> {}
        }
    }

    private void preempt(Call call, Work work) {
        world.changeOperation(work.operation(), operation -> operation.preempted(call.now(), Errors.PREEMPTED));
    }

    private Answer etag(Answer answer, Machine machine, Call call) {
        return MachineBody.hasEtag(call) ? answer.with("ETag", "\"" + machine.etag() + "\"") : answer;
    }

    private Answer absent(Call call) {
        return Errors.noResource(type.fullType() + "/" + call.path().name(), call.group());
    }

    /** As ARM spells it, whatever the request's case: names as sent, types of their own. */
    private String canonicalId(Call call) {
        return "/subscriptions/%s/resourceGroups/%s/providers/%s/%s"
                .formatted(
                        call.subscription(),
                        call.group(),
                        type.fullType(),
                        call.path().name());
    }

    /** For other providers that write machines. */
    static Map<Machine.Type, Machines> both(
            Context context, LongRunning operations, Rights rights, Throttle throttle, History history) {
        return Map.of(
                Machine.Type.VM, new Machines(Machine.Type.VM, context, operations, rights, throttle, history),
                Machine.Type.SCALE_SET,
                        new Machines(Machine.Type.SCALE_SET, context, operations, rights, throttle, history));
    }
}
