package dev.vmidentity.binding;

import dev.vmidentity.core.TargetId;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The rounds of all machines.
 *
 * @param latest what the latest round of a machine made known; empty before the first
 * @param submit asks for another round of a machine
 */
record Rounds(Function<TargetId, Optional<Published>> latest, Consumer<TargetId> submit) {

    /**
     * What the latest round made known, if it was about just this. An older one tells nothing of what is asked now: then
     * another is asked for, and it is empty.
     *
     * @param binding the uid of who asks
     * @param asked what it asks of the machine now; empty when that is nothing
     */
    Optional<Published> about(TargetId machine, String binding, Optional<Contribution> asked) {
        Optional<Published> known = latest.apply(machine)
                .filter(round -> round.contribution(binding).equals(asked));
        if (known.isEmpty()) {
            submit.accept(machine);
        }
        return known;
    }
}
