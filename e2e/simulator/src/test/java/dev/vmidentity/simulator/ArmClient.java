package dev.vmidentity.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.vmidentity.simulator.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plain HTTPS client with a token, for one simulator. */
final class ArmClient implements AutoCloseable {
    static final String SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111";
    static final String VM =
            SUBSCRIPTION + "/resourceGroups/myResourceGroup/providers/Microsoft.Compute/virtualMachines/myVM";
    static final String VMSS =
            SUBSCRIPTION + "/resourceGroups/myResourceGroup/providers/Microsoft.Compute/virtualMachineScaleSets/myVMSS";
    static final String COMPUTE = "?api-version=2024-07-01";
    static final String IDENTITY = "?api-version=2024-11-30";

    private final HttpClient http;
    private final String endpoint;
    private String token;

    /** What came back; the body is missing when there was none. */
    record Reply(int status, java.net.http.HttpHeaders headers, String text, JsonNode body) {
        @Nullable
        String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        String code() {
            return body.at("/error/code").asText();
        }

        String message() {
            return body.at("/error/message").asText();
        }
    }

    ArmClient(Simulator simulator) {
        this(simulator, "33333333-3333-3333-3333-333333333333");
    }

    ArmClient(Simulator simulator, String clientId) {
        this.http =
                HttpClient.newBuilder().sslContext(simulator.clientContext()).build();
        this.endpoint = simulator.endpoint().toString();
        this.token = simulator.token(clientId);
    }

    /** For one in another process: it asks for its token. */
    ArmClient(HttpClient http, String endpoint) {
        this.http = http;
        this.endpoint = endpoint;
        this.token = "";
        var answer = raw(
                "POST",
                "/common/oauth2/v2.0/token",
                "grant_type=client_credentials&client_id=me&client_secret=any&scope=" + endpoint + "/.default");
        this.token = answer.body().path("access_token").asText();
    }

    static String identity(String name) {
        return SUBSCRIPTION
                + "/resourceGroups/myResourceGroup/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" + name;
    }

    Reply get(String path) {
        return send("GET", path, null);
    }

    Reply put(String path, String body) {
        return send("PUT", path, body);
    }

    Reply patch(String path, String body, String... headers) {
        return send("PATCH", path, body, headers);
    }

    Reply delete(String path) {
        return send("DELETE", path, null);
    }

    Reply send(String method, String path, @Nullable String body, String... headers) {
        var all = new ArrayList<>(List.of(headers));
        if (!all.contains("Authorization")) {
            all.addAll(List.of("Authorization", "Bearer " + token));
        }
        return raw(method, path, body, all.toArray(String[]::new));
    }

    /** Without a token. */
    Reply raw(String method, String path, @Nullable String body, String... headers) {
        try {
            return attempt(method, path, body, headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, for connections that are expected to break. */
    Reply attempt(String method, String path, @Nullable String body, String... headers) throws IOException {
        var target = path.startsWith("https:") ? path : endpoint + path;
        var request = HttpRequest.newBuilder(
                        URI.create(target.replace(" ", "%20").replace("'", "%27")))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null && !List.of(headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            var text = response.body();
            return new Reply(
                    response.statusCode(),
                    response.headers(),
                    text,
                    text.isEmpty() ? MissingNode.getInstance() : Json.MAPPER.readTree(text));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
