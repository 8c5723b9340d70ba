package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Lock;
import dev.vmidentity.simulator.model.World;
import dev.vmidentity.simulator.model.World.Change;

/** Management locks, and what they stop. */
final class Locks implements Provider {
    private final World world;

    Locks(Context context) {
        this.world = context.world();
    }

    /** Refuses what a lock at, above or (for a deletion) below the path forbids. */
    void check(Call call) {
        if (call.path().type().equals("microsoft.authorization/locks")
                || call.method().equals("GET")
                || call.method().equals("HEAD")) {
            return;
        }
        var path = call.path().path();
        var deletes = call.method().equals("DELETE");
        world.all(Lock.class)
                .filter(lock -> deletes || lock.level().equals("ReadOnly"))
                .filter(lock -> Rights.covers(lock.scope(), path) || (deletes && Rights.covers(path, lock.scope())))
                .findFirst()
                .ifPresent(lock -> {
                    throw new Refusal(Errors.locked(path, deletes ? "delete" : "write", lock.scope()));
                });
    }

    @Override
    public Answer handle(Call call) {
        var path = call.path();
        if (!path.isInstance()) {
            if (!call.method().equals("GET")) {
                throw new Refusal(Errors.methodNotAllowed(call.method()));
            }
            var rows = world.all(Lock.class)
                    .filter(lock -> Rights.covers(path.scope(), lock.scope()))
                    .toList();
            return Answer.json(200, Json.compact(Paging.page(call, rows, Lock::key, Locks::show)));
        }
        return switch (call.method()) {
            case "GET" ->
                world.find(path.path(), Lock.class)
                        .map(lock -> Answer.json(200, Json.compact(show(lock))))
                        .orElseThrow(() -> new Refusal(Errors.gateway(
                                404, "LockNotFound", "The lock '%s' could not be found.".formatted(path.name()))));
            case "PUT" -> put(call);
            case "DELETE" -> Answer.empty(world.remove(path.path()) ? 200 : 204);
            default -> throw new Refusal(Errors.methodNotAllowed(call.method()));
        };
    }

    private Answer put(Call call) {
        var properties = call.body().path("properties");
        var level = properties.path("level").asText("");
        if (!level.equals("CanNotDelete") && !level.equals("ReadOnly")) {
            throw new Refusal(
                    Errors.gateway(400, "InvalidLockLevel", "The lock level '%s' is invalid.".formatted(level)));
        }
        var notes = properties.path("notes");
        var lock = new Lock(call.path().path(), level, notes.isTextual() ? notes.asText() : null);
        return world.change(
                lock.id(),
                stored -> new Change<>(lock, Answer.json(stored == null ? 201 : 200, Json.compact(show(lock)))));
    }

    static ObjectNode show(Lock lock) {
        var node = Json.object();
        var properties = node.putObject("properties").put("level", lock.level());
        if (lock.notes() != null) {
            properties.put("notes", lock.notes());
        }
        return node.put("id", lock.id())
                .put("type", "Microsoft.Authorization/locks")
                .put("name", ArmId.name(lock.id()));
    }
}
