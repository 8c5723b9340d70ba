package dev.vmidentity.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.VmIdentityLedgerSpec.Owner;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerNameTest {
    private static final Owner OWNER = new Owner("5d0c5a4e-9d1c-4d1f-8a39-0d3d2f0e9a11", "vm-identity-operator", null);
    private static final String MACHINES = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/"
            + "providers/Microsoft.Compute/virtualMachines/";

    @Test
    void a_name_is_the_machines_name_and_a_digest_and_stays_so_for_ever() {
        // A version that computed another one would not find the ledgers of the one before.
        assertThat(LedgerName.of(OWNER, MACHINES + "vm1")).isEqualTo("vm1-06e70a1789968276");
    }

    @Test
    void the_spelling_of_an_id_makes_no_difference() {
        assertThat(LedgerName.of(OWNER, (MACHINES + "vm1").toUpperCase(Locale.ROOT)))
                .isEqualTo(LedgerName.of(OWNER, MACHINES + "vm1"));
    }

    @Test
    void another_machine_of_the_same_name_another_cluster_and_another_installation_have_other_names() {
        var other = MACHINES.replace("resourceGroups/rg", "resourceGroups/other");

        assertThat(List.of(
                        LedgerName.of(OWNER, MACHINES + "vm1"),
                        LedgerName.of(OWNER, other + "vm1"),
                        LedgerName.of(new Owner("other", OWNER.instance(), null), MACHINES + "vm1"),
                        LedgerName.of(new Owner(OWNER.cluster(), "other", null), MACHINES + "vm1")))
                .doesNotHaveDuplicates();
    }

    @Test
    void the_ledgers_own_uid_makes_no_difference_since_it_is_known_only_afterwards() {
        var known = new Owner(OWNER.cluster(), OWNER.instance(), "7a6e2b54-35f1-4a4b-9c5e-1f0d6a7b8c9d");

        assertThat(LedgerName.of(known, MACHINES + "vm1")).isEqualTo(LedgerName.of(OWNER, MACHINES + "vm1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vm1",
                "VM_with.dots_",
                "-",
                "_",
                "größe",
                "a23456789-123456789-123456789-123456789-12345-7890",
                "a-very-long-name-of-a-machine-that-azure-would-hardly-take-but-who-knows-what-comes"
            })
    void every_name_is_one_that_kubernetes_takes_also_as_a_label(String machine) {
        assertThat(LedgerName.of(OWNER, MACHINES + machine))
                .hasSizeLessThanOrEqualTo(63)
                .matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?")
                .doesNotContain("--");
    }

    @Test
    void a_copy_under_another_name_does_not_fit() {
        var ledger = new VmIdentityLedger();
        ledger.setSpec(new VmIdentityLedgerSpec(1, MACHINES + "vm1", OWNER, null, List.of(), List.of()));
        ledger.setMetadata(new ObjectMetaBuilder()
                .withName(LedgerName.of(OWNER, MACHINES + "vm1"))
                .build());
        assertThat(LedgerName.fits(ledger)).isTrue();

        ledger.getMetadata().setName("vm1-copy");

        assertThat(LedgerName.fits(ledger)).isFalse();
    }
}
