package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vmidentity.stories.HowTo.Block;
import dev.vmidentity.stories.HowTo.Kind;
import dev.vmidentity.stories.HowTo.Request;
import dev.vmidentity.stories.HowTo.Way;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Plays lines of the how-to pages: by their own requests, and by what one declares. */
final class HowToPlay {
    private static final Set<String> IDENTITIES = Set.of("ID1", "ID2");

    private final AzureAdmin azure;
    private final Person person;

    HowToPlay(AzureAdmin azure, Person person) {
        this.azure = azure;
        this.person = person;
        IDENTITIES.forEach(name -> azure.makeIdentity(person.azureName(name)));
    }

    /** @return what Azure shows after the page's request */
    Block theirs(HowTo line) {
        String machine = id(line, line.id() + "-theirs");
        if (line.theirs().method().equals("PATCH")) {
            make(machine, line.kind());
            lay(machine, line.before());
        }
        send(machine, line.kind(), line.theirs());
        return shown(machine);
    }

    /** @return what Azure shows when the bindings are as declared */
    Block ours(HowTo line, String name, Way way) {
        String machine = id(line, name);
        String binding = name.toLowerCase(Locale.ROOT);
        switch (way) {
            case Way.OnOthers(List<String> bindings) -> {
                make(machine, line.kind());
                lay(machine, line.before());
                bindings.forEach(spec -> declare(binding, machine, line.kind(), spec));
            }
            case Way.OnOurs(List<String> bindings) -> {
                make(machine, line.kind());
                declare(binding, machine, line.kind(), bindings.getFirst());
                assertThat(shown(machine)).as("after the first binding").isEqualTo(line.before());
                bindings.stream().skip(1).forEach(spec -> declare(binding, machine, line.kind(), spec));
            }
            case Way.Early(String spec) -> {
                apply(binding, machine, line.kind(), spec);
                make(machine, line.kind());
                person.waitReady(binding);
            }
        }
        return shown(machine);
    }

    private void declare(String binding, String machine, Kind kind, String spec) {
        if (spec.equals(HowTo.DELETED)) {
            person.deleteBinding(binding);
            Eventually.is(binding + " is gone", () -> !person.hasBinding(binding));
        } else {
            apply(binding, machine, kind, spec);
            person.waitReady(binding);
        }
    }

    private void apply(String binding, String machine, Kind kind, String spec) {
        person.apply(
                """
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: %s}
                spec: {target: {%s: {name: %s, resourceGroup: rg-vms}}, %s}
                """.formatted(binding, kind.field(), machine.substring(machine.lastIndexOf('/') + 1), filled(spec)));
    }

    private String id(HowTo line, String name) {
        String full = person.namespace() + "-" + name;
        return switch (line.kind()) {
            case VM -> azure.vm(full);
            case VMSS -> azure.scaleSet(full);
        };
    }

    private void make(String machine, Kind kind) {
        call("PUT", machine, "2024-07-01", "{" + body(kind) + "}");
    }

    /** What others put on the machine before. */
    private void lay(String machine, Block block) {
        if (!block.type().equals("None")) {
            String ids = block.user().stream().map(id -> "\"" + id + "\":{}").collect(Collectors.joining(","));
            String user = ids.isEmpty() ? "" : ",\"userAssignedIdentities\":{" + ids + "}";
            String identity = filled("{\"type\":\"" + block.type() + "\"" + user + "}");
            call("PATCH", machine, "2024-07-01", "{\"identity\":" + identity + "}");
        }
    }

    private void send(String machine, Kind kind, Request request) {
        String identity = "\"identity\":" + filled(request.identity());
        String rest = request.method().equals("PUT") ? body(kind) + "," : "";
        call(request.method(), machine, request.apiVersion(), "{" + rest + identity + "}");
    }

    private static String body(Kind kind) {
        return switch (kind) {
            case VM -> """
                "location":"westeurope","properties":{"hardwareProfile":{"vmSize":"Standard_D2_v2"}}""";
            case VMSS -> """
                "location":"westeurope","sku":{"tier":"Standard","name":"Standard_D1_v2","capacity":3},
                "properties":{"upgradePolicy":{"mode":"Manual"},"virtualMachineProfile":{}}""";
        };
    }

    private void call(String method, String machine, String apiVersion, String body) {
        azure.call(method, machine + "?api-version=" + apiVersion, body, 200, 201);
        Eventually.is(
                "the operation on " + machine + " has ended",
                () -> azure.get(machine)
                        .path("properties")
                        .path("provisioningState")
                        .asText()
                        .equals("Succeeded"));
    }

    private String filled(String text) {
        String filled = text;
        for (String name : IDENTITIES) {
            filled = filled.replace(name, azure.identityId(person.azureName(name)));
        }
        return filled;
    }

    /** The identity block as Azure shows it; every identity in it has its principal. */
    private Block shown(String machine) {
        JsonNode identity = azure.get(machine).path("identity");
        boolean system = identity.hasNonNull("principalId");
        Set<String> user = new TreeSet<>();
        for (var entry : identity.path("userAssignedIdentities").properties()) {
            assertThat(entry.getValue().path("principalId").asText())
                    .as(entry.getKey())
                    .isNotEmpty();
            assertThat(entry.getValue().path("clientId").asText())
                    .as(entry.getKey())
                    .isNotEmpty();
            user.add(name(entry.getKey()));
        }
        Block shown = new Block(system, user);
        assertThat(identity.path("type").asText("None")).isEqualTo(shown.type());
        return shown;
    }

    private String name(String id) {
        return IDENTITIES.stream()
                .filter(name -> azure.identityId(person.azureName(name)).equalsIgnoreCase(id))
                .findFirst()
                .orElse(id);
    }
}
