package dev.vmidentity.simulator.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vmidentity.simulator.arm.Arm;
import dev.vmidentity.simulator.arm.StateDocument;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.Entropy;
import dev.vmidentity.simulator.model.Json;

/** {@code /_simulator/}: the same as the Java methods, over HTTP, without a token. */
public final class ControlEndpoint {
    private final LiveSettings settings;
    private final Faults faults;
    private final RequestLog log;
    private final StateDocument state;
    private final Arm arm;
    private final Entropy entropy;

    public ControlEndpoint(
            LiveSettings settings, Faults faults, RequestLog log, StateDocument state, Arm arm, Entropy entropy) {
        this.settings = settings;
        this.faults = faults;
        this.log = log;
        this.state = state;
        this.arm = arm;
        this.entropy = entropy;
    }

    Answer handle(Request request) {
        var what = request.path().substring("/_simulator/".length()).replaceAll("/+$", "");
        try {
            return switch (request.method() + " " + (what.startsWith("faults/") ? "faults/{id}" : what)) {
                case "GET requests" -> json(log.json(request.query().getOrDefault("url", "")));
                case "DELETE requests" -> {
                    log.clear();
                    yield Answer.empty(204);
                }
                case "GET settings" -> json(settings.json());
                case "PUT settings", "PATCH settings" -> {
                    var before = settings.get().seed();
                    var after = settings.merge(body(request));
                    if (after.seed() != before) {
                        entropy.reseed(after.seed());
                    }
                    yield json(settings.json());
                }
                case "GET faults" -> json(faults.json());
                case "POST faults" -> add(body(request));
                case "DELETE faults" -> {
                    faults.clear();
                    yield Answer.empty(204);
                }
                case "DELETE faults/{id}" ->
                    Answer.empty(faults.remove(Long.parseLong(what.substring("faults/".length()))) ? 204 : 404);
                case "GET state" -> json(state.read());
                case "PUT state" -> {
                    state.replace(body(request));
                    yield json(state.read());
                }
                case "PATCH state" -> {
                    state.merge(body(request));
                    yield json(state.read());
                }
                case "DELETE budgets" -> {
                    arm.refill();
                    yield Answer.empty(204);
                }
                default -> problem(404, "There is no %s %s here.".formatted(request.method(), request.path()));
            };
        } catch (IllegalArgumentException e) {
            return problem(400, String.valueOf(e.getMessage()));
        }
    }

    private Answer add(JsonNode body) {
        var ids = Json.array();
        if (body.isArray()) {
            var parsed = new java.util.ArrayList<Fault>();
            body.forEach(one -> parsed.add(Fault.read(one)));
            parsed.forEach(fault -> ids.addObject().put("id", faults.add(fault)));
            return Answer.json(201, Json.compact(ids));
        }
        return Answer.json(201, Json.compact(Json.object().put("id", faults.add(Fault.read(body)))));
    }

    private static JsonNode body(Request request) {
        return StateDocument.parse(request.text());
    }

    private static Answer json(JsonNode node) {
        return Answer.json(200, node.toPrettyString() + "\n");
    }

    private static Answer problem(int status, String sentence) {
        return Answer.json(status, Json.compact(Json.object().put("problem", sentence)));
    }
}
