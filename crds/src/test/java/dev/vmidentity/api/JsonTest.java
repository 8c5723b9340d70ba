package dev.vmidentity.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.DefaultKubernetesResourceList;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Read and written with the client's own mapper, as the operator does. */
class JsonTest {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    static Stream<Class<? extends Enum<?>>> enums() {
        return Stream.of(
                AdoptionPolicy.class,
                BindingDeletionPolicy.class,
                ConditionStatus.class,
                ConditionType.class,
                DefaultIdentityGuard.class,
                IdentityDeletionPolicy.class,
                IdentityState.class,
                InstanceUpgrade.class,
                LedgerPhase.class,
                ManagementPolicy.class,
                OnRelease.class,
                Reason.class,
                TargetType.class);
    }

    @ParameterizedTest
    @MethodSource("enums")
    void a_value_of_a_later_version_reads_as_unknown(Class<? extends Enum<?>> type) {
        assertThat(JSON.unmarshal("\"OfALaterVersion\"", type)).hasToString("Unknown");
    }

    @ParameterizedTest
    @MethodSource("enums")
    void every_value_reads_as_itself(Class<? extends Enum<?>> type) {
        assertThat(type.getEnumConstants())
                .allSatisfy(value -> assertThat(JSON.unmarshal("\"" + value.name() + "\"", type))
                        .isEqualTo(value));
    }

    @Test
    void one_object_of_a_later_version_does_not_break_a_list_of_them() {
        var list = JSON.unmarshal("""
                {"kind": "List", "items": [
                  {"kind": "VmIdentityBinding", "apiVersion": "vmidentity.dev/v1alpha1", "metadata": {"name": "later"},
                   "spec": {"target": {"selector": {"kinds": []}}, "adoptionPolicy": "Steal", "ownership": "Exclusive"},
                   "status": {"userAssigned": [{"state": "Levitating", "reason": "Magic"}],
                     "conditions": [{"type": "Odd", "status": "Perhaps", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}},
                  {"kind": "VmIdentityBinding", "apiVersion": "vmidentity.dev/v1alpha1", "metadata": {"name": "now"},
                   "spec": {"target": {"resourceId": "x"}, "userAssigned": [{"name": "web"}]}}]}
                """, BindingList.class);

        assertThat(list.getItems().getFirst().getSpec().adoptionPolicy()).isEqualTo(AdoptionPolicy.Unknown);
        assertThat(list.getItems()
                        .getFirst()
                        .getStatus()
                        .userAssigned()
                        .getFirst()
                        .state())
                .isEqualTo(IdentityState.Unknown);
        assertThat(list.getItems().getLast().getSpec().userAssigned()).hasSize(1);
    }

    static class BindingList extends DefaultKubernetesResourceList<VmIdentityBinding> {}

    @Test
    void what_is_absent_is_null_or_empty_or_the_default_of_the_schema() {
        var spec = JSON.unmarshal("{\"resourceGroup\": \"rg\", \"tags\": null}", UserAssignedIdentitySpec.class);

        assertThat(spec)
                .isEqualTo(new UserAssignedIdentitySpec(
                        null, null, "rg", null, Map.of(), ManagementPolicy.Manage, IdentityDeletionPolicy.Delete));
    }

    @Test
    void an_absent_enabled_never_reads_as_false() {
        assertThat(JSON.unmarshal("{}", VmIdentityBindingSpec.SystemAssigned.class)
                        .enabled())
                .isNull();
    }

    @Test
    void what_is_absent_or_empty_is_not_written_and_what_is_zero_or_false_is() {
        var status = new VmIdentityLedgerStatus(
                "vm1",
                null,
                List.of(new VmIdentityLedgerStatus.Identity("systemAssigned", null, null, false)),
                0,
                1,
                new VmIdentityLedgerStatus.Bindings(0, List.of()),
                List.of());

        assertThat(JSON.asJson(status)).isEqualTo("""
                {"machine":"vm1","identities":[{"resourceId":"systemAssigned","ours":false}],"ours":0,"foreign":1,\
                "bindings":{"count":0}}""");
    }

    @Test
    void a_condition_equals_itself_after_a_round_trip_whatever_the_clock_gives() {
        var condition = new Condition(
                ConditionType.Ready,
                ConditionStatus.False,
                3L,
                Instant.parse("2026-01-01T12:00:00.123456789Z"),
                Reason.WaitingForMachine,
                "");

        var json = JSON.asJson(condition);

        assertThat(json).contains("\"2026-01-01T12:00:00Z\"").contains("\"message\":\"\"");
        assertThat(JSON.unmarshal(json, Condition.class)).isEqualTo(condition);
    }

    @Test
    void lists_and_maps_cannot_be_changed() {
        var spec = JSON.unmarshal(
                "{\"target\": {}, \"userAssigned\": [{\"name\": \"web\"}]}", VmIdentityBindingSpec.class);

        assertThat(spec.userAssigned()).isUnmodifiable();
        assertThat(JSON.unmarshal("{\"tags\": {\"a\": \"b\"}}", UserAssignedIdentitySpec.class)
                        .tags())
                .isUnmodifiable();
    }

    @Test
    void an_identity_is_called_in_azure_as_its_spec_says_or_else_as_the_object_is() {
        assertThat(identity("{\"resourceGroup\": \"rg\"}").effectiveName()).isEqualTo("web");
        assertThat(identity("{\"resourceGroup\": \"rg\", \"name\": \"Web_1\"}").effectiveName())
                .isEqualTo("Web_1");
    }

    private static UserAssignedIdentity identity(String spec) {
        return JSON.unmarshal(
                "{\"metadata\": {\"name\": \"web\"}, \"spec\": " + spec + "}", UserAssignedIdentity.class);
    }
}
