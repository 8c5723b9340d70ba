package dev.vmidentity.azure;

import dev.vmidentity.fakes.Ground;
import dev.vmidentity.fakes.InstancesContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class ArmInstancesTest extends InstancesContract {
    private static SimulatedAzure azure;

    @BeforeAll
    static void start() {
        azure = new SimulatedAzure();
    }

    @AfterAll
    static void stop() {
        azure.stop();
    }

    @Override
    protected Ground ground() {
        return azure.emptied();
    }
}
