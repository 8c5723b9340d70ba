package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.Failing;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Settings;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to ARM that is authenticated and whose path and version are known.
 *
 * @param failing how an operation that it starts shall end; null to succeed
 */
record Call(
        Request request,
        ArmPath path,
        String apiVersion,
        Caller caller,
        Settings settings,
        Instant now,
        @Nullable Failing failing) {

    String method() {
        return request.method();
    }

    /** Whether the version is that day's or younger; {@code -preview} does not count. */
    boolean since(String day) {
        return apiVersion.substring(0, Math.min(10, apiVersion.length())).compareTo(day) >= 0;
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(request.query().get(name));
    }

    String subscription() {
        var subscription = path.subscription();
        return subscription == null ? "" : subscription;
    }

    String group() {
        var group = path.group();
        return group == null ? "" : group;
    }

    /** The body as an object; refuses what is not one. */
    ObjectNode body() {
        if (request.text().isEmpty()) {
            throw new Refusal(Errors.emptyBody());
        }
        try {
            JsonNode node = Json.MAPPER.readTree(request.text());
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new Refusal(Errors.notDeserializable(
                    "Error converting value to type 'Resource'. Path '', line 1, position 1."));
        } catch (JsonProcessingException e) {
            throw new Refusal(Errors.notDeserializable(Errors.jsonProblem(e)));
        }
    }
}
