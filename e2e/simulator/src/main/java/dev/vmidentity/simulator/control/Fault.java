package dev.vmidentity.simulator.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.Failing;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Operation.OperationError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong on purpose. Matched by method and path; see {@code README.md} for its JSON.
 *
 * @param method      upper case; null for every method
 * @param path        as given: a part of the path without case, or {@code glob:…} or {@code regex:…} over the whole path
 * @param times       how many requests it takes; 0 for all
 * @param skip        how many matching requests it lets pass first
 * @param probability of a matching request to be taken
 * @param seed        of the draws that {@code probability} takes; null for the one of the settings
 * @param meanwhile   what somebody else sends to ARM first, in order
 * @param delay       milliseconds before anything happens
 * @param late        milliseconds after which the request takes effect although its connection was cut at once; 0 for never
 */
public record Fault(
        @Nullable String method,
        String path,
        int times,
        int skip,
        double probability,
        @Nullable Long seed,
        List<Foreign> meanwhile,
        long delay,
        long late,
        boolean hang,
        @Nullable Moment cut,
        boolean truncate,
        @Nullable Answer answer,
        Moment answerWhen,
        @Nullable Failing failing,
        ObjectNode source) {
    private static final Set<String> MEMBERS = Set.of(
            "id",
            "hits",
            "method",
            "path",
            "times",
            "skip",
            "probability",
            "seed",
            "meanwhile",
            "delay",
            "late",
            "hang",
            "cut",
            "truncate",
            "status",
            "body",
            "headers",
            "when",
            "operation");

    /**
     * A request of somebody else.
     *
     * @param url  path and query
     * @param as   client id
     */
    public record Foreign(String method, String url, String body, String as) {}

    /** Before or after the request took effect. */
    public enum Moment {
        BEFORE,
        AFTER
    }

    /** Reads one; throws IllegalArgumentException with a sentence. */
    public static Fault read(JsonNode json) {
        if (!(json instanceof ObjectNode node)) {
            throw new IllegalArgumentException("A fault is a JSON object.");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) {
                throw new IllegalArgumentException("A fault has no member '%s'. It has %s."
                        .formatted(name, MEMBERS.stream().sorted().toList()));
            }
        });
        var path = node.path("path").asText("");
        matcher(path);
        var method = node.path("method").asText("*").toUpperCase(Locale.ROOT);
        return new Fault(
                method.equals("*") ? null : method,
                path,
                node.path("times").asInt(1),
                node.path("skip").asInt(0),
                node.path("probability").asDouble(1),
                node.hasNonNull("seed") ? node.get("seed").asLong() : null,
                meanwhile(node.get("meanwhile")),
                node.path("delay").asLong(0),
                node.path("late").asLong(0),
                node.path("hang").asBoolean(false),
                node.hasNonNull("cut") ? moment(node.get("cut")) : null,
                node.path("truncate").asBoolean(false),
                node.hasNonNull("status") ? answer(node) : null,
                node.hasNonNull("when") ? moment(node.get("when")) : Moment.BEFORE,
                node.hasNonNull("operation") ? failing(node.get("operation")) : null,
                node.deepCopy());
    }

    Predicate<String> paths() {
        return matcher(path);
    }

    private static Moment moment(JsonNode node) {
        return switch (node.asText()) {
            case "before" -> Moment.BEFORE;
            case "after" -> Moment.AFTER;
            default -> throw new IllegalArgumentException("'%s' is neither before nor after.".formatted(node.asText()));
        };
    }

    private static List<Foreign> meanwhile(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        var requests = new ArrayList<Foreign>();
        for (var one : node.isArray() ? node : Json.array().add(node)) {
            var url = one.path("url").asText("");
            if (!url.startsWith("/") || !url.contains("api-version=")) {
                throw new IllegalArgumentException(
                        "'meanwhile' is requests with method, url (from the first slash, with api-version), body, as.");
            }
            requests.add(new Foreign(
                    one.path("method").asText("PATCH").toUpperCase(Locale.ROOT),
                    url,
                    one.hasNonNull("body") ? Json.compact(one.get("body")) : "",
                    one.path("as").asText("somebody-else")));
        }
        return List.copyOf(requests);
    }

    private static Answer answer(ObjectNode node) {
        var headers = new LinkedHashMap<>(Json.strings(node.get("headers")));
        var body = node.get("body");
        if (body == null || body.isNull()) {
            return new Answer(node.get("status").asInt(), headers, "");
        }
        if (headers.keySet().stream().noneMatch("content-type"::equalsIgnoreCase)) {
            headers.put("Content-Type", "application/json; charset=utf-8");
        }
        var text = body.isTextual() ? body.asText() : Json.compact(body);
        return new Answer(node.get("status").asInt(), headers, text);
    }

    private static Failing failing(JsonNode node) {
        if (node.asText().equals("never")) {
            return new Failing(new OperationError("", ""), false, false, true);
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException(
                    "'operation' is \"never\" or an object with code, message, rollback, etagMoves.");
        }
        return new Failing(
                new OperationError(
                        node.path("code").asText("InternalExecutionError"),
                        node.path("message").asText("An internal execution error occurred. Please retry later.")),
                node.path("rollback").asBoolean(true),
                node.path("etagMoves").asBoolean(false),
                false);
    }

    private static Predicate<String> matcher(String path) {
        if (path.startsWith("regex:")) {
            return Pattern.compile(path.substring("regex:".length()), Pattern.CASE_INSENSITIVE)
                    .asPredicate();
        }
        if (path.startsWith("glob:")) {
            var regex = new StringBuilder();
            for (char c : path.substring("glob:".length()).toCharArray()) {
                regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
            }
            return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE).asMatchPredicate();
        }
        var part = path.toLowerCase(Locale.ROOT);
        return candidate -> candidate.toLowerCase(Locale.ROOT).contains(part);
    }
}
