package dev.vmidentity.api;

import java.util.Arrays;

/**
 * Reads enum values as the API writes them. Jackson's own reading throws on a value that it does not know, and one such
 * object would break the list or watch of all of them.
 */
final class WireName {
    private WireName() {}

    static <E extends Enum<E>> E decode(String name, Class<E> type, E unknown) {
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> value.name().equals(name))
                .findFirst()
                .orElse(unknown);
    }
}
