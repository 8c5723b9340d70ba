package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityLedger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many bindings vanish at once without having been deleted: nothing is detached before a person says so. */
@ExtendWith(Theatre.class)
class BrakeStoryTest {
    private static final int MANY = 11;

    private final Stage stage;
    private final AzureAdmin azure;

    BrakeStoryTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
    }

    @Test
    void bindingsThatVanishByTheDozenAreNotTakenForDeleted() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        String[] names = IntStream.range(0, MANY).mapToObj(n -> "b" + n).toArray(String[]::new);
        for (String name : names) {
            azure.makeIdentity(anna.azureName(name));
            anna.apply("""
                    apiVersion: vmidentity.dev/v1alpha1
                    kind: VmIdentityBinding
                    metadata: {name: %s}
                    spec:
                      target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                      userAssigned: [{resourceId: %s}]
                    """.formatted(name, anna.namespace(), azure.identityId(anna.azureName(name))));
        }
        anna.waitReady(names);

        stage.killOperator();
        for (String name : names) {
            anna.forceAway(name);
        }
        stage.startOperator();

        Eventually.holds(() -> assertThat(
                        Person.ready(ledger(anna, vm).getStatus().conditions()).reason())
                .isEqualTo(Reason.DetachesHeld));
        assertThat(azure.attached(vm)).hasSize(MANY);
        assertThat(Person.ready(ledger(anna, vm).getStatus().conditions()).message())
                .contains("vmidentity.dev/confirm-detach");

        confirm(anna, vm);
        Eventually.is("all are off the machine", () -> azure.attached(vm).isEmpty());
        Eventually.is("the ledger is gone", () -> anna.ledger(vm).isEmpty());
    }

    /** {@code kubectl annotate vmil … vmidentity.dev/confirm-detach=$(date -u +%FT%TZ)}. */
    private static void confirm(Person anna, String vm) {
        anna.client()
                .resources(VmIdentityLedger.class)
                .withName(ledger(anna, vm).getMetadata().getName())
                .edit(found -> {
                    found.getMetadata()
                            .setAnnotations(Map.of(
                                    "vmidentity.dev/confirm-detach",
                                    Instant.now()
                                            .truncatedTo(ChronoUnit.SECONDS)
                                            .toString()));
                    return found;
                });
    }

    private static VmIdentityLedger ledger(Person anna, String vm) {
        return anna.ledger(vm).orElseThrow();
    }
}
