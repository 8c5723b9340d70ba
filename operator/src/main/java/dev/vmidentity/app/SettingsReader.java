package dev.vmidentity.app;

import dev.vmidentity.azure.AzureSettings;
import dev.vmidentity.core.Rights;
import dev.vmidentity.core.Rights.Allowance;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.Roles;
import dev.vmidentity.core.Scopes;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads settings, and collects everything that is wrong with them before it says so. */
final class SettingsReader {
    private static final String FILE = "VMIDENTITY_SETTINGS_FILE";
    private static final Set<String> NAMES = Set.of(
            FILE,
            "VMIDENTITY_RESOURCE_MANAGER_ENDPOINT",
            "VMIDENTITY_RESOURCE_MANAGER_AUDIENCE",
            "VMIDENTITY_CA_FILE",
            "VMIDENTITY_DEFAULT_SUBSCRIPTION",
            "VMIDENTITY_INSTANCE",
            "VMIDENTITY_HTTP_ADDRESS",
            "VMIDENTITY_OBSERVE_INTERVAL",
            "VMIDENTITY_ABSENT_INTERVAL",
            "VMIDENTITY_GONE_AFTER",
            "VMIDENTITY_POLL_INTERVAL",
            "VMIDENTITY_SELECTOR_INTERVAL",
            "VMIDENTITY_DETACH_BRAKE",
            "VMIDENTITY_DEFAULT_TARGETS",
            "VMIDENTITY_DEFAULT_ASSIGN",
            "VMIDENTITY_DEFAULT_MANAGE",
            "VMIDENTITY_DEFAULT_ALLOW",
            "VMIDENTITY_DEFAULT_GRANT",
            "VMIDENTITY_DEFAULT_ROLES");
    private static final Pattern GUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
    private static final Pattern INSTANCE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d+)(s|m|h)");
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^:\\[\\]]*)):(\\d{1,5})");

    private final Map<String, String> values = new HashMap<>();
    private final List<String> errors = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();

    SettingsReader(Map<String, String> environment) {
        Optional.ofNullable(environment.get(FILE))
                .filter(path -> !path.isBlank())
                .ifPresent(path -> values.putAll(file(Path.of(path))));
        values.putAll(environment);
        values.keySet().stream()
                .filter(name -> name.startsWith("VMIDENTITY_") && !NAMES.contains(name))
                .sorted()
                .map(name -> name + " is no setting of the operator; there are "
                        + NAMES.stream().sorted().collect(Collectors.joining(", ")) + ".")
                .forEach(doubts::add);
    }

    Settings.Reading read() {
        var azure = azure();
        var settings = new Settings(
                azure.orElse(NO_AZURE),
                text("VMIDENTITY_DEFAULT_SUBSCRIPTION").filter(this::isSubscription),
                instance(),
                http(),
                duration("VMIDENTITY_OBSERVE_INTERVAL", Duration.ofMinutes(5)),
                duration("VMIDENTITY_ABSENT_INTERVAL", Duration.ofSeconds(30)),
                duration("VMIDENTITY_GONE_AFTER", Duration.ofSeconds(60)),
                duration("VMIDENTITY_POLL_INTERVAL", Duration.ofSeconds(5)),
                duration("VMIDENTITY_SELECTOR_INTERVAL", Duration.ofMinutes(1)),
                count("VMIDENTITY_DETACH_BRAKE", 10),
                new Rights(
                        scopes("VMIDENTITY_DEFAULT_TARGETS"),
                        scopes("VMIDENTITY_DEFAULT_ASSIGN"),
                        scopes("VMIDENTITY_DEFAULT_MANAGE"),
                        allowances(),
                        scopes("VMIDENTITY_DEFAULT_GRANT"),
                        roles()));
        return errors.isEmpty() ? new Settings.Reading.Valid(settings, doubts) : new Settings.Reading.Invalid(errors);
    }

    /** Stands in where there were errors, and then goes nowhere. */
    private static final AzureSettings NO_AZURE = new AzureSettings(
            AzureSettings.PUBLIC_RESOURCE_MANAGER,
            AzureSettings.PUBLIC_RESOURCE_MANAGER.toString(),
            AzureSettings.PUBLIC_AUTHORITY,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            AzureSettings.LONGEST_REQUEST);

    private Optional<AzureSettings> azure() {
        int before = errors.size();
        var endpoint = https("VMIDENTITY_RESOURCE_MANAGER_ENDPOINT", AzureSettings.PUBLIC_RESOURCE_MANAGER);
        var authority = https("AZURE_AUTHORITY_HOST", AzureSettings.PUBLIC_AUTHORITY);
        // A trailing slash is part of an audience: only one that was written is sent.
        var audience = text("VMIDENTITY_RESOURCE_MANAGER_AUDIENCE")
                .orElseGet(() -> endpoint.toString().replaceFirst("/+$", ""));
        var tenant = text("AZURE_TENANT_ID");
        var client = text("AZURE_CLIENT_ID");
        var secret = text("AZURE_CLIENT_SECRET");
        var token = readable("AZURE_FEDERATED_TOKEN_FILE");
        var authorities = readable("VMIDENTITY_CA_FILE");
        if (secret.isPresent() || token.isPresent()) {
            var credential = token.isPresent() ? "AZURE_FEDERATED_TOKEN_FILE" : "AZURE_CLIENT_SECRET";
            need("AZURE_TENANT_ID", tenant, credential);
            need("AZURE_CLIENT_ID", client, credential);
        }
        if (errors.size() > before) {
            return Optional.empty();
        }
        try {
            return Optional.of(new AzureSettings(
                    endpoint,
                    audience,
                    authority,
                    tenant,
                    client,
                    secret,
                    token,
                    authorities,
                    AzureSettings.LONGEST_REQUEST));
        } catch (IllegalArgumentException e) {
            errors.add("The settings of Azure cannot work: " + e.getMessage() + ".");
            return Optional.empty();
        }
    }

    private void need(String name, Optional<String> value, String beside) {
        if (value.isEmpty()) {
            errors.add(name + " is missing: " + beside + " needs it beside it.");
        }
    }

    private URI https(String name, URI otherwise) {
        return parsed(name, otherwise, "an https URL such as " + otherwise, text -> {
            var uri = URI.create(text);
            return "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null
                    ? Optional.of(uri)
                    : Optional.empty();
        });
    }

    private Optional<Path> readable(String name) {
        var path = text(name).map(Path::of);
        path.filter(file -> !Files.isReadable(file))
                .ifPresent(file -> errors.add(name + " is " + file + ", and no such file can be read."));
        return path;
    }

    private boolean isSubscription(String text) {
        boolean valid = GUID.matcher(text).matches();
        if (!valid) {
            wrong("VMIDENTITY_DEFAULT_SUBSCRIPTION", text, "the GUID of a subscription");
        }
        return valid;
    }

    private String instance() {
        return parsed(
                "VMIDENTITY_INSTANCE",
                "default",
                "1 to 63 lower-case letters, digits and '-', the first and the last no '-'",
                text -> Optional.of(text).filter(name -> INSTANCE.matcher(name).matches()));
    }

    private InetSocketAddress http() {
        return parsed(
                "VMIDENTITY_HTTP_ADDRESS",
                new InetSocketAddress(8080),
                "an address and a port, such as 0.0.0.0:8080 or [::1]:8080",
                SettingsReader::address);
    }

    private static Optional<InetSocketAddress> address(String text) {
        var matcher = ADDRESS.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(3));
        var host = Optional.ofNullable(matcher.group(1)).orElseGet(() -> matcher.group(2));
        try {
            return Optional.of(
                    host.isEmpty()
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private int count(String name, int otherwise) {
        return parsed(
                name,
                otherwise,
                "a number from 0 to 1000000",
                text -> Optional.of(Integer.valueOf(text)).filter(number -> number >= 0 && number <= 1_000_000));
    }

    private Duration duration(String name, Duration otherwise) {
        return parsed(
                name,
                otherwise,
                "a time longer than none, such as 30s, 5m or PT5M",
                text -> Optional.of(span(text)).filter(Duration::isPositive));
    }

    private static Duration span(String text) {
        var matcher = SHORT_DURATION.matcher(text);
        return Duration.parse(matcher.matches() ? "PT" + text.toUpperCase(Locale.ROOT) : text);
    }

    private Scopes scopes(String name) {
        var scopes = text(name).map(Scopes::parse).orElse(Scopes.NONE);
        scopes.malformed()
                .forEach(
                        word -> wrong(name, word, "a scope such as /subscriptions/<guid>/resourceGroups/<name>, or /"));
        return scopes;
    }

    private Roles roles() {
        var name = "VMIDENTITY_DEFAULT_ROLES";
        var roles = text(name).map(Roles::parse).orElse(Roles.NONE);
        roles.listed().stream()
                .filter(role -> role instanceof Role.Named && role.text().contains("/"))
                .forEach(role -> wrong(
                        name,
                        role.text(),
                        "the name of a built-in role, or an id such as"
                                + " /subscriptions/<guid>/providers/Microsoft.Authorization/roleDefinitions/<guid>"));
        return roles;
    }

    private Set<Allowance> allowances() {
        var name = "VMIDENTITY_DEFAULT_ALLOW";
        var text = text(name).orElse("");
        var words = Arrays.stream(Allowance.values()).map(Allowance::word).collect(Collectors.joining(", "));
        Arrays.stream(text.split("[,\\s]+", -1))
                .filter(word -> !word.isEmpty() && Rights.allowances(word).isEmpty())
                .forEach(word -> wrong(name, word, "one of " + words));
        return Rights.allowances(text);
    }

    private <T> T parsed(String name, T otherwise, String form, Function<String, Optional<T>> parser) {
        var text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        Optional<T> value;
        try {
            value = parser.apply(text.get());
        } catch (IllegalArgumentException | DateTimeException e) {
            value = Optional.empty();
        }
        if (value.isEmpty()) {
            wrong(name, text.get(), form);
        }
        return value.orElse(otherwise);
    }

    private void wrong(String name, String text, String form) {
        errors.add(name + " is \"" + text + "\" and must be " + form + ".");
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private Map<String, String> file(Path path) {
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(path)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            errors.add(FILE + " is " + path + ", which cannot be read as a properties file: " + e + ".");
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(Function.identity(), properties::getProperty));
    }
}
