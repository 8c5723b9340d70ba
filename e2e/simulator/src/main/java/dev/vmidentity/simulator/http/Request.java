package dev.vmidentity.simulator.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One request as it arrived.
 *
 * @param method  upper case
 * @param url     absolute, as the client sees this server: scheme, authority of the Host header, raw path and query
 * @param path    decoded path
 * @param query   decoded parameters by lower-case name; the last one wins
 * @param headers values by lower-case name
 * @param text    the body; empty when there was none
 */
public record Request(
        String method,
        String url,
        String path,
        Map<String, String> query,
        Map<String, List<String>> headers,
        String text) {

    /** From an absolute url whose path and query are not encoded. */
    public static Request of(String method, String url, Map<String, List<String>> headers, String text) {
        int path = url.indexOf('/', "https://".length());
        int mark = url.indexOf('?');
        var query = new LinkedHashMap<String, String>();
        for (var pair : (mark < 0 ? "" : url.substring(mark + 1)).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(pair.substring(0, equals).toLowerCase(Locale.ROOT), pair.substring(equals + 1));
            }
        }
        return new Request(method, url, url.substring(path, mark < 0 ? url.length() : mark), query, headers, text);
    }

    /** First value of a header, whatever its case. */
    public Optional<String> header(String name) {
        var values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /** Scheme and authority that the client used, without a trailing slash. */
    public String origin() {
        int slash = url.indexOf('/', "https://".length());
        return slash < 0 ? url : url.substring(0, slash);
    }
}
