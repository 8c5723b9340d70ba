package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.TargetId;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a binding asks of a machine that it was about before, to whose own identity it gave a role. */
class GrantingTest {
    private static final String ANOTHER =
            "virtualMachine: {name: vm2, resourceGroup: rg-vms, subscriptionId: " + Scene.SUBSCRIPTION + "}";
    private static final String WITHOUT_SUBSCRIPTION = "virtualMachine: {name: vm2, resourceGroup: rg-vms}";
    private static final String SELECTOR =
            "selector: {kinds: [VirtualMachine], scopes: [/subscriptions/" + Scene.SUBSCRIPTION + "]}";

    private Optional<Contribution> many = Optional.empty();
    private final Granting granting = new Granting(
            new Resolver((_, _) -> Optional.empty(), _ -> Optional.of(Rights.NONE), Optional.empty()),
            (_, _) -> many,
            (_, _) -> Optional.empty(),
            new Gave());

    /** It has a role on {@link Scene#VM}, by that machine's ledger. */
    private static final class Gave implements Holdings {
        @Override
        public List<TargetId> of(String binding) {
            return List.of(Scene.VM);
        }

        @Override
        public boolean on(TargetId machine, String binding) {
            return machine.equals(Scene.VM);
        }

        @Override
        public List<TargetId> rolesOf(String binding) {
            return List.of(Scene.VM);
        }

        @Override
        public boolean rolesOn(TargetId machine, String binding) {
            return machine.equals(Scene.VM);
        }
    }

    private static VmIdentityBinding binding(String target) {
        return binding(target, "Manage", "Detach");
    }

    private static VmIdentityBinding binding(String target, String managementPolicy, String deletionPolicy) {
        return Serialization.unmarshal(
                """
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: web, namespace: team-a, uid: uid-web, generation: 2}
                spec:
                  managementPolicy: %s
                  deletionPolicy: %s
                  target: {%s}
                  systemAssigned: {enabled: true}
                """.formatted(managementPolicy, deletionPolicy, target), VmIdentityBinding.class);
    }

    private Optional<Stance> askedOfTheFirst(VmIdentityBinding binding) {
        return granting.contribution(binding, Scene.VM)
                .map(asked -> asked.roles().stance());
    }

    @Test
    void aBindingThatMovedToAnotherMachineHasItsRolesDeletedThere() {
        VmIdentityBinding moved = binding(ANOTHER);

        assertThat(granting.contribution(moved, Scene.VM)).hasValueSatisfying(asked -> {
            assertThat(asked.holder().binding()).isEqualTo("uid-web");
            assertThat(asked.deleting()).isTrue();
            assertThat(asked.roles().stance()).isEqualTo(Stance.REMOVE);
        });
        TargetId other = TargetId.of(Scene.VM.kind(), Scene.SUBSCRIPTION, "rg-vms", "vm3");
        assertThat(granting.contribution(moved, other)).isEmpty();
    }

    @Test
    void aBindingThatRetainsLeavesThemAndForgets() {
        assertThat(askedOfTheFirst(binding(ANOTHER, "Manage", "Retain"))).contains(Stance.FORGET);
    }

    @Test
    void aBindingThatObservesLeavesThem() {
        assertThat(askedOfTheFirst(binding(ANOTHER, "Observe", "Detach"))).contains(Stance.HOLD);
    }

    @Test
    void aTargetThatCannotBeResolvedIsNoOtherTarget() {
        VmIdentityBinding lost = binding(WITHOUT_SUBSCRIPTION);
        many = Optional.of(Scene.contribution("web", Release.DETACH, Contribution.SystemAsk.ENABLED, false)
                .giving(new Contribution.Roles(Stance.MAINTAIN, List.of()))
                .keptOn(Scene.VM));

        assertThat(granting.contribution(lost, Scene.VM))
                .hasValueSatisfying(asked -> assertThat(asked.roles().stance()).isEqualTo(Stance.HOLD));
    }

    @Test
    void aBindingThatTurnedToASelectorAsksWhatItAsksWhereItMatches() {
        many = Optional.of(Scene.contribution("web", Release.DETACH, Contribution.SystemAsk.ENABLED, false)
                .giving(new Contribution.Roles(Stance.MAINTAIN, List.of())));
        assertThat(askedOfTheFirst(binding(SELECTOR))).contains(Stance.MAINTAIN);

        many = Optional.empty();
        assertThat(askedOfTheFirst(binding(SELECTOR))).contains(Stance.REMOVE);
    }
}
