package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vmidentity.api.VmIdentityLedger;
import dev.vmidentity.api.VmIdentityLedgerStatus;
import dev.vmidentity.stories.HowTo.Block;
import dev.vmidentity.stories.HowTo.Kind;
import dev.vmidentity.stories.HowTo.Left;
import dev.vmidentity.stories.HowTo.Request;
import dev.vmidentity.stories.HowTo.Role;
import dev.vmidentity.stories.HowTo.Then;
import dev.vmidentity.stories.HowTo.Way;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** Plays lines of the how-to pages: by their own requests, and by what one declares. */
final class HowToPlay {
    private static final Set<String> IDENTITIES = Set.of("ID1", "ID2");
    private static final Set<String> SCOPES = Set.of("SUBSCRIPTION", "GROUP");
    private static final String AUTHORIZATION = "/providers/Microsoft.Authorization/";

    private final AzureAdmin azure;
    private final Person person;

    HowToPlay(AzureAdmin azure, Person person) {
        this.azure = azure;
        this.person = person;
        IDENTITIES.forEach(name -> azure.makeIdentity(person.azureName(name)));
    }

    /** @return what Azure shows after what the page does */
    Left theirs(HowTo line) {
        String machine = id(line, line.id() + "-theirs");
        if (!line.theirs().method().equals("PUT")) {
            make(machine, line.kind());
            lay(machine, line.before());
        }
        send(machine, line.kind(), line.theirs());
        switch (line.then()) {
            case Then.Nothing _ -> {}
            case Then.Assign(Role role) -> assign(role, machine);
            case Then.Upgrade(List<String> instanceIds) -> azure.updateInstances(machine, instanceIds);
        }
        return left(line, machine, shown(machine));
    }

    /** @return what Azure, or the operator, shows when the bindings are as declared */
    Left ours(HowTo line, String name, Way way) {
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
            case Way.Told(Block others, String spec) -> {
                make(machine, line.kind());
                lay(machine, others);
                declare(binding, machine, line.kind(), spec);
                // Written after the binding's status, once the round is over.
                Eventually.holds(() -> assertThat(told(machine)).isEqualTo(shown(machine)));
                return left(line, machine, told(machine));
            }
        }
        return left(line, machine, shown(machine));
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
        if (request.method().equals("GET")) {
            azure.call("GET", machine + "?api-version=" + request.apiVersion(), "", 200);
            return;
        }
        String identity = "\"identity\":" + filled(request.identity());
        String rest = request.method().equals("PUT") ? body(kind) + "," : "";
        call(request.method(), machine, request.apiVersion(), "{" + rest + identity + "}");
    }

    /** As {@code az vm identity assign --role --scope} does: it looks the role up, and tries until Azure knows the principal. */
    private void assign(Role role, String machine) {
        String scope = filled(role.scope());
        String definition = get(scope + AUTHORIZATION
                        + "roleDefinitions?api-version=2022-05-01-preview&$filter=roleName eq '" + role.role() + "'")
                .at("/value/0/id")
                .asText();
        String assignment = scope + AUTHORIZATION + "roleAssignments/" + UUID.randomUUID() + "?api-version=2022-04-01";
        String body = """
                {"properties":{"roleDefinitionId":"%s","principalId":"%s"}}""".formatted(definition, azure.principal(machine));
        Eventually.is(
                "the role is assigned",
                () -> azure.send("PUT", assignment, body).statusCode() == 201);
    }

    private Left left(HowTo line, String machine, Block block) {
        String principal = azure.principal(machine);
        return new Left(
                block,
                principal.isEmpty() ? Set.of() : roles(principal),
                line.after().onLatestModel().map(_ -> azure.onLatestModel(machine)));
    }

    private Set<Role> roles(String principal) {
        return azure.roles(principal).stream()
                .map(assigned -> new Role(
                        get(assigned.path("roleDefinitionId").asText() + "?api-version=2022-04-01")
                                .at("/properties/roleName")
                                .asText(),
                        scope(assigned.path("scope").asText())))
                .collect(Collectors.toUnmodifiableSet());
    }

    private String scope(String id) {
        return SCOPES.stream()
                .filter(name -> filled(name).equalsIgnoreCase(id))
                .findFirst()
                .orElse(id);
    }

    private JsonNode get(String path) {
        return AzureAdmin.body(azure.call("GET", path, "", 200));
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
        String filled = text.replace("SUBSCRIPTION", azure.subscription()).replace("GROUP", azure.group("rg-team-a"));
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

    /** The identity block as the machine's ledger tells it. */
    private Block told(String machine) {
        VmIdentityLedgerStatus status = person.ledger(machine)
                .map(VmIdentityLedger::getStatus)
                .orElseThrow(() -> new AssertionError("no ledger of " + machine + " that tells yet"));
        Set<String> user = status.identities().stream()
                .map(VmIdentityLedgerStatus.Identity::resourceId)
                .filter(id -> !id.equals("systemAssigned"))
                .map(this::name)
                .collect(Collectors.toUnmodifiableSet());
        Block told = new Block(status.identities().size() > user.size(), user);
        assertThat(status.type()).isEqualTo(told.type());
        return told;
    }

    private String name(String id) {
        return IDENTITIES.stream()
                .filter(name -> azure.identityId(person.azureName(name)).equalsIgnoreCase(id))
                .findFirst()
                .orElse(id);
    }
}
