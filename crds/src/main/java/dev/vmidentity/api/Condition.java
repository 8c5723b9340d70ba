package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A condition as Kubernetes has it. Ours rather than the client's: type and reason are closed sets here.
 *
 * @param observedGeneration the {@code metadata.generation} that the condition speaks of
 * @param lastTransitionTime when {@code status} last changed, cut to seconds as everywhere in Kubernetes, so that a
 *     condition equals itself after a round trip
 * @param message one or more sentences for a person; may be empty
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        ConditionType type,
        ConditionStatus status,
        @Nullable Long observedGeneration,
        Instant lastTransitionTime,
        Reason reason,
        String message) {
    public Condition {
        lastTransitionTime = lastTransitionTime.truncatedTo(ChronoUnit.SECONDS);
        // The schema requires both; an object written by hand through an older schema must still be readable.
        reason = reason == null ? Reason.Unknown : reason;
        message = message == null ? "" : message;
    }
}
