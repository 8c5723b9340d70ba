package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.VmIdentityLedger;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.junit.jupiter.api.Test;

class HearsayTest {
    private final Hearsay hearsay = new Hearsay();

    @Test
    void whatNobodyContradictsIsNews() {
        assertThat(hearsay.isNews(ledger("vm1", "7"))).isTrue();
    }

    @Test
    void whatWasWrittenOverOrDeletedIsNoNewsHoweverLongTheWatchTellsIt() {
        hearsay.outdates(ledger("vm1", "7"));

        assertThat(hearsay.isNews(ledger("vm1", "6"))).isFalse();
        assertThat(hearsay.isNews(ledger("vm1", "7"))).isFalse();
        assertThat(hearsay.isNews(ledger("vm1", "10"))).isTrue();
        assertThat(hearsay.isNews(ledger("vm2", "6"))).isTrue();
    }

    @Test
    void anOlderVersionDoesNotBringBackWhatANewerOneOutdated() {
        hearsay.outdates(ledger("vm1", "9"));
        hearsay.outdates(ledger("vm1", "7"));

        assertThat(hearsay.isNews(ledger("vm1", "8"))).isFalse();
    }

    @Test
    void whenTheWatchHasCaughtUpNothingIsKept() {
        hearsay.outdates(ledger("vm1", "7"));

        hearsay.caughtUp("vm1");

        assertThat(hearsay.isNews(ledger("vm1", "7"))).isTrue();
    }

    private static VmIdentityLedger ledger(String name, String version) {
        VmIdentityLedger ledger = new VmIdentityLedger();
        ledger.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withResourceVersion(version)
                .build());
        return ledger;
    }
}
