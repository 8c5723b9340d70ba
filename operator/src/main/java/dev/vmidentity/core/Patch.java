package dev.vmidentity.core;

import java.util.List;

/**
 * The one write: a PATCH of a machine's {@code identity} alone.
 *
 * @param type the goal, whole; what is left out of it is taken away by Azure
 * @param add the user-assigned identities to add
 * @param remove the user-assigned identities to remove; empty where the type takes all away
 * @param ifMatch the etag of the observation that it was planned on
 */
public record Patch(IdentityType type, List<ArmId> add, List<ArmId> remove, String ifMatch) {
    /** Azure assigns at most that many identities in one request. */
    public static final int MOST_IDENTITIES = 150;

    public Patch {
        add = List.copyOf(add);
        remove = List.copyOf(remove);
        if (add.size() + remove.size() > MOST_IDENTITIES) {
            throw new IllegalArgumentException("more than " + MOST_IDENTITIES + " identities in one PATCH");
        }
    }
}
