package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityLedgerStatus;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An Azure admin, who knows nothing of the operator, writes to its machines at every step that it makes. */
@ExtendWith(Theatre.class)
class AdminStoryTest {
    private final AzureAdmin azure;
    private final Person anna;
    private final List<String> machines;
    private final Set<String> ours = new TreeSet<>();
    private final Set<String> foreign = new TreeSet<>();
    private boolean systemAssigned;

    AdminStoryTest(Stage stage) {
        this.azure = stage.azure();
        this.anna = stage.person();
        this.machines = List.of(azure.vm(anna.namespace()), azure.scaleSet(anna.namespace()));
    }

    /** When the admin writes. */
    private enum Moment {
        BETWEEN_GET_AND_PATCH,
        DURING_THE_OPERATION,
        AFTER_IT
    }

    /** What the admin does. */
    private enum Act {
        ADDS_AN_IDENTITY,
        REMOVES_OURS,
        ENABLES_THE_SYSTEM_ASSIGNED,
        DISABLES_THE_SYSTEM_ASSIGNED
    }

    @BeforeEach
    void aVmAndAScaleSetWithAForeignIdentity() {
        azure.makeVm(anna.namespace());
        azure.makeScaleSet(anna.namespace());
        azure.makeIdentity(anna.azureName("foreign"));
        machines.forEach(machine -> azure.attach(machine, anna.azureName("foreign")));
        foreign.add(anna.azureName("foreign"));
    }

    @AfterEach
    void theShowGoesOn() {
        azure.noFaults();
        azure.settings("""
                {"operations":{"vmPatch":0,"scaleSetPatch":0,"concurrent":"conflict"}}""");
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void whateverAnAdminDoesWhatIsForeignStaysWhatIsOursIsThereAndStatusIsTrue(Moment moment) {
        if (moment == Moment.DURING_THE_OPERATION) {
            azure.settings("""
                    {"operations":{"vmPatch":1000,"scaleSetPatch":1000,"concurrent":"preempt"}}""");
        }
        bind("first");
        allIsWell();

        for (Act act : Act.values()) {
            if (act == Act.ADDS_AN_IDENTITY) {
                azure.makeIdentity(anna.azureName("added"));
                foreign.add(anna.azureName("added"));
            }
            meddle(moment, act, () -> bind("with-" + act.ordinal()));
            systemAssigned = act == Act.ENABLES_THE_SYSTEM_ASSIGNED;

            allIsWell();
        }

        azure.makeIdentity(anna.azureName("last"));
        meddle(moment, Act.ADDS_AN_IDENTITY, "last", () -> {
            anna.deleteBinding("on-vm");
            anna.deleteBinding("on-set");
        });
        foreign.add(anna.azureName("last"));
        Eventually.is("the bindings are gone", () -> !anna.hasBinding("on-vm") && !anna.hasBinding("on-set"));
        for (String machine : machines) {
            Eventually.holds(() -> assertThat(azure.attached(machine)).isEqualTo(foreign));
            assertThat(anna.ledger(machine)).isEmpty();
        }
    }

    private void meddle(Moment moment, Act act, Runnable change) {
        meddle(moment, act, "added", change);
    }

    /** The user's change makes the operator write; the admin writes at that moment. */
    private void meddle(Moment moment, Act act, String added, Runnable change) {
        switch (moment) {
            case BETWEEN_GET_AND_PATCH -> {
                machines.forEach(machine -> azure.writeBeforeTheNextPatch(machine, block(machine, act, added)));
                change.run();
            }
            case DURING_THE_OPERATION -> {
                change.run();
                for (String machine : machines) {
                    Eventually.is("its operation runs", () -> azure.isUpdating(machine));
                    azure.write(machine, block(machine, act, added));
                }
            }
            case AFTER_IT -> {
                change.run();
                if (anna.hasBinding("on-vm") && !anna.binding("on-vm").get().isMarkedForDeletion()) {
                    anna.waitReady("on-vm", "on-set");
                }
                machines.forEach(machine -> azure.write(machine, block(machine, act, added)));
            }
        }
    }

    private String block(String machine, Act act, String added) {
        return switch (act) {
            case ADDS_AN_IDENTITY -> azure.attaching(machine, anna.azureName(added));
            case REMOVES_OURS -> azure.detaching(machine, anna.azureName("first"));
            case ENABLES_THE_SYSTEM_ASSIGNED -> azure.enabling(machine);
            case DISABLES_THE_SYSTEM_ASSIGNED -> azure.disabling(machine);
        };
    }

    /** One identity more on both machines. */
    private void bind(String name) {
        azure.makeIdentity(anna.azureName(name));
        ours.add(anna.azureName(name));
        bind("on-vm", "virtualMachine");
        bind("on-set", "virtualMachineScaleSet");
    }

    private void bind(String binding, String kind) {
        String listed = ours.stream()
                .map(name -> "    - resourceId: " + azure.identityId(name) + "\n")
                .collect(Collectors.joining());
        anna.apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: %s}
                spec:
                  target: {%s: {name: %s, resourceGroup: rg-vms}}
                  userAssigned:
                %s""".formatted(binding, kind, anna.namespace(), listed));
    }

    private void allIsWell() {
        for (String machine : machines) {
            Eventually.holds(() -> {
                Set<String> all = new TreeSet<>(ours);
                all.addAll(foreign);
                assertThat(azure.attached(machine)).isEqualTo(all);
                assertThat(azure.type(machine).contains("SystemAssigned")).isEqualTo(systemAssigned);
                VmIdentityLedgerStatus told = anna.ledger(machine).orElseThrow().getStatus();
                assertThat(told.ours()).isEqualTo(ours.size());
                assertThat(told.foreign()).isEqualTo(foreign.size() + (systemAssigned ? 1 : 0));
            });
        }
        anna.waitReady("on-vm", "on-set");
        for (String binding : List.of("on-vm", "on-set")) {
            assertThat(anna.bindingStatus(binding).userAssigned())
                    .hasSize(ours.size())
                    .extracting(VmIdentityBindingStatus.UserAssigned::state)
                    .containsOnly(IdentityState.Attached);
        }
    }
}
