package dev.vmidentity.fakes;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Identities;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The user-assigned identities of a {@link FakeAzure}, under its lock. */
final class FakeIdentities implements Identities {
    private final FakeAzure azure;
    private final Map<ArmId, Identity> identities = new TreeMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();

    FakeIdentities(FakeAzure azure) {
        this.azure = azure;
    }

    @Override
    public Seen read(ArmId id) {
        synchronized (azure) {
            azure.received(new FakeAzure.Request.IdentityRead(id));
            Fault fault = faults.poll();
            if (fault != null) {
                return new Seen.Failed(fault);
            }
            return look(id).<Seen>map(identity -> new Seen.Present(identity, false))
                    .orElseGet(() -> new Seen.Absent(!azure.hasGroup(id), "the resource '" + id + "' was not found"));
        }
    }

    @Override
    public Seen put(ArmId id, String location, Map<String, String> tags) {
        synchronized (azure) {
            azure.received(new FakeAzure.Request.IdentityPut(id, location, tags));
            Fault fault = faults.poll();
            if (fault != null) {
                return new Seen.Failed(fault);
            }
            if (!azure.hasGroup(id)) {
                return new Seen.Failed(new Fault.ResourceGroupMissing(
                        id.resourceGroup(), "resource group '" + id.resourceGroup() + "' could not be found"));
            }
            Optional<Identity> before = look(id);
            Identity after = before.map(it -> retagged(it, tags)).orElseGet(() -> madeNow(id, location, tags));
            identities.put(id, after);
            return new Seen.Present(after, before.isEmpty());
        }
    }

    @Override
    public Deleted delete(ArmId id) {
        synchronized (azure) {
            azure.received(new FakeAzure.Request.IdentityDelete(id));
            Fault fault = faults.poll();
            if (fault != null) {
                return new Deleted.Failed(fault);
            }
            identities.remove(id);
            return new Deleted.Gone();
        }
    }

    void next(Fault fault) {
        faults.add(fault);
    }

    void make(ArmId id) {
        identities.put(id, madeNow(id, "westeurope", Map.of()));
    }

    void remove(ArmId id) {
        identities.remove(id);
    }

    Optional<Identity> look(ArmId id) {
        return Optional.ofNullable(identities.get(id));
    }

    private static Identity madeNow(ArmId id, String location, Map<String, String> tags) {
        return new Identity(id, FakeMachine.newId(), FakeMachine.newId(), FakeAzure.TENANT, location, tags);
    }

    private static Identity retagged(Identity before, Map<String, String> tags) {
        return new Identity(
                before.id(), before.clientId(), before.principalId(), before.tenantId(), before.location(), tags);
    }
}
