package dev.vmidentity.crds;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratedCrdsTest {
    /** Maven runs the tests of a module in its folder. */
    private static final Path COMMITTED = Path.of("..", "deploy", "crds");

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    static List<CustomResourceDefinition> definitions() {
        return GenerateCrds.files().values().stream()
                .map(yaml -> YAML.unmarshal(yaml, CustomResourceDefinition.class))
                .toList();
    }

    @Test
    void the_committed_files_are_what_is_generated() throws IOException {
        var committed = new HashMap<String, String>();
        try (Stream<Path> files = Files.list(COMMITTED)) {
            for (var file :
                    files.filter(file -> !file.endsWith("kustomization.yaml")).toList()) {
                committed.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        }

        assertThat(committed)
                .as("deploy/crds is not what the Java types say; run: %s", GenerateCrds.COMMAND)
                .isEqualTo(GenerateCrds.files());
    }

    @Test
    void every_generated_file_is_listed_for_kustomize() throws IOException {
        assertThat(Files.readString(COMMITTED.resolve("kustomization.yaml")))
                .contains(GenerateCrds.files().keySet());
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void every_string_and_every_list_is_bounded_so_that_rules_have_a_cost(CustomResourceDefinition definition) {
        assertThat(paths(
                        definition,
                        schema -> !switch (schema.getType()) {
                            case "string" ->
                                schema.getMaxLength() != null
                                        || !schema.getEnum().isEmpty()
                                        || "date-time".equals(schema.getFormat());
                            case "array" -> schema.getMaxItems() != null && schema.getXKubernetesListType() != null;
                            case "object" ->
                                schema.getAdditionalProperties() == null || schema.getMaxProperties() != null;
                            default -> true;
                        }))
                .as("unbounded")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void every_field_is_explained(CustomResourceDefinition definition) {
        assertThat(paths(definition, schema -> schema.getDescription() == null))
                .as("not explained")
                .filteredOn(path -> !path.endsWith("[]"))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void every_rule_is_there_once_and_answers_with_a_sentence(CustomResourceDefinition definition) {
        assertThat(paths(definition, schema -> {
                    var rules = schema.getXKubernetesValidations();
                    return Set.copyOf(rules).size() < rules.size()
                            || rules.stream().anyMatch(rule -> rule.getMessage() == null);
                }))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void what_an_unknown_value_reads_as_is_no_value_of_the_schema(CustomResourceDefinition definition) {
        assertThat(paths(
                        definition,
                        schema -> schema.getEnum().stream()
                                .anyMatch(value -> value.asText().equals("Unknown"))))
                .filteredOn(path -> !path.equals(".status.conditions[].status"))
                .isEmpty();
    }

    private static List<String> paths(CustomResourceDefinition definition, Predicate<JSONSchemaProps> which) {
        return schemas(definition).entrySet().stream()
                .filter(entry -> which.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The schema and all below it, by path. */
    private static Map<String, JSONSchemaProps> schemas(CustomResourceDefinition definition) {
        return definition.getSpec().getVersions().stream()
                .flatMap(version -> below("", version.getSchema().getOpenAPIV3Schema()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Stream<Map.Entry<String, JSONSchemaProps>> below(String path, JSONSchemaProps schema) {
        var properties = schema.getProperties().entrySet().stream()
                .flatMap(property -> below(path + "." + property.getKey(), property.getValue()));
        var elements = CrdSchema.elements(schema).flatMap(element -> below(path + "[]", element));
        return Stream.concat(Stream.of(Map.entry(path, schema)), Stream.concat(properties, elements));
    }
}
