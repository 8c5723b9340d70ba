package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingStatus;
import dev.vmidentity.status.RolesView;
import dev.vmidentity.status.Roster;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a binding stands on each of many machines: as if it were about that one alone. For one thread at a time. */
final class Cards {
    private final Rounds rounds;
    private final Granting granting;
    private final Map<TargetId, VmIdentityBindingStatus> cards = new HashMap<>();
    private int converged;

    Cards(Rounds rounds, Granting granting) {
        this.rounds = rounds;
        this.granting = granting;
    }

    /** A machine that has yet to tell has none. Changes with each look. */
    Map<TargetId, VmIdentityBindingStatus> all() {
        return Collections.unmodifiableMap(cards);
    }

    /** On how many machines everything is as declared. */
    int converged() {
        return converged;
    }

    /** What is known is about something else than what is asked now. */
    void clear() {
        cards.clear();
        converged = 0;
    }

    void retain(Set<TargetId> machines) {
        Set.copyOf(cards.keySet()).stream()
                .filter(machine -> !machines.contains(machine))
                .forEach(machine -> put(machine, Optional.empty()));
    }

    /**
     * Looks at one machine, and asks for a round of it if the latest was not about what is asked now.
     *
     * @param resolved of the binding, about all machines
     */
    void look(Resolver.Resolved resolved, TargetId machine, long generation) {
        Resolver.Resolved here = resolved.on(machine);
        Optional<Published> published =
                rounds.about(machine, here.contribution().holder().binding(), Optional.of(here.contribution()));
        Optional<RolesView> roles = published.flatMap(_ -> granting.view(here));
        put(machine, roles.map(known -> card(here, published, known, generation)));
    }

    private static VmIdentityBindingStatus card(
            Resolver.Resolved here, Optional<Published> published, RolesView roles, long generation) {
        return BindingStatus.render(
                Telling.of(here, published), roles, published.map(Published::outcome), null, generation, Instant.EPOCH);
    }

    private void put(TargetId machine, Optional<VmIdentityBindingStatus> card) {
        Optional<VmIdentityBindingStatus> before =
                Optional.ofNullable(card.isPresent() ? cards.put(machine, card.get()) : cards.remove(machine));
        converged += (int) card.filter(Roster::isConverged).stream().count()
                - (int) before.filter(Roster::isConverged).stream().count();
    }
}
