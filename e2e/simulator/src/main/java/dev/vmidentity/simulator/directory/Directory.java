package dev.vmidentity.simulator.directory;

import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.Json;
import dev.vmidentity.simulator.model.Settings;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Discovery and tokens, as MSAL in its several languages asks for them, and the description of the cloud. Every tenant's name leads to
 * the one tenant that exists; every client is known, with any secret or assertion.
 */
public final class Directory {
    private final Tokens tokens;
    private final MicrosoftGraph graph;
    private final String tenant;
    private final Clock clock;
    private final Supplier<Settings> settings;

    public Directory(Tokens tokens, MicrosoftGraph graph, String tenant, Clock clock, Supplier<Settings> settings) {
        this.graph = graph;
        this.tokens = tokens;
        this.tenant = tenant;
        this.clock = clock;
        this.settings = settings;
    }

    /** Whether the path is one of the directory's. */
    public boolean owns(Request request) {
        return handle(request).isPresent();
    }

    /** Empty when the path is none of the directory's. */
    public Optional<Answer> handle(Request request) {
        var path = request.path();
        if (path.equals("/metadata/endpoints")) {
            return Optional.of(endpoints(request));
        }
        if (path.toLowerCase(Locale.ROOT).startsWith("/subscriptions")
                || path.toLowerCase(Locale.ROOT).startsWith("/providers")) {
            return Optional.empty();
        }
        if (path.endsWith("/discovery/instance")) {
            return Optional.of(instance(request));
        }
        if (path.endsWith("/.well-known/openid-configuration")) {
            return Optional.of(configuration(request));
        }
        if (path.endsWith("/discovery/v2.0/keys") || path.endsWith("/discovery/keys")) {
            var keys = Json.object();
            keys.putArray("keys");
            return Optional.of(Answer.json(200, Json.compact(keys)));
        }
        if (path.endsWith("/oauth2/v2.0/token") || path.endsWith("/oauth2/token")) {
            return Optional.of(request.method().equals("POST") ? token(request) : Answer.empty(405));
        }
        return graph.handle(request);
    }

    private Answer token(Request request) {
        var form = form(request.text());
        var grant = form.getOrDefault("grant_type", "");
        if (grant.isEmpty()) {
            return refused(
                    "invalid_request", 900144, "The request body must contain the following parameter: 'grant_type'.");
        }
        if (!grant.equals("client_credentials")) {
            return refused(
                    "unsupported_grant_type", 70003, "The app requested an unsupported grant type '" + grant + "'.");
        }
        var client = form.getOrDefault("client_id", "");
        if (client.isEmpty()) {
            return refused(
                    "invalid_request", 900144, "The request body must contain the following parameter: 'client_id'.");
        }
        if (form.getOrDefault("client_secret", "").isEmpty()
                && form.getOrDefault("client_assertion", "").isEmpty()) {
            return refused(
                    "invalid_client",
                    7000216,
                    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.");
        }
        var scope = form.getOrDefault("scope", form.getOrDefault("resource", ""));
        if (scope.isEmpty()) {
            return refused(
                    "invalid_request", 900144, "The request body must contain the following parameter: 'scope'.");
        }
        var audience = scope.endsWith("/.default") ? scope.substring(0, scope.length() - "/.default".length()) : scope;
        var now = clock.instant();
        var lifetime = settings.get().tokens().lifetimeSeconds();
        var answer = Json.object()
                .put("token_type", "Bearer")
                .put("expires_in", lifetime)
                .put("ext_expires_in", lifetime);
        if (!request.path().endsWith("/oauth2/v2.0/token")) {
            answer.put("expires_on", Long.toString(now.getEpochSecond() + lifetime))
                    .put("resource", audience);
        }
        answer.put("access_token", tokens.issue(client, audience, request.origin(), now, now.plusSeconds(lifetime)));
        return Answer.json(200, Json.compact(answer)).with("Cache-Control", "no-store, no-cache");
    }

    private Answer refused(String error, int code, String text) {
        var body = Json.object()
                .put("error", error)
                .put("error_description", "AADSTS" + code + ": " + text + " Timestamp: " + clock.instant());
        body.putArray("error_codes").add(code);
        return Answer.json(error.equals("invalid_client") ? 401 : 400, Json.compact(body));
    }

    private Answer configuration(Request request) {
        var origin = request.origin();
        var name = request.path().split("/", -1)[1];
        var base = origin + "/" + name;
        var node = Json.object()
                .put("token_endpoint", base + "/oauth2/v2.0/token")
                .put("issuer", name.equals("adfs") ? base : origin + "/" + (isName(name) ? tenant : name) + "/v2.0")
                .put("authorization_endpoint", base + "/oauth2/v2.0/authorize")
                .put("device_authorization_endpoint", base + "/oauth2/v2.0/devicecode")
                .put("jwks_uri", base + "/discovery/v2.0/keys")
                .put("end_session_endpoint", base + "/oauth2/v2.0/logout")
                .put("userinfo_endpoint", origin + "/oidc/userinfo")
                .put("tenant_region_scope", "NA")
                .put("cloud_instance_name", authority(request))
                .put("msgraph_host", authority(request));
        node.putArray("token_endpoint_auth_methods_supported")
                .add("client_secret_post")
                .add("private_key_jwt")
                .add("client_secret_basic");
        node.putArray("response_types_supported").add("code").add("id_token").add("token");
        node.putArray("subject_types_supported").add("pairwise");
        node.putArray("id_token_signing_alg_values_supported").add("RS256");
        node.putArray("scopes_supported").add("openid");
        return Answer.json(200, Json.compact(node));
    }

    private static boolean isName(String tenantName) {
        return tenantName.equals("common") || tenantName.equals("organizations");
    }

    private Answer instance(Request request) {
        var authority = authority(request);
        var node = Json.object()
                .put(
                        "tenant_discovery_endpoint",
                        request.origin() + "/" + tenant + "/v2.0/.well-known/openid-configuration")
                .put("api-version", "1.1");
        var metadata = node.putArray("metadata").addObject();
        metadata.put("preferred_network", authority).put("preferred_cache", authority);
        metadata.putArray("aliases").add(authority);
        return Answer.json(200, Json.compact(node));
    }

    private Answer endpoints(Request request) {
        var origin = request.origin();
        var node = Json.object();
        node.put("name", "AzureSimulator").put("portal", origin).put("resourceManager", origin);
        var authentication = node.putObject("authentication");
        authentication.put("loginEndpoint", origin);
        authentication.putArray("audiences").add(origin).add("https://management.azure.com/");
        authentication.put("tenant", "common").put("identityProvider", "AAD");
        node.put("graph", origin)
                .put("graphAudience", origin)
                .put("microsoftGraphResourceId", origin)
                .put("gallery", origin)
                .put("batch", origin)
                .put("media", origin)
                .put("sqlManagement", origin)
                .put("activeDirectoryDataLake", origin)
                .put("vmImageAliasDoc", origin + "/aliases.json");
        node.putObject("suffixes")
                .put("storage", "core.simulator.local")
                .put("keyVaultDns", "vault.simulator.local")
                .put("acrLoginServer", "azurecr.simulator.local")
                .put("sqlServerHostname", "database.simulator.local");
        return Answer.json(200, Json.compact(node));
    }

    private static String authority(Request request) {
        return request.origin().substring("https://".length());
    }

    private static Map<String, String> form(String text) {
        var form = new HashMap<String, String>();
        for (var pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return form;
    }
}
