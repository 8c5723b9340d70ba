package dev.vmidentity.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Observation.MachineState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelectorTest {
    private static final String GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-vms";
    private static final TargetId VM = machine(MachineKind.VIRTUAL_MACHINE, "rg-vms", "vm1");

    @Test
    void allTagsMustBeThereAndMoreMayBe() {
        Selector selector = selector(Map.of("env", "prod", "tier", "web"));

        assertThat(selector.matches(glance(VM, Map.of("env", "prod", "tier", "web", "owner", "anna"))))
                .isTrue();
        assertThat(selector.matches(glance(VM, Map.of("env", "prod")))).isFalse();
        assertThat(selector.matches(glance(VM, Map.of()))).isFalse();
    }

    @Test
    void namesOfTagsHaveNoCaseAndValuesHave() {
        Selector selector = selector(Map.of("Env", "prod"));

        assertThat(selector.matches(glance(VM, Map.of("eNV", "prod")))).isTrue();
        assertThat(selector.matches(glance(VM, Map.of("Env", "Prod")))).isFalse();
    }

    @Test
    void withoutTagsEveryMachineOfTheKindThereMatches() {
        assertThat(selector(Map.of()).matches(glance(VM, Map.of()))).isTrue();
    }

    @Test
    void aMachineOfAnotherKindOrElsewhereDoesNotMatch() {
        Selector selector = selector(Map.of());

        assertThat(selector.matches(glance(machine(MachineKind.SCALE_SET, "rg-vms", "vm1"), Map.of())))
                .isFalse();
        assertThat(selector.matches(glance(machine(MachineKind.VIRTUAL_MACHINE, "rg-vms2", "vm1"), Map.of())))
                .isFalse();
        assertThat(selector.matches(glance(machine(MachineKind.VIRTUAL_MACHINE, "RG-VMS", "vm1"), Map.of())))
                .isTrue();
    }

    @Test
    void aMachineThatOthersManageMatchesOnlyWhereItIsNamed() {
        Fleet.Glance managed = new Fleet.Glance(
                glance(VM, Map.of()).seen(), Map.of(), Optional.of(GROUP + "/providers/Microsoft.Compute/…"));

        assertThat(selector(Map.of()).matches(managed)).isFalse();
        assertThat(Selector.of(
                                List.of(MachineKind.VIRTUAL_MACHINE),
                                List.of(GROUP, VM.id().value().toUpperCase(Locale.ROOT)),
                                Map.of())
                        .matches(managed))
                .isTrue();
    }

    @Test
    void whoListsTheSameInAnotherOrderOrSpellingAsksTheSame() {
        List<MachineKind> kinds = List.of(MachineKind.VIRTUAL_MACHINE);
        assertThat(Selector.of(kinds, List.of(GROUP, GROUP + "2"), Map.of("Env", "prod")))
                .isEqualTo(Selector.of(
                        kinds, List.of(GROUP + "2", GROUP.toLowerCase(Locale.ROOT), GROUP), Map.of("env", "prod")));
    }

    @Test
    void aScopeThatIsNoneIsNotUnderstood() {
        assertThat(Selector.of(List.of(MachineKind.VIRTUAL_MACHINE), List.of(GROUP, "rg-vms"), Map.of())
                        .isUnderstood())
                .isFalse();
    }

    private static Selector selector(Map<String, String> tags) {
        return Selector.of(List.of(MachineKind.VIRTUAL_MACHINE), List.of(GROUP), tags);
    }

    private static TargetId machine(MachineKind kind, String group, String name) {
        return TargetId.of(kind, "11111111-2222-3333-4444-555555555555", group, name);
    }

    private static Fleet.Glance glance(TargetId machine, Map<String, String> tags) {
        Observation seen = new Observation(
                machine, null, "m-1", MachineState.SETTLED, Optional.empty(), Map.of(), "westeurope", Instant.EPOCH);
        return new Fleet.Glance(seen, tags, Optional.empty());
    }
}
