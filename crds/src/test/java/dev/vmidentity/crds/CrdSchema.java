package dev.vmidentity.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityLedger;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrArray;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrBool;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What a CRD of ours needs and the generator's annotations cannot say, or say wrongly. */
final class CrdSchema implements CRDPostProcessor {
    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(UserAssignedIdentity.class, VmIdentityBinding.class, VmIdentityLedger.class);

    @Override
    public HasMetadata process(HasMetadata generated, String crdSpecVersion) {
        var definition = (CustomResourceDefinition) generated;
        var kind = kind(definition.getSpec().getNames().getKind());
        for (var version : definition.getSpec().getVersions()) {
            var schema = version.getSchema().getOpenAPIV3Schema();
            schema.setDescription(described(kind));
            // Without it an empty object could be created, and the operator's own finalizer patch could be what creates
            // it.
            schema.setRequired(List.of("spec"));
            refine(schema);
            version.getAdditionalPrinterColumns().sort(asDeclared(kind));
        }
        return definition;
    }

    private static Class<? extends HasMetadata> kind(String name) {
        return KINDS.stream()
                .filter(type -> HasMetadata.getKind(type).equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String described(Class<?> type) {
        return type.getAnnotation(JsonClassDescription.class).value();
    }

    private static void refine(JSONSchemaProps schema) {
        // A rule on a component of a record comes twice, from the field and from the accessor; server-side apply of a
        // CRD
        // refuses the same rule twice.
        schema.setXKubernetesValidations(List.copyOf(new LinkedHashSet<>(schema.getXKubernetesValidations())));
        schema.getProperties().replaceAll((name, property) -> switch (name) {
            case "conditions" -> conditions();
            case "reason" -> reason(property);
            case "observedGeneration" -> generation();
            case "spec" -> described(property, "What should be so.");
            case "status" -> described(property, "What is so. Written by the operator.");
            default -> property;
        });
        switch (schema.getType()) {
            case "array" -> {
                if (schema.getXKubernetesListType() == null) {
                    schema.setXKubernetesListType("atomic");
                }
            }
            case "integer" -> {
                if (schema.getFormat() == null) {
                    schema.setFormat("int32");
                }
            }
            default -> {}
        }
        schema.getProperties().values().forEach(CrdSchema::refine);
        elements(schema).forEach(CrdSchema::refine);
    }

    /** The schema of a list's items or of a map's values. */
    static Stream<JSONSchemaProps> elements(JSONSchemaProps schema) {
        var items = Stream.ofNullable(schema.getItems()).map(JSONSchemaPropsOrArray::getSchema);
        var values = Stream.ofNullable(schema.getAdditionalProperties()).map(JSONSchemaPropsOrBool::getSchema);
        return Stream.concat(items, values).filter(Objects::nonNull);
    }

    /** In the order of the annotations, which is the order in which a person wants to read; the generator sorts by path. */
    private static Comparator<CustomResourceColumnDefinition> asDeclared(Class<?> kind) {
        var names = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        return Comparator.comparingInt(column -> names.indexOf(column.getName()));
    }

    /** The set of reasons is closed in the code and open in the schema: an older operator must not make a status unwritable. */
    private static JSONSchemaProps reason(JSONSchemaProps property) {
        return new JSONSchemaPropsBuilder(property)
                .withEnum(List.of())
                .withMaxLength(64L)
                .build();
    }

    /** Kubernetes' own {@code metav1.Condition}. */
    private static JSONSchemaProps conditions() {
        return new JSONSchemaPropsBuilder()
                .withType("array")
                .withDescription("Ready; and Reconciling or Stalled while it is not.")
                .withMaxItems(16L)
                .withXKubernetesListType("map")
                .withXKubernetesListMapKeys("type")
                .withNewItems()
                .withNewSchema()
                .withType("object")
                .withRequired("lastTransitionTime", "message", "reason", "status", "type")
                .addToProperties(
                        "type",
                        text("Ready, Reconciling or Stalled.")
                                .withMaxLength(316L)
                                .build())
                .addToProperties(
                        "status",
                        text("True, False or Unknown.")
                                .withEnum(
                                        TextNode.valueOf("True"),
                                        TextNode.valueOf("False"),
                                        TextNode.valueOf("Unknown"))
                                .build())
                .addToProperties("observedGeneration", generation())
                .addToProperties(
                        "lastTransitionTime",
                        text("When status last changed.")
                                .withFormat("date-time")
                                .build())
                .addToProperties(
                        "reason",
                        text("Why, in one word; the documentation lists all.")
                                .withMinLength(1L)
                                .withMaxLength(1024L)
                                .withPattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
                                .build())
                .addToProperties(
                        "message",
                        text("What is, and what to do.").withMaxLength(32768L).build())
                .endSchema()
                .endItems()
                .build();
    }

    private static JSONSchemaProps described(JSONSchemaProps property, String description) {
        return property.getDescription() == null
                ? new JSONSchemaPropsBuilder(property)
                        .withDescription(description)
                        .build()
                : property;
    }

    private static JSONSchemaProps generation() {
        return new JSONSchemaPropsBuilder()
                .withType("integer")
                .withFormat("int64")
                .withMinimum(0.0)
                .withDescription("The generation of the spec that this speaks of.")
                .build();
    }

    private static JSONSchemaPropsBuilder text(String description) {
        return new JSONSchemaPropsBuilder().withType("string").withDescription(description);
    }
}
