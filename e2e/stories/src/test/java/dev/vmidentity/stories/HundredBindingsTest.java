package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Theatre.class)
class HundredBindingsTest {
    private static final int MANY = 100;

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
        List<String> methods = new ArrayList<>();
        azure.requests().stream()
                .filter(request -> request.path("url")
                        .asText()
                        .toLowerCase(java.util.Locale.ROOT)
                        .contains(vm.toLowerCase(java.util.Locale.ROOT)))
                .forEach(request -> methods.add(request.path("method").asText()));
        int lastPatch = methods.lastIndexOf("PATCH");
        return methods.subList(0, lastPatch).stream().filter("GET"::equals).count() - before + 1;
    }
}
