package dev.vmidentity.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArmIdTest {
    private static final String WEB =
            "/subscriptions/1111/resourceGroups/rg-web/providers/Microsoft.ManagedIdentity/userAssignedIdentities/web";

    @Test
    void itKnowsItsParts() {
        ArmId id = ArmId.of(WEB);

        assertThat(id.subscriptionId()).isEqualTo("1111");
        assertThat(id.resourceGroup()).isEqualTo("rg-web");
        assertThat(id.type()).isEqualTo("microsoft.managedidentity/userassignedidentities");
        assertThat(id.name()).isEqualTo("web");
        assertThat(id.isUserAssignedIdentity()).isTrue();
    }

    @Test
    void idsThatDifferInCaseAloneAreEqualAndKeepTheirSpelling() {
        ArmId one = ArmId.of(WEB);
        ArmId other = ArmId.of(WEB.replace("resourceGroups", "resourcegroups").replace("rg-web", "RG-Web"));

        assertThat(other).isEqualTo(one).hasSameHashCodeAs(one).isEqualByComparingTo(one);
        assertThat(other.key()).isEqualTo(one.key());
        assertThat(other.value()).contains("RG-Web");
        assertThat(IdentityKey.of(other)).isEqualTo(IdentityKey.parse(WEB));
    }

    @Test
    void itIsMadeOfItsParts() {
        assertThat(ArmId.userAssignedIdentity("1111", "rg-web", "web")).isEqualTo(ArmId.of(WEB));
    }

    @Test
    void surroundingSpaceIsNoPartOfIt() {
        assertThat(ArmId.of("  " + WEB + "\n").value()).isEqualTo(WEB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "web",
                "subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm",
                "/subscriptions/1/resourceGroups/rg",
                "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines",
                "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/",
                "/subscriptions//resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm",
                "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm/",
                "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm/extensions/x",
                "/subscriptions/1/resourceGroups/../providers/Microsoft.Compute/virtualMachines/vm",
                "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/..",
                "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm?x=y",
                "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm#x",
                "/subscriptions/1/resourceGroups/rg%2F..%2Frg2/providers/Microsoft.Compute/virtualMachines/vm",
                "/subscriptions/1/resourceGroups/r g/providers/Microsoft.Compute/virtualMachines/vm",
            })
    void whatIsNotTheIdOfAResourceInAGroupIsNone(String text) {
        assertThat(ArmId.parse(text)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> ArmId.of(text)).withMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rg", "RG_1.test", "rg(old)", "gruppe-süd", "..rg"})
    void groupsMayHaveEveryNameThatAzureAllows(String group) {
        assertThat(ArmId.userAssignedIdentity("1111", group, "web").resourceGroup())
                .isEqualTo(group);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm",
                "/subscriptions/1/resourcegroups/rg/providers/microsoft.compute/virtualmachinescalesets/vmss",
            })
    void aMachineIsAVirtualMachineOrAScaleSet(String text) {
        assertThat(TargetId.of(ArmId.of(text))).isPresent();
    }

    @Test
    void anIdentityIsNoMachine() {
        assertThat(TargetId.of(ArmId.of(WEB))).isEmpty();
    }
}
