package dev.vmidentity.binding;

import dev.vmidentity.core.TargetId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The machines that a binding has left while it had something there. Nothing of them is in the ledgers a moment later, nor
 * in the status: whatever is to be said of them is said once.
 */
final class Farewells {
    private final Set<TargetId> parting = ConcurrentHashMap.newKeySet();
    private final Set<TargetId> said = new HashSet<>();

    /** It had something there when it was asked, whatever it said. Of any thread. */
    void had(TargetId machine) {
        parting.add(machine);
    }

    /** Of those that have left by now the ones that were not taken before; whoever came back may leave once more. */
    List<TargetId> take(Membership membership) {
        said.removeIf(machine -> !membership.hasLeft(machine));
        List<TargetId> fresh = parting.stream()
                .filter(machine -> membership.hasLeft(machine) && said.add(machine))
                .sorted()
                .toList();
        parting.clear();
        return fresh;
    }
}
