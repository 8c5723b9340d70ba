package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityLedgerStatus;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.TargetId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where ledgers are kept. Every write of the ledger proper is a compare-and-swap, and whoever loses it forgets what he
 * planned. No method throws for anything that the API server or the network may do.
 */
interface Ledgers {
    Found find(TargetId target);

    /**
     * Replaces the ledger, or creates it.
     *
     * @param expected the version that {@code next} was planned on; empty when there was none
     */
    Written write(TargetId target, Optional<Version> expected, Ledger next);

    /** Deletes a ledger that has no claims left. */
    Written delete(TargetId target, Version expected);

    /** What an admin sees of the machine. An equal one is not written, and a failure is made good by a later one. */
    void show(TargetId target, Rendering rendering);

    /** Makes the status from the one before, which is null when there is none. */
    @FunctionalInterface
    interface Rendering {
        VmIdentityLedgerStatus render(@Nullable VmIdentityLedgerStatus previous, long generation);
    }

    /** One stored state of a ledger; a write of anybody makes another. */
    record Version(String uid, String resourceVersion) {}

    /** The answer to {@link #find}. */
    sealed interface Found {
        record None() implements Found {}

        /**
         * Ours.
         *
         * @param confirmed when a person said that what has lost its bindings may go
         * @param restored whether the object is a copy that a backup brought back: what it claims may no longer be so
         */
        record Ours(Ledger ledger, Version version, boolean restored, Optional<Instant> confirmed) implements Found {}

        /** It must be left alone: another owner's, a newer protocol's, or not named after its content. */
        record NotOurs(boolean newer, String detail) implements Found {}

        record Failed(String detail) implements Found {}
    }

    /** The answer to a write. */
    sealed interface Written {
        record Done(Version version) implements Written {}

        /** Somebody else wrote in between. */
        record Lost() implements Written {}

        /** It may or may not have been written. */
        record Failed(String detail) implements Written {}
    }
}
