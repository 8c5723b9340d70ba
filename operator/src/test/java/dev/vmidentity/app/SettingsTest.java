package dev.vmidentity.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.app.Settings.Reading;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Rights.Allowance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final String SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";

    @TempDir
    private Path folder;

    private static Settings valid(Map<String, String> environment) {
        var reading = Settings.read(environment);
        assertThat(reading).isInstanceOf(Reading.Valid.class);
        return ((Reading.Valid) reading).settings();
    }

    private static List<String> errors(Map<String, String> environment) {
        var reading = Settings.read(environment);
        assertThat(reading).isInstanceOf(Reading.Invalid.class);
        return ((Reading.Invalid) reading).errors();
    }

    @Test
    void nothingNeedsToBeSet() {
        var settings = valid(Map.of());

        assertThat(settings.azure().resourceManagerEndpoint()).hasToString("https://management.azure.com");
        assertThat(settings.azure().audience()).isEqualTo("https://management.azure.com");
        assertThat(settings.instance()).isEqualTo("default");
        assertThat(settings.http().getPort()).isEqualTo(8080);
        assertThat(settings.observeInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.goneAfter()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.absentInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.defaultSubscription()).isEmpty();
        assertThat(settings.defaultRights().manage().scopes()).isEmpty();
    }

    @Test
    void everythingCanBeSet() throws IOException {
        var token = Files.writeString(folder.resolve("token"), "t").toString();
        var settings = valid(Map.ofEntries(
                Map.entry("AZURE_TENANT_ID", "tenant"),
                Map.entry("AZURE_CLIENT_ID", "client"),
                Map.entry("AZURE_FEDERATED_TOKEN_FILE", token),
                Map.entry("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/"),
                Map.entry("VMIDENTITY_RESOURCE_MANAGER_ENDPOINT", "https://management.usgovcloudapi.net/"),
                Map.entry("VMIDENTITY_RESOURCE_MANAGER_AUDIENCE", "https://management.usgovcloudapi.net/"),
                Map.entry("VMIDENTITY_DEFAULT_SUBSCRIPTION", SUBSCRIPTION),
                Map.entry("VMIDENTITY_INSTANCE", "blue"),
                Map.entry("VMIDENTITY_HTTP_ADDRESS", "127.0.0.1:0"),
                Map.entry("VMIDENTITY_OBSERVE_INTERVAL", "10m"),
                Map.entry("VMIDENTITY_POLL_INTERVAL", "PT0.3S"),
                Map.entry("VMIDENTITY_SELECTOR_INTERVAL", "20s"),
                Map.entry("VMIDENTITY_DETACH_BRAKE", "3"),
                Map.entry("VMIDENTITY_DEFAULT_TARGETS", "/"),
                Map.entry("VMIDENTITY_DEFAULT_MANAGE", "/subscriptions/" + SUBSCRIPTION),
                Map.entry("VMIDENTITY_DEFAULT_ALLOW", "Adopt, DisableSystemAssigned")));

        assertThat(settings.azure().audience()).isEqualTo("https://management.usgovcloudapi.net/");
        assertThat(settings.azure().federatedTokenFile()).contains(Path.of(token));
        assertThat(settings.http().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
        assertThat(settings.observeInterval()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.pollInterval()).isEqualTo(Duration.ofMillis(300));
        assertThat(settings.selectorInterval()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.mostOrphans()).isEqualTo(3);
        assertThat(settings.defaultRights().allow())
                .containsExactlyInAnyOrder(Allowance.ADOPT, Allowance.DISABLE_SYSTEM_ASSIGNED);
        assertThat(settings.defaultRights().manage().covers(ArmId.userAssignedIdentity(SUBSCRIPTION, "rg", "web")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VMIDENTITY_RESOURCE_MANAGER_ENDPOINT | http://localhost | an https URL",
                "VMIDENTITY_RESOURCE_MANAGER_ENDPOINT | management.azure.com | an https URL",
                "AZURE_AUTHORITY_HOST | :// | an https URL",
                "VMIDENTITY_CA_FILE | /no/such/file.pem | no such file can be read",
                "AZURE_FEDERATED_TOKEN_FILE | /no/such/token | no such file can be read",
                "AZURE_CLIENT_SECRET | s3cret | AZURE_TENANT_ID is missing",
                "VMIDENTITY_DEFAULT_SUBSCRIPTION | my subscription | the GUID of a subscription",
                "VMIDENTITY_INSTANCE | Blue_1 | lower-case letters",
                "VMIDENTITY_HTTP_ADDRESS | 8080 | an address and a port",
                "VMIDENTITY_HTTP_ADDRESS | 127.0.0.1:99999 | an address and a port",
                "VMIDENTITY_OBSERVE_INTERVAL | soon | 30s, 5m or PT5M",
                "VMIDENTITY_OBSERVE_INTERVAL | 0s | a time longer than none",
                "VMIDENTITY_GONE_AFTER | -PT1S | a time longer than none",
                "VMIDENTITY_DEFAULT_TARGETS | rg-vms | a scope such as",
                "VMIDENTITY_DEFAULT_ALLOW | Everything | DisableSystemAssigned, Adopt",
                "VMIDENTITY_SETTINGS_FILE | /no/such/file | cannot be read as a properties file",
            })
    void whatIsWrongIsSaidWithItsName(String name, String value, String words) {
        assertThat(errors(Map.of(name, value)))
                .anySatisfy(
                        error -> assertThat(error).contains(words).endsWith(".").doesNotContain("s3cret"));
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        assertThat(errors(Map.of(
                        "VMIDENTITY_INSTANCE", "A", "VMIDENTITY_HTTP_ADDRESS", "x", "VMIDENTITY_GONE_AFTER", "y")))
                .hasSize(3);
    }

    @Test
    void aFileHasTheSameNamesAndTheEnvironmentComesFirst() throws IOException {
        var file = Files.writeString(
                folder.resolve("settings"), "VMIDENTITY_INSTANCE = blue\nVMIDENTITY_OBSERVE_INTERVAL = 1m\n");
        var environment = new HashMap<>(Map.of("VMIDENTITY_SETTINGS_FILE", file.toString()));
        environment.put("VMIDENTITY_INSTANCE", "green");

        var settings = valid(environment);

        assertThat(settings.instance()).isEqualTo("green");
        assertThat(settings.observeInterval()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aValueOfBlanksIsNone() {
        assertThat(valid(Map.of("VMIDENTITY_INSTANCE", " ", "AZURE_CLIENT_SECRET", ""))
                        .instance())
                .isEqualTo("default");
    }

    @Test
    void aNameThatIsNoSettingIsDoubted() {
        var reading = Settings.read(Map.of("VMIDENTITY_OBSERVE_INTERVALL", "1m"));

        assertThat(((Reading.Valid) reading).doubts())
                .singleElement()
                .satisfies(doubt -> assertThat(doubt).startsWith("VMIDENTITY_OBSERVE_INTERVALL is no setting"));
    }
}
