package dev.vmidentity.simulator.arm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Words, strings and signs of a query. */
final class KustoTokens {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s+|//[^\\n]*|'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|!in~|in~|!in\\b|==|=~|!=|!~|[A-Za-z_][A-Za-z0-9_-]*|[0-9]+|[|().,\\[\\]=]");

    private KustoTokens() {}

    static List<String> of(String text) {
        var tokens = new ArrayList<String>();
        var matcher = TOKEN.matcher(text);
        int at = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new IllegalArgumentException("Nothing is known that begins with '%s'."
                        .formatted(text.substring(at, Math.min(text.length(), at + 10))));
            }
            at = matcher.end();
            var token = matcher.group();
            if (!token.isBlank() && !token.startsWith("//")) {
                tokens.add(token);
            }
        }
        return List.copyOf(tokens);
    }

    static boolean isString(String token) {
        return token.startsWith("'") || token.startsWith("\"");
    }

    static String text(String token) {
        return token.substring(1, token.length() - 1).replaceAll("\\\\(.)", "$1");
    }
}
