package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.model.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** Pages of a LIST: {@code value} and, while there is more, an absolute {@code nextLink}. */
final class Paging {
    private Paging() {}

    /** Rows must come in the order of their keys: the skip token names the last key of the page before. */
    static <T> ObjectNode page(Call call, List<T> rows, Function<T, String> key, Function<T, ObjectNode> show) {
        var after = call.query("$skiptoken").map(Paging::decode).orElse("");
        int size = Math.max(1, call.settings().lists().page());
        var rest =
                rows.stream().filter(row -> key.apply(row).compareTo(after) > 0).toList();
        var page = Json.object();
        var value = page.putArray("value");
        rest.stream().limit(size).map(show).forEach(value::add);
        if (rest.size() > size) {
            var token = encode(key.apply(rest.get(size - 1)));
            page.put(
                    "nextLink",
                    call.request().origin() + call.path().path() + "?api-version=" + call.apiVersion() + "&$skiptoken="
                            + token);
        }
        return page;
    }

    private static String encode(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    Errors.gateway(400, "InvalidSkipToken", "The skip token '%s' is invalid.".formatted(token)));
        }
    }
}
