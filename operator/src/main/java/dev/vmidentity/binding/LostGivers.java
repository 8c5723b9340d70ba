package dev.vmidentity.binding;

import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.GrantRecord;
import dev.vmidentity.core.TargetId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bindings that gave roles to one machine's own identity and are no more, though nobody deleted them as one does: what they
 * gave is deleted for them, as far as the {@link Brake} lets it. Not thread-safe: it belongs to the machine's worker.
 */
final class LostGivers {
    private static final Logger LOG = LoggerFactory.getLogger(LostGivers.class);

    private final TargetId target;
    private final LiveBindings live;
    private final Brake brake;
    private Set<String> gone = Set.of();
    private boolean held;
    private boolean asked;

    LostGivers(TargetId target, LiveBindings live, Brake brake) {
        this.target = target;
        this.live = live;
        this.brake = brake;
    }

    /** A round begins: the API server may be asked once. */
    void begin() {
        asked = false;
    }

    /** Those whose roles are to be deleted. */
    Set<String> gone() {
        return gone;
    }

    /** Whether there are too many at once, and a person has to say so. */
    boolean isHeld() {
        return held;
    }

    void look(Sheet sheet) {
        Set<String> missing = givers(sheet).collect(Collectors.toSet());
        gone = gone.stream().filter(missing::contains).collect(Collectors.toSet());
        held &= !missing.isEmpty();
        if (asked || gone.containsAll(missing)) {
            return;
        }
        asked = true;
        Optional<List<Contribution>> known = live.of(target);
        if (known.isEmpty()) {
            return;
        }
        Sheet current = sheet.with(known.get(), _ -> false);
        Set<String> lost = givers(current)
                .filter(binding -> !brake.exists(binding))
                .filter(binding -> !isWantedByOthers(current, binding))
                .collect(Collectors.toSet());
        boolean confirmed = brake.isConfirmed(sheet.confirmed());
        int more =
                (int) lost.stream().filter(binding -> !gone.contains(binding)).count();
        held = more > 0 && !confirmed && !brake.lets();
        if (more == 0 || held) {
            return;
        }
        if (!confirmed) {
            brake.count(more);
        }
        LOG.atInfo()
                .addKeyValue("target", target)
                .addKeyValue("bindings", lost)
                .log("bindings are gone: their roles go");
        gone = lost;
    }

    private static Stream<String> givers(Sheet sheet) {
        Set<String> asking = sheet.contributions().stream()
                .map(contribution -> contribution.holder().binding())
                .collect(Collectors.toSet());
        return sheet.ledger().roles().stream().map(GrantRecord::binding).filter(binding -> !asking.contains(binding));
    }

    /** A binding that was made anew asks for the same under another uid: there is no moment without the role. */
    private static boolean isWantedByOthers(Sheet sheet, String binding) {
        List<Wish> wishes = sheet.contributions().stream()
                .filter(contribution -> contribution.roles().stance() == Stance.MAINTAIN)
                .flatMap(contribution -> contribution.roles().wishes().stream())
                .toList();
        return sheet.ledger().rolesOf(binding).stream()
                .anyMatch(given -> wishes.stream()
                        .anyMatch(wish -> wish.scope().equals(given.assignment().scope())
                                && wish.role()
                                        .text()
                                        .equalsIgnoreCase(given.assignment().role())));
    }
}
