package dev.vmidentity.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdentityTagsTest {
    private static final String CLUSTER = "cccccccc-0000-4000-8000-000000000001";
    private static final Owner OWNER = new Owner(CLUSTER, "team-a", "web");
    private static final String MARK = OWNER.mark("0badcafe");

    @Test
    void theMarkNamesClusterNamespaceAndName() {
        assertThat(MARK).isEqualTo(CLUSTER + "/team-a/web/0badcafe");
    }

    @Test
    void anIdentityIsOursWhateverTheNonce() {
        assertThat(IdentityTags.areOf(OWNER, Map.of(IdentityTags.OWNER, OWNER.mark("12345678"))))
                .isTrue();
    }

    @Test
    void anotherObjectsIdentityIsNotOurs() {
        assertThat(IdentityTags.areOf(OWNER, Map.of())).isFalse();
        for (var other : new Owner[] {
            new Owner(CLUSTER, "team-a", "web2"),
            new Owner(CLUSTER, "team-b", "web"),
            new Owner("dddddddd-0000-4000-8000-000000000001", "team-a", "web")
        }) {
            assertThat(IdentityTags.areOf(OWNER, Map.of(IdentityTags.OWNER, other.mark("12345678"))))
                    .isFalse();
        }
    }

    @Test
    void aLongNameFitsAndStaysOneOfItsKind() {
        var one = new Owner(CLUSTER, "n".repeat(63), "x".repeat(252) + "1");
        var other = new Owner(CLUSTER, "n".repeat(63), "x".repeat(252) + "2");

        assertThat(one.mark("12345678")).hasSizeLessThanOrEqualTo(256);
        assertThat(one.isMarkedBy(one.mark("87654321"))).isTrue();
        assertThat(one.isMarkedBy(other.mark("87654321"))).isFalse();
    }

    @Test
    void aTagThatLeavesTheSpecLeavesAzureAndOthersStay() {
        var before = new HashMap<>(IdentityTags.of(Map.of("team", "a", "cost", "1"), Map.of(), MARK));
        before.put("theirs", "x");

        assertThat(IdentityTags.of(Map.of("team", "b"), before, MARK))
                .containsEntry("team", "b")
                .containsEntry("theirs", "x")
                .doesNotContainKey("cost");
    }

    @Test
    void aTagOfOthersThatTheSpecTakesOverIsOursFromThenOn() {
        var taken = IdentityTags.of(Map.of("team", "b"), Map.of("Team", "theirs"), MARK);
        assertThat(taken).containsEntry("team", "b").doesNotContainKey("Team");

        assertThat(IdentityTags.of(Map.of(), taken, MARK)).containsOnlyKeys(IdentityTags.OWNER);
    }

    @Test
    void whatIsAsItShouldBeIsNotChanged() {
        var tags = IdentityTags.of(Map.of("team", "a"), Map.of("theirs", "x"), MARK);

        assertThat(IdentityTags.of(Map.of("team", "a"), tags, MARK)).isEqualTo(tags);
    }

    @Test
    void asManyTagsAsAzureTakesAreNotOneTooMany() {
        Map<String, String> most = IntStream.range(0, 49)
                .boxed()
                .collect(Collectors.toMap(i -> "some-rather-long-name-of-a-tag-" + i, i -> "v"));

        var tags = IdentityTags.of(most, Map.of(), MARK);

        assertThat(tags).hasSize(50).doesNotContainKey(IdentityTags.SET);
        assertThat(tags.values()).allMatch(value -> value.length() <= 256);
    }
}
