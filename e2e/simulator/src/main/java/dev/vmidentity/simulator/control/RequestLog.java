package dev.vmidentity.simulator.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Every call to ARM since the start or the last clearing, the last 100,000 of them. */
public final class RequestLog {
    private static final int KEPT = 100_000;

    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentSkipListMap<Long, Entry> entries = new ConcurrentSkipListMap<>();

    /**
     * One call.
     *
     * @param n       counts from 1 and is never used again
     * @param request the body; JSON null when there was none, a string when it was not JSON
     * @param status  null while it is not answered, and when the connection was cut or left hanging
     */
    public record Entry(
            long n,
            Instant time,
            String method,
            String url,
            JsonNode request,
            @Nullable Integer status) {

        /** Path of the url, without query. */
        public String path() {
            return java.net.URI.create(url).getPath();
        }
    }

    public long received(Request request, Instant now) {
        long n = numbers.incrementAndGet();
        entries.put(n, new Entry(n, now, request.method(), request.url(), body(request), null));
        if (n > KEPT) {
            entries.headMap(n - KEPT, true).clear();
        }
        return n;
    }

    public void answered(long n, int status) {
        entries.computeIfPresent(
                n, (key, entry) -> new Entry(n, entry.time(), entry.method(), entry.url(), entry.request(), status));
    }

    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    public void clear() {
        entries.clear();
    }

    /** Those whose url has this text in it, whatever the case. */
    ArrayNode json(String inUrl) {
        var sought = inUrl.toLowerCase(Locale.ROOT);
        var list = Json.array();
        for (var entry : entries.values()) {
            if (!entry.url().toLowerCase(Locale.ROOT).contains(sought)) {
                continue;
            }
            var node = list.addObject()
                    .put("n", entry.n())
                    .put("time", entry.time().toString())
                    .put("method", entry.method())
                    .put("url", entry.url());
            node.set("request", entry.request());
            node.put("status", entry.status());
        }
        return list;
    }

    private static JsonNode body(Request request) {
        if (request.text().isEmpty()) {
            return NullNode.instance;
        }
        try {
            return Json.MAPPER.readTree(request.text());
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(request.text());
        }
    }
}
