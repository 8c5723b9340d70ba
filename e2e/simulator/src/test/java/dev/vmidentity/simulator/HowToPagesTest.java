package dev.vmidentity.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every {@code curl} of Microsoft's how-to pages as it stands there, but for host, token and placeholders. Each is played on a world in
 * which its page's story could have reached it, and what Azure shows afterwards is what the page promises.
 */
final class HowToPagesTest {
    private static final Pattern CURL = Pattern.compile("curl\\s+'(https://[^']+)'(.*)");
    private static final Pattern METHOD = Pattern.compile("-X (\\w+)");
    private static final Pattern BODY = Pattern.compile("-d '(\\{.*\\})'");

    /** One command of a page. */
    record Command(String page, int number, String method, String url, String body) {
        @Override
        public String toString() {
            return page + " " + number + " " + method + " " + url.replaceAll(".*/providers/", "") + " " + body;
        }
    }

    static List<Command> commands() {
        var commands = new ArrayList<Command>();
        for (var page : List.of(
                "vm-rest", "vmss-rest", "user-assigned-identity-rest", "vmss-portal-cli-powershell-template-rest")) {
            int number = 0;
            for (var line : text(page).lines().toList()) {
                var curl = CURL.matcher(line);
                if (!curl.find()) {
                    continue;
                }
                var rest = curl.group(2);
                var method = METHOD.matcher(rest);
                var body = BODY.matcher(rest);
                commands.add(new Command(
                        page,
                        ++number,
                        method.find() ? method.group(1) : "GET",
                        filled(curl.group(1)),
                        body.find() ? filled(body.group(1)) : ""));
            }
        }
        return commands;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_of_a_page_does_what_the_page_says(Command command) {
        var clock = new HandClock();
        try (var azure = Simulator.start(Options.defaults().withClock(clock));
                var client = new ArmClient(azure)) {
            var resource = command.url().replaceAll("\\?.*", "");
            var creates = command.method().equals("PUT") && command.url().contains("Microsoft.Compute");
            reach(command, client, clock, resource, creates);

            var reply =
                    client.send(command.method(), command.url(), command.body().isEmpty() ? null : command.body());
            clock.pass(Duration.ofMinutes(5));

            assertThat(reply.status()).as(reply.text()).isEqualTo(creates || isIdentityPut(command) ? 201 : 200);
            if (command.url().contains("Microsoft.Compute")) {
                promised(command, client.get(resource + "?api-version=2024-07-01"));
            } else if (command.method().equals("DELETE")) {
                assertThat(client.get(resource + "?api-version=2018-11-30").status())
                        .isEqualTo(404);
            }
        }
    }

    /** The identities that the page made before, and a machine that has those that the command takes away. */
    private static void reach(Command command, ArmClient client, HandClock clock, String resource, boolean creates) {
        for (var name : List.of("ID1", "ID2")) {
            client.put(ArmClient.identity(name) + ArmClient.IDENTITY, "{\"location\":\"westus\"}");
        }
        if (creates) {
            client.delete(resource + "?api-version=2024-07-01");
            clock.pass(Duration.ofMinutes(5));
        } else if (command.method().equals("PATCH")) {
            client.patch(
                    resource + "?api-version=2024-07-01",
                    "{\"identity\":{\"type\":\"SystemAssigned, UserAssigned\",\"userAssignedIdentities\":{\""
                            + ArmClient.identity("ID1") + "\":{},\"" + ArmClient.identity("ID2") + "\":{}}}}");
            clock.pass(Duration.ofMinutes(5));
        } else if (command.method().equals("DELETE")) {
            client.put(resource + "?api-version=2018-11-30", "{\"location\":\"westus\"}");
        }
    }

    /** The identity block afterwards: the type that was asked for, and the ids by the rules of the dictionary or of the array. */
    private static void promised(Command command, ArmClient.Reply shown) {
        if (command.method().equals("GET")) {
            assertThat(shown.status()).isEqualTo(200);
            return;
        }
        var asked = json(command.body()).path("identity");
        var type = asked.path("type").asText().replace(" ", "").toLowerCase(Locale.ROOT);
        var identity = shown.body().path("identity");
        if (type.equals("none")) {
            assertThat(identity.isMissingNode()).isTrue();
            return;
        }
        assertThat(identity.path("type").asText().replace(" ", "").toLowerCase(Locale.ROOT))
                .isEqualTo(type);
        assertThat(identity.has("principalId")).isEqualTo(type.contains("systemassigned"));
        var expected = new TreeSet<String>();
        if (type.contains("userassigned")) {
            if (command.method().equals("PATCH") && !asked.has("identityIds")) {
                expected.addAll(List.of("id1", "id2"));
            }
            asked.path("identityIds").forEach(id -> expected.add(name(id.asText())));
            asked.path("userAssignedIdentities").properties().forEach(entry -> {
                if (entry.getValue().isNull()) {
                    expected.remove(name(entry.getKey()));
                } else {
                    expected.add(name(entry.getKey()));
                }
            });
        }
        var present = new TreeSet<String>();
        identity.path("userAssignedIdentities").fieldNames().forEachRemaining(id -> present.add(name(id)));
        assertThat(present).isEqualTo(expected);
    }

    private static boolean isIdentityPut(Command command) {
        return command.method().equals("PUT") && command.url().contains("userAssignedIdentities");
    }

    private static String name(String id) {
        return id.substring(id.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    private static JsonNode json(String text) {
        try {
            return text.isEmpty()
                    ? MissingNode.getInstance()
                    : dev.vmidentity.simulator.model.Json.MAPPER.readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(text, e);
        }
    }

    private static String filled(String text) {
        return text.replace("https://management.azure.com", "")
                .replaceAll("<<?SUBSCRIPTION ID>?>", "11111111-1111-1111-1111-111111111111")
                .replace("<RESOURCE GROUP>", "myResourceGroup")
                .replace("<VM NAME>", "myVM")
                .replace("<VMSS NAME>", "myVMSS")
                .replaceAll("<USER ASSIGNED IDENTITY NAME>", "ID3")
                .replace("<LOCATION>", "westus")
                .replace("<SECURE PASSWORD STRING>", "myPassword12");
    }

    private static String text(String page) {
        try (var in = HowToPagesTest.class.getResourceAsStream("/howto/" + page + ".txt")) {
            var text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            // One page was saved from a narrow window: its commands are broken in the middle of words.
            return Pattern.compile("(?s)```bash\\R(curl.*?)\\R```")
                    .matcher(text)
                    .replaceAll(match -> Matcher.quoteReplacement(match.group(1).replaceAll("\\R", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
