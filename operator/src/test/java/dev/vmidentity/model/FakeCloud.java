package dev.vmidentity.model;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeAzure;
import dev.vmidentity.fakes.Mishap;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The fake of Azure: fast, and with every fault there is. */
final class FakeCloud implements Cloud {
    private final FakeAzure azure;
    private final boolean forgets;
    private final Set<TargetId> machines = new TreeSet<>();

    /** @param forgets whether machines tell no ids of identities that are deleted, or go on telling the old ones */
    FakeCloud(Clock clock, Duration operations, boolean forgets) {
        this.forgets = forgets;
        azure = new FakeAzure(clock);
        azure.operationsTake(operations);
    }

    @Override
    public Machines machines() {
        return azure.machines();
    }

    @Override
    public Identities identities() {
        return azure.identities();
    }

    @Override
    public Instances instances() {
        return azure.instances();
    }

    @Override
    public void makeInstances(TargetId target, int count) {
        azure.makeInstances(target, Instances.Policy.MANUAL, count);
    }

    @Override
    public Fleet fleet() {
        return azure.fleet();
    }

    @Override
    public Optional<Observation> look(TargetId target) {
        return azure.look(target);
    }

    @Override
    public boolean has(ArmId identity) {
        return azure.look(identity).isPresent();
    }

    @Override
    public Optional<String> principal(ArmId identity) {
        return azure.look(identity).map(Identities.Identity::principalId);
    }

    @Override
    public void makeIdentity(ArmId id) {
        azure.makeIdentity(id);
    }

    @Override
    public void deleteIdentity(ArmId id) {
        azure.deleteIdentity(id);
        if (forgets) {
            machines.stream()
                    .filter(target -> azure.look(target).isPresent())
                    .forEach(target -> azure.showsNothingOf(target, id));
        }
    }

    @Override
    public void makeMachine(TargetId target) {
        machines.add(target);
        azure.makeMachine(target);
    }

    @Override
    public void deleteMachine(TargetId target) {
        azure.deleteMachine(target);
    }

    @Override
    public void replace(TargetId target, List<ArmId> ids, boolean systemAssigned) {
        Observation before = azure.look(target).orElseThrow();
        before.userAssigned().values().stream()
                .filter(attached -> !ids.contains(attached.id()))
                .forEach(attached -> azure.detach(target, attached.id()));
        ids.stream().filter(id -> !before.has(IdentityKey.of(id))).forEach(id -> azure.attach(target, id));
        if (systemAssigned) {
            azure.enableSystemAssigned(target);
        } else {
            azure.disableSystemAssigned(target);
        }
    }

    @Override
    public void touch(TargetId target) {
        azure.touch(target);
    }

    @Override
    public void tag(TargetId target, Map<String, String> tags) {
        azure.tag(target, tags);
        azure.touch(target);
    }

    @Override
    public Map<String, String> tags(TargetId target) {
        return azure.fleet().look(target) instanceof Fleet.Sight.Present(Fleet.Glance glance)
                ? glance.tags()
                : Map.of();
    }

    @Override
    public void occupy(TargetId target) {
        azure.startOperation(target);
    }

    @Override
    public void nextPatch(Mishap mishap) {
        azure.nextPatch(mishap);
    }
}
