package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.model.ArmId;
import dev.vmidentity.simulator.model.FederatedCredential;
import dev.vmidentity.simulator.model.Identity;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.World;
import dev.vmidentity.simulator.model.World.Change;
import java.util.ArrayList;
import java.util.function.Supplier;

/** Federated credentials of an identity. Two writes under one identity at a time are one too many. */
final class FederatedCredentials implements Provider {
    private static final String TYPE = ArmId.IDENTITIES + "/federatedIdentityCredentials";
    private static final int MOST = 20;

    private final World world;
    private final Context context;
    private final Occupied writes = new Occupied();

    FederatedCredentials(Context context) {
        this.world = context.world();
        this.context = context;
    }

    @Override
    public Answer handle(Call call) {
        var path = call.path();
        var parent = parentOf(call);
        if (world.find(parent, Identity.class)
                .filter(identity -> Identities.visible(identity, call))
                .isEmpty()) {
            var verb = switch (call.method()) {
                case "GET" -> "read";
                case "DELETE" -> "delete";
                default -> "write";
            };
            throw new Refusal(Errors.noParent(verb, TYPE, parent));
        }
        if (!path.isInstance()) {
            if (!call.method().equals("GET")) {
                throw new Refusal(Errors.methodNotAllowed(call.method()));
            }
            var rows = world.under(parent, FederatedCredential.class).toList();
            return Answer.json(
                    200, Json.compact(Paging.page(call, rows, FederatedCredential::key, FederatedCredentials::show)));
        }
        return switch (call.method()) {
            case "GET" ->
                world.find(path.path(), FederatedCredential.class)
                        .map(one -> Answer.json(200, Json.compact(show(one))))
                        .orElseThrow(() -> new Refusal(Errors.notFoundByProvider(path.path())));
            case "PUT" -> alone(parent, () -> put(call, parent));
            case "DELETE" -> alone(parent, () -> Answer.empty(world.remove(path.path()) ? 200 : 204));
            default -> throw new Refusal(Errors.methodNotAllowed(call.method()));
        };
    }

    private static String parentOf(Call call) {
        var path = call.path().path();
        int end = ArmId.key(path).indexOf("/federatedidentitycredentials");
        return path.substring(0, end);
    }

    private Answer alone(String parent, Supplier<Answer> write) {
        return writes.write(parent, () -> context.settings().get().operations().credentialWrite(), write, () -> {
            throw new Refusal(Errors.error(
                    409,
                    "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity",
                    ("Too many Federated Identity Credentials are written concurrently for the managed identity '%s'. "
                                    + "Concurrent Federated Identity Credentials writes under the same managed identity are not supported.")
                            .formatted(ArmId.lowerGroup(parent))));
        });
    }

    private Answer put(Call call, String parent) {
        var properties = call.body().path("properties");
        var audiences = new ArrayList<String>();
        properties.path("audiences").forEach(one -> audiences.add(one.asText()));
        for (var required : new String[] {"issuer", "subject"}) {
            if (properties.path(required).asText("").isBlank()) {
                throw new Refusal(Errors.error(
                        400, "BadRequest", "The request format was unexpected: %s is required.".formatted(required)));
            }
        }
        if (audiences.size() != 1) {
            throw new Refusal(Errors.error(
                    400, "BadRequest", "The request format was unexpected: exactly one audience is required."));
        }
        var siblings = world.under(parent, FederatedCredential.class)
                .filter(one -> !one.key().equals(ArmId.key(call.path().path())))
                .toList();
        if (siblings.size() >= MOST) {
            throw new Refusal(Errors.error(
                    400,
                    "BadRequest",
                    "Too many Federated Identity Credentials are configured for the managed identity. The limit is %d."
                            .formatted(MOST)));
        }
        var issuer = properties.path("issuer").asText();
        var subject = properties.path("subject").asText();
        if (siblings.stream()
                .anyMatch(one -> one.issuer().equals(issuer) && one.subject().equals(subject))) {
            throw new Refusal(Errors.error(
                    409, "Conflict", "Issuer and subject combination already exists for this Managed Identity."));
        }
        var id = ArmId.lowerGroup(parent) + "/federatedIdentityCredentials/"
                + call.path().name();
        var credential = new FederatedCredential(id, issuer, subject, audiences);
        return world.change(
                id,
                stored -> new Change<>(
                        credential,
                        stored == null
                                ? Answer.json(201, Json.compact(show(credential)))
                                        .with("Location", id)
                                : Answer.json(200, Json.compact(show(credential)))));
    }

    static ObjectNode show(FederatedCredential credential) {
        var node = Json.object()
                .put("id", credential.id())
                .put("name", credential.name())
                .put("type", TYPE);
        var properties =
                node.putObject("properties").put("issuer", credential.issuer()).put("subject", credential.subject());
        credential.audiences().forEach(properties.putArray("audiences")::add);
        return node;
    }
}
