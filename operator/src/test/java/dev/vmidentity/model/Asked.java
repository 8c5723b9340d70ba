package dev.vmidentity.model;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.binding.Asking.Listed;
import dev.vmidentity.binding.Asking.Manner;
import dev.vmidentity.binding.Asking.OwnIdentity;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.Release;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What of the API a binding that was just written makes use of. */
final class Asked {
    private static final Set<OwnIdentity> ON = Set.of(OwnIdentity.ENABLED, OwnIdentity.ENABLED_ADOPT);

    private Asked() {}

    /** @param bound all bindings of its machine, it among them */
    static void count(@Nullable Asking before, Asking asking, List<Asking> bound, Tally tally) {
        tally.happened(before == null ? Happening.BOUND : Happening.CHANGED);
        if (ON.contains(asking.system())) {
            tally.happened(Happening.SYSTEM_ENABLED);
        }
        if (asking.system() == OwnIdentity.DISABLED) {
            tally.happened(Happening.SYSTEM_DISABLED);
        }
        if (bound.stream().anyMatch(one -> ON.contains(one.system()))
                && bound.stream().anyMatch(one -> one.system() == OwnIdentity.DISABLED)) {
            tally.happened(Happening.SYSTEM_DISAGREED);
        }
        if (asking.manner() == Manner.EXCLUSIVE) {
            tally.happened(Happening.EXCLUSIVE);
        }
        if (asking.upgradesAtOnce() > 0) {
            tally.happened(Happening.AUTOMATIC);
        }
        if (asking.selects()) {
            tally.happened(Happening.SELECTING);
        }
        if (Wishes.observes(asking)) {
            tally.happened(Happening.OBSERVED);
        }
        if (asking.blocks()) {
            tally.happened(Happening.BLOCKING);
        }
        if (asking.system() == OwnIdentity.ENABLED_ADOPT
                || asking.listed().stream().anyMatch(Listed::adopt)) {
            tally.happened(Happening.ADOPTED);
        }
        if (asking.listed().stream().anyMatch(listed -> isRetainedByOneOfSeveral(listed.id(), bound))) {
            tally.happened(Happening.RETAINED_BY_ONE_OF_SEVERAL);
        }
        if (before != null) {
            changed(before, asking, tally);
        }
    }

    private static void changed(Asking before, Asking asking, Tally tally) {
        if (!before.about().equals(asking.about())) {
            tally.happened(moved(before, asking));
            return;
        }
        if (ON.contains(before.system()) && asking.system() == OwnIdentity.NOTHING) {
            tally.happened(Happening.SYSTEM_SILENT);
        }
        if (listed(before, true).stream().anyMatch(listed(asking, false)::contains)) {
            tally.happened(Happening.REVOKED);
        }
        if (listed(before, false).stream().anyMatch(listed(asking, true)::contains)) {
            tally.happened(Happening.ALLOWED_AGAIN);
        }
    }

    private static Happening moved(Asking before, Asking asking) {
        if (before.selects()) {
            return asking.selects() ? Happening.RESELECTED : Happening.SELECTOR_TO_ONE;
        }
        return asking.selects() ? Happening.ONE_TO_SELECTOR : Happening.MOVED;
    }

    private static Set<ArmId> listed(Asking asking, boolean allowed) {
        return asking.listed().stream()
                .filter(listed -> listed.allowed() == allowed)
                .map(Listed::id)
                .collect(Collectors.toSet());
    }

    private static boolean isRetainedByOneOfSeveral(ArmId id, List<Asking> bound) {
        Set<Release> releases = bound.stream()
                .filter(one ->
                        one.listed().stream().anyMatch(listed -> listed.id().equals(id)))
                .map(Asking::holder)
                .map(Holder::onRelease)
                .collect(Collectors.toSet());
        return releases.size() > 1;
    }
}
