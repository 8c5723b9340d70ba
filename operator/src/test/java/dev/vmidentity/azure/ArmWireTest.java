package dev.vmidentity.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Machines.Operation;
import dev.vmidentity.core.Machines.Patched;
import dev.vmidentity.core.Machines.Progress;
import dev.vmidentity.core.Machines.Seen;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Patch;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.Ground;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes over the wire, and what comes of answers that the contract's worlds do not give. */
final class ArmWireTest {
    private static final String SUBSCRIPTION = "11111111-1111-4111-8111-111111111111";
    private static final ArmId WEB = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "web");
    private static final ArmId BATCH = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "batch");
    private static final URI NOWHERE = URI.create("https://127.0.0.1:1");

    private static SimulatedAzure azure;

    private final TargetId target = TargetId.of(MachineKind.VIRTUAL_MACHINE, SUBSCRIPTION, "rg-vms", "web-1");
    private Ground ground;

    @BeforeAll
    static void start() {
        azure = new SimulatedAzure();
    }

    @AfterAll
    static void stop() {
        azure.stop();
    }

    @BeforeEach
    void layGround() {
        ground = azure.emptied();
        ground.makeMachine(target);
        ground.makeIdentity(WEB);
        ground.makeIdentity(BATCH);
    }

    // ---- the PATCH

    @ParameterizedTest
    @EnumSource
    void aPatchNamesTheTypeAndOnlyWhatChanges(MachineKind kind) {
        TargetId machine = TargetId.of(kind, SUBSCRIPTION, "rg-vms", "web-2");
        ground.makeMachine(machine);
        ground.attach(machine, WEB);

        patch(machine, IdentityType.SYSTEM_AND_USER_ASSIGNED, List.of(BATCH), List.of(WEB));

        assertThat(bodies())
                .containsExactly(
                        "{\"identity\":{\"type\":\"SystemAssigned, UserAssigned\",\"userAssignedIdentities\":{\"" + WEB
                                + "\":null,\"" + BATCH + "\":{}}}}");
    }

    @ParameterizedTest
    @EnumSource
    void aPatchThatTakesAllAwayListsNothing(MachineKind kind) {
        TargetId machine = TargetId.of(kind, SUBSCRIPTION, "rg-vms", "web-2");
        ground.makeMachine(machine);
        ground.attach(machine, WEB);

        patch(machine, IdentityType.NONE, List.of(), List.of(WEB));

        assertThat(bodies()).containsExactly("{\"identity\":{\"type\":\"None\"}}");
    }

    @Test
    void aRedirectIsNotFollowed() {
        fault("""
                {"method": "PATCH", "status": 307, "headers": {"Location": "%s"}}""".formatted(azure.endpoint() + target.id().value() + "?api-version=2025-04-01"));

        Patched answer = patch(target, IdentityType.SYSTEM_ASSIGNED, List.of(), List.of());

        assertThat(faultOf(answer)).isEqualTo(new Fault.Unexpected(307, "", "Azure answered 307 and no more"));
        assertThat(ground.patches(target)).isEqualTo(1);
    }

    @Test
    void anAnswerThatIsNeither200NorAnErrorIsUnknown() {
        fault("""
                {"method": "PATCH", "status": 202, "body": {}}""");

        assertThat(faultOf(patch(target, IdentityType.SYSTEM_ASSIGNED, List.of(), List.of())))
                .isInstanceOf(Fault.Unexpected.class);
    }

    @Test
    void anAnswerWithoutABodyIsUnknown() {
        fault("""
                {"method": "PATCH", "status": 200, "when": "after"}""");

        assertThat(faultOf(patch(target, IdentityType.SYSTEM_ASSIGNED, List.of(), List.of())))
                .isInstanceOf(Fault.Unreachable.class);
        assertThat(((Seen.Present) ground.machines().read(target)).observation().type())
                .isEqualTo(IdentityType.SYSTEM_ASSIGNED);
    }

    @Test
    void aTokenThatIsNotTakenIsNoReasonToSendAPatchAgain() {
        fault("""
                {"method": "PATCH", "status": 401, "body": {"error": {"code": "ExpiredAuthenticationToken", "message": "old"}}}""");

        assertThat(faultOf(patch(target, IdentityType.SYSTEM_ASSIGNED, List.of(), List.of())))
                .isEqualTo(new Fault.CredentialsRefused("old"));
        assertThat(ground.patches(target)).isEqualTo(1);
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUp() {
        Observation seen = seen();
        fault("""
                {"method": "PATCH", "hang": true}""");

        try (ArmClients impatient = connect(withTimeout(Duration.ofMillis(300)))) {
            Patched answer = impatient.machines().patch(target, addWeb(seen));

            assertThat(faultOf(answer)).isInstanceOf(Fault.Unreachable.class);
        }
        assertThat(ground.patches(target)).isEqualTo(1);
    }

    // ---- reads

    @Test
    void aReadOverAConnectionThatWasCutIsTriedASecondTime() {
        fault("""
                {"method": "GET", "cut": "before"}""");

        assertThat(ground.machines().read(target)).isInstanceOf(Seen.Present.class);
    }

    @Test
    void aReadThatIsCutAgainAndAgainIsUnreachable() {
        fault("""
                {"method": "GET", "cut": "before", "times": 0}""");

        assertThat(faultOf(ground.machines().read(target))).isInstanceOf(Fault.Unreachable.class);
    }

    @Test
    void aReadWhoseTokenIsNotTakenIsTriedOnceMoreWithANewOne() {
        fault("""
                {"method": "GET", "path": "Microsoft.Compute", "status": 401}""");

        long tokenRequests = azure.simulator().faults().add("""
                {"path": "/token", "times": 0, "delay": 1}""");

        assertThat(ground.machines().read(target)).isInstanceOf(Seen.Present.class);
        assertThat(azure.simulator().faults().hits(tokenRequests)).isEqualTo(1);
    }

    @Test
    void aReadWhoseTokensAreNeverTakenIsRefused() {
        fault("""
                {"method": "GET", "path": "Microsoft.Compute", "status": 401, "times": 0}""");

        assertThat(faultOf(ground.machines().read(target))).isInstanceOf(Fault.CredentialsRefused.class);
        assertThat(azure.simulator().requests().entries()).hasSize(2);
    }

    @Test
    void aTypeThatIsNotKnownIsNeverTakenForNone() {
        assertThat(faultOf(readOf("\"identity\": {\"type\": \"SystemAssigned,UserAssigned\"}")))
                .isInstanceOf(Fault.Unexpected.class);
        assertThat(faultOf(readOf("\"identity\": {}"))).isInstanceOf(Fault.Unexpected.class);
    }

    @Test
    void identitiesThatAreSaidToBeThereAndNotListedAreNotUnderstood() {
        assertThat(faultOf(readOf("\"identity\": {\"type\": \"UserAssigned\"}")))
                .isInstanceOf(Fault.Unexpected.class);
        assertThat(faultOf(readOf(
                        "\"identity\": {\"type\": \"UserAssigned\", \"userAssignedIdentities\": {\"web\": {}}}")))
                .isInstanceOf(Fault.Unexpected.class);
        assertThat(faultOf(readOf("\"identity\": {\"type\": \"SystemAssigned\"}")))
                .isInstanceOf(Fault.Unexpected.class);
    }

    @Test
    void aSystemAssignedIdentityIsThereWhenItHasAPrincipalWhateverTheTypeSays() {
        assertThat(readOf("\"identity\": {\"type\": \"None\", \"principalId\": \"p\"}"))
                .isInstanceOfSatisfying(
                        Seen.Present.class,
                        present -> assertThat(present.observation().type()).isEqualTo(IdentityType.SYSTEM_ASSIGNED));
    }

    @Test
    void aCloudWithoutEtagsIsSeenWithoutAnEtag() {
        assertThat(((Seen.Present) readOf("\"location\": \"x\"")).observation().etag())
                .isNull();
    }

    @Test
    void everyStateOfProvisioningIsKnown() {
        Map<String, Observation.MachineState> states = Map.of(
                "Succeeded", Observation.MachineState.SETTLED,
                "Failed", Observation.MachineState.FAILED,
                "Canceled", Observation.MachineState.FAILED,
                "Deleting", Observation.MachineState.DELETING,
                "Creating", Observation.MachineState.BUSY,
                "Updating", Observation.MachineState.BUSY,
                "Migrating", Observation.MachineState.BUSY);
        states.forEach((provisioning, state) -> assertThat(((Seen.Present) answered(
                                "{\"properties\": {\"vmId\": \"m\", \"provisioningState\": \"" + provisioning + "\"}}"))
                        .observation()
                        .state())
                .as(provisioning)
                .isEqualTo(state));
    }

    @Test
    void aNoOfNobodyKnowsWhomIsNotAnAbsentMachine() {
        fault("""
                {"method": "GET", "path": "Microsoft.Compute", "status": 404, "body": "<html>not here</html>"}""");

        assertThat(faultOf(ground.machines().read(target))).isInstanceOf(Fault.Unexpected.class);
    }

    @Test
    void aSubscriptionThatDoesNotExistIsNamedAndNothingIsAbsent() {
        String other = "99999999-9999-4999-8999-999999999999";

        Seen answer = ground.machines().read(TargetId.of(MachineKind.SCALE_SET, other, "rg-vms", "web-1"));

        assertThat(faultOf(answer))
                .isInstanceOfSatisfying(
                        Fault.SubscriptionMissing.class,
                        missing -> assertThat(missing.subscriptionId()).isEqualTo(other));
        assertThat(ground.identities().read(ArmId.userAssignedIdentity(other, "rg-ids", "web")))
                .isInstanceOf(Identities.Seen.Failed.class);
    }

    // ---- operations

    @Test
    void theTokenGoesToNobodyElsesUrl() {
        for (String url : List.of(
                "https://example.org/operations/1",
                "https://example.org:" + azure.endpoint().getPort() + "/x",
                "http://127.0.0.1:" + azure.endpoint().getPort() + "/x",
                "https://127.0.0.1:1/x",
                "https://127.0.0.1:" + azure.endpoint().getPort() + "@example.org/x",
                "/relative",
                "not a url")) {
            assertThat(ground.machines().poll(new Operation(target, url)))
                    .as(url)
                    .isEqualTo(new Progress.Unknown(
                            new Fault.Unexpected(0, "", "the operation's URL is not the resource manager's")));
        }
        assertThat(azure.simulator().requests().entries()).isEmpty();
    }

    @Test
    void anOperationAnnouncedAtAnotherHostIsNotHandedOut() {
        Observation seen = seen();
        fault("""
                {"method": "PATCH", "status": 200, "headers": {"Azure-AsyncOperation": "https://example.org/operations/1"},
                 "body": {"etag": "\\"2\\"", "properties": {"vmId": "m", "provisioningState": "Updating"}}}""");

        assertThat(ground.machines().patch(target, addWeb(seen)))
                .isInstanceOfSatisfying(
                        Patched.Accepted.class,
                        accepted -> assertThat(accepted.operation()).isEmpty());
    }

    @Test
    void azuresWordOnWhenToPollComesThrough() {
        Patched.Accepted accepted =
                (Patched.Accepted) patch(target, IdentityType.USER_ASSIGNED, List.of(WEB), List.of());
        Operation operation = accepted.operation().orElseThrow();
        fault("""
                {"method": "GET", "path": "/operations/", "status": 200, "headers": {"Retry-After": "37"},
                 "body": {"status": "InProgress"}}""");

        assertThat(accepted.pollAfter()).contains(Duration.ofSeconds(1));
        assertThat(ground.machines().poll(operation))
                .isEqualTo(new Progress.Running(Optional.of(Duration.ofSeconds(37))));
    }

    @Test
    void aPollThatFailsSaysNothingAboutTheOperation() {
        Operation operation = ((Patched.Accepted) patch(target, IdentityType.USER_ASSIGNED, List.of(WEB), List.of()))
                .operation()
                .orElseThrow();
        for (String answer : List.of(
                "\"status\": 500",
                "\"status\": 404, \"body\": {\"error\": {\"code\": \"ResourceNotFound\", \"message\": \"gone\"}}",
                "\"status\": 200, \"body\": \"<html>\"",
                "\"status\": 200, \"body\": {\"name\": \"no status\"}")) {
            fault("{\"method\": \"GET\", \"path\": \"/operations/\", " + answer + "}");

            assertThat(ground.machines().poll(operation)).as(answer).isInstanceOf(Progress.Unknown.class);
        }
    }

    // ---- identities

    @Test
    void aPutWhoseAnswerIsLostIsNotSentAgain() {
        fault("""
                {"method": "PUT", "cut": "after"}""");
        ArmId fresh = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "fresh");

        Identities.Seen answer = ground.identities().put(fresh, "westeurope", Map.of());

        assertThat(((Identities.Seen.Failed) answer).fault()).isInstanceOf(Fault.Unreachable.class);
        assertThat(azure.simulator().requests().entries()).hasSize(1);
        assertThat(ground.identities().read(fresh)).isInstanceOf(Identities.Seen.Present.class);
    }

    // ---- reaching Azure

    @Test
    void anAzureThatCannotBeReachedIsUnreachable() {
        AzureSettings there = azure.settings();
        try (ArmClients clients = connect(new AzureSettings(
                NOWHERE,
                there.audience(),
                there.authorityHost(),
                there.tenantId(),
                there.clientId(),
                there.clientSecret(),
                Optional.empty(),
                there.caFile(),
                Duration.ofSeconds(5)))) {
            assertThat(faultOf(clients.machines().read(target))).isInstanceOf(Fault.Unreachable.class);
            assertThat(faultOf(
                            clients.machines().patch(target, new Patch(IdentityType.NONE, List.of(), List.of(), "x"))))
                    .isInstanceOf(Fault.Unreachable.class);
        }
    }

    @Test
    void anAzureWhoseCertificateIsNotTrustedIsUnreachable() {
        AzureSettings there = azure.settings();
        try (ArmClients clients = connect(new AzureSettings(
                there.resourceManagerEndpoint(),
                there.audience(),
                there.authorityHost(),
                there.tenantId(),
                there.clientId(),
                there.clientSecret(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(5)))) {
            assertThat(faultOf(clients.machines().read(target)))
                    .isInstanceOfSatisfying(
                            Fault.Unreachable.class,
                            unreachable -> assertThat(unreachable.detail()).contains("certificat"));
        }
    }

    @Test
    void anAuthorityThatCannotBeReachedIsUnreachableAndArmIsNotAsked() {
        AzureSettings there = azure.settings();
        try (ArmClients clients = connect(authenticated(NOWHERE, there.clientSecret(), Optional.empty()))) {
            assertThat(faultOf(clients.machines().read(target)))
                    .isInstanceOfSatisfying(
                            Fault.Unreachable.class,
                            unreachable -> assertThat(unreachable.detail())
                                    .startsWith("the authority that gives tokens cannot be reached"));
        }
        assertThat(azure.simulator().requests().entries()).isEmpty();
    }

    @Test
    void aSecretThatTheAuthorityRefusesIsTheCredentialsFault() {
        fault("""
                {"method": "POST", "path": "/token", "status": 401,
                 "body": {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}}""");
        try (ArmClients clients = connect(azure.settings())) {
            assertThat(faultOf(clients.machines().read(target)))
                    .isInstanceOfSatisfying(
                            Fault.CredentialsRefused.class,
                            refused -> assertThat(refused.detail()).contains("AADSTS7000215"));
        }
    }

    @Test
    void anAuthorityThatIsUnwellIsNoRefusal() {
        fault("""
                {"method": "POST", "path": "/token", "status": 503, "times": 0, "body": {"error": "temporarily_unavailable"}}""");
        try (ArmClients clients = connect(azure.settings())) {
            assertThat(faultOf(clients.machines().read(target))).isInstanceOf(Fault.Unreachable.class);
        }
    }

    @Test
    void aFederatedTokenIsReadAnewForEveryToken(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("token");
        try (ArmClients clients = connect(authenticated(azure.endpoint(), Optional.empty(), Optional.of(file)))) {
            assertThat(faultOf(clients.machines().read(target)))
                    .isInstanceOfSatisfying(
                            Fault.CredentialsRefused.class,
                            refused -> assertThat(refused.detail()).contains("cannot read the federated token file"));

            Files.writeString(file, "a.service.account");
            assertThat(clients.machines().read(target)).isInstanceOf(Seen.Present.class);
        }
    }

    // ---- settings

    @Test
    void theSecretIsNeverShown() {
        assertThat(azure.settings().toString()).doesNotContain("a secret").contains("(not shown)");
    }

    @Test
    void settingsThatCannotWorkAreRefusedWithASentence(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> withTimeout(Duration.ofSeconds(31))).hasMessageContaining("at most 30 seconds");
        assertThatThrownBy(() -> authenticated(URI.create("http://login"), Optional.of("s"), Optional.empty()))
                .hasMessageContaining("the authority host must be an https URL");
        Path empty = Files.createFile(directory.resolve("ca.pem"));
        AzureSettings there = azure.settings();
        AzureSettings untrusting = new AzureSettings(
                there.resourceManagerEndpoint(),
                there.audience(),
                there.authorityHost(),
                there.tenantId(),
                there.clientId(),
                there.clientSecret(),
                Optional.empty(),
                Optional.of(empty),
                there.requestTimeout());
        assertThatThrownBy(() -> connect(untrusting)).hasMessageContaining("no certificate in");
    }

    // ---- how it is said

    private Observation seen() {
        return ((Seen.Present) ground.machines().read(target)).observation();
    }

    private Patched patch(TargetId machine, IdentityType type, List<ArmId> add, List<ArmId> remove) {
        Observation seen = ((Seen.Present) ground.machines().read(machine)).observation();
        return ground.machines().patch(machine, new Patch(type, add, remove, Objects.requireNonNull(seen.etag())));
    }

    private static Patch addWeb(Observation seen) {
        return new Patch(IdentityType.USER_ASSIGNED, List.of(WEB), List.of(), Objects.requireNonNull(seen.etag()));
    }

    /** A machine that Azure shows with these members beside the necessary ones. */
    private Seen readOf(String members) {
        return answered("{" + members + ", \"properties\": {\"vmId\": \"m\", \"provisioningState\": \"Succeeded\"}}");
    }

    private Seen answered(String body) {
        fault("{\"method\": \"GET\", \"path\": \"Microsoft.Compute\", \"status\": 200, \"body\": " + body + "}");
        return ground.machines().read(target);
    }

    private static void fault(String json) {
        azure.simulator().faults().add(json);
    }

    private static List<String> bodies() {
        return azure.simulator().requests().entries().stream()
                .filter(entry -> entry.method().equals("PATCH"))
                .map(entry -> entry.request().toString())
                .toList();
    }

    private static ArmClients connect(AzureSettings settings) {
        return ArmClients.connect(settings, InstantSource.system());
    }

    private static AzureSettings withTimeout(Duration timeout) {
        AzureSettings there = azure.settings();
        return new AzureSettings(
                there.resourceManagerEndpoint(),
                there.audience(),
                there.authorityHost(),
                there.tenantId(),
                there.clientId(),
                there.clientSecret(),
                Optional.empty(),
                there.caFile(),
                timeout);
    }

    private static AzureSettings authenticated(URI authority, Optional<String> secret, Optional<Path> federated) {
        AzureSettings there = azure.settings();
        return new AzureSettings(
                there.resourceManagerEndpoint(),
                there.audience(),
                authority,
                there.tenantId(),
                there.clientId(),
                secret,
                federated,
                there.caFile(),
                there.requestTimeout());
    }

    private static Fault faultOf(Seen answer) {
        assertThat(answer).isInstanceOf(Seen.Failed.class);
        return ((Seen.Failed) answer).fault();
    }

    private static Fault faultOf(Patched answer) {
        assertThat(answer).isInstanceOf(Patched.Rejected.class);
        return ((Patched.Rejected) answer).fault();
    }
}
