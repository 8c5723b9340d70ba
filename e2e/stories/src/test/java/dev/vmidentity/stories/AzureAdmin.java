package dev.vmidentity.stories;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Somebody with rights in Azure and REST at hand, who knows nothing of the operator; and the knobs of the simulator. */
final class AzureAdmin {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COMPUTE = "api-version=2024-07-01";
    private static final String IDENTITY = "api-version=2023-01-31";

    private final URI endpoint;
    private final String subscription;
    private final HttpClient http;
    private final String token;

    AzureAdmin(URI endpoint, Path authority, String subscription) {
        this.endpoint = endpoint;
        this.subscription = subscription;
        this.http = HttpClient.newBuilder().sslContext(trusting(authority)).build();
        this.token = token();
    }

    String subscription() {
        return "/subscriptions/" + subscription;
    }

    String group(String name) {
        return subscription() + "/resourceGroups/" + name;
    }

    String vm(String name) {
        return group("rg-vms") + "/providers/Microsoft.Compute/virtualMachines/" + name;
    }

    String scaleSet(String name) {
        return group("rg-vms") + "/providers/Microsoft.Compute/virtualMachineScaleSets/" + name;
    }

    String identityId(String azureName) {
        return group("rg-team-a") + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" + azureName;
    }

    void makeVm(String name) {
        makeVm(name, Map.of());
    }

    void makeVm(String name, String tag, String value) {
        makeVm(name, Map.of(tag, value));
    }

    void makeVm(String name, Map<String, String> tags) {
        call("PUT", vm(name) + "?" + COMPUTE, """
                {"location":"westeurope","tags":%s,"properties":{"hardwareProfile":{"vmSize":"Standard_D2s_v3"}}}""".formatted(json(tags)), 200, 201);
        Eventually.is(
                "VM " + name + " is there",
                () -> get(vm(name))
                        .path("properties")
                        .path("provisioningState")
                        .asText()
                        .equals("Succeeded"));
    }

    /** {@code az tag update --operation replace}, by way of the machine: it has this tag afterwards, and no others. */
    void tagMachine(String machine, String tag, String value) {
        String tags = "{\"tags\":" + json(Map.of(tag, value)) + "}";
        // While somebody else writes to it Azure refuses, and people try again.
        Eventually.is(
                "the tag is written",
                () -> send("PATCH", machine + "?" + COMPUTE, tags).statusCode() / 100 == 2);
    }

    private static String json(Map<String, String> tags) {
        return JSON.valueToTree(tags).toString();
    }

    void makeScaleSet(String name) {
        makeScaleSet(name, 1);
    }

    /** With upgrade policy Manual. */
    void makeScaleSet(String name, int instances) {
        call("PUT", scaleSet(name) + "?" + COMPUTE, """
                {"location":"westeurope","sku":{"name":"Standard_D2s_v3","capacity":%d},
                 "properties":{"upgradePolicy":{"mode":"Manual"},"virtualMachineProfile":{}}}""".formatted(instances), 200, 201);
        Eventually.is(
                "scale set " + name + " is there",
                () -> get(scaleSet(name))
                        .path("properties")
                        .path("provisioningState")
                        .asText()
                        .equals("Succeeded"));
    }

    /** How many of how many instances, such as 2/3. */
    String onLatestModel(String scaleSet) {
        List<JsonNode> all = body(call("GET", scaleSet + "/virtualMachines?" + COMPUTE, "", 200))
                .path("value")
                .valueStream()
                .toList();
        long latest = all.stream()
                .filter(one -> one.path("properties").path("latestModelApplied").asBoolean())
                .count();
        return latest + "/" + all.size();
    }

    /** {@code az vmss update-instances --instance-ids '*'}. */
    void updateInstances(String scaleSet) {
        updateInstances(scaleSet, List.of("*"));
    }

    void updateInstances(String scaleSet, List<String> instanceIds) {
        call("POST", scaleSet + "/manualupgrade?" + COMPUTE, """
                {"instanceIds":["%s"]}""".formatted(String.join("\",\"", instanceIds)), 202);
        Eventually.is(
                "the instances of " + scaleSet + " are upgraded",
                () -> get(scaleSet)
                        .path("properties")
                        .path("provisioningState")
                        .asText()
                        .equals("Succeeded"));
    }

    void deleteVm(String name) {
        call("DELETE", vm(name) + "?" + COMPUTE, "", 200, 202, 204);
        Eventually.is(
                "VM " + name + " is gone",
                () -> send("GET", vm(name) + "?" + COMPUTE, "").statusCode() == 404);
    }

    void makeIdentity(String azureName) {
        call("PUT", identityId(azureName) + "?" + IDENTITY, """
                {"location":"westeurope"}""", 200, 201);
    }

    boolean hasIdentity(String azureName) {
        return send("GET", identityId(azureName) + "?" + IDENTITY, "").statusCode() == 200;
    }

    JsonNode identity(String azureName) {
        return body(call("GET", identityId(azureName) + "?" + IDENTITY, "", 200));
    }

    void tag(String azureName, String key, String value) {
        call("PATCH", identityId(azureName) + "?" + IDENTITY, """
                {"tags":{"%s":"%s"}}""".formatted(key, value), 200);
    }

    void deleteIdentity(String azureName) {
        call("DELETE", identityId(azureName) + "?" + IDENTITY, "", 200, 204);
    }

    void attach(String machine, String azureName) {
        write(machine, attaching(machine, azureName));
    }

    void detach(String machine, String azureName) {
        write(machine, detaching(machine, azureName));
    }

    void enableSystemAssigned(String machine) {
        write(machine, enabling(machine));
    }

    /** What to send to attach it: as the how-to page says, the type that the machine has, and one id more. */
    String attaching(String machine, String azureName) {
        boolean system = type(machine).contains("SystemAssigned");
        return """
                {"type":"%s","userAssignedIdentities":{"%s":{}}}""".formatted(system ? "SystemAssigned, UserAssigned" : "UserAssigned", identityId(azureName));
    }

    String detaching(String machine, String azureName) {
        int left = attached(machine).size() - 1;
        boolean system = type(machine).contains("SystemAssigned");
        if (left == 0) {
            return system ? "{\"type\":\"SystemAssigned\"}" : "{\"type\":\"None\"}";
        }
        return """
                {"type":"%s","userAssignedIdentities":{"%s":null}}""".formatted(type(machine), identityId(azureName));
    }

    String enabling(String machine) {
        return attached(machine).isEmpty()
                ? "{\"type\":\"SystemAssigned\"}"
                : "{\"type\":\"SystemAssigned, UserAssigned\"}";
    }

    String disabling(String machine) {
        return attached(machine).isEmpty() ? "{\"type\":\"None\"}" : "{\"type\":\"UserAssigned\"}";
    }

    /** Writes the identity block, whatever else is under way, and waits until the machine has settled. */
    void write(String machine, String identity) {
        call("PATCH", machine + "?" + COMPUTE, "{\"identity\":" + identity + "}", 200);
        Eventually.is("the operation on " + machine + " has ended", () -> !isUpdating(machine));
    }

    boolean isUpdating(String machine) {
        return get(machine)
                .path("properties")
                .path("provisioningState")
                .asText()
                .equals("Updating");
    }

    /** Writes the identity block when the next PATCH of the machine comes in, before it has an effect. */
    void writeBeforeTheNextPatch(String machine, String identity) {
        fault("""
                {"method":"PATCH","path":"%s","meanwhile":[{"method":"PATCH","url":"%s","as":"azure-admin","body":{"identity":%s}}]}""".formatted(machine, machine + "?" + COMPUTE, identity));
    }

    /** The machine as Azure tells it. */
    JsonNode get(String machine) {
        return body(call("GET", machine + "?" + COMPUTE, "", 200));
    }

    String type(String machine) {
        return get(machine).path("identity").path("type").asText("None");
    }

    /** The names of the user-assigned identities that are on it. */
    Set<String> attached(String machine) {
        Set<String> names = new TreeSet<>();
        get(machine)
                .path("identity")
                .path("userAssignedIdentities")
                .fieldNames()
                .forEachRemaining(id -> names.add(id.substring(id.lastIndexOf('/') + 1)));
        return names;
    }

    /** Of an identity on the machine, as the machine tells it. */
    JsonNode attachedIdentity(String machine, String azureName) {
        JsonNode all = get(machine).path("identity").path("userAssignedIdentities");
        for (var entry : all.properties()) {
            if (entry.getKey()
                    .toLowerCase(java.util.Locale.ROOT)
                    .endsWith("/" + azureName.toLowerCase(java.util.Locale.ROOT))) {
                return entry.getValue();
            }
        }
        throw new AssertionError(azureName + " is not on " + machine + ": " + all);
    }

    /** The object id of the machine's own identity; empty when it has none. */
    String principal(String machine) {
        return get(machine).path("identity").path("principalId").asText("");
    }

    /** The properties of all role assignments of a principal. */
    List<JsonNode> roles(String principal) {
        String all = "/subscriptions/" + subscription + "/providers/Microsoft.Authorization/roleAssignments?"
                + "$filter=principalId eq '" + principal + "'&api-version=2022-04-01";
        return body(call("GET", all, "", 200))
                .path("value")
                .valueStream()
                .map(one -> one.path("properties"))
                .toList();
    }

    /** As {@code az role assignment create} does. */
    void assignRole(String name, String scope, String role, String principal) {
        call(
                "PUT",
                scope + "/providers/Microsoft.Authorization/roleAssignments/" + name + "?api-version=2022-04-01",
                """
                {"properties":{"roleDefinitionId":"/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s",
                 "principalId":"%s","principalType":"ServicePrincipal"}}""".formatted(subscription, role, principal),
                200,
                201);
    }

    // ---- the simulator's own

    /** Returns the fault's id. */
    String fault(String json) {
        return body(call("POST", "/_simulator/faults", json, 200, 201))
                .path("id")
                .asText();
    }

    /** Whether each fault in force has taken a request. */
    boolean allFaultsHaveStruck() {
        return body(call("GET", "/_simulator/faults", "", 200))
                .valueStream()
                .allMatch(fault -> fault.path("hits").asInt() > 0);
    }

    void noFaults() {
        call("DELETE", "/_simulator/faults", "", 200, 204);
    }

    void settings(String json) {
        call("PUT", "/_simulator/settings", json, 200);
    }

    /** How often that was called of a resource since the simulator started. */
    long calls(String method, String resourceId) {
        return requests(resourceId).stream()
                .filter(request -> request.path("method").asText().equals(method))
                .filter(request -> path(request).equalsIgnoreCase(resourceId))
                .count();
    }

    /** How often the machine was read, by itself or in a question about many. */
    long looks(String machine) {
        return calls("GET", machine) + calls("POST", "/providers/Microsoft.ResourceGraph/resources");
    }

    /** All calls, in their order, whose url has that text in it, whatever the case. */
    List<JsonNode> requests(String inUrl) {
        String sought = URLEncoder.encode(inUrl, StandardCharsets.UTF_8);
        return body(call("GET", "/_simulator/requests?url=" + sought, "", 200))
                .valueStream()
                .toList();
    }

    static String path(JsonNode request) {
        String url = request.path("url").asText();
        String path =
                url.startsWith("http") ? URI.create(url.replace(" ", "%20")).getPath() : url;
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    // ---- wire

    HttpResponse<String> call(String method, String path, String body, int... expected) {
        HttpResponse<String> response = send(method, path, body);
        for (int status : expected) {
            if (response.statusCode() == status) {
                return response;
            }
        }
        throw new AssertionError(method + " " + path + " answered " + response.statusCode() + ": " + response.body());
    }

    HttpResponse<String> send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve(path.replace(" ", "%20")))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return exchange(request);
    }

    private String token() {
        HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/common/oauth2/v2.0/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "grant_type=client_credentials&client_id=azure-admin&client_secret=any&scope=" + endpoint
                                + "/.default"))
                .build();
        return body(exchange(request)).path("access_token").asText();
    }

    private HttpResponse<String> exchange(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode body(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new IllegalStateException("no JSON: " + response.body(), e);
        }
    }

    private static SSLContext trusting(Path authority) {
        try (InputStream pem = Files.newInputStream(authority)) {
            Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("azure", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the simulator's CA cannot be used: " + authority, e);
        }
    }
}
