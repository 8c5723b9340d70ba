package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.directory.Tokens;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.Failing;
import dev.vmidentity.simulator.model.History;
import dev.vmidentity.simulator.model.Machine;
import dev.vmidentity.simulator.model.ResourceGroup;
import dev.vmidentity.simulator.model.Subscription;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ARM's front door: token, path, version, subscription, budgets, rights, group; then the provider. In the order in which the real one
 * was seen to complain, as far as that is known.
 */
public final class Arm {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "PUT", "PATCH", "POST", "DELETE");

    private final Context context;
    private final Tokens tokens;
    private final Rights rights;
    private final Locks locks;
    private final Throttle throttle;
    private final Map<String, Provider> providers;
    private final Subscriptions subscriptions;
    private final Groups groups;

    public Arm(Context context, Tokens tokens) {
        var history = new History(context.world());
        this.context = context;
        this.tokens = tokens;
        this.rights = new Rights(context.world());
        var principals = new Principals(context.world());
        this.locks = new Locks(context);
        this.throttle = new Throttle(context.world());
        var operations = new LongRunning(context);
        var machines = Machines.both(context, operations, rights, throttle, history);
        var instances = new ScaleSetInstances(context, operations);
        this.groups = new Groups(context, rights);
        this.subscriptions = new Subscriptions(context, groups, rights);
        this.providers = Map.ofEntries(
                Map.entry("microsoft.compute/virtualmachines", machines.get(Machine.Type.VM)),
                Map.entry("microsoft.compute/virtualmachinescalesets", machines.get(Machine.Type.SCALE_SET)),
                Map.entry("microsoft.compute/virtualmachines/instanceview", new InstanceView(context)),
                Map.entry("microsoft.compute/locations/operations", operations::poll),
                Map.entry("microsoft.compute/virtualmachinescalesets/virtualmachines", instances::instances),
                Map.entry("microsoft.compute/virtualmachinescalesets/manualupgrade", instances::manualUpgrade),
                Map.entry("microsoft.managedidentity/userassignedidentities", new Identities(context)),
                Map.entry(
                        "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials",
                        new FederatedCredentials(context)),
                Map.entry(
                        "microsoft.managedidentity/userassignedidentities/listassociatedresources",
                        new AssociatedResources(context)),
                Map.entry("microsoft.authorization/roleassignments", new RoleAssignments(context, rights, principals)),
                Map.entry("microsoft.authorization/roledefinitions", new RoleDefinitions(context)),
                Map.entry("microsoft.authorization/locks", locks),
                Map.entry("microsoft.resourcegraph/resources", new ResourceGraph(context, history, rights)));
    }

    /** Answers, whatever comes. */
    public Answer handle(Request request, @Nullable Failing failing) {
        Answer answer;
        try {
            answer = answer(request, failing);
        } catch (Refusal refusal) {
            answer = refusal.answer();
        }
        return standard(answer);
    }

    /** Forgets what budgets were spent. */
    public void refill() {
        throttle.refill();
    }

    private Answer answer(Request request, @Nullable Failing failing) {
        if (!METHODS.contains(request.method())) {
            throw new Refusal(Errors.methodNotAllowed(request.method()));
        }
        var path = ArmPath.parse(request.path());
        var now = context.world().now();
        var caller = caller(request);
        var version = request.query().getOrDefault("api-version", "");
        var call = new Call(request, path, version, caller, context.settings().get(), now, failing);
        if (version.isEmpty()) {
            throw new Refusal(Errors.missingApiVersion());
        }
        var subscription = path.subscription();
        if (subscription != null) {
            existing(subscription);
        }
        var provider = route(call);
        mediaType(request);
        var spent = throttle.arm(call);
        rights.request(call);
        locks.check(call);
        Denials.policies(call);
        if (path.group() != null && path.namespace() != null) {
            var group = context.world()
                    .find(
                            "/subscriptions/%s/resourceGroups/%s".formatted(subscription, path.group()),
                            ResourceGroup.class)
                    .orElseThrow(() -> new Refusal(Errors.noGroup(call.group())));
            if (group.deletedAt() != null && call.method().equals("PUT")) {
                throw new Refusal(Errors.groupBeingDeleted(group.name()));
            }
        }
        var charged = throttle.provider(call);
        Answer answer;
        try {
            answer = provider.handle(call);
        } catch (Refusal refusal) {
            answer = refusal.answer();
        }
        var gateway = answer.header("x-ms-failure-cause").isPresent();
        return spent.stamp(gateway ? answer : charged.stamp(answer));
    }

    private static void mediaType(Request request) {
        if (request.text().isEmpty()) {
            return;
        }
        var type = request.header("Content-Type")
                .orElse("<null>")
                .replaceAll(";.*", "")
                .strip();
        if (!type.equalsIgnoreCase("application/json")) {
            throw new Refusal(Errors.unsupportedMediaType(type));
        }
    }

    private Provider route(Call call) {
        var path = call.path();
        if (path.namespace() == null) {
            return subscriptions;
        }
        var namespace = path.namespace();
        if (path.types().isEmpty()) {
            return subscriptions;
        }
        var type = path.type();
        var provider = providers.get(type);
        if (provider == null) {
            var known = providers.keySet().stream()
                    .anyMatch(one -> one.startsWith(namespace.toLowerCase(Locale.ROOT) + "/"));
            throw new Refusal(
                    known
                            ? Errors.unknownType(namespace, String.join("/", path.types()), call.apiVersion())
                            : Errors.unknownNamespace(namespace));
        }
        var supported = ApiVersions.of(type);
        if (!supported.contains(call.apiVersion())) {
            throw new Refusal(Errors.unregisteredVersion(
                    groupLocation(call), call.apiVersion(), String.join("/", path.types()), supported));
        }
        return provider;
    }

    private String groupLocation(Call call) {
        return context.world()
                .find(Groups.id(call), ResourceGroup.class)
                .map(ResourceGroup::location)
                .orElse("");
    }

    private void existing(String subscription) {
        if (!subscription.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new Refusal(Errors.malformedSubscription(subscription));
        }
        if (context.world()
                .find("/subscriptions/" + subscription, Subscription.class)
                .isEmpty()) {
            throw new Refusal(Errors.noSubscription(subscription));
        }
    }

    private Caller caller(Request request) {
        var header = request.header("Authorization").orElseThrow(() -> new Refusal(Errors.noToken(context.tenant())));
        if (!header.regionMatches(true, 0, "Bearer", 0, 6)) {
            throw new Refusal(Errors.wrongScheme(context.tenant()));
        }
        var now = context.world().now();
        return switch (tokens.read(header.substring(6).strip(), now)) {
            case Tokens.Reading.Valid(String clientId, String objectId) -> new Caller(clientId, objectId);
            case Tokens.Reading.Expired expired ->
                throw new Refusal(Errors.expiredToken(context.tenant(), expired.expiry(), now));
            case Tokens.Reading.Invalid invalid -> throw new Refusal(Errors.invalidToken(context.tenant()));
        };
    }

    /** What every answer of ARM carries. */
    private Answer standard(Answer answer) {
        var id = context.entropy().requestId();
        return answer.with("Cache-Control", "no-cache")
                .with("Pragma", "no-cache")
                .with("Expires", "-1")
                .with("x-ms-request-id", id)
                .with("x-ms-correlation-request-id", id)
                .with(
                        "x-ms-routing-request-id",
                        "SIMULATOR:" + LongRunning.TIME.format(context.world().now()) + ":" + id)
                .with("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
                .with("X-Content-Type-Options", "nosniff");
    }
}
