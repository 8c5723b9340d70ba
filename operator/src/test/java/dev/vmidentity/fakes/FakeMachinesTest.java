package dev.vmidentity.fakes;

import java.time.InstantSource;

final class FakeMachinesTest extends MachinesContract {
    @Override
    protected Ground ground() {
        return new FakeAzure(InstantSource.system());
    }
}
