package dev.vmidentity.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ControlPlaneTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static ControlPlane controlPlane;

    @BeforeAll
    static void start() {
        controlPlane = ControlPlane.start();
    }

    @AfterAll
    static void stop() {
        controlPlane.close();
    }

    @Test
    void theServerIsTheKubernetesThatIsPinned() {
        assertThat(controlPlane.admin().getKubernetesVersion().getGitVersion()).startsWith("v1.36.");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "sockets of a process are read from /proc")
    void everythingListensOnLoopbackOnly() {
        List<Listener> listeners = Listener.of(controlPlane.processes());

        assertThat(listeners)
                .as("kube-apiserver, and etcd for clients and peers; no more")
                .hasSize(3)
                .allSatisfy(listener -> assertThat(listener.address()).isEqualTo("127.0.0.1"));
    }

    @Test
    void aNamespaceGoesAwayWithWhatIsInIt() {
        namespace("to-be-deleted");
        controlPlane.admin().resource(configMap("to-be-deleted", "content")).create();

        controlPlane.admin().namespaces().withName("to-be-deleted").delete();

        await().atMost(PATIENCE)
                .until(() -> controlPlane
                                .admin()
                                .namespaces()
                                .withName("to-be-deleted")
                                .get()
                        == null);
    }

    @Test
    void whatAnObjectOwnsIsCollectedAfterIt() {
        namespace("garbage");
        ConfigMap owner =
                controlPlane.admin().resource(configMap("garbage", "owner")).create();
        controlPlane
                .admin()
                .resource(configMap("garbage", "owned")
                        .edit()
                        .editMetadata()
                        .withOwnerReferences(new OwnerReferenceBuilder()
                                .withApiVersion("v1")
                                .withKind("ConfigMap")
                                .withName("owner")
                                .withUid(owner.getMetadata().getUid())
                                .build())
                        .endMetadata()
                        .build())
                .create();

        controlPlane.admin().resource(owner).delete();

        await().atMost(PATIENCE)
                .until(() -> controlPlane
                                .admin()
                                .configMaps()
                                .inNamespace("garbage")
                                .withName("owned")
                                .get()
                        == null);
    }

    @Test
    void anAdmissionPolicyRefusesInItsOwnWords() {
        controlPlane
                .admin()
                .load(ControlPlaneTest.class.getResourceAsStream("policy.yaml"))
                .create();

        // A policy counts a moment after it was written.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> controlPlane
                                .admin()
                                .resource(configMap("default", "refused-by-policy"))
                                .dryRun()
                                .create())
                        .hasMessageContaining("no name may begin with refused"));
    }

    @Test
    void aUserWhomNoRoleNamesIsRefused() {
        try (KubernetesClient nobody = ControlPlane.client(controlPlane.kubeconfigForUser("nobody"))) {
            assertThatThrownBy(() -> nobody.configMaps().inNamespace("default").list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            refusal -> assertThat(refusal.getCode()).isEqualTo(403))
                    .hasMessageContaining("User \"nobody\" cannot list resource \"configmaps\"");
        }
    }

    @Test
    void aServiceAccountMayDoWhatItsRoleSaysAndNoMore() {
        namespace("accounts");
        controlPlane
                .admin()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("reader")
                        .withNamespace("accounts")
                        .endMetadata()
                        .build())
                .create();
        controlPlane
                .admin()
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName("reader")
                        .withNamespace("accounts")
                        .endMetadata()
                        .addNewRule()
                        .addToApiGroups("")
                        .addToResources("configmaps")
                        .addToVerbs("list")
                        .endRule()
                        .build())
                .create();
        controlPlane
                .admin()
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("reader")
                        .withNamespace("accounts")
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", "reader")
                        .addNewSubject("", "ServiceAccount", "reader", "accounts")
                        .build())
                .create();

        try (KubernetesClient reader = ControlPlane.client(controlPlane.kubeconfigFor("accounts", "reader"))) {
            // RBAC is read by the server from a watch: a role counts a moment after it was written.
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> reader.configMaps().inNamespace("accounts").list() != null);
            assertThatThrownBy(() ->
                            reader.resource(configMap("accounts", "refused")).create())
                    .hasMessageContaining("system:serviceaccount:accounts:reader");
        }
    }

    private static void namespace(String name) {
        controlPlane
                .admin()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    private static ConfigMap configMap(String namespace, String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }
}
