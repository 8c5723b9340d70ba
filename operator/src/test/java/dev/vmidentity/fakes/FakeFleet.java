package dev.vmidentity.fakes;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.TargetId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Many machines of a {@link FakeAzure} at once; as late as the script says. */
public final class FakeFleet implements Fleet {
    private final FakeAzure azure;
    private final Deque<Fault> faults = new ArrayDeque<>();
    private Optional<Fault> refusal = Optional.empty();
    private Optional<List<Glance>> past = Optional.empty();

    FakeFleet(FakeAzure azure) {
        this.azure = azure;
    }

    /** From now on questions are answered as the machines are at this moment, until {@link #catchesUp}. */
    public synchronized void staysBehind() {
        past = Optional.of(azure.inventory());
    }

    public synchronized void catchesUp() {
        past = Optional.empty();
    }

    /** Every question is refused so, until {@link #answers}. */
    public synchronized void refuses(Fault fault) {
        refusal = Optional.of(fault);
    }

    public synchronized void answers() {
        refusal = Optional.empty();
    }

    synchronized void next(Fault fault) {
        faults.add(fault);
    }

    @Override
    public Answer matching(Set<MachineKind> kinds, Scopes scopes, Map<String, String> tags) {
        azure.received(new FakeAzure.Request.Asked(0));
        return answer(
                azure::inventory,
                glance -> kinds.contains(glance.target().kind())
                        && scopes.covers(glance.target().id())
                        && tags.entrySet().stream().allMatch(tag -> has(glance, tag.getKey(), tag.getValue())));
    }

    @Override
    public Answer of(Collection<TargetId> machines) {
        azure.received(new FakeAzure.Request.Asked(machines.size()));
        Set<TargetId> asked = new TreeSet<>(machines);
        return answer(() -> azure.inventory(asked), glance -> asked.contains(glance.target()));
    }

    @Override
    public Sight look(TargetId machine) {
        return azure.glance(machine);
    }

    private synchronized Answer answer(Supplier<List<Glance>> present, Predicate<Glance> wanted) {
        Fault fault = faults.isEmpty() ? refusal.orElse(null) : faults.remove();
        if (fault != null) {
            return new Answer.Failed(fault);
        }
        return new Answer.Whole(past.orElseGet(present).stream()
                .filter(wanted)
                .map(FakeFleet::withoutEtag)
                .toList());
    }

    private static boolean has(Glance glance, String name, String value) {
        return glance.tags().entrySet().stream()
                .anyMatch(tag ->
                        tag.getKey().equalsIgnoreCase(name) && tag.getValue().equals(value));
    }

    private static Glance withoutEtag(Glance glance) {
        Observation seen = glance.seen();
        return new Glance(
                new Observation(
                        seen.target(),
                        null,
                        seen.machineId(),
                        seen.state(),
                        seen.systemAssigned(),
                        seen.userAssigned(),
                        seen.location(),
                        seen.readAt()),
                glance.tags(),
                glance.managedBy());
    }
}
