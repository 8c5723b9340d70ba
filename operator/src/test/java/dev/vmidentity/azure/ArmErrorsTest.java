package dev.vmidentity.azure;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.json.JsonProviders;
import com.azure.json.JsonReader;
import dev.vmidentity.azure.ArmErrors.Subject;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fault.Throttled.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class ArmErrorsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String IDS =
            "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/";

    /** What each recorded code means, by code, and where a code has several statuses by both. */
    private static final Map<String, Class<? extends Fault>> MEANINGS = Map.ofEntries(
            entry("AnotherOperationInProgress", Fault.Busy.class),
            entry("AuthorizationFailed", Fault.Forbidden.class),
            entry("BadRequest", Fault.Unexpected.class),
            entry("CannotDeleteResource", Fault.Refused.class),
            entry("Conflict 200", Fault.Busy.class),
            entry("Conflict 400", Fault.Refused.class),
            entry("Conflict 409", Fault.Busy.class),
            entry("FailedIdentityOperation", Fault.IdentityMissing.class),
            entry("GatewayTimeout", Fault.AzureUnwell.class),
            entry("InternalServerError", Fault.AzureUnwell.class),
            entry("InvalidParameter", Fault.Refused.class),
            entry("InvalidPrincipalId", Fault.Unexpected.class),
            entry("InvalidRequestContent", Fault.Unexpected.class),
            entry("InvalidTemplateDeployment", Fault.Unexpected.class),
            entry("LinkedAuthorizationFailed", Fault.IdentityRefused.class),
            entry("LinkedInvalidPropertyId", Fault.IdentityRefused.class),
            entry("LocationNotAvailableForResourceType", Fault.Refused.class),
            entry("MissingSubscriptionRegistration", Fault.Refused.class),
            entry("NoRegisteredProviderFound", Fault.Refused.class),
            entry("NotFound", Fault.BeingDeleted.class),
            entry("OperationNotAllowed 400", Fault.Refused.class),
            entry("OperationNotAllowed 409", Fault.Refused.class),
            entry("ParentResourceNotFound", Fault.Unexpected.class),
            entry("PreconditionFailed 200", Fault.Busy.class),
            entry("PreconditionFailed 412", Fault.Busy.class),
            entry("PrincipalNotFound", Fault.PrincipalUnknown.class),
            entry("PropertyChangeNotAllowed", Fault.Refused.class),
            entry("ResourceGroupNotFound", Fault.ResourceGroupMissing.class),
            entry("ResourceNotFound", Fault.BeingDeleted.class),
            entry("ResourceReadFailed", Fault.AzureUnwell.class),
            entry("ResourceRequestsThrottled", Fault.Throttled.class),
            entry("RetryableError", Fault.Throttled.class),
            entry("RoleAssignmentExists", Fault.Refused.class),
            entry("RoleAssignmentNotFound", Fault.Unexpected.class),
            entry("ServerTimeout", Fault.AzureUnwell.class),
            entry("SubscriptionRequestsThrottled", Fault.Throttled.class),
            entry("VMExtensionProvisioningError", Fault.Unexpected.class));

    @TestFactory
    Stream<DynamicTest> everyRecordedErrorIsTheFaultThatItMeans() throws IOException {
        return recordings().stream().map(recording -> {
            String code = (String) recording.get("code");
            int status = ((Number) Objects.requireNonNull(recording.get("status"))).intValue();
            return DynamicTest.dynamicTest(status + " " + code + " " + recording.get("source"), () -> {
                Class<? extends Fault> meant = MEANINGS.getOrDefault(code, MEANINGS.get(code + " " + status));

                Fault fault = ArmErrors.fault(error(recording, status), Subject.MACHINE);

                assertThat(meant)
                        .as("somebody has to decide what %s %s means", code, status)
                        .isNotNull();
                assertThat(fault).isInstanceOf(meant);
                assertThat(fault.detail()).isNotBlank();
            });
        });
    }

    @Test
    void aRecordedMissingIdentityIsNamed() throws IOException {
        Fault fault = ArmErrors.fault(error(recorded("FailedIdentityOperation"), 400), Subject.MACHINE);

        assertThat(((Fault.IdentityMissing) fault).identities())
                .singleElement()
                .satisfies(id -> assertThat(id.isUserAssignedIdentity()).isTrue());
        assertThat(fault.detail()).startsWith("Resource '/subscriptions/").endsWith("was not found.");
    }

    @Test
    void aRecordedMissingPermissionNamesActionScopeAndPrincipal() throws IOException {
        Fault fault = ArmErrors.fault(error(recorded("AuthorizationFailed"), 403), Subject.MACHINE);

        assertThat(fault).isInstanceOfSatisfying(Fault.Forbidden.class, forbidden -> {
            assertThat(forbidden.action()).isEqualTo("Microsoft.Authorization/roleAssignments/write");
            assertThat(forbidden.scopes()).singleElement().asString().startsWith("/subscriptions/0000");
            assertThat(forbidden.principal()).isEqualTo("674368bb-7eaa-4100-aef7-138f65f50648");
        });
    }

    @Test
    void theRecordedThrottleWithoutAHeaderTellsTheWaitOfItsSentence() throws IOException {
        assertThat(ArmErrors.fault(error(recorded("SubscriptionRequestsThrottled"), 429), Subject.MACHINE))
                .isInstanceOfSatisfying(Fault.Throttled.class, throttled -> {
                    assertThat(throttled.retryAfter()).contains(Duration.ofSeconds(6));
                    assertThat(throttled.scope()).isEqualTo(Scope.SUBSCRIPTION);
                });
    }

    @Test
    void aMissingPermissionOnLinkedIdentitiesNamesEach() {
        Fault fault = machine(
                403,
                "LinkedAuthorizationFailed",
                "The client 'x' with object id 'oid-1' has permission to perform action"
                        + " 'Microsoft.Compute/virtualMachineScaleSets/write' on scope '/subscriptions/s'; however, it does not have"
                        + " permission to perform action 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action' on the"
                        + " linked scope(s) '" + IDS + "a," + IDS + "b' or the linked scope(s) are invalid.");

        assertThat(fault).isInstanceOfSatisfying(Fault.Forbidden.class, forbidden -> {
            assertThat(forbidden.action()).isEqualTo("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action");
            assertThat(forbidden.scopes()).containsExactly(IDS + "a", IDS + "b");
            assertThat(forbidden.principal()).isEqualTo("oid-1");
        });
    }

    @Test
    void whatTheIdentityServiceAnsweredDecides() {
        assertThat(inner(
                        "TooManyRequests",
                        "TooManyRequests",
                        "The resource has issued too many requests. Retry after 20 seconds"))
                .isEqualTo(new Fault.Throttled(
                        Scope.IDENTITIES,
                        Optional.of(Duration.ofSeconds(20)),
                        "The resource has issued too many requests. Retry after 20 seconds"));
        assertThat(inner("429", "x", "Retry after 7 seconds"))
                .isInstanceOfSatisfying(
                        Fault.Throttled.class,
                        throttled -> assertThat(throttled.retryAfter()).contains(Duration.ofSeconds(7)));
        assertThat(inner("NotFound", "NotFound", "Resource '" + IDS + "gone' was not found."))
                .isInstanceOfSatisfying(
                        Fault.IdentityMissing.class,
                        missing -> assertThat(missing.identities()).containsExactly(ArmId.of(IDS + "gone")));
        assertThat(inner("Conflict", "Conflict", "may be due to a pending delete operation, try again later"))
                .isInstanceOf(Fault.Busy.class);
        assertThat(inner("InternalServerError", "InternalServerError", "sorry"))
                .isInstanceOfSatisfying(
                        Fault.AzureUnwell.class,
                        unwell -> assertThat(unwell.status()).isEqualTo(500));
        assertThat(inner(
                        "BadRequest",
                        "BadRequest",
                        "a non-UserAssigned identity type should not contain: userAssignedIdentities"))
                .isInstanceOf(Fault.IdentityRefused.class);
    }

    @Test
    void whatTheIdentityServiceAnsweredIsFoundEvenWhereItIsNoJson() {
        assertThat(machine(
                        400,
                        "FailedIdentityOperation",
                        "Identity operation failed. Status: 'TooManyRequests'. Response: 'Retry after 20 seconds'."))
                .isInstanceOfSatisfying(
                        Fault.Throttled.class,
                        throttled -> assertThat(throttled.retryAfter()).contains(Duration.ofSeconds(20)));
    }

    @Test
    void conflictsAreToldApart() {
        assertThat(machine(409, "ConflictingConcurrentWriteNotAllowed", "interrupted"))
                .isInstanceOf(Fault.Busy.class);
        assertThat(machine(
                        409,
                        "OperationNotAllowed",
                        "Operation 'Update VM' is not allowed on VM 'x' since the VM is marked for deletion."))
                .isInstanceOf(Fault.BeingDeleted.class);
        assertThat(machine(409, "ScopeLocked", "following scope(s) are locked")).isInstanceOf(Fault.Refused.class);
        assertThat(machine(403, "RequestDisallowedByPolicy", "disallowed by policy"))
                .isInstanceOf(Fault.Refused.class);
        assertThat(machine(200, "OperationPreempted", "preempted by a more recent operation"))
                .isInstanceOf(Fault.Busy.class);
    }

    @Test
    void whatIsWrongWithTheIdentitiesIsTheirs() {
        for (String code : List.of("InvalidIdentityValues", "MissingIdentityIds", "DuplicateIdentityIds")) {
            assertThat(machine(400, code, "Invalid value for the identities '" + IDS + "a'."))
                    .isInstanceOfSatisfying(
                            Fault.IdentityRefused.class,
                            refused -> assertThat(refused.identities()).containsExactly(ArmId.of(IDS + "a")));
        }
        assertThat(machine(400, "InvalidParameter", "ResourceIdentity identityIds should not be provided"))
                .isInstanceOf(Fault.IdentityRefused.class);
    }

    @Test
    void missingSubscriptionsAndGroupsAreNamed() {
        assertThat(machine(404, "SubscriptionNotFound", "The subscription 'sub-1' could not be found."))
                .isInstanceOfSatisfying(
                        Fault.SubscriptionMissing.class,
                        missing -> assertThat(missing.subscriptionId()).isEqualTo("sub-1"));
        assertThat(machine(404, "ResourceGroupNotFound", "Resource group 'rg-1' could not be found."))
                .isInstanceOfSatisfying(
                        Fault.ResourceGroupMissing.class,
                        missing -> assertThat(missing.resourceGroup()).isEqualTo("rg-1"));
    }

    @Test
    void aComputeThrottleIsOfWhatItsBudgetIsOf() {
        assertThat(throttleOf("UpdateVMResource")).isEqualTo(Scope.MACHINE);
        assertThat(throttleOf("HighCostGet30Min")).isEqualTo(Scope.SUBSCRIPTION);
        assertThat(throttleOf("UpdateVMSubscriptionMaximum")).isEqualTo(Scope.SUBSCRIPTION);
    }

    @Test
    void aThrottleWithoutDetailsIsOfTheBudgetThatTheHeaderSaysIsUsedUp() {
        assertThat(throttledWith(
                        "Microsoft.Compute/UpdateVMSubscriptionMaximum;1400,Microsoft.Compute/UpdateVMResource;0"))
                .isEqualTo(Scope.MACHINE);
        assertThat(throttledWith(
                        "Microsoft.Compute/UpdateVMSubscriptionMaximum;0,Microsoft.Compute/UpdateVMResource;0"))
                .isEqualTo(Scope.SUBSCRIPTION);
        assertThat(throttledWith("Microsoft.Compute/VmssQueuedVMOperations;0")).isEqualTo(Scope.SUBSCRIPTION);
    }

    @Test
    void aThrottleOfTheIdentityServiceIsOfIdentities() {
        Fault fault = ArmErrors.fault(answer(429, Map.of(), body("TooManyRequests", "slow down")), Subject.IDENTITY);

        assertThat(((Fault.Throttled) fault).scope()).isEqualTo(Scope.IDENTITIES);
    }

    @Test
    void theWaitIsSecondsOrADateSeenFromAzuresOwnClock() {
        assertThat(waitOf(Map.of("Retry-After", "119"))).contains(Duration.ofSeconds(119));
        assertThat(waitOf(Map.of("Retry-After", "Sun, 22 Nov 2026 10:01:30 GMT")))
                .contains(Duration.ofSeconds(90));
        assertThat(waitOf(Map.of(
                        "Retry-After", "Sun, 22 Nov 2026 10:01:30 GMT", "Date", "Sun, 22 Nov 2026 10:01:00 GMT")))
                .contains(Duration.ofSeconds(30));
        assertThat(waitOf(Map.of("Retry-After", "Sun, 22 Nov 2026 09:00:00 GMT")))
                .contains(Duration.ZERO);
        assertThat(waitOf(Map.of("x-ms-retry-after-ms", "1500", "Retry-After", "2")))
                .contains(Duration.ofMillis(1500));
        assertThat(waitOf(Map.of("Retry-After", "soon"))).isEmpty();
        assertThat(waitOf(Map.of())).isEmpty();
    }

    @Test
    void anUnauthorizedAnswerIsOfTheCredentialsWhateverItSays() {
        assertThat(machine(401, "SomethingNew", "no")).isInstanceOf(Fault.CredentialsRefused.class);
    }

    @Test
    void bodiesThatAreNoErrorOfArmsAreToldByTheirStatus() {
        for (String body : List.of("", "<html>bad gateway</html>", "{", "[]", "null", "\"x\"", "{\"error\":7}")) {
            assertThat(ArmErrors.fault(answer(502, Map.of(), body), Subject.MACHINE))
                    .isInstanceOf(Fault.AzureUnwell.class);
            assertThat(ArmErrors.fault(answer(404, Map.of(), body), Subject.MACHINE))
                    .isInstanceOf(Fault.Unexpected.class);
            assertThat(ArmErrors.absence(answer(404, Map.of(), body))).isEmpty();
        }
    }

    @Test
    void onlyAResourceOrItsGroupCanBeAbsent() {
        assertThat(ArmErrors.absence(error(404, "ResourceNotFound"))).contains(false);
        assertThat(ArmErrors.absence(error(404, "NotFound"))).contains(false);
        assertThat(ArmErrors.absence(error(404, "ResourceGroupNotFound"))).contains(true);
        assertThat(ArmErrors.absence(error(404, "SubscriptionNotFound"))).isEmpty();
        assertThat(ArmErrors.absence(error(404, "InvalidResourceType"))).isEmpty();
        assertThat(ArmErrors.absence(error(403, "ResourceNotFound"))).isEmpty();
    }

    // ---- how it is said

    private static Fault machine(int status, String code, String message) {
        return ArmErrors.fault(answer(status, Map.of(), body(code, message)), Subject.MACHINE);
    }

    private static Fault inner(String status, String code, String message) {
        String response = "{\\\"error\\\":{\\\"code\\\":\\\"" + code + "\\\",\\\"message\\\":\\\"" + message + "\\\"}}";
        return machine(
                400,
                "FailedIdentityOperation",
                "Identity operation for resource '/subscriptions/s/x' failed with error 'Failed to perform resource"
                        + " identity operation. Status: '" + status + "'. Response: '" + response + "'.'.");
    }

    private static Scope throttleOf(String target) {
        String body = "{\"code\":\"OperationNotAllowed\",\"message\":\"too many requests have been received\","
                + "\"details\":[{\"code\":\"TooManyRequests\",\"target\":\"" + target + "\",\"message\":\"{}\"}]}";
        return ((Fault.Throttled) ArmErrors.fault(answer(429, Map.of(), body), Subject.MACHINE)).scope();
    }

    private static Scope throttledWith(String remaining) {
        ArmError error = answer(429, Map.of("x-ms-ratelimit-remaining-resource", remaining), "");
        return ((Fault.Throttled) ArmErrors.fault(error, Subject.MACHINE)).scope();
    }

    private static Optional<Duration> waitOf(Map<String, String> headers) {
        return ((Fault.Throttled) ArmErrors.fault(answer(429, headers, ""), Subject.MACHINE)).retryAfter();
    }

    private static ArmError error(int status, String code) {
        return answer(status, Map.of(), body(code, "words"));
    }

    private static String body(String code, String message) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}";
    }

    private static ArmError answer(int status, Map<String, String> headers, String body) {
        Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        return ArmError.ofAnswer(status, anyCase::get, body, NOW);
    }

    /** As the adapter would read it: an operation that failed is told with status 200. */
    private static ArmError error(Map<?, ?> recording, int status) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ((Map<?, ?>) Objects.requireNonNull(recording.get("headers")))
                .forEach((name, value) -> headers.put((String) name, String.valueOf(value)));
        Object body = recording.get("body");
        return status == 200 && body instanceof Map<?, ?> operation
                ? ArmError.of(status, operation)
                : ArmError.ofAnswer(status, headers::get, text(body), NOW);
    }

    private static String text(@Nullable Object json) throws IOException {
        StringWriter text = new StringWriter();
        try (var writer = JsonProviders.createWriter(text)) {
            writer.writeUntyped(json);
        }
        return text.toString();
    }

    private static Map<?, ?> recorded(String code) throws IOException {
        return recordings().stream()
                .filter(recording -> code.equals(recording.get("code")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Map<?, ?>> recordings() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ArmErrorsTest.class.getResourceAsStream("/recordings/errors.jsonl")),
                StandardCharsets.UTF_8))) {
            return lines.lines().<Map<?, ?>>map(ArmErrorsTest::object).toList();
        }
    }

    private static Map<?, ?> object(String line) {
        try (JsonReader reader = JsonProviders.createReader(line)) {
            return (Map<?, ?>) Objects.requireNonNull(reader.readUntyped());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
