package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.binding.Contribution.Ask;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.Rights;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a binding asks, by the rights of its namespace. */
class ResolverTest {
    private static final String ONE = "resourceId: " + Scene.VM.id().value();
    private static final String MANY =
            "selector: {kinds: [VirtualMachine], scopes: [/subscriptions/" + Scene.SUBSCRIPTION + "]}";

    @Test
    void whileAnIdentityIsNotKnownNothingIsDetachedFromAMachineThatTheNamespaceMayBind() {
        Contribution asked = asked(ONE, Map.of(Rights.TARGETS, "/", Rights.ASSIGN, "/"));

        assertThat(asked.manner()).isEqualTo(Manner.SHARED);
        assertThat(asked.complete()).isFalse();
    }

    @Test
    void whatANamespaceThatMayNotBindTheMachineAsksForIsNoMatterOfAnybodyElses() {
        Contribution asked = asked(ONE, Map.of(Rights.TARGETS, "/subscriptions/another", Rights.ASSIGN, "/"));

        assertThat(asked.manner()).isEqualTo(Manner.BARRED);
        assertThat(asked.complete()).isTrue();
        assertThat(asked.asks()).extracting(Ask::allowed).containsOnly(false);
        assertThat(asked.systemAssigned()).isEqualTo(SystemAsk.REFUSED);
    }

    @Test
    void whoOnlyObservesAMachineThatItMayNotBindGoesOnObservingAndIsNotHeard() {
        Contribution asked = contribution(
                ONE, "Observe", Optional.of(Rights.of(Map.of(Rights.TARGETS, "/subscriptions/another"), Rights.NONE)));

        assertThat(asked.manner()).isEqualTo(Manner.OBSERVED);
        assertThat(asked.complete()).isTrue();
        assertThat(asked.asks()).isEmpty();
        assertThat(asked.systemAssigned()).isEqualTo(SystemAsk.NOTHING);
    }

    @Test
    void soItIsWhereANamespaceMayNotSelect() {
        assertThat(asked(MANY, Map.of(Rights.TARGETS, "/", Rights.ASSIGN, "/")).manner())
                .isEqualTo(Manner.BARRED);
    }

    @Test
    void whileTheRightsAreNotKnownNothingIsDetached() {
        Contribution asked = contribution(ONE, "Manage", Optional.empty());

        assertThat(asked.manner()).isEqualTo(Manner.SHARED);
        assertThat(asked.complete()).isFalse();
    }

    private static Contribution asked(String target, Map<String, String> rights) {
        return contribution(target, "Manage", Optional.of(Rights.of(rights, Rights.NONE)));
    }

    private static Contribution contribution(String target, String managementPolicy, Optional<Rights> rights) {
        VmIdentityBinding binding = Serialization.unmarshal(
                """
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web, namespace: team-a, uid: uid-web, generation: 1}
                spec:
                  managementPolicy: %s
                  target: {%s}
                  systemAssigned: {enabled: true}
                  userAssigned: [{name: unknown}, {resourceId: %s}]
                """.formatted(managementPolicy, target, Scene.A.value()), VmIdentityBinding.class);
        return new Resolver((_, _) -> Optional.empty(), _ -> rights, Optional.empty())
                .resolve(binding)
                .contribution();
    }
}
