package dev.vmidentity.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.BearerTokenAuthenticationPolicy;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.management.profile.AzureProfile;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.resourcemanager.compute.ComputeManager;
import com.azure.resourcemanager.compute.fluent.ComputeManagementClient;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineUpdateInner;
import com.azure.resourcemanager.compute.implementation.ComputeManagementClientBuilder;
import com.azure.resourcemanager.compute.models.HardwareProfile;
import com.azure.resourcemanager.compute.models.ResourceIdentityType;
import com.azure.resourcemanager.compute.models.VirtualMachineIdentity;
import com.azure.resourcemanager.compute.models.VirtualMachineIdentityUserAssignedIdentities;
import com.azure.resourcemanager.compute.models.VirtualMachineScaleSetIdentity;
import com.azure.resourcemanager.compute.models.VirtualMachineScaleSetUpdate;
import com.azure.resourcemanager.compute.models.VirtualMachineScaleSetVMInstanceRequiredIDs;
import com.azure.resourcemanager.msi.MsiManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Azure SDK for Java, as its users set it up for a cloud of their own. */
final class JavaSdkTest {
    private static final String GROUP = "myResourceGroup";

    private static Simulator azure;
    private static HttpClient http;
    private static AzureProfile profile;
    private static TokenCredential credential;

    @BeforeAll
    static void start() {
        azure = Simulator.start(Options.defaults());
        azure.settings().merge("{\"operations\":{\"vmPatch\":20,\"vmCreate\":20,\"delete\":20}}");
        http = new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder().sslContext(azure.clientContext()))
                .build();
        var endpoint = azure.endpoint().toString();
        profile = new AzureProfile(
                azure.tenantId(),
                azure.subscriptionId(),
                new AzureEnvironment(Map.of(
                        "resourceManagerEndpointUrl", endpoint + "/",
                        "managementEndpointUrl", endpoint + "/",
                        "activeDirectoryEndpointUrl", endpoint + "/",
                        "activeDirectoryResourceId", endpoint + "/",
                        "microsoftGraphResourceId", endpoint + "/")));
        credential = new ClientSecretCredentialBuilder()
                .httpClient(http)
                .tenantId(azure.tenantId())
                .clientId(UUID.randomUUID().toString())
                .clientSecret("any")
                .authorityHost(endpoint)
                .disableInstanceDiscovery()
                .build();
    }

    @AfterAll
    static void stop() {
        azure.close();
    }

    @Test
    void identities_are_made_listed_and_deleted() {
        var msi = MsiManager.configure().withHttpClient(http).authenticate(credential, profile);

        var made = msi.identities()
                .define("java-1")
                .withRegion("westus")
                .withExistingResourceGroup(GROUP)
                .withTag("a", "b")
                .create();

        assertThat(made.principalId()).isNotEmpty();
        assertThat(msi.identities().listByResourceGroup(GROUP))
                .extracting(one -> one.name())
                .contains("java-1");
        assertThat(msi.identities().getById(made.id()).clientId()).isEqualTo(made.clientId());
        assertThat(made.update().withTag("c", "d").apply().tags())
                .containsEntry("c", "d")
                .containsEntry("a", "b");
        msi.identities().deleteById(made.id());
        assertThatThrownBy(() -> msi.identities().getById(made.id()))
                .isInstanceOfSatisfying(
                        ManagementException.class,
                        e -> assertThat(e.getValue().getCode()).isEqualTo("ResourceNotFound"));
    }

    @Test
    void a_machine_is_updated_through_the_fluent_manager() {
        var msi = MsiManager.configure().withHttpClient(http).authenticate(credential, profile);
        var identity = msi.identities()
                .define("java-2")
                .withRegion("westus")
                .withExistingResourceGroup(GROUP)
                .create();
        var compute = ComputeManager.configure().withHttpClient(http).authenticate(credential, profile);

        var machine = compute.virtualMachines()
                .getByResourceGroup(GROUP, "myVM")
                .update()
                .withSystemAssignedManagedServiceIdentity()
                .withExistingUserAssignedManagedServiceIdentity(identity)
                .apply();

        assertThat(machine.systemAssignedManagedServiceIdentityPrincipalId()).isNotEmpty();
        assertThat(machine.userAssignedManagedServiceIdentityIds()).hasSize(1);
        var without = machine.update()
                .withoutUserAssignedManagedServiceIdentity(identity.id())
                .apply();
        assertThat(without.userAssignedManagedServiceIdentityIds()).isEmpty();
    }

    @Test
    void machines_are_made_patched_listed_and_deleted_through_the_client() {
        var machines = client().getVirtualMachines();
        var made = machines.createOrUpdate(
                "rg-vms",
                "java-vm",
                new VirtualMachineInner()
                        .withLocation("westeurope")
                        .withHardwareProfile(new HardwareProfile())
                        .withTags(Map.of("a", "b")));
        assertThat(made.provisioningState()).isEqualTo("Succeeded");

        var patched = machines.update(
                "rg-vms",
                "java-vm",
                new VirtualMachineUpdateInner()
                        .withIdentity(new VirtualMachineIdentity().withType(ResourceIdentityType.SYSTEM_ASSIGNED)));
        assertThat(patched.identity().principalId()).isNotEmpty();
        assertThat(patched.etag()).isEqualTo("\"2\"");
        assertThat(machines.list().stream().map(VirtualMachineInner::name)).contains("java-vm", "myVM");
        assertThatThrownBy(() -> machines.update(
                        "rg-vms",
                        "java-vm",
                        new VirtualMachineUpdateInner()
                                .withIdentity(new VirtualMachineIdentity()
                                        .withType(ResourceIdentityType.USER_ASSIGNED)
                                        .withUserAssignedIdentities(Map.of(
                                                ArmClient.identity("nobody"),
                                                new VirtualMachineIdentityUserAssignedIdentities())))))
                .isInstanceOfSatisfying(
                        ManagementException.class,
                        e -> assertThat(e.getValue().getCode()).isEqualTo("FailedIdentityOperation"));
        assertThatThrownBy(() -> machines.update(
                        "rg-vms",
                        "java-vm",
                        new VirtualMachineUpdateInner(),
                        "\"77\"",
                        null,
                        com.azure.core.util.Context.NONE))
                .isInstanceOfSatisfying(
                        ManagementException.class,
                        e -> assertThat(e.getResponse().getStatusCode()).isEqualTo(412));
        machines.delete("rg-vms", "java-vm");
        assertThatThrownBy(() -> machines.getByResourceGroup("rg-vms", "java-vm"))
                .isInstanceOf(ManagementException.class);
    }

    @Test
    void a_scale_set_and_its_instances() {
        azure.settings().merge("{\"operations\":{\"scaleSetPatch\":0,\"upgrade\":0}}");
        var sets = client().getVirtualMachineScaleSets();

        var patched = sets.update(
                GROUP,
                "myVMSS",
                new VirtualMachineScaleSetUpdate()
                        .withIdentity(
                                new VirtualMachineScaleSetIdentity().withType(ResourceIdentityType.SYSTEM_ASSIGNED)));
        assertThat(patched.identity().type()).isEqualTo(ResourceIdentityType.SYSTEM_ASSIGNED);
        var instances = client().getVirtualMachineScaleSetVMs().list(GROUP, "myVMSS").stream()
                .toList();
        assertThat(instances).extracting(one -> one.latestModelApplied()).containsExactly(false, false);
        sets.beginUpdateInstances(
                GROUP, "myVMSS", new VirtualMachineScaleSetVMInstanceRequiredIDs().withInstanceIds(List.of("*")));
        assertThat(client().getVirtualMachineScaleSetVMs().list(GROUP, "myVMSS"))
                .extracting(one -> one.latestModelApplied())
                .containsExactly(true, true);
    }

    private static ComputeManagementClient client() {
        return new ComputeManagementClientBuilder()
                .pipeline(new HttpPipelineBuilder()
                        .httpClient(http)
                        .policies(new BearerTokenAuthenticationPolicy(credential, azure.endpoint() + "/.default"))
                        .build())
                .endpoint(azure.endpoint().toString())
                .subscriptionId(azure.subscriptionId())
                .defaultPollInterval(Duration.ofMillis(20))
                .buildClient();
    }
}
