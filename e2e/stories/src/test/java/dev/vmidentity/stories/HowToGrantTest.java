package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The custom role of {@code docs/security.md}, where Azure decides by role assignments alone. */
@ExtendWith(Theatre.class)
class HowToGrantTest {
    private final AzureAdmin azure;
    private final Person person;

    HowToGrantTest(Stage stage) {
        this.azure = stage.azure();
        this.person = stage.person();
    }

    @BeforeEach
    void azureDecidesByRoleAssignments() {
        azure.settings("{\"access\":{\"enforced\":true,\"admins\":[\"azure-admin\"]}}");
    }

    @AfterEach
    void everybodyMayDoEverything() {
        azure.settings("{\"access\":{\"enforced\":false,\"admins\":[]}}");
    }

    @Test
    void withTheRoleOfThePageAndNothingElseEverythingWorks() throws IOException {
        SecurityPage.grant(azure, 0);
        azure.makeVm(person.namespace());
        azure.makeScaleSet(person.namespace());
        person.identity("web");
        person.bind("on-vm", person.namespace(), "web");
        person.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: on-set}
                spec:
                  target: {virtualMachineScaleSet: {name: %s, resourceGroup: rg-vms}}
                  systemAssigned: {enabled: true}
                  userAssigned: [{name: web}]
                  instanceUpgrade: Automatic
                """.formatted(person.namespace()));
        person.waitReady("on-vm", "on-set");
        assertThat(azure.onLatestModel(azure.scaleSet(person.namespace()))).isEqualTo("1/1");

        person.deleteBinding("on-vm");
        person.deleteBinding("on-set");
        person.deleteIdentity("web");
        Eventually.is(
                "all is gone",
                () -> !person.hasBinding("on-vm") && !person.hasBinding("on-set") && !person.hasIdentity("web"));
        assertThat(azure.type(azure.vm(person.namespace()))).isEqualTo("None");
        assertThat(azure.type(azure.scaleSet(person.namespace()))).isEqualTo("None");
        assertThat(azure.hasIdentity(person.azureName("web"))).isFalse();
    }
}
