package dev.vmidentity.fakes;

import java.time.InstantSource;

final class FakeFleetTest extends FleetContract {
    @Override
    protected Ground ground() {
        return new FakeAzure(InstantSource.system());
    }
}
