package dev.vmidentity.azure;

import dev.vmidentity.azure.ArmErrors.Subject;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Machines.Progress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What an operation's URL answers: always 200, and how it is in the body. */
final class OperationStatus {
    private OperationStatus() {}

    static Progress read(int status, String body, Optional<Duration> retryAfter) {
        Optional<Map<?, ?>> json = ArmError.parse(body);
        if (json.isEmpty() || !(json.get().get("status") instanceof String how)) {
            return new Progress.Unknown(new Fault.Unexpected(status, "", "not an operation's status"));
        }
        return switch (how) {
            case "Succeeded" -> new Progress.Succeeded();
            case "Failed", "Canceled" -> new Progress.Failed(fault(status, how, json.get()));
            default -> new Progress.Running(retryAfter);
        };
    }

    private static Fault fault(int status, String how, Map<?, ?> json) {
        return json.get("error") instanceof Map<?, ?>
                ? ArmErrors.fault(ArmError.of(status, json), Subject.MACHINE)
                : new Fault.Unexpected(status, how, "the operation ended as " + how + " and no more was said");
    }
}
