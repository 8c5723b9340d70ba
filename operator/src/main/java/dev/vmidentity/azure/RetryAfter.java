package dev.vmidentity.azure;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long Azure asks to wait: a header of milliseconds, seconds or a date, else its own sentence. */
final class RetryAfter {
    /** "Please try again after '5' minutes", "Retry after 20 seconds". */
    private static final Pattern SENTENCE =
            Pattern.compile("(?:try again|retry) after '?(\\d{1,6})'?\\s*(second|minute)", Pattern.CASE_INSENSITIVE);

    private static final Pattern QUOTA = Pattern.compile("(\\d{1,2}):(\\d{2}):(\\d{2})");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private RetryAfter() {}

    /**
     * A date is taken as a distance from the answer's own {@code Date}, so that it does not matter how our clock goes.
     *
     * @param header the value of a header by its name, null when there is none
     */
    static Optional<Duration> ofHeaders(Function<String, @Nullable String> header, Instant now) {
        for (String name : new String[] {"retry-after-ms", "x-ms-retry-after-ms"}) {
            Optional<Duration> millis = number(header.apply(name)).map(Duration::ofMillis);
            if (millis.isPresent()) {
                return millis;
            }
        }
        String value = header.apply("Retry-After");
        return number(value)
                .map(Duration::ofSeconds)
                .or(() -> date(value).map(until -> {
                    Duration wait = Duration.between(date(header.apply("Date")).orElse(now), until);
                    return wait.isNegative() ? Duration.ZERO : wait;
                }));
    }

    static Optional<Duration> ofSentence(String message) {
        Matcher matcher = SENTENCE.matcher(message);
        if (!matcher.find()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                matcher.group(2).equalsIgnoreCase("minute") ? Duration.ofMinutes(count) : Duration.ofSeconds(count));
    }

    /** Hours, minutes and seconds, as {@code 00:00:05}. */
    static Optional<Duration> ofQuota(@Nullable String value) {
        Matcher matcher = QUOTA.matcher(value == null ? "" : value.strip());
        return matcher.matches()
                ? Optional.of(Duration.ofHours(Long.parseLong(matcher.group(1)))
                        .plusMinutes(Long.parseLong(matcher.group(2)))
                        .plusSeconds(Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    private static Optional<Long> number(@Nullable String value) {
        return Optional.ofNullable(value)
                .map(String::strip)
                .filter(text -> NUMBER.matcher(text).matches())
                .map(Long::valueOf);
    }

    private static Optional<Instant> date(@Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
