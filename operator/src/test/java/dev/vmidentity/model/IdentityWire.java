package dev.vmidentity.model;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Identities;
import java.util.Map;

/** The workers' way to identities. They only read them. */
final class IdentityWire implements Identities {
    private final World world;

    IdentityWire(World world) {
        this.world = world;
    }

    @Override
    public Seen read(ArmId id) {
        world.before("GET " + id.name());
        Seen answer = world.cloud().identities().read(id);
        world.log(() -> "    " + answer);
        world.after();
        return answer;
    }

    @Override
    public Seen put(ArmId id, String location, Map<String, String> tags) {
        throw new IllegalStateException("a binding writes an identity: " + id);
    }

    @Override
    public Deleted delete(ArmId id) {
        throw new IllegalStateException("a binding deletes an identity: " + id);
    }
}
