package dev.vmidentity.simulator.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vmidentity.simulator.model.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The part of the Kusto language that inventory queries use: {@code where} with comparisons, {@code in}, {@code has}, {@code contains},
 * {@code startswith}, {@code isempty}, {@code and}, {@code or}, {@code not}; {@code project}, {@code order by}, {@code limit},
 * {@code distinct}, {@code count}.
 */
final class KustoQuery {
    private final List<String> tokens;
    private int at;

    private KustoQuery(String text) {
        this.tokens = KustoTokens.of(text);
    }

    /** The rows that a query leaves. Throws IllegalArgumentException for what it cannot read. */
    static List<ObjectNode> run(String text, List<ObjectNode> rows) {
        return new KustoQuery(text).run(rows);
    }

    private List<ObjectNode> run(List<ObjectNode> all) {
        var table = next();
        if (!table.equalsIgnoreCase("resources")) {
            throw new IllegalArgumentException("The table '%s' is not known.".formatted(table));
        }
        var rows = all;
        while (at < tokens.size()) {
            expect("|");
            var operator = next().toLowerCase(Locale.ROOT);
            rows = switch (operator) {
                case "where" -> {
                    var condition = or();
                    yield rows.stream().filter(condition).toList();
                }
                case "project" -> project(rows);
                case "order", "sort" -> order(rows);
                case "limit", "take" -> {
                    int count = Integer.parseInt(next());
                    yield rows.stream().limit(count).toList();
                }
                case "distinct" -> List.copyOf(new LinkedHashSet<>(project(rows)));
                case "count" -> List.of(Json.object().put("Count", rows.size()));
                default -> throw new IllegalArgumentException("The operator '%s' is not known.".formatted(operator));
            };
        }
        return rows;
    }

    private List<ObjectNode> project(List<ObjectNode> rows) {
        record Column(String name, List<String> path) {}
        var columns = new ArrayList<Column>();
        do {
            var first = path();
            if (peek("=")) {
                next();
                columns.add(new Column(String.join("_", first), path()));
            } else {
                columns.add(new Column(String.join("_", first), first));
            }
        } while (comma());
        return rows.stream()
                .map(row -> {
                    var projected = Json.object();
                    columns.forEach(column -> {
                        var value = value(row, column.path());
                        projected.set(column.name(), value.isMissingNode() ? null : value);
                    });
                    return projected;
                })
                .toList();
    }

    private List<ObjectNode> order(List<ObjectNode> rows) {
        if (!next().equalsIgnoreCase("by")) {
            throw new IllegalArgumentException("'by' is missing after 'order'.");
        }
        Comparator<ObjectNode> comparator = (_, _) -> 0;
        do {
            var path = path();
            Comparator<ObjectNode> one =
                    Comparator.comparing(row -> value(row, path).asText());
            var ascending = false;
            if (peek("asc")) {
                next();
                ascending = true;
            } else if (peek("desc")) {
                next();
            }
            comparator = comparator.thenComparing(ascending ? one : one.reversed());
        } while (comma());
        return rows.stream().sorted(comparator).toList();
    }

    // -- conditions

    private Predicate<ObjectNode> or() {
        var condition = and();
        while (peek("or")) {
            next();
            condition = condition.or(and());
        }
        return condition;
    }

    private Predicate<ObjectNode> and() {
        var condition = single();
        while (peek("and")) {
            next();
            condition = condition.and(single());
        }
        return condition;
    }

    private Predicate<ObjectNode> single() {
        if (peek("(")) {
            next();
            var inner = or();
            expect(")");
            return inner;
        }
        if (peek("not")) {
            next();
            expect("(");
            var inner = or();
            expect(")");
            return inner.negate();
        }
        for (var function : List.of("isempty", "isnotempty", "isnull", "isnotnull")) {
            if (peek(function)) {
                next();
                expect("(");
                var path = path();
                expect(")");
                var wantsEmpty = function.equals("isempty") || function.equals("isnull");
                return row -> empty(value(row, path)) == wantsEmpty;
            }
        }
        var path = operand();
        return comparison(path, next().toLowerCase(Locale.ROOT));
    }

    private Predicate<ObjectNode> comparison(Operand operand, String operator) {
        return switch (operator) {
            case "in", "in~", "!in", "!in~" -> {
                expect("(");
                var list = new ArrayList<String>();
                do {
                    list.add(literal());
                } while (comma());
                expect(")");
                var negated = operator.startsWith("!");
                var insensitive = operator.endsWith("~");
                yield row -> list.stream().anyMatch(one -> equal(operand.of(row), one, insensitive)) != negated;
            }
            case "==", "=~", "!=", "!~" -> {
                var wanted = literal();
                var negated = operator.startsWith("!");
                var insensitive = operator.endsWith("~");
                yield row -> equal(operand.of(row), wanted, insensitive) != negated;
            }
            case "has", "contains", "startswith", "endswith" -> {
                var wanted = literal().toLowerCase(Locale.ROOT);
                yield row -> {
                    var text = operand.of(row).toLowerCase(Locale.ROOT);
                    return switch (operator) {
                        case "startswith" -> text.startsWith(wanted);
                        case "endswith" -> text.endsWith(wanted);
                        default -> text.contains(wanted);
                    };
                };
            }
            default -> throw new IllegalArgumentException("The operator '%s' is not known.".formatted(operator));
        };
    }

    private record Operand(List<String> path, boolean lower) {
        String of(ObjectNode row) {
            var value = value(row, path);
            var text = value.isValueNode() ? value.asText() : value.isMissingNode() ? "" : value.toString();
            return lower ? text.toLowerCase(Locale.ROOT) : text;
        }
    }

    private Operand operand() {
        if (peek("tolower") || peek("tostring")) {
            var lower = next().equalsIgnoreCase("tolower");
            expect("(");
            var inner = operand();
            expect(")");
            return new Operand(inner.path(), lower || inner.lower());
        }
        return new Operand(path(), false);
    }

    private static boolean equal(String value, String wanted, boolean insensitive) {
        return insensitive ? value.equalsIgnoreCase(wanted) : value.equals(wanted);
    }

    private static boolean empty(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || (node.isTextual() && node.asText().isEmpty());
    }

    // -- tokens

    private List<String> path() {
        var path = new ArrayList<String>();
        path.add(unquoted(next()));
        while (peek(".") || peek("[")) {
            if (next().equals(".")) {
                path.add(next());
            } else {
                path.add(literal());
                expect("]");
            }
        }
        return path;
    }

    /** Names have a case in Kusto, those of tags too. */
    private static JsonNode value(ObjectNode row, List<String> path) {
        JsonNode node = row;
        for (var name : path) {
            node = node.has(name) ? node.get(name) : MissingNode.getInstance();
        }
        return node;
    }

    private String literal() {
        return unquoted(next());
    }

    private static String unquoted(String token) {
        return KustoTokens.isString(token)
                ? KustoTokens.text(token)
                : TextNode.valueOf(token).asText();
    }

    private boolean comma() {
        if (peek(",")) {
            next();
            return true;
        }
        return false;
    }

    private boolean peek(String token) {
        return at < tokens.size() && tokens.get(at).equalsIgnoreCase(token);
    }

    private String next() {
        if (at >= tokens.size()) {
            throw new IllegalArgumentException("The query ends too early.");
        }
        return tokens.get(at++);
    }

    private void expect(String token) {
        var found = next();
        if (!found.equals(token)) {
            throw new IllegalArgumentException("'%s' was found where '%s' is expected.".formatted(found, token));
        }
    }
}
