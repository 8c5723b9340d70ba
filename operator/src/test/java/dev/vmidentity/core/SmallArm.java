package dev.vmidentity.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.core.Observation.AttachedIdentity;
import dev.vmidentity.core.Observation.MachineState;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What Azure makes of a PATCH of {@code identity}: ids merge, {@code type} is the whole goal. And an operator that is left
 * alone with it until there is nothing more to do.
 */
final class SmallArm {
    private static final int MOST_ROUNDS = 12;
    private static final int VAIN_FENCES = 3;

    private final boolean etagsMove;
    private final TreeSet<IdentityKey> fenceless = new TreeSet<>();
    private Observation seen;
    private Ledger ledger;
    private Instant now = SmallWorld.NOW;
    private @Nullable String succeeded;
    private int vainFences;
    private int patches;

    SmallArm(SmallWorld world, boolean etagsMove) {
        this(world.observation(), world.ledger(), etagsMove);
    }

    SmallArm(Observation seen, Ledger ledger, boolean etagsMove) {
        this.seen = seen;
        this.ledger = ledger;
        this.etagsMove = etagsMove;
    }

    Observation seen() {
        return seen;
    }

    Ledger ledger() {
        return ledger;
    }

    int patches() {
        return patches;
    }

    /** Plans, claims, sends and settles, again and again. */
    void settle(TargetDemand demand) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Plan plan = Planner.plan(seen, ledger, demand, memory());
            if (plan.isAtRest()) {
                if (plan.notBefore().isEmpty()) {
                    return;
                }
                now = plan.notBefore().get();
            }
            ledger = plan.claimed();
            plan.patch().ifPresent(patch -> send(plan, patch));
        }
        throw new AssertionError("still not at rest, the ledger is " + ledger);
    }

    private void send(Plan plan, Patch patch) {
        patches++;
        Observation after = after(seen, patch, etagsMove);
        boolean moved = !Objects.equals(after.etag(), seen.etag());
        if (!moved && ++vainFences >= VAIN_FENCES) {
            fenceless.addAll(plan.sent().keySet());
        }
        seen = after;
        succeeded = after.etag();
        ledger = plan.settle(SmallWorld.accepted(after));
    }

    private Memory memory() {
        return new Memory(now, succeeded, new TreeSet<>(), Patch.MOST_IDENTITIES, fenceless);
    }

    /** The machine after the PATCH, which must be one that Azure takes. */
    static Observation after(Observation before, Patch patch, boolean etagsMove) {
        boolean system =
                patch.type() == IdentityType.SYSTEM_ASSIGNED || patch.type() == IdentityType.SYSTEM_AND_USER_ASSIGNED;
        boolean user =
                patch.type() == IdentityType.USER_ASSIGNED || patch.type() == IdentityType.SYSTEM_AND_USER_ASSIGNED;
        Map<IdentityKey, AttachedIdentity> attached = new TreeMap<>();
        if (user) {
            attached.putAll(before.userAssigned());
            patch.remove().forEach(id -> attached.remove(IdentityKey.of(id)));
            patch.add().forEach(id -> attached.put(IdentityKey.of(id), new AttachedIdentity(id, null, null)));
            assertThat(attached)
                    .as("Azure refuses UserAssigned without identities")
                    .isNotEmpty();
        } else {
            assertThat(patch.add())
                    .as("Azure refuses identities where the type has none")
                    .isEmpty();
            assertThat(patch.remove())
                    .as("Azure refuses identities where the type has none")
                    .isEmpty();
        }
        boolean changes = system != before.systemAssigned().isPresent()
                || !attached.keySet().equals(before.userAssigned().keySet());
        assertThat(patch.ifMatch()).isEqualTo(before.etag());
        String etag = changes || etagsMove ? Integer.toString(Integer.parseInt(patch.ifMatch()) + 1) : patch.ifMatch();
        return SmallWorld.seen(etag, MachineState.SETTLED, system, attached);
    }
}
