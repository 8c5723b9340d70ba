package dev.vmidentity.azure;

import com.azure.json.JsonProviders;
import com.azure.json.JsonWriter;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.TargetId;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A question to Resource Graph. It may let in more than was asked for, never less: what it lets in is compared again.
 *
 * @param subscriptions where to look; empty for all that the operator may read
 * @param query in Kusto
 */
record InventoryQuery(Set<String> subscriptions, String query) {
    static final String PATH = "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01";

    /** Rows of a page: Azure's own limit. */
    private static final int PAGE = 1_000;

    /** More scopes than these are narrowed by their subscriptions alone. */
    private static final int MOST_SCOPES = 100;

    // Only columns that are read: a whole machine is ten thousand characters. The order keeps pages apart.
    private static final String COLUMNS = " | project id, location, tags, managedBy, identity,"
            + " vmId = properties.vmId, uniqueId = properties.uniqueId,"
            + " provisioningState = properties.provisioningState,"
            + " scaleSet = properties.virtualMachineScaleSet.id | order by id asc";

    /** What means the same in Kusto, in JSON, and in a tag. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]+");

    InventoryQuery {
        subscriptions = Set.copyOf(subscriptions);
    }

    static InventoryQuery matching(Set<MachineKind> kinds, Scopes scopes, Map<String, String> tags) {
        StringBuilder query = new StringBuilder(ofKinds(kinds));
        boolean everywhere = scopes.scopes().stream().anyMatch(List::isEmpty);
        Set<String> subscriptions = everywhere
                ? Set.of()
                : scopes.scopes().stream().map(scope -> scope.get(1)).collect(Collectors.toSet());
        boolean finer = scopes.scopes().stream().anyMatch(scope -> scope.size() > 2);
        if (!everywhere && finer && scopes.scopes().size() <= MOST_SCOPES) {
            query.append(" | where ")
                    .append(scopes.scopes().stream().map(InventoryQuery::within).collect(Collectors.joining(" or ")));
        }
        tags.forEach((name, value) -> Stream.of(name, value)
                .flatMap(text -> longestPlain(text).stream())
                .forEach(part ->
                        query.append(" | where tostring(tags) contains ").append(literal(part))));
        return new InventoryQuery(subscriptions, query.append(COLUMNS).toString());
    }

    /** Those of the machines that exist. */
    static InventoryQuery of(Collection<TargetId> machines) {
        Set<String> subscriptions = machines.stream()
                .map(machine -> machine.id().subscriptionId().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        Set<MachineKind> kinds = machines.stream().map(TargetId::kind).collect(Collectors.toSet());
        String ids =
                machines.stream().map(machine -> literal(machine.id().key())).collect(Collectors.joining(", "));
        return new InventoryQuery(subscriptions, ofKinds(kinds) + " | where id in~ (" + ids + ")" + COLUMNS);
    }

    /** The request's body. */
    String body(@Nullable String skipToken) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = JsonProviders.createWriter(text)) {
            json.writeStartObject();
            if (!subscriptions.isEmpty()) {
                json.writeArrayField("subscriptions", new TreeSet<>(subscriptions), JsonWriter::writeString);
            }
            json.writeStringField("query", query);
            json.writeStartObject("options");
            json.writeIntField("$top", PAGE);
            json.writeStringField("resultFormat", "objectArray");
            if (skipToken != null) {
                json.writeStringField("$skipToken", skipToken);
            }
            json.writeEndObject().writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String ofKinds(Set<MachineKind> kinds) {
        return "resources | where type in~ ("
                + kinds.stream()
                        .sorted()
                        .map(kind -> literal(kind.armType().toLowerCase(Locale.ROOT)))
                        .collect(Collectors.joining(", "))
                + ")";
    }

    /** As narrow as a scope can be said in columns of every row. */
    private static String within(List<String> scope) {
        String subscription = "subscriptionId =~ " + literal(scope.get(1));
        if (scope.size() >= 8) {
            return "(id =~ " + literal("/" + String.join("/", scope.subList(0, 8))) + ")";
        }
        return scope.size() >= 4 && scope.get(2).equals("resourcegroups")
                ? "(" + subscription + " and resourceGroup =~ " + literal(scope.get(3)) + ")"
                : "(" + subscription + ")";
    }

    private static Optional<String> longestPlain(String text) {
        String longest = null;
        Matcher matcher = PLAIN.matcher(text);
        while (matcher.find()) {
            if (longest == null || matcher.group().length() > longest.length()) {
                longest = Objects.requireNonNull(matcher.group());
            }
        }
        return Optional.ofNullable(longest);
    }

    /** A string of Kusto's. */
    static String literal(String text) {
        StringBuilder literal = new StringBuilder("'");
        text.chars().forEach(character -> {
            switch (character) {
                case '\\', '\'' -> literal.append('\\').append((char) character);
                default -> {
                    if (Character.isISOControl(character)) {
                        literal.append("\\u%04x".formatted(character));
                    } else {
                        literal.append((char) character);
                    }
                }
            }
        });
        return literal.append('\'').toString();
    }
}
