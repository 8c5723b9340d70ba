package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.MachineIdentity;
import dev.vmidentity.simulator.model.Operation;
import dev.vmidentity.simulator.model.Work;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Long-running operations: how they are started, announced and polled. */
final class LongRunning {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSxxx").withZone(ZoneOffset.UTC);

    private final Context context;

    LongRunning(Context context) {
        this.context = context;
    }

    /** The work, and the operation, which is remembered when it is announced. */
    record Started(Work work, Operation operation) {}

    Started start(Call call, Machine target, Work.Kind kind, long millis, MachineIdentity before, int retryAfter) {
        var settings = call.settings().operations();
        var failing = call.failing();
        @Nullable
        Instant ends = settings.end() && (failing == null || !failing.never())
                ? call.now().plusMillis(context.entropy().around(millis, settings.spread()))
                : null;
        var id = context.entropy().guid();
        var failure = failing == null || failing.never()
                ? null
                : new Work.Failure(failing.rollsBack() ? before : null, failing.movesEtag());
        var operation = new Operation(
                id,
                call.subscription(),
                target.location(),
                target.key(),
                call.now(),
                ends,
                settings.retryAfterSeconds() > 0 ? settings.retryAfterSeconds() : retryAfter,
                failing == null || failing.never() ? null : failing.error());
        return new Started(
                new Work(id, kind, ends, failure, call.settings().etags().movesOnCompletion()), operation);
    }

    /** The answer that announces it. */
    Answer announce(Answer answer, Call call, Operation operation, boolean withLocation, int retryAfter) {
        context.world().put(operation);
        var base = "%s/subscriptions/%s/providers/Microsoft.Compute/locations/%s/operations/%s?"
                .formatted(call.request().origin(), operation.subscription(), operation.location(), operation.id());
        var announced = answer.with("Azure-AsyncOperation", base + query(call, operation, ""))
                .with("azure-asyncnotification", "Enabled");
        if (withLocation) {
            announced = announced.with("Location", base + query(call, operation, "monitor=true&"));
        }
        var seconds = call.settings().operations().retryAfterSeconds();
        int wait = seconds > 0 ? seconds : retryAfter;
        return wait > 0 ? announced.with("Retry-After", Integer.toString(wait)) : announced;
    }

    /** Signed since 2021; the signature is of the right form only. */
    private static String query(Call call, Operation operation, String monitor) {
        if (!call.since("2021-01-01")) {
            return monitor + "api-version=" + call.apiVersion();
        }
        var partition = UUID.nameUUIDFromBytes(operation.subscription().getBytes(StandardCharsets.UTF_8));
        var query = "p=" + partition + "&" + monitor + "api-version=" + call.apiVersion();
        return call.since("2024-01-01")
                ? query + "&t=" + (621355968000000000L + operation.started().toEpochMilli() * 10_000)
                        + "&c=MIIHhzCCBm-gAwIBAgITfAlO&s=" + operation.id().replace("-", "") + "&h="
                        + operation.id().substring(0, 8)
                : query;
    }

    /** {@code GET …/locations/{location}/operations/{id}}. */
    Answer poll(Call call) {
        var operation = context.world()
                .operation(call.path().name())
                .filter(one -> one.subscription().equalsIgnoreCase(call.subscription()))
                .orElseThrow(() -> new Refusal(Errors.compute(
                        404,
                        "ResourceNotFound",
                        "The operation %s was not found.".formatted(call.path().name()),
                        null)));
        var over = operation.over(call.now());
        if (call.query("monitor").isPresent()) {
            var answer = Answer.empty(over ? 200 : 202);
            return over
                    ? answer
                    : waiting(answer, operation).with("Location", call.request().url());
        }
        var node = Json.object().put("startTime", TIME.format(operation.started()));
        if (!over) {
            node.put("status", "InProgress").put("name", operation.id());
            return waiting(Answer.json(200, Json.indented(node)), operation);
        }
        if (operation.ends() != null) {
            node.put("endTime", TIME.format(operation.ends()));
        }
        var error = operation.error();
        node.put("status", error == null ? "Succeeded" : "Failed");
        if (error != null) {
            node.putObject("error").put("code", error.code()).put("message", error.message());
        }
        return Answer.json(200, Json.indented(node.put("name", operation.id())));
    }

    private static Answer waiting(Answer answer, Operation operation) {
        return operation.retryAfter() > 0
                ? answer.with("Retry-After", Integer.toString(operation.retryAfter()))
                : answer;
    }
}
