package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeAzure;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The fake's fleet, of which some machines are left out or cannot be asked; counts what is asked. */
final class TaggedFleet implements Fleet {
    final Set<TargetId> machines = new TreeSet<>();

    /** Machines that the inventory does not show although they are there. */
    final Set<TargetId> hidden = new HashSet<>();

    Optional<Fault> lookFault = Optional.empty();
    int queries;
    int looks;
    private final FakeAzure azure;

    TaggedFleet(FakeAzure azure) {
        this.azure = azure;
    }

    void tag(TargetId machine, Map<String, String> tags) {
        machines.add(machine);
        azure.tag(machine, tags);
    }

    @Override
    public Answer matching(Set<MachineKind> kinds, Scopes scopes, Map<String, String> tags) {
        queries++;
        return switch (azure.fleet().matching(kinds, scopes, tags)) {
            case Answer.Whole(var all) ->
                new Answer.Whole(all.stream()
                        .filter(glance -> !hidden.contains(glance.target()))
                        .toList());
            case Answer.Failed failed -> failed;
        };
    }

    @Override
    public Answer of(Collection<TargetId> asked) {
        return azure.fleet().of(asked);
    }

    @Override
    public Sight look(TargetId machine) {
        looks++;
        return lookFault
                .<Sight>map(Sight.Failed::new)
                .orElseGet(() -> azure.fleet().look(machine));
    }
}
