package dev.vmidentity.binding;

import static dev.vmidentity.binding.ManyMachines.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.Quietly;
import dev.vmidentity.azure.ArmClients;
import dev.vmidentity.azure.AzureSettings;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.simulator.Options;
import dev.vmidentity.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over the simulator with its throttling on: budgets of the subscription, of each machine, and of Resource Graph. */
@ExtendWith(Quietly.class)
final class ThrottledAzureTest {
    private static final int TOO_MANY = 429;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Scene.HandClock clock = new Scene.HandClock();
    private final List<TargetId> machines =
            IntStream.range(0, 300).mapToObj(ManyMachines::machine).toList();
    private Simulator simulator;
    private ArmClients clients;
    private ManyMachines scene;

    @BeforeEach
    void start() {
        // Certificates are checked by the real time.
        clock.advanceTo(Instant.now());
        simulator = Simulator.start(Options.defaults().withClock(clock));
        clients = ArmClients.connect(
                new AzureSettings(
                        simulator.endpoint(),
                        simulator.endpoint().toString(),
                        simulator.endpoint(),
                        Optional.of(simulator.tenantId()),
                        Optional.of("vm-identity-operator"),
                        Optional.of("a secret"),
                        Optional.empty(),
                        Optional.of(simulator.ca()),
                        Duration.ofSeconds(30)),
                clock);
        scene = new ManyMachines(clock, clients.machines(), clients.identities(), clients.fleet());
        ObjectNode world = JSON.objectNode();
        ArrayNode resources = world.putArray("resources");
        String subscription = "/subscriptions/" + Scene.SUBSCRIPTION;
        resources.add(resource(subscription));
        resources.add(resource(subscription + "/resourceGroups/rg-vms"));
        resources.add(resource(subscription + "/resourceGroups/rg-ids"));
        resources.add(resource(WEB.value()));
        machines.forEach(machine -> resources.add(resource(machine.id().value())));
        simulator.state().replace(world);
        simulator
                .settings()
                .merge("{\"throttling\":{\"arm\":true,\"compute\":true,\"identity\":true,\"resourceGraph\":true}}");
        simulator.requests().clear();
    }

    @AfterEach
    void stop() {
        clients.close();
        simulator.close();
    }

    @Test
    void threeHundredAtOnceAreNeverRefusedAndAllAttached() {
        scene.restart();
        machines.forEach(machine -> scene.bind(machine, WEB));

        scene.pass(Duration.ofMinutes(3));

        assertThat(refusals()).isZero();
        assertThat(machines).allMatch(this::isAttached);
    }

    @Test
    void whatAzureRefusesIsSentAgainWhenItSaysAndAllIsAttached() {
        machines.forEach(machine -> scene.bind(machine, WEB));

        scene.pass(Duration.ofMinutes(5));

        assertThat(refusals()).isPositive();
        assertThat(machines).allMatch(this::isAttached);
        assertThat(machines)
                .allMatch(machine -> scene.ledgers.look(machine).claims().values().stream()
                        .allMatch(claim -> claim.phase() == Phase.ATTACHED));
    }

    @Test
    void aRestartIsAFewQuestionsThatAreNotRefused() {
        scene.restart();
        machines.forEach(machine -> scene.bind(machine, WEB));
        scene.pass(Duration.ofMinutes(3));
        simulator.requests().clear();

        scene.restart();
        scene.pass(Duration.ofMinutes(1));

        assertThat(refusals()).isZero();
        assertThat(simulator.requests().entries())
                .hasSizeLessThan(60)
                .noneMatch(entry -> entry.method().equals("PATCH"));
        assertThat(machines).allMatch(machine -> scene.told(machine).isPresent());
    }

    private boolean isAttached(TargetId machine) {
        return simulator
                .resource(machine.id().value())
                .map(found -> found.path("identity").toString().toLowerCase(Locale.ROOT))
                .orElse("")
                .contains(WEB.key());
    }

    private long refusals() {
        return simulator.requests().entries().stream()
                .filter(entry -> Objects.equals(entry.status(), TOO_MANY))
                .count();
    }

    private static ObjectNode resource(String id) {
        return JSON.objectNode().put("id", id).put("location", "westeurope");
    }
}
