package dev.vmidentity.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Rights.Allowance;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a namespace may do: scopes, and the annotations that carry them. */
class RightsTest {
    private static final ArmId VM =
            ArmId.of("/subscriptions/1111/resourceGroups/rg-vms/providers/Microsoft.Compute/virtualMachines/vm1");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/subscriptions/1111",
                "/subscriptions/1111/",
                "/SUBSCRIPTIONS/1111/resourcegroups/RG-VMS",
                "/subscriptions/1111/resourceGroups/rg-vms/providers/Microsoft.Compute",
                "/subscriptions/1111/resourceGroups/rg-vms/providers/Microsoft.Compute/virtualMachines/VM1",
                "/subscriptions/2222,/subscriptions/1111",
                " /subscriptions/2222\n /subscriptions/1111 , ",
            })
    void aScopeCoversWhatIsInIt(String text) {
        Scopes scopes = Scopes.parse(text);

        assertThat(scopes.covers(VM)).isTrue();
        assertThat(scopes.malformed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " , ",
                "/subscriptions/111",
                "/subscriptions/11111",
                "/subscriptions/1111/resourceGroups/rg-vm",
                "/subscriptions/1111/resourceGroups/rg-vms2",
                "/subscriptions/1111/resourceGroups/rg-vms/providers/Microsoft.Compute/virtualMachines/vm2",
                "/subscriptions/1111/resourceGroups/rg-vms/providers/Microsoft.Compute/virtualMachines/vm1/extensions/x",
            })
    void aScopeCoversNothingElse(String text) {
        Scopes scopes = Scopes.parse(text);

        assertThat(scopes.covers(VM)).isFalse();
        assertThat(scopes.malformed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//",
                "///",
                "*",
                "1111",
                "subscriptions/1111",
                "/subscriptions",
                "/subscriptions/",
                "/subscriptions//",
                "/subscriptions//resourceGroups/rg-vms",
                "/subscriptions/1111//",
                "/resourceGroups/rg-vms",
                "/providers/Microsoft.Management/managementGroups/all",
            })
    void whatIsNoScopeCoversNothingAndIsTold(String text) {
        Scopes scopes = Scopes.parse(text);

        assertThat(scopes.covers(VM)).isFalse();
        assertThat(scopes.malformed()).containsExactly(text);
    }

    @Test
    void amongGoodScopesABadOneIsTold() {
        Scopes scopes = Scopes.parse("rg-vms,/subscriptions/1111");

        assertThat(scopes.covers(VM)).isTrue();
        assertThat(scopes.malformed()).isEqualTo(List.of("rg-vms"));
    }

    @Test
    void withoutAWordNothingIsAllowed() {
        Rights rights = Rights.of(Map.of(), Rights.NONE);

        assertThat(rights).isEqualTo(Rights.NONE);
        assertThat(rights.targets().covers(VM)).isFalse();
        assertThat(rights.mayDo(Allowance.ADOPT)).isFalse();
    }

    @Test
    void anAnnotationReplacesTheDefaultOfItsVerbAlone() {
        Rights everything =
                new Rights(Scopes.parse("/"), Scopes.parse("/"), Scopes.parse("/"), Set.of(Allowance.ADOPT));

        Rights rights = Rights.of(Map.of(Rights.TARGETS, "/subscriptions/2222", Rights.ALLOW, ""), everything);

        assertThat(rights.targets().covers(VM)).isFalse();
        assertThat(rights.assign().covers(VM)).isTrue();
        assertThat(rights.manage().covers(VM)).isTrue();
        assertThat(rights.allow()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Adopt | ADOPT",
                "adopt, nonsense | ADOPT",
                "DisableSystemAssigned | DISABLE_SYSTEM_ASSIGNED",
                "disablesystemassigned | DISABLE_SYSTEM_ASSIGNED",
            })
    void anAllowanceIsNamedInAnyCase(String text, Allowance allowed) {
        assertThat(Rights.allowances(text)).containsExactly(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "all", "Adopt;DisableSystemAssigned"})
    void anUnknownWordAllowsNothing(String text) {
        assertThat(Rights.allowances(text)).isEmpty();
    }
}
