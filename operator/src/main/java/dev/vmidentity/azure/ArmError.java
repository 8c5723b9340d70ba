package dev.vmidentity.azure;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An error as ARM tells it: of a request, or of an operation that failed.
 *
 * @param status HTTP's; 200 for an operation that failed
 * @param code empty when the body was no error of ARM's
 * @param message Azure's sentence, empty when there is none
 * @param target what it is about, when Azure says
 * @param details nested errors
 * @param retryAfter how long Azure asks to wait
 * @param exhausted the budgets that the answer says are used up, such as {@code UpdateVMResource}
 */
record ArmError(
        int status,
        String code,
        String message,
        String target,
        List<Detail> details,
        Optional<Duration> retryAfter,
        List<String> exhausted) {

    /** Resource Graph's way of saying when there is quota again. */
    static final String QUOTA_RESETS = "x-ms-user-quota-resets-after";

    private static final int LONGEST_DETAIL = 2_000;

    record Detail(String code, String target, String message) {}

    ArmError {
        details = List.copyOf(details);
        exhausted = List.copyOf(exhausted);
    }

    /** What came in answer to a request. The body may be anything at all. */
    static ArmError ofAnswer(int status, Function<String, @Nullable String> header, String body, Instant now) {
        ArmError told = parse(body).map(json -> of(status, json)).orElseGet(() -> bare(status));
        return new ArmError(
                status,
                told.code(),
                told.message(),
                told.target(),
                told.details(),
                RetryAfter.ofHeaders(header, now)
                        .or(() -> RetryAfter.ofSentence(told.message()))
                        .or(() -> status == 429 ? RetryAfter.ofQuota(header.apply(QUOTA_RESETS)) : Optional.empty()),
                usedUp(header.apply("x-ms-ratelimit-remaining-resource")));
    }

    /** The {@code error} of an operation's status, or of anything else that nests one. */
    static ArmError of(int status, Map<?, ?> json) {
        Map<?, ?> error = json.get("error") instanceof Map<?, ?> wrapped ? wrapped : json;
        List<Detail> details = new ArrayList<>();
        if (error.get("details") instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> detail) {
                    details.add(new Detail(text(detail, "code"), text(detail, "target"), text(detail, "message")));
                }
            }
        }
        String message = text(error, "message");
        return new ArmError(
                status,
                text(error, "code"),
                message,
                text(error, "target"),
                details,
                RetryAfter.ofSentence(message),
                List.of());
    }

    static ArmError bare(int status) {
        return new ArmError(status, "", "", "", List.of(), Optional.empty(), List.of());
    }

    /** Empty unless it is a JSON object. */
    static Optional<Map<?, ?>> parse(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try (JsonReader reader = JsonProviders.createReader(text)) {
            return reader.readUntyped() instanceof Map<?, ?> map ? Optional.of(map) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** For a person. */
    String detail() {
        if (!message.isEmpty()) {
            return message.length() > LONGEST_DETAIL ? message.substring(0, LONGEST_DETAIL) + "…" : message;
        }
        return code.isEmpty() ? "Azure answered " + status + " and no more" : code;
    }

    boolean is(String otherCode) {
        return code.equalsIgnoreCase(otherCode);
    }

    private static String text(Map<?, ?> json, String name) {
        return json.get(name) instanceof String text ? text.strip() : "";
    }

    /** {@code Microsoft.Compute/UpdateVMSubscriptionMaximum;1498,Microsoft.Compute/UpdateVMResource;0}. */
    private static List<String> usedUp(@Nullable String remaining) {
        List<String> names = new ArrayList<>();
        if (remaining != null) {
            for (String budget : remaining.split(",", -1)) {
                int semicolon = budget.lastIndexOf(';');
                if (semicolon > 0 && budget.substring(semicolon + 1).strip().equals("0")) {
                    names.add(budget.substring(budget.lastIndexOf('/', semicolon) + 1, semicolon)
                            .strip());
                }
            }
        }
        return names;
    }
}
