package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityLedger;
import dev.vmidentity.api.VmIdentityLedgerStatus;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private final List<Machine> machines;

    AdminStoryTest(Stage stage) {
        this.azure = stage.azure();
        this.anna = stage.person();
        this.machines = Stream.of(Act.values())
                .flatMap(act ->
                        Stream.of("virtualMachine", "virtualMachineScaleSet").map(kind -> new Machine(act, kind)))
                .toList();
    }

    /** When the admin writes. */
    enum Moment {
        BETWEEN_GET_AND_PATCH,
        DURING_THE_OPERATION,
        AFTER_IT
    }

    /** What the admin does. */
    private enum Act {
        ADDS_ANOTHER,
        REMOVES_OURS,
        ENABLES_SYSTEM,
        DISABLES_SYSTEM
    }

    /** One for each act, since a machine takes few writes in a minute. */
    private final class Machine {
        private final Act act;
        private final String kind;
        private final String name;
        private final String id;
        private final Set<String> foreign = new TreeSet<>(Set.of(anna.azureName("foreign")));
        private boolean systemAssigned;

        Machine(Act act, String kind) {
            this.act = act;
            this.kind = kind;
            this.name =
                    anna.namespace() + "-" + act.name().toLowerCase(Locale.ROOT).replace('_', '-');
            this.id = kind.equals("virtualMachine") ? azure.vm(name) : azure.scaleSet(name);
        }

        void make() {
            if (kind.equals("virtualMachine")) {
                azure.makeVm(name);
            } else {
                azure.makeScaleSet(name);
            }
            azure.attach(id, anna.azureName("foreign"));
            if (act == Act.DISABLES_SYSTEM) {
                azure.enableSystemAssigned(id);
                systemAssigned = true;
            }
        }

        String binding() {
            return (kind + "-" + act).toLowerCase(Locale.ROOT).replace('_', '-');
        }

        void bind(String... identities) {
            String listed = Stream.of(identities)
                    .map(identity -> "    - resourceId: " + azure.identityId(anna.azureName(identity)) + "\n")
                    .collect(Collectors.joining());
            anna.apply("""
                    apiVersion: vmidentity.dev/v1alpha1
                    kind: VmIdentityBinding
                    metadata: {name: %s}
                    spec:
                      target: {%s: {name: %s, resourceGroup: rg-vms}}
                      userAssigned:
                    %s""".formatted(binding(), kind, name, listed));
        }

        /** What the admin does when the operator takes off what it attached: there is not always something to remove. */
        Act actWhenLeaving(Moment moment) {
            return switch (act) {
                case ADDS_ANOTHER -> Act.ADDS_ANOTHER;
                case REMOVES_OURS -> moment == Moment.BETWEEN_GET_AND_PATCH ? Act.REMOVES_OURS : Act.ADDS_ANOTHER;
                case ENABLES_SYSTEM -> Act.DISABLES_SYSTEM;
                case DISABLES_SYSTEM -> Act.ENABLES_SYSTEM;
            };
        }

        /** What the admin sends; expected of the machine from now on. */
        String block(Act act, String added) {
            return switch (act) {
                case ADDS_ANOTHER -> {
                    foreign.add(anna.azureName(added));
                    yield azure.attaching(id, anna.azureName(added));
                }
                case REMOVES_OURS -> azure.detaching(id, anna.azureName("first"));
                case ENABLES_SYSTEM -> {
                    systemAssigned = true;
                    yield azure.enabling(id);
                }
                case DISABLES_SYSTEM -> {
                    systemAssigned = false;
                    yield azure.disabling(id);
                }
            };
        }

        void has(String... ours) {
            Eventually.holds(() -> {
                Set<String> all = Stream.of(ours).map(anna::azureName).collect(Collectors.toCollection(TreeSet::new));
                all.addAll(foreign);
                assertThat(azure.attached(id)).as(id).isEqualTo(all);
                assertThat(azure.type(id).contains("SystemAssigned")).as(id).isEqualTo(systemAssigned);
            });
        }

        void isToldAsItIs(String... ours) {
            Eventually.holds(() -> {
                VmIdentityLedgerStatus told =
                        anna.ledger(id).map(VmIdentityLedger::getStatus).orElse(null);
                assertThat(told).as("the status of the ledger of " + id).isNotNull();
                assertThat(told.ours()).as(id).isEqualTo(ours.length);
                assertThat(told.foreign()).as(id).isEqualTo(foreign.size() + (systemAssigned ? 1 : 0));
            });
            anna.waitReady(binding());
            assertThat(anna.bindingStatus(binding()).userAssigned())
                    .hasSize(ours.length)
                    .extracting(VmIdentityBindingStatus.UserAssigned::state)
                    .containsOnly(IdentityState.Attached);
        }
    }

    @BeforeEach
    void machinesWithAForeignIdentityAndOneOfOurs() {
        Stream.of("foreign", "first", "second", "added", "last")
                .map(anna::azureName)
                .forEach(azure::makeIdentity);
        machines.forEach(Machine::make);
        machines.forEach(machine -> machine.bind("first"));
        machines.forEach(machine -> anna.waitReady(machine.binding()));
    }

    @AfterEach
    void theShowGoesOn() {
        azure.noFaults();
        azure.settings("""
                {"operations":{"vmPatch":100,"scaleSetPatch":100,"concurrent":"conflict"}}""");
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    void whateverAnAdminDoesWhatIsForeignStaysWhatIsOursIsThereAndStatusIsTrue(Moment moment) {
        meddle(
                moment,
                machine -> machine.block(machine.act, "added"),
                machine -> machine.bind("first", "second"),
                machine -> anna.waitReady(machine.binding()));
        machines.forEach(machine -> machine.has("first", "second"));
        machines.forEach(machine -> machine.isToldAsItIs("first", "second"));

        meddle(
                moment,
                machine -> machine.block(machine.actWhenLeaving(moment), "last"),
                machine -> anna.deleteBinding(machine.binding()),
                this::isLeft);
        machines.forEach(this::isLeft);
        machines.forEach(Machine::has);
    }

    private void isLeft(Machine machine) {
        Eventually.is(machine.binding() + " is gone", () -> !anna.hasBinding(machine.binding()));
        Eventually.holds(
                () -> assertThat(anna.ledger(machine.id)).as(machine.id).isEmpty());
    }

    /** The user's change makes the operator write; the admin writes at that moment. */
    private void meddle(
            Moment moment, Function<Machine, String> block, Consumer<Machine> change, Consumer<Machine> isDone) {
        switch (moment) {
            case BETWEEN_GET_AND_PATCH -> {
                machines.forEach(machine -> azure.writeBeforeTheNextPatch(machine.id, block.apply(machine)));
                machines.forEach(change);
                Eventually.is("the admin has written to all", azure::allFaultsHaveStruck);
            }
            case DURING_THE_OPERATION -> {
                azure.settings("""
                        {"operations":{"vmPatch":600000,"scaleSetPatch":600000,"concurrent":"preempt"}}""");
                machines.forEach(change);
                machines.forEach(machine ->
                        Eventually.is("an operation runs on " + machine.id, () -> azure.isUpdating(machine.id)));
                azure.settings("""
                        {"operations":{"vmPatch":100,"scaleSetPatch":100}}""");
                machines.forEach(machine -> azure.write(machine.id, block.apply(machine)));
            }
            case AFTER_IT -> {
                machines.forEach(change);
                machines.forEach(isDone);
                machines.forEach(machine -> azure.write(machine.id, block.apply(machine)));
            }
        }
    }
}
