package dev.vmidentity.binding;

import dev.vmidentity.core.Decision;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Plan;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts the fences of one machine that did not move its etag. Not thread-safe: it belongs to one machine's worker. */
final class Fences {
    /** How many in vain show that this machine's etag does not move. */
    private static final int MOST = 3;

    private final Map<IdentityKey, Integer> vain = new TreeMap<>();

    /** The plan's PATCH was accepted. */
    void sent(Plan plan, boolean moved) {
        if (moved) {
            vain.clear();
            return;
        }
        plan.sent().forEach((id, sent) -> {
            if (sent.decision() instanceof Decision.Fence) {
                vain.merge(id, 1, Integer::sum);
            }
        });
    }

    /** Of these a further fence is of no use. */
    SortedSet<IdentityKey> inVain() {
        TreeSet<IdentityKey> ids = new TreeSet<>();
        vain.forEach((id, tries) -> {
            if (tries >= MOST) {
                ids.add(id);
            }
        });
        return ids;
    }
}
