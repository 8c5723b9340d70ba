package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.VmIdentityBindingStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody deletes an identity in Azure while machines still name it. */
@ExtendWith(Theatre.class)
class HealStoryTest {
    private final Stage stage;
    private final AzureAdmin azure;

    HealStoryTest(Stage stage) {
        this.stage = stage;
        this.azure = stage.azure();
    }

    @Test
    void anIdentityThatWasDeletedAndMadeAnewIsOnTheMachineAgainAndAForeignOneStays() {
        Person anna = stage.person();
        String vm = azure.vm(anna.namespace());
        azure.makeVm(anna.namespace());
        azure.makeIdentity(anna.azureName("foreign"));
        azure.attach(vm, anna.azureName("foreign"));
        String foreign = principal(vm, anna.azureName("foreign"));
        anna.identity("web");
        anna.bind("web-on-vm", anna.namespace(), "web");
        anna.waitReady("web-on-vm");
        String first = principal(vm, anna.azureName("web"));

        azure.deleteIdentity(anna.azureName("web"));
        Eventually.is(
                "its object has made it anew",
                () -> azure.hasIdentity(anna.azureName("web"))
                        && !own(anna.azureName("web"), "principalId").equals(first));

        Eventually.holds(() -> {
            assertThat(azure.attached(vm)).contains(anna.azureName("web"));
            assertThat(principal(vm, anna.azureName("web"))).isEqualTo(own(anna.azureName("web"), "principalId"));
        });
        Eventually.holds(() -> {
            VmIdentityBindingStatus.UserAssigned told =
                    anna.bindingStatus("web-on-vm").userAssigned().getFirst();
            assertThat(told.state()).isEqualTo(IdentityState.Attached);
            assertThat(told.clientId()).isEqualTo(own(anna.azureName("web"), "clientId"));
        });
        assertThat(principal(vm, anna.azureName("foreign"))).isEqualTo(foreign);
        assertThat(azure.attached(vm)).hasSize(2);
    }

    private String principal(String machine, String azureName) {
        return azure.attachedIdentity(machine, azureName).path("principalId").asText();
    }

    private String own(String azureName, String field) {
        return azure.identity(azureName).path("properties").path(field).asText();
    }
}
