package dev.vmidentity.fakes;

import java.time.InstantSource;

final class FakeInstancesTest extends InstancesContract {
    @Override
    protected Ground ground() {
        return new FakeAzure(InstantSource.system());
    }
}
