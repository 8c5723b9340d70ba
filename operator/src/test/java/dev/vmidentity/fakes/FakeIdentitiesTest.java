package dev.vmidentity.fakes;

import java.time.InstantSource;

final class FakeIdentitiesTest extends IdentitiesContract {
    @Override
    protected Ground ground() {
        return new FakeAzure(InstantSource.system());
    }
}
