package dev.vmidentity.stories;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.ConditionStatus;
import dev.vmidentity.api.ConditionType;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.UserAssignedIdentityStatus;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityLedger;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Somebody who writes manifests in one namespace, and reads what becomes of them. */
final class Person {
    private final KubernetesClient client;
    private final String namespace;

    private Person(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    static Person in(KubernetesClient client, String namespace, Map<String, String> annotations) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .withAnnotations(annotations)
                        .endMetadata()
                        .build())
                .create();
        return new Person(client, namespace);
    }

    String namespace() {
        return namespace;
    }

    /** {@code kubectl apply --server-side -f -}. */
    void apply(String yaml) {
        List<HasMetadata> objects = client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items();
        for (HasMetadata object : objects) {
            client.resource(object)
                    .inNamespace(namespace)
                    .fieldManager("person")
                    .forceConflicts()
                    .serverSideApply();
        }
    }

    void identity(String name) {
        apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: UserAssignedIdentity
                metadata: {name: %s}
                spec: {name: %s, resourceGroup: rg-team-a, location: westeurope}
                """.formatted(name, azureName(name)));
    }

    /** Names in Azure are shared by all stories. */
    String azureName(String name) {
        return namespace + "-" + name;
    }

    void bind(String name, String machine, String... identities) {
        StringBuilder listed = new StringBuilder();
        for (String identity : identities) {
            listed.append("    - name: ").append(identity).append('\n');
        }
        apply("""
                apiVersion: vmidentity.dev/v1alpha1
                kind: VmIdentityBinding
                metadata: {name: %s}
                spec:
                  target: {virtualMachine: {name: %s, resourceGroup: rg-vms}}
                  userAssigned:
                %s""".formatted(name, machine, listed));
    }

    void annotate(Map<String, String> annotations) {
        client.namespaces()
                .withName(namespace)
                .edit(found -> found.edit()
                        .editMetadata()
                        .addToAnnotations(annotations)
                        .endMetadata()
                        .build());
    }

    /** {@code kubectl annotate vmib … vmidentity.dev/confirm-detach=$(date -u +%FT%TZ)}. */
    void confirmDetach(String binding) {
        binding(binding).edit(found -> {
            found.getMetadata()
                    .setAnnotations(Map.of(
                            "vmidentity.dev/confirm-detach",
                            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
            return found;
        });
    }

    void deleteBinding(String name) {
        binding(name).delete();
    }

    void deleteIdentity(String name) {
        identityResource(name).delete();
    }

    void deleteNamespace() {
        client.namespaces().withName(namespace).delete();
    }

    boolean namespaceIsGone() {
        return client.namespaces().withName(namespace).get() == null;
    }

    /** Cuts the finalizers off a binding and deletes it, as people do when something hangs. */
    void forceAway(String binding) {
        binding(binding).edit(found -> {
            found.getMetadata().setFinalizers(List.of());
            return found;
        });
        binding(binding).delete();
    }

    Resource<VmIdentityBinding> binding(String name) {
        return client.resources(VmIdentityBinding.class).inNamespace(namespace).withName(name);
    }

    Resource<UserAssignedIdentity> identityResource(String name) {
        return client.resources(UserAssignedIdentity.class)
                .inNamespace(namespace)
                .withName(name);
    }

    boolean hasBinding(String name) {
        return binding(name).get() != null;
    }

    boolean hasIdentity(String name) {
        return identityResource(name).get() != null;
    }

    VmIdentityBindingStatus bindingStatus(String name) {
        return present(present(binding(name).get(), name).getStatus(), "a status of " + name);
    }

    VmIdentityBindingStatus.Pending pending(String binding) {
        return present(bindingStatus(binding).pending(), "anything pending of " + binding);
    }

    UserAssignedIdentityStatus identityStatus(String name) {
        return present(present(identityResource(name).get(), name).getStatus(), "a status of " + name);
    }

    private static <T> T present(T found, String what) {
        if (found == null) {
            throw new AssertionError("there is not yet " + what);
        }
        return found;
    }

    Reason bindingReason(String name) {
        return ready(bindingStatus(name).conditions()).reason();
    }

    String bindingMessage(String name) {
        return ready(bindingStatus(name).conditions()).message();
    }

    Reason identityReason(String name) {
        return ready(identityStatus(name).conditions()).reason();
    }

    String identityMessage(String name) {
        return ready(identityStatus(name).conditions()).message();
    }

    /** {@code kubectl wait --for=condition=Ready}. */
    void waitReady(String... bindings) {
        for (String name : bindings) {
            Eventually.holds(() -> {
                VmIdentityBinding binding = present(binding(name).get(), name);
                Condition ready = ready(bindingStatus(name).conditions());
                if (ready.status() != ConditionStatus.True
                        || !Objects.equals(
                                ready.observedGeneration(),
                                binding.getMetadata().getGeneration())) {
                    throw new AssertionError(name + " is not ready: " + ready + "\n" + binding.getStatus());
                }
            });
        }
    }

    void waitReason(String binding, Reason reason) {
        Eventually.holds(() -> {
            Reason is = bindingReason(binding);
            if (is != reason) {
                throw new AssertionError(binding + " is " + is + " and not " + reason + ": " + bindingStatus(binding));
            }
        });
    }

    void waitIdentityReason(String identity, Reason reason) {
        Eventually.holds(() -> {
            Reason is = identityReason(identity);
            if (is != reason) {
                throw new AssertionError(
                        identity + " is " + is + " and not " + reason + ": " + identityStatus(identity));
            }
        });
    }

    /** What {@code kubectl describe} shows of an object under Events. */
    List<Event> events(String object) {
        return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getRegarding().getName().equals(object))
                .toList();
    }

    /** The machine's ledger, which a cluster admin sees. */
    Optional<VmIdentityLedger> ledger(String machineId) {
        return client.resources(VmIdentityLedger.class).list().getItems().stream()
                .filter(ledger -> ledger.getSpec().resourceId().equalsIgnoreCase(machineId))
                .findFirst();
    }

    KubernetesClient client() {
        return client;
    }

    static Condition ready(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> condition.type() == ConditionType.Ready)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition Ready yet"));
    }
}
