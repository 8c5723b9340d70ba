package dev.vmidentity.simulator;

import static dev.vmidentity.simulator.ArmClient.COMPUTE;
import static dev.vmidentity.simulator.ArmClient.IDENTITY;
import static dev.vmidentity.simulator.ArmClient.SUBSCRIPTION;
import static dev.vmidentity.simulator.ArmClient.VM;
import static dev.vmidentity.simulator.ArmClient.identity;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process: its options, its start and end, and what it keeps when it is killed. */
final class RunsAloneTest {
    @TempDir
    private Path folder;

    @Test
    void help_names_every_option_and_version_says_which_it_is() throws Exception {
        try (var help = SimulatorProcess.start(folder, "--help");
                var version = SimulatorProcess.start(folder, "--version");
                var mistake = SimulatorProcess.start(folder, "--prot", "1")) {
            assertThat(help.exitCode()).isZero();
            assertThat(help.printed())
                    .contains("--port", "--directory", "--state", "--seed", "--profile", "--help", "--version");
            assertThat(version.exitCode()).isZero();
            assertThat(version.printed()).matches("azure-simulator \\d+\\.\\d+\\.\\d+\\S*\\R");
            assertThat(mistake.exitCode()).isEqualTo(2);
        }
    }

    @Test
    void it_says_where_it_is_serves_its_seed_and_stops_when_told() throws Exception {
        var seed = Path.of("example-seed.json").toAbsolutePath();
        try (var simulator = SimulatorProcess.start(
                folder, "--directory", folder.resolve("azure").toString(), "--seed", seed.toString())) {
            var said = simulator.serving();
            assertThat(said).containsOnlyKeys("endpoint", "ca", "tenant", "subscription");
            assertThat(Path.of(said.get("ca"))).isEqualTo(folder.resolve("azure/ca.pem"));
            try (var client = simulator.client()) {
                var machines = client.get("/subscriptions/" + said.get("subscription")
                        + "/providers/Microsoft.Compute/virtualMachines" + COMPUTE);
                assertThat(machines.body().at("/value/0/name").asText()).isEqualTo("web-1");
                assertThat(machines.body().at("/value/0/identity/userAssignedIdentities"))
                        .isNotEmpty();
            }

            simulator.stop();

            assertThat(simulator.exitCode()).isEqualTo(143);
            assertThat(simulator.printed().lines())
                    .as("nothing but what it said at first")
                    .hasSize(4);
        }
    }

    @Test
    void what_cannot_be_started_says_why() throws Exception {
        var broken = Files.writeString(folder.resolve("seed.json"), "{\"resources\":[{}]}");
        try (var simulator = SimulatorProcess.start(folder, "--seed", broken.toString())) {
            assertThat(simulator.exitCode()).isEqualTo(1);
            assertThat(simulator.printed()).contains("cannot start").contains("A resource is an object with an 'id'");
        }
        try (var first = SimulatorProcess.start(
                folder, "--state", folder.resolve("world").toString())) {
            var port = URI.create(first.serving().get("endpoint")).getPort();
            try (var second = SimulatorProcess.start(
                            folder, "--state", folder.resolve("world").toString());
                    var third = SimulatorProcess.start(folder, "--port", Integer.toString(port))) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.printed()).contains("is in use by another simulator");
                assertThat(third.exitCode()).isEqualTo(1);
                assertThat(third.printed()).contains("cannot start").contains(Integer.toString(port));
            }
        }
    }

    @Test
    void plain_http_is_told_that_it_is() throws Exception {
        try (var azure = Simulator.start(Options.defaults());
                var socket = new Socket(
                        InetAddress.getLoopbackAddress(), azure.endpoint().getPort())) {
            socket.getOutputStream()
                    .write("GET /subscriptions HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("The plain HTTP request was sent to HTTPS port");
        }
    }

    /** Four clients write while it is killed, three times; whatever was answered is there afterwards. */
    @Test
    void nothing_that_was_answered_is_lost_when_it_is_killed() throws Exception {
        var state = folder.resolve("world.jsonl");
        var arguments = new String[] {
            "--state", state.toString(), "--directory", folder.resolve("azure").toString()
        };
        var acknowledged = new ConcurrentLinkedQueue<String>();
        var lastTag = new AtomicInteger();
        var operation = "";
        for (int round = 0; round < 3; round++) {
            try (var simulator = SimulatorProcess.start(folder, arguments);
                    var client = simulator.client();
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                check(client, acknowledged, lastTag.get());
                if (!operation.isEmpty()) {
                    var known = client.get(operation.replaceFirst("https://[^/]*", ""));
                    assertThat(known.status())
                            .as("an operation that was announced")
                            .isEqualTo(200);
                }
                var patched = client.patch(VM + COMPUTE, "{\"tags\":{\"round\":\"" + round + "\"}}");
                if (patched.status() == 200) {
                    operation = String.valueOf(patched.header("Azure-AsyncOperation"));
                }
                var killed = new AtomicBoolean();
                int before = acknowledged.size();
                for (int writer = 0; writer < 4; writer++) {
                    var name = "r%d-w%d-".formatted(round, writer);
                    threads.execute(() -> {
                        for (int i = 0; !killed.get(); i++) {
                            try {
                                if (client.put(identity(name + i) + IDENTITY, "{\"location\":\"westus\"}")
                                                .status()
                                        == 201) {
                                    acknowledged.add(name + i);
                                }
                            } catch (RuntimeException e) {
                                return;
                            }
                        }
                    });
                }
                threads.execute(() -> {
                    for (int i = lastTag.get() + 1; !killed.get(); i++) {
                        try {
                            if (client.put(
                                                    identity("tagged") + IDENTITY,
                                                    "{\"location\":\"westus\",\"tags\":{\"n\":\"" + i + "\"}}")
                                            .status()
                                    < 300) {
                                lastTag.set(i);
                            }
                        } catch (RuntimeException e) {
                            return;
                        }
                    }
                });
                Eventually.is("a good many writes are answered", () -> acknowledged.size() > before + 100);

                simulator.kill();
                killed.set(true);
            }
        }
        try (var simulator = SimulatorProcess.start(folder, arguments);
                var client = simulator.client()) {
            check(client, acknowledged, lastTag.get());
            assertThat(principals(client))
                    .as("principals differ, over restarts too")
                    .doesNotHaveDuplicates();
        }
    }

    private static void check(ArmClient client, Iterable<String> acknowledged, int lastTag) {
        var there = new HashSet<String>();
        each(client, one -> there.add(one.path("name").asText()));
        assertThat(there).containsAll(acknowledged);
        if (lastTag > 0) {
            var tag = client.get(identity("tagged") + IDENTITY)
                    .body()
                    .at("/tags/n")
                    .asInt();
            assertThat(tag).isGreaterThanOrEqualTo(lastTag);
        }
    }

    private static List<String> principals(ArmClient client) {
        var principals = new ArrayList<String>();
        each(client, one -> principals.add(one.at("/properties/principalId").asText()));
        return principals;
    }

    private static void each(
            ArmClient client, java.util.function.Consumer<com.fasterxml.jackson.databind.JsonNode> visit) {
        var next = SUBSCRIPTION + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities" + IDENTITY;
        while (!next.isEmpty()) {
            var page = client.get(next).body();
            page.path("value").forEach(visit);
            next = page.path("nextLink").asText("");
        }
    }

    @Test
    void a_seed_that_was_not_all_written_is_laid_again() throws IOException {
        var state = folder.resolve("world.jsonl");
        try (var first = Simulator.start(Options.defaults().withState(state))) {
            assertThat(first.resource(VM)).isPresent();
        }
        var lines = Files.readAllLines(state);
        int machine = 0;
        while (!lines.get(machine).contains("virtualmachines/vm-1")) {
            machine++;
        }
        Files.write(state, lines.subList(0, machine));

        try (var second = Simulator.start(Options.defaults().withState(state))) {
            assertThat(second.resource(VM)).isPresent();
            assertThat(second.resource(VM.replace("myResourceGroup", "rg-vms").replace("myVM", "vm-1")))
                    .isPresent();
        }
    }
}
