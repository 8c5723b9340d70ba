package dev.vmidentity.binding;

import dev.vmidentity.core.GrantRecord;
import dev.vmidentity.core.TargetId;
import java.util.SortedSet;

/** What is known of the roles of machines' own identities, beside what their ledgers remember. */
interface RoleKnowledge {
    /** Nobody gives any. */
    RoleKnowledge NONE = new RoleKnowledge() {
        @Override
        public SortedSet<GrantRecord> remembered(TargetId machine, SortedSet<GrantRecord> now) {
            return now;
        }

        @Override
        public boolean isCleared(TargetId machine, String binding) {
            return true;
        }
    };

    /**
     * What the machine's ledger is to remember from now on: with what is about to be made, and without what is gone.
     *
     * @param now what it remembers
     */
    SortedSet<GrantRecord> remembered(TargetId machine, SortedSet<GrantRecord> now);

    /** Whether all was looked for, and nothing that the binding gave to the machine's own identity is left. */
    boolean isCleared(TargetId machine, String binding);
}
