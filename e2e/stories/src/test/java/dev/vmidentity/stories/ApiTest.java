package dev.vmidentity.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vmidentity.api.AdoptionPolicy;
import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.crds.CrdExamples;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the API server takes of our kinds, what it refuses with which words, and what the operator's account may do. */
class ApiTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final String SUBSCRIPTION = "11111111-2222-3333-4444-555555555555";
    private static final String MACHINE =
            "/subscriptions/" + SUBSCRIPTION + "/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm1";

    private static Deployed deployed;
    private static KubernetesClient admin;

    @BeforeAll
    static void start() {
        deployed = new Deployed();
        admin = deployed.admin();
    }

    @AfterAll
    static void stop() {
        deployed.close();
    }

    static List<CrdExamples.Valid> valid() {
        return CrdExamples.valid();
    }

    static List<CrdExamples.Invalid> invalid() {
        return CrdExamples.invalid();
    }

    @ParameterizedTest
    @MethodSource("valid")
    void a_valid_example_is_accepted(CrdExamples.Valid example) {
        accepted(() -> dryRun(example.yaml()));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void an_invalid_example_is_refused_with_its_sentence(CrdExamples.Invalid example) {
        refused(() -> dryRun(example.yaml()), example.sentence());
    }

    @Test
    void defaults_are_those_of_the_schema() {
        create(binding("defaults"));

        var stored = admin.resources(VmIdentityBinding.class)
                .inNamespace("default")
                .withName("defaults")
                .require();

        assertThat(stored.getSpec().adoptionPolicy()).isEqualTo(AdoptionPolicy.Never);
        assertThat(stored.getSpec().deletionPolicy()).isEqualTo(BindingDeletionPolicy.Detach);
        assertThat(stored.getSpec().systemAssigned()).isNull();
    }

    @Nested
    class What_identifies_an_identity_cannot_change {
        @Test
        void not_its_location() {
            create(identity("location-changes", "location: westeurope"));

            refused(
                    () -> update(identity("location-changes", "location: westus")),
                    "the location of an identity cannot be changed");
        }

        @Test
        void not_its_location_by_leaving_it_out() {
            create(identity("location-goes", "location: westeurope"));

            refused(
                    () -> update(identity("location-goes", "managementPolicy: Observe")),
                    "the location of an identity cannot be changed");
        }

        @Test
        void but_its_location_can_be_said_later() {
            create(identity("location-comes", "managementPolicy: Observe"));

            accepted(() -> update(identity("location-comes", "location: westeurope")));
        }

        @Test
        void not_its_resource_group() {
            var observed = identity("group-changes", "managementPolicy: Observe");
            create(observed);

            refused(
                    () -> update(observed.replace("resourceGroup: rg", "resourceGroup: other")),
                    "the resource group of an identity cannot be changed");
        }

        @Test
        void not_its_subscription_once_it_is_said() {
            var unsaid = identity("subscription-changes", "managementPolicy: Observe");
            var said = unsaid + "  subscriptionId: " + SUBSCRIPTION;
            create(unsaid);
            accepted(() -> update(said));

            refused(
                    () -> update(said.replace("11111111-", "99999999-")),
                    "the subscription of an identity cannot be changed once set");
            refused(() -> update(unsaid), "the subscription of an identity cannot be changed once set");
        }

        @Test
        void not_its_name_in_azure() {
            var unsaid = identity("name-changes", "location: westeurope");
            create(unsaid);

            refused(() -> update(unsaid + "  name: other"), "the name of an identity in Azure cannot be changed");
            accepted(() -> update(unsaid + "  name: name-changes"));
            accepted(() -> update(unsaid));
        }

        @Test
        void not_the_id_that_status_tells_except_in_its_spelling() {
            var identity = identity("pinned", "location: westeurope");
            var id = "/subscriptions/" + SUBSCRIPTION + "/resourceGroups/rg/providers/x/pinned";
            create(identity);
            accepted(() -> status(identity, "resourceId: " + id));

            accepted(() -> status(identity, "resourceId: " + id.toUpperCase(Locale.ROOT)));
            refused(() -> status(identity, "resourceId: " + id + "2"), "status.resourceId says which identity");
            refused(() -> status(identity, "clientId: x"), "status.resourceId says which identity");
        }

        private static String identity(String name, String more) {
            return """
                    apiVersion: vmidentity.dev/v1alpha1
                    kind: UserAssignedIdentity
                    metadata: {name: %s}
                    spec:
                      resourceGroup: rg
                      %s
                    """.formatted(name, more);
        }

        private static void status(String identity, String status) {
            admin.resource(in(identity + "status: {" + status + "}")).updateStatus();
        }
    }

    @Nested
    class A_ledger {
        @Test
        void is_of_one_machine_and_one_owner_for_ever_and_learns_its_own_uid() {
            var ledger = ledger("vm1");
            create(ledger);

            accepted(() -> update(ledger.replace("instance: operator", "instance: operator, uid: u1")));
            refused(() -> update(ledger.replace(MACHINE, MACHINE + "2")), "a ledger is of one machine for ever");
            refused(() -> update(ledger.replace("cluster: c1", "cluster: c2")), "a ledger is of one cluster for ever");
            refused(
                    () -> update(ledger.replace("instance: operator", "instance: other")),
                    "a ledger is of one installation for ever");
        }
    }

    @Nested
    class With_the_rights_of_the_operator {
        @Test
        void nothing_of_users_is_created_or_deleted_not_even_by_apply() {
            create(binding("rights"));
            try (var operator = deployed.operator()) {
                var other = in(binding("other"));

                forbidden(() -> operator.resource(other).create());
                forbidden(() -> operator.resource(other).serverSideApply());
                forbidden(() -> operator.resource(in(binding("rights"))).delete());
            }
        }

        @Test
        void status_and_finalizers_of_users_kinds_are_written() {
            create(binding("written"));
            try (var operator = deployed.operator()) {
                var held = operator.resource(in(binding("written"))).edit(resource -> {
                    resource.addFinalizer("vmidentity.dev/binding");
                    return resource;
                });
                held.setAdditionalProperty("status", Map.of("identities", "0/1"));
                var told = operator.resource(held).updateStatus();

                var free = operator.resource(told).edit(resource -> {
                    resource.removeFinalizer("vmidentity.dev/binding");
                    return resource;
                });

                assertThat(held.getFinalizers()).containsExactly("vmidentity.dev/binding");
                assertThat(free.getFinalizers()).isEmpty();
                assertThat(free.<String>get("status", "identities")).isEqualTo("0/1");
            }
        }

        @Test
        void ledgers_are_its_own() {
            try (var operator = deployed.operator()) {
                var ledger = operator.resource(in(ledger("its-own"))).create();

                accepted(() -> operator.resource(ledger).delete());
            }
        }

        @Test
        void namespaces_are_read_and_secrets_and_pods_are_not() {
            try (var operator = deployed.operator()) {
                accepted(() -> operator.namespaces().withName("kube-system").require());
                forbidden(() -> operator.secrets().inAnyNamespace().list());
                forbidden(() -> operator.pods().inAnyNamespace().list());
            }
        }

        private static void forbidden(ThrowingCallable call) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            answer -> assertThat(answer.getCode()).isEqualTo(403));
        }
    }

    private static String binding(String name) {
        return """
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: %s}
                spec:
                  target: {resourceId: %s}
                  userAssigned: [{name: web}]
                """.formatted(name, MACHINE);
    }

    private static String ledger(String name) {
        return """
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityLedger
                metadata: {name: %s}
                spec:
                  protocol: 1
                  resourceId: %s
                  owner: {cluster: c1, instance: operator}
                """.formatted(name, MACHINE);
    }

    private static void create(String yaml) {
        admin.resource(in(yaml)).create();
    }

    private static void update(String yaml) {
        admin.resource(in(yaml)).update();
    }

    /** As strict as kubectl is unless told otherwise. */
    private static void dryRun(String yaml) {
        admin.resource(in(yaml)).dryRun().fieldValidation(Validation.STRICT).create();
    }

    private static GenericKubernetesResource in(String yaml) {
        var object = YAML.unmarshal(yaml, GenericKubernetesResource.class);
        if (!object.getKind().equals("VmIdentityLedger")) {
            object.getMetadata().setNamespace("default");
        }
        return object;
    }

    private static void accepted(ThrowingCallable call) {
        assertThatCode(call).doesNotThrowAnyException();
    }

    private static void refused(ThrowingCallable call, String sentence) {
        assertThatThrownBy(call).isInstanceOf(KubernetesClientException.class).hasMessageContaining(sentence);
    }
}
