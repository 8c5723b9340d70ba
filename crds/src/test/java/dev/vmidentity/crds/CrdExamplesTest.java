package dev.vmidentity.crds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityLedger;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What needs no API server; that the examples are accepted and refused is tested where there is one. */
class CrdExamplesTest {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    static List<CrdExamples.Valid> valid() {
        return CrdExamples.valid();
    }

    @ParameterizedTest
    @MethodSource("valid")
    void a_valid_example_reads_into_its_record_and_loses_nothing_on_the_way_back(CrdExamples.Valid example) {
        var declared = JSON.unmarshal(example.yaml(), Map.class);
        var type = switch (String.valueOf(declared.get("kind"))) {
            case "UserAssignedIdentity" -> UserAssignedIdentity.class;
            case "VmIdentityBinding" -> VmIdentityBinding.class;
            default -> VmIdentityLedger.class;
        };

        var back = JSON.unmarshal(JSON.asJson(JSON.unmarshal(example.yaml(), type)), Map.class);

        assertThat(back.get("spec")).asInstanceOf(InstanceOfAssertFactories.MAP).containsAllEntriesOf((Map<?, ?>)
                declared.get("spec"));
    }

    @Test
    void every_invalid_example_says_what_it_is_told() {
        assertThat(CrdExamples.invalid())
                .hasSizeGreaterThan(40)
                .allSatisfy(example -> assertThat(example.sentence()).isNotBlank());
    }
}
