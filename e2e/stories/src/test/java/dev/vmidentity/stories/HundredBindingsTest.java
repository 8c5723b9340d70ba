package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Theatre.class)
class HundredBindingsTest {
    private static final int MANY = 100;

    /** What was read longer ago is too old to write on, and is read anew: as on a machine that has much else to do. */
    private static final Duration TOO_OLD = Duration.ofSeconds(4);

    private final Stage stage;
    private final AzureAdmin azure;

    HundredBindingsTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
    }

    /** They wait for their machine, so that all of them have arrived when the first round can do something. */
    @Test
    void aHundredBindingsThatArriveTogetherCostAtMostTwoPatchesAndOneReadMoreThanThereWereOperations() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        List<String> names = IntStream.range(0, MANY).mapToObj(n -> "b" + n).toList();
        names.forEach(name -> azure.makeIdentity(anna.azureName(name)));
        StringBuilder manifests = new StringBuilder();
        for (String name : names) {
            manifests.append("""
                    ---
                    apiVersion: vmidentity.dev/v1alpha1
                    kind: VmIdentityBinding
                    metadata: {name: %s}
                    spec:
                      target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                      userAssigned: [{resourceId: %s}]
                    """.formatted(name, anna.namespace(), azure.identityId(anna.azureName(name))));
        }
        // As long as a real one takes, so that whoever arrives during the first is in the second.
        azure.settings("""
                {"operations":{"vmPatch":4000}}""");
        azure.makeVm(anna.namespace());
        long readsBefore = azure.calls("GET", vm);
        stage.stopOperator();
        anna.apply(manifests.toString());
        stage.startOperator();
        anna.waitReady(names.toArray(String[]::new));

        long patches = azure.calls("PATCH", vm);
        assertThat(azure.attached(vm)).hasSize(MANY);
        assertThat(patches).isBetween(1L, 2L);
        // One of the reads is this test's own.
        assertThat(operatorReads(vm, readsBefore)).isLessThanOrEqualTo(1 + patches);
        azure.settings("""
                {"operations":{"vmPatch":0}}""");
    }

    private long operatorReads(String vm, long before) {
        List<JsonNode> all = azure.requests(vm).stream()
                .filter(request -> is(request, "GET") || is(request, "PATCH"))
                .skip(before)
                .toList();
        int lastPatch = IntStream.range(0, all.size())
                .filter(i -> is(all.get(i), "PATCH"))
                .max()
                .orElseThrow();
        return IntStream.range(0, lastPatch)
                        .filter(i -> is(all.get(i), "GET") && !isReadAnew(all.get(i), all.get(i + 1)))
                        .count()
                + 1;
    }

    private static boolean isReadAnew(JsonNode read, JsonNode next) {
        Duration between = Duration.between(
                Instant.parse(read.path("time").asText()),
                Instant.parse(next.path("time").asText()));
        return is(next, "GET") && between.compareTo(TOO_OLD) > 0;
    }

    private static boolean is(JsonNode request, String method) {
        return request.path("method").asText().equals(method);
    }
}
