package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeAzure;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The machines of a {@link FakeAzure} with their tags; what the inventory leaves out, and what it does not answer. */
final class TaggedFleet implements Fleet {
    final Map<TargetId, Map<String, String>> tags = new TreeMap<>();

    /** Machines that the inventory does not show although they are there. */
    final Set<TargetId> hidden = new HashSet<>();

    Optional<Fault> fault = Optional.empty();
    Optional<Fault> lookFault = Optional.empty();
    int queries;
    int looks;
    private final FakeAzure azure;

    TaggedFleet(FakeAzure azure) {
        this.azure = azure;
    }

    @Override
    public Answer matching(Set<MachineKind> kinds, Scopes scopes, Map<String, String> wanted) {
        queries++;
        Selector selector = new Selector(kinds, scopes, wanted);
        return fault.<Answer>map(Answer.Failed::new)
                .orElseGet(() -> new Answer.Whole(tags.keySet().stream()
                        .filter(machine -> !hidden.contains(machine))
                        .flatMap(machine -> glance(machine).stream())
                        .filter(selector::matches)
                        .toList()));
    }

    @Override
    public Answer of(Collection<TargetId> machines) {
        throw new UnsupportedOperationException("selectors do not ask this");
    }

    @Override
    public Sight look(TargetId machine) {
        looks++;
        return lookFault
                .<Sight>map(Sight.Failed::new)
                .orElseGet(() -> glance(machine).<Sight>map(Sight.Present::new).orElseGet(Sight.Absent::new));
    }

    private Optional<Glance> glance(TargetId machine) {
        return azure.look(machine)
                .map(seen -> new Glance(seen, tags.getOrDefault(machine, Map.of()), Optional.empty()));
    }
}
