package dev.vmidentity.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vmidentity.simulator.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Recorded traffic of the real service. */
record Recording(String name, List<Exchange> exchanges) {

    /** One request and its answer. */
    record Exchange(int n, String method, String url, JsonNode request, int status, JsonNode headers, JsonNode body) {
        String path() {
            var from = url.startsWith("/") ? url : url.substring(url.indexOf('/', "https://".length()));
            while (from.startsWith("//")) {
                from = from.substring(1);
            }
            return from;
        }

        boolean isPoll() {
            return path().toLowerCase(Locale.ROOT).contains("/providers/microsoft.compute/locations/");
        }

        /** Of a provider or type that the simulator does not have. */
        boolean isForeign() {
            var path = path().toLowerCase(Locale.ROOT);
            return path.contains("/providers/microsoft.network/") || path.contains("/extensions/");
        }

        String header(String header) {
            return headers.path(header).asText("");
        }
    }

    static Recording read(String name) {
        try (var in = Recording.class.getResourceAsStream("/recordings/" + name + ".jsonl")) {
            if (in == null) {
                throw new IOException("no recording " + name);
            }
            var exchanges = new ArrayList<Exchange>();
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                var node = Json.MAPPER.readTree(line);
                exchanges.add(new Exchange(
                        node.path("n").asInt(),
                        node.path("method").asText(),
                        node.path("url").asText(),
                        node.path("request"),
                        node.path("status").asInt(),
                        node.path("headers"),
                        node.path("body")));
            }
            return new Recording(name, exchanges);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same in another order. */
    Recording inOrder(int... numbers) {
        var sorted = new ArrayList<Exchange>();
        for (int n : numbers) {
            exchanges.stream().filter(one -> one.n() == n).forEach(sorted::add);
        }
        return new Recording(name, sorted);
    }
}
