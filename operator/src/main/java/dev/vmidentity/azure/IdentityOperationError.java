package dev.vmidentity.azure;

import static java.util.Map.entry;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fault.Throttled.Scope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code FailedIdentityOperation}: ARM tells in a sentence what the identity service answered it. That answer's own
 * status and words say what is wrong:
 *
 * <pre>… Status: 'BadRequest'. Response: '{"error":{"code":"BadRequest","message":"Resource '/subscriptions/…' was not
 * found."}}'.'.</pre>
 */
final class IdentityOperationError {
    private static final Pattern STATUS = Pattern.compile("Status: '([^']+)'");
    private static final Pattern RESPONSE = Pattern.compile("Response: '(\\{.*})", Pattern.DOTALL);

    /** .NET's names of HTTP's statuses. */
    private static final Map<String, Integer> STATUS_NAMES = Map.ofEntries(
            entry("badrequest", 400),
            entry("unauthorized", 401),
            entry("forbidden", 403),
            entry("notfound", 404),
            entry("conflict", 409),
            entry("toomanyrequests", 429),
            entry("internalservererror", 500),
            entry("badgateway", 502),
            entry("serviceunavailable", 503),
            entry("gatewaytimeout", 504));

    private IdentityOperationError() {}

    static Fault fault(ArmError outer) {
        ArmError inner = inner(outer);
        String words = inner.message().toLowerCase(Locale.ROOT);
        List<ArmId> named = ArmErrors.identitiesIn(inner.message());
        if (inner.status() == 429 || words.contains("too many requests")) {
            return new Fault.Throttled(Scope.IDENTITIES, outer.retryAfter().or(inner::retryAfter), inner.detail());
        }
        if (words.contains("was not found")) {
            return new Fault.IdentityMissing(named, inner.detail());
        }
        if (inner.status() == 409 || inner.is("Conflict")) {
            return new Fault.Busy(inner.code(), inner.detail());
        }
        if (inner.status() >= 500) {
            return new Fault.AzureUnwell(inner.status(), inner.code(), inner.detail());
        }
        return new Fault.IdentityRefused(named, inner.code(), inner.detail());
    }

    /** The outer error itself where it wraps none that can be read. */
    private static ArmError inner(ArmError outer) {
        Matcher status = STATUS.matcher(outer.message());
        int number = status.find() ? number(status.group(1)) : outer.status();
        Matcher response = RESPONSE.matcher(outer.message());
        Optional<ArmError> told = response.find()
                ? ArmError.parse(response.group(1)).map(json -> ArmError.of(number, json))
                : Optional.empty();
        return told.filter(error -> !error.message().isEmpty())
                .orElseGet(() -> new ArmError(
                        number,
                        outer.code(),
                        outer.message(),
                        outer.target(),
                        outer.details(),
                        outer.retryAfter(),
                        outer.exhausted()));
    }

    private static int number(String status) {
        return status.matches("\\d{3}")
                ? Integer.parseInt(status)
                : STATUS_NAMES.getOrDefault(status.toLowerCase(Locale.ROOT).replace(" ", ""), 400);
    }
}
