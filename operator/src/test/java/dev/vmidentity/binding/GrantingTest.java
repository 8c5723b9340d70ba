package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeRoleAssignments;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which machine's roles a binding still has to delete, and what it asks of that machine meanwhile. */
class GrantingTest {
    private static final String ANOTHER =
            "virtualMachine: {name: vm2, resourceGroup: rg-vms, subscriptionId: " + Scene.SUBSCRIPTION + "}";
    private static final String WITHOUT_SUBSCRIPTION = "virtualMachine: {name: vm2, resourceGroup: rg-vms}";
    private static final String SELECTOR =
            "selector: {kinds: [VirtualMachine], scopes: [/subscriptions/" + Scene.SUBSCRIPTION + "]}";

    private final Scene.HandClock clock = new Scene.HandClock();
    private final RoleGrants grants =
            new RoleGrants(new FakeRoleAssignments(), "cluster", _ -> {}, Scene.TIMING, clock);
    private Optional<Contribution> many = Optional.empty();
    private final Granting granting = new Granting(
            new Resolver((_, _) -> Optional.empty(), _ -> Optional.of(Rights.NONE), Optional.empty()),
            (_, _) -> many,
            grants,
            VmIdentityBinding::getStatus,
            _ -> Optional.empty());

    @AfterEach
    void close() {
        grants.close();
    }

    /** Its status names a role of {@link Scene#VM}. */
    private static VmIdentityBinding binding(String target) {
        return Serialization.unmarshal("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web, namespace: team-a, uid: uid-web, generation: 2}
                spec:
                  target: {%s}
                  systemAssigned: {enabled: true}
                status:
                  observedGeneration: 1
                  systemAssigned:
                    roleAssignments:
                      - role: Reader
                        scope: /subscriptions/%s/resourceGroups/rg-data
                        machine: %s
                """.formatted(target, Scene.SUBSCRIPTION, Scene.VM), VmIdentityBinding.class);
    }

    @Test
    void aBindingThatMovedToAnotherMachineKeepsTheOldOnesIdentityUntilItsRolesAreDeleted() {
        VmIdentityBinding moved = binding(ANOTHER);

        assertThat(granting.leaves(moved)).isTrue();
        assertThat(granting.contribution(moved, Scene.VM)).hasValueSatisfying(asked -> {
            assertThat(asked.holder().binding()).isEqualTo("uid-web");
            assertThat(asked.deleting()).isTrue();
            assertThat(asked.keepsPrincipal()).isTrue();
        });
    }

    @Test
    void aTargetThatCannotBeResolvedIsNoOtherTarget() {
        VmIdentityBinding lost = binding(WITHOUT_SUBSCRIPTION);

        assertThat(granting.leaves(lost)).isFalse();
        assertThat(granting.contribution(lost, Scene.VM)).isEmpty();
    }

    @Test
    void aBindingThatTurnedToASelectorAsksWhatItAsksAndKeepsTheIdentityThatHasItsRoles() {
        VmIdentityBinding turned = binding(SELECTOR);
        many = Optional.of(Scene.contribution("web", Release.DETACH, Contribution.SystemAsk.ENABLED, false));

        assertThat(granting.leaves(turned)).isTrue();
        assertThat(granting.contribution(turned, Scene.VM)).hasValueSatisfying(asked -> {
            assertThat(asked.deleting()).isFalse();
            assertThat(asked.keepsPrincipal()).isTrue();
        });
        TargetId other = TargetId.of(Scene.VM.kind(), Scene.SUBSCRIPTION, "rg-vms", "vm3");
        assertThat(granting.contribution(turned, other).orElseThrow().keepsPrincipal())
                .isFalse();
    }
}
