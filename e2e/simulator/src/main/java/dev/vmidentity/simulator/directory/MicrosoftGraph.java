package dev.vmidentity.simulator.directory;

import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.Identity;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.World;
import java.util.Optional;
import java.util.regex.Pattern;

/** The two questions that the Azure CLI asks Microsoft Graph about principals. */
public final class MicrosoftGraph {
    private static final Pattern NAME = Pattern.compile("'([^']*)'");

    private final World world;

    public MicrosoftGraph(World world) {
        this.world = world;
    }

    Optional<Answer> handle(Request request) {
        return switch (request.path()) {
            case "/v1.0/servicePrincipals" -> Optional.of(byName(request));
            case "/v1.0/directoryObjects/getByIds" -> Optional.of(byIds(request));
            default -> Optional.empty();
        };
    }

    private Answer byName(Request request) {
        var node = Json.object();
        var value = node.putArray("value");
        var name = NAME.matcher(request.query().getOrDefault("$filter", ""));
        if (name.find()) {
            var client = name.group(1);
            var known = world.all(Identity.class)
                    .filter(identity -> identity.clientId().equalsIgnoreCase(client))
                    .findFirst();
            value.addObject()
                    .put("id", known.map(Identity::principalId).orElseGet(() -> Tokens.objectId(client)))
                    .put("appId", client)
                    .put("displayName", known.map(Identity::name).orElse(client));
        }
        return Answer.json(200, Json.compact(node));
    }

    private Answer byIds(Request request) {
        var node = Json.object();
        var value = node.putArray("value");
        try {
            for (var id : Json.MAPPER.readTree(request.text()).path("ids")) {
                world.all(Identity.class)
                        .filter(identity -> identity.principalId().equalsIgnoreCase(id.asText()))
                        .findFirst()
                        .ifPresent(identity -> value.addObject()
                                .put("@odata.type", "#microsoft.graph.servicePrincipal")
                                .put("id", identity.principalId())
                                .put("appId", identity.clientId())
                                .put("displayName", identity.name())
                                .putArray("servicePrincipalNames")
                                .add(identity.clientId()));
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Answer.empty(400);
        }
        return Answer.json(200, Json.compact(node));
    }
}
