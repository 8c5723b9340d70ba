package dev.vmidentity.status;

import java.util.regex.Pattern;

/** The form of messages: bounded, on one line, and equal when they say the same. */
final class Text {
    private static final Pattern WHITE = Pattern.compile("\\s+");

    /** What differs from answer to answer though nothing else does: kept, each answer would be a new status. */
    private static final Pattern PASSING = Pattern.compile(
            "(?i)[,;.(]?\\s*((trace|correlation|tracking|activity|client request|request|operation)[ -]?id\\W{0,4}"
                    + "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|timestamp\\W{0,4}[0-9]{4}-[0-9T:. -]+Z?)['\")]*");

    private Text() {}

    /** Cut at the end, where the least important part is. */
    static String bounded(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
    }

    /** Azure's own words, on one line and without the ids of one single answer. Empty stays empty. */
    static String quoted(String detail) {
        return WHITE.matcher(PASSING.matcher(detail).replaceAll(""))
                .replaceAll(" ")
                .strip();
    }

    /** As one word of a shell's command line. */
    static String shellWord(String text) {
        return text.matches("[A-Za-z0-9_./:@,=-]+") ? text : "'" + text.replace("'", "") + "'";
    }
}
