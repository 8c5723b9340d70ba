package dev.vmidentity.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tags of an identity: those of the spec, those of others, and two of our own. {@link #OWNER} says whose it is;
 * {@link #SET} which tags we set, so that one that leaves the spec can leave Azure and others' stay.
 *
 * <p>The memory is in Azure and not in status, so that it is where what it speaks of is: five characters of a digest for
 * each name, since fifty names do not fit into one value.
 */
final class IdentityTags {
    static final String OWNER = "vmidentity.dev-owner";
    static final String SET = "vmidentity.dev-tags";

    /** Azure takes no more on one resource. */
    private static final int MOST = 50;

    private static final int DIGEST = 5;

    private IdentityTags() {}

    /** Whether the tags say that the identity is the owner's. */
    static boolean areOf(Owner owner, Map<String, String> tags) {
        return mark(tags).filter(owner::isMarkedBy).isPresent();
    }

    /** The value of the owner's tag. */
    static Optional<String> mark(Map<String, String> tags) {
        return Optional.ofNullable(withoutCase(tags).get(OWNER));
    }

    /**
     * The tags that the identity should have.
     *
     * @param wished those of the spec
     * @param seen those that it has; empty when it is not there
     * @param mark the value of the owner's tag
     */
    static Map<String, String> of(Map<String, String> wished, Map<String, String> seen, String mark) {
        SortedMap<String, String> tags = others(seen);
        // Put after a removal: a name that differs in case alone would otherwise keep the old spelling for ever.
        wished.forEach((name, value) -> {
            tags.remove(name);
            tags.put(name, value);
        });
        tags.put(OWNER, mark);
        if (!wished.isEmpty() && tags.size() < MOST) {
            tags.put(
                    SET,
                    wished.keySet().stream().map(IdentityTags::digest).sorted().collect(Collectors.joining()));
        }
        return Map.copyOf(tags);
    }

    /** What others put there: all but ours. */
    static SortedMap<String, String> others(Map<String, String> seen) {
        SortedMap<String, String> tags = withoutCase(seen);
        tags.remove(OWNER);
        Set<String> set = digests(tags.remove(SET));
        tags.keySet().removeIf(name -> set.contains(digest(name)));
        return tags;
    }

    private static Set<String> digests(@Nullable String memory) {
        if (memory == null || memory.length() % DIGEST != 0) {
            return Set.of();
        }
        Set<String> digests = new HashSet<>();
        for (int i = 0; i < memory.length(); i += DIGEST) {
            digests.add(memory.substring(i, i + DIGEST));
        }
        return digests;
    }

    private static String digest(String name) {
        try {
            var hash = MessageDigest.getInstance("SHA-256")
                    .digest(name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, 6)).substring(0, DIGEST);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Names of tags have no case in Azure. */
    private static SortedMap<String, String> withoutCase(Map<String, String> tags) {
        SortedMap<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(tags);
        return copy;
    }
}
