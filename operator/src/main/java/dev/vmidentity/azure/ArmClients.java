package dev.vmidentity.azure;

import com.azure.core.http.HttpClient;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.RoleAssignments;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The ports over one Azure. Closing waits for no request. */
public final class ArmClients implements AutoCloseable {
    private final Machines machines;
    private final Identities identities;
    private final Fleet fleet;
    private final Instances instances;
    private final RoleAssignments roles;
    private final ExecutorService threads;

    private ArmClients(Arm arm, ArmFleet.Pause pause, ExecutorService threads) {
        this.machines = new ArmMachines(arm);
        this.identities = new ArmIdentities(arm);
        this.fleet = new ArmFleet(arm, pause);
        this.instances = new ArmInstances(arm);
        this.roles = new ArmRoleAssignments(arm);
        this.threads = threads;
    }

    /**
     * Sends nothing yet: whether the credentials are taken shows with the first request.
     *
     * @throws IllegalArgumentException when the settings cannot work
     */
    public static ArmClients connect(AzureSettings settings, InstantSource clock) {
        return connect(settings, clock, ArmFleet.Pause.SLEEPING);
    }

    /** Where time passes otherwise than by itself. */
    static ArmClients connect(AzureSettings settings, InstantSource clock, ArmFleet.Pause pause) {
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("azure-", 0).factory());
        HttpClient http =
                ArmPipeline.http(settings.caFile().map(Trust::withAuthoritiesOf), threads, settings.requestTimeout());
        Tokens tokens = new Tokens(new Credentials(settings, http)::build, settings.audience(), clock);
        return new ArmClients(
                new Arm(
                        ArmPipeline.over(http),
                        tokens,
                        settings.resourceManagerEndpoint(),
                        settings.requestTimeout(),
                        clock),
                pause,
                threads);
    }

    public Machines machines() {
        return machines;
    }

    public Identities identities() {
        return identities;
    }

    public Fleet fleet() {
        return fleet;
    }

    public Instances instances() {
        return instances;
    }

    public RoleAssignments roles() {
        return roles;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
