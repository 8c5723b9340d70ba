package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.arm.Budgets.Rule;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Operation;
import dev.vmidentity.simulator.model.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ARM's and the providers' budgets. They are counted and told in headers always; whether a spent one refuses is a setting, and where it
 * does not, it stays at zero.
 */
final class Throttle {
    private static final Rule READS = new Rule(250, 25);
    private static final Rule WRITES = new Rule(200, 10);
    private static final int GLOBAL = 15;
    private static final Rule IDENTITY_WRITES = new Rule(80, 4);
    private static final Rule IDENTITY_ASSIGNMENTS = new Rule(300, 15);

    private final Budgets budgets = new Budgets();
    private final World world;

    Throttle(World world) {
        this.world = world;
    }

    /** Headers to add. */
    record Charged(Map<String, String> headers) {
        Answer stamp(Answer answer) {
            var stamped = answer;
            for (var header : headers.entrySet()) {
                stamped = stamped.with(header.getKey(), header.getValue());
            }
            return stamped;
        }
    }

    /** A compute budget: its name, and the rules per resource (null for none) and per subscription. */
    private enum Compute {
        PUT_VM("PutVM", 4, 12, 500, 1500),
        UPDATE_VM("UpdateVM", 4, 12, 500, 1500),
        DELETE_VM("DeleteVM", 4, 12, 500, 1500),
        GET_VM("LowCostGet", 12, 36, 8000, 24000),
        LIST_VM("HighCostGet", 0, 0, 300, 900),
        OPERATION("GetOperation", 15, 45, 5000, 15000),
        PUT_SET("CreateVMScaleSet", 4, 12, 125, 375),
        UPDATE_SET("VMScaleSetActions", 4, 12, 500, 1500),
        DELETE_SET("DeleteVMScaleSet", 4, 12, 175, 525),
        GET_SET("GetVMScaleSet", 12, 36, 800, 2400),
        LIST_SET("HighCostGetVMScaleSet", 10, 30, 360, 1080);

        private final String title;
        private final int perMinute;
        private final int burst;
        private final int subscriptionPerMinute;
        private final int subscriptionBurst;

        Compute(String title, int perMinute, int burst, int subscriptionPerMinute, int subscriptionBurst) {
            this.title = title;
            this.perMinute = perMinute;
            this.burst = burst;
            this.subscriptionPerMinute = subscriptionPerMinute;
            this.subscriptionBurst = subscriptionBurst;
        }

        private boolean perResource() {
            return burst > 0;
        }

        private Rule resource() {
            return new Rule(burst, perMinute / 60.0);
        }

        private Rule subscription() {
            return new Rule(subscriptionBurst, subscriptionPerMinute / 60.0);
        }
    }

    /** Takes from the buckets of subscription and principal; refuses when one is empty. */
    Charged arm(Call call) {
        if (call.path().subscription() == null) {
            return new Charged(Map.of());
        }
        var kind = switch (call.method()) {
            case "GET", "HEAD" -> "reads";
            case "DELETE" -> "deletes";
            default -> "writes";
        };
        var rule = kind.equals("reads") ? READS : WRITES;
        var who = call.subscription() + "|" + call.caller().objectId() + "|" + kind;
        var own = budgets.take(who, rule, call.now());
        var all = budgets.take(
                call.subscription() + "||" + kind,
                new Rule(rule.capacity() * GLOBAL, rule.perSecond() * GLOBAL),
                call.now());
        if (call.settings().throttling().arm() && (own.refused() || all.refused())) {
            var seconds = Math.max(own.retryAfter(), all.retryAfter());
            throw new Refusal(Errors.gateway(
                            429,
                            "SubscriptionRequestsThrottled",
                            ("Number of '%s' requests for subscription '%s' actor '%s' exceeded. Please try again after '%d' seconds "
                                            + "after additional tokens are available. Refer to https://aka.ms/arm-throttling for additional information.")
                                    .formatted(
                                            kind.substring(0, kind.length() - 1),
                                            call.subscription(),
                                            call.caller().objectId(),
                                            seconds))
                    .with("Retry-After", Long.toString(seconds)));
        }
        var headers = new LinkedHashMap<String, String>();
        headers.put("x-ms-ratelimit-remaining-subscription-" + kind, Integer.toString(own.remaining()));
        headers.put("x-ms-ratelimit-remaining-subscription-global-" + kind, Integer.toString(all.remaining()));
        return new Charged(headers);
    }

    /** Takes from the buckets of the provider; refuses when one is empty. */
    Charged provider(Call call) {
        var type = call.path().type();
        if (type.equals("microsoft.managedidentity/userassignedidentities")) {
            identity(call);
        }
        if (!type.startsWith("microsoft.compute/")) {
            return new Charged(Map.of());
        }
        var budget = budget(call, type);
        var remaining = new ArrayList<String>();
        var subscription = budgets.take(call.subscription() + "|" + budget.title, budget.subscription(), call.now());
        int spent = subscription.refused() ? budget.subscriptionBurst : budget.burst;
        var refusals = new ArrayList<Long>();
        var told = "Microsoft.Compute/%s%s;%d";
        remaining.add(told.formatted(budget.title, "SubscriptionMaximum", subscription.remaining()));
        refusals.add(subscription.retryAfter());
        if (budget.perResource()) {
            var resource = budgets.take(resource(call, budget) + "|" + budget.title, budget.resource(), call.now());
            var text = told.formatted(budget.title, "Resource", resource.remaining());
            if (budget == Compute.OPERATION) {
                remaining.addFirst(text);
            } else {
                remaining.add(text);
            }
            refusals.add(resource.retryAfter());
        }
        long wait = refusals.stream().mapToLong(Long::longValue).max().orElse(0);
        if (wait > 0 && call.settings().throttling().compute()) {
            throw new Refusal(computeRefusal(budget, spent, wait, remaining));
        }
        if (budget == Compute.UPDATE_SET || budget == Compute.PUT_SET || budget == Compute.DELETE_SET) {
            remaining.add("Microsoft.Compute/VMScaleSetBatchedVMRequestsSubscriptionMaximum;6000");
            remaining.add("Microsoft.Compute/VmssQueuedVMOperations;0");
        }
        return new Charged(Map.of("x-ms-ratelimit-remaining-resource", String.join(",", remaining)));
    }

    /** What a budget per resource counts for: polls of every operation on a machine are the machine's. */
    private String resource(Call call, Compute budget) {
        if (budget == Compute.OPERATION) {
            return world.operation(call.path().name()).map(Operation::target).orElse("");
        }
        return ArmId.key(call.path().path());
    }

    /** Eighty writes of identities in twenty seconds; no header tells what is left. */
    private void identity(Call call) {
        if (!call.method().equals("PUT")) {
            return;
        }
        var taken = budgets.take(call.subscription() + "|identities", IDENTITY_WRITES, call.now());
        if (taken.refused() && call.settings().throttling().identity()) {
            throw new Refusal(
                    Errors.error(429, "TooManyRequests", "The request is being throttled. Retry after 20 seconds.")
                            .with("Retry-After", "20"));
        }
    }

    /** Three hundred assignments in twenty seconds; refused inside the answer of the machine's provider. */
    void assign(Call call, String target, int identities) {
        for (int i = 0; i < identities; i++) {
            var taken = budgets.take(call.subscription() + "|assignments", IDENTITY_ASSIGNMENTS, call.now());
            if (taken.refused() && call.settings().throttling().identity()) {
                throw new Refusal(Errors.failedIdentityOperation(
                        target,
                        "429",
                        "TooManyRequests",
                        "The resource %s has issued too many requests. Retry after 20 seconds.".formatted(target)));
            }
        }
    }

    private static Answer computeRefusal(Compute budget, int spent, long wait, List<String> remaining) {
        var error = Json.object()
                .put("code", "OperationNotAllowed")
                .put(
                        "message",
                        "The server rejected the request because too many requests have been received for this subscription.");
        error.putArray("details")
                .addObject()
                .put("code", "TooManyRequests")
                .put("target", budget.title)
                .put(
                        "message",
                        "{\"operationGroup\":\"%s\",\"allowedRequestCount\":%d,\"measuredRequestCount\":%d}"
                                .formatted(budget.title, spent, spent + 1));
        error.putObject("innererror").put("internalErrorCode", "TooManyRequestsReceived");
        return Answer.json(429, Json.indented(Json.object().set("error", error)))
                .with("Retry-After", Long.toString(wait))
                .with("x-ms-ratelimit-remaining-resource", String.join(",", remaining));
    }

    private static Compute budget(Call call, String type) {
        if (type.equals("microsoft.compute/locations/operations")) {
            return Compute.OPERATION;
        }
        var set = type.startsWith("microsoft.compute/virtualmachinescalesets");
        return switch (call.method()) {
            case "PUT" -> set ? Compute.PUT_SET : Compute.PUT_VM;
            case "DELETE" -> set ? Compute.DELETE_SET : Compute.DELETE_VM;
            case "PATCH", "POST" -> set ? Compute.UPDATE_SET : Compute.UPDATE_VM;
            default -> {
                if (call.path().isInstance()) {
                    yield set ? Compute.GET_SET : Compute.GET_VM;
                }
                yield set ? Compute.LIST_SET : Compute.LIST_VM;
            }
        };
    }

    void refill() {
        budgets.clear();
    }
}
