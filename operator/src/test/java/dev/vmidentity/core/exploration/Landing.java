package dev.vmidentity.core.exploration;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.exploration.Machine.Owner;
import dev.vmidentity.core.exploration.Request.Kind;
import dev.vmidentity.core.exploration.World.Trait;
import org.jspecify.annotations.Nullable;

/**
 * What a PATCH does that Azure takes.
 *
 * @param broken the promise that is broken by it; null when none is
 */
record Landing(State state, int etag, @Nullable Promise broken) {
    static Landing of(World world, State before, Kind kind) {
        Machine machine = before.machine();
        Owner after = switch (kind) {
            case ADD -> machine.hasX() ? machine.x() : Owner.OURS;
            case REMOVE, EVICT -> Owner.ABSENT;
            case FENCE -> machine.x();
        };
        boolean changes = after != machine.x();
        if (!changes && world.has(Trait.ETAG_STAYS_WHEN_NOTHING_CHANGES)) {
            return new Landing(before, machine.etag(), null);
        }
        Machine next = machine.written(after);
        if (changes && world.has(Trait.OPERATIONS_FAIL)) {
            next = new Machine(after, next.etag(), next.incarnation(), machine.x());
        }
        return new Landing(Surroundings.changed(world, before, next), next.etag(), broken(before, kind));
    }

    /** Whether it is taken: a change beyond the last etag is not followed. */
    static boolean fits(State state) {
        return state.machine().etag() < state.left().lastEtag();
    }

    private static @Nullable Promise broken(State before, Kind kind) {
        Owner x = before.machine().x();
        if (kind == Kind.REMOVE && x == Owner.FOREIGN) {
            return Promise.FOREIGN_IS_NEVER_REMOVED;
        }
        boolean removes = kind == Kind.REMOVE || kind == Kind.EVICT;
        return removes && x == Owner.OURS && saysAttached(before) ? Promise.ATTACHED_IS_NOT_UNDONE : null;
    }

    /** Whether the ledger says that X is ours, on this incarnation of the machine. */
    static boolean saysAttached(State state) {
        Claim claim = state.claim();
        return claim != null
                && claim.phase() == Phase.ATTACHED
                && claim.machineId().equals(Entries.machine(state.machine().incarnation()));
    }
}
