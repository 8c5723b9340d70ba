package dev.vmidentity.simulator.http;

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
