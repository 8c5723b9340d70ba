package dev.vmidentity.model;

import java.time.Duration;
import java.util.Random;

/**
 * What may happen in a history at all. Few things at a time find more than everything at once.
 *
 * @param calm nobody dies, every answer is heard, nobody else writes: then nothing may end in doubt
 * @param fenceless a PATCH that changes nothing leaves the etag as it is
 * @param policies whether bindings observe, and are exclusive
 * @param selects whether bindings have selectors
 * @param inBulk whether machines are looked at many in one question
 * @param instances whether scale sets have instances that somebody has to upgrade
 * @param guards whether bindings block what would change a machine's default identity
 * @param etagsMoveAtTheEnd the end of an operation moves the etag once more
 * @param ledgersVanish somebody deletes ledgers by hand
 * @param confirms whether a person confirms, before the end, what the brake holds
 * @param resolves whether everything unknown becomes known before the end
 * @param orphans how many identities that lost their bindings are detached without asking
 * @param operations how long one takes
 */
record Climate(
        boolean calm,
        boolean twoProcesses,
        boolean othersWrite,
        boolean answersFail,
        boolean processesDie,
        boolean ledgersFail,
        boolean ledgersVanish,
        boolean machinesGo,
        boolean identitiesGo,
        boolean readsAreStale,
        boolean fenceless,
        boolean etagsMoveAtTheEnd,
        boolean retain,
        boolean adopt,
        boolean unresolved,
        boolean policies,
        boolean selects,
        boolean inBulk,
        boolean instances,
        boolean guards,
        boolean resolves,
        boolean confirms,
        boolean scaleSetFirst,
        int machines,
        int orphans,
        Duration operations) {
    /** Whether a few orphans are too many. */
    boolean brakes() {
        return orphans < 2;
    }

    static Climate of(Random random, boolean onSimulator) {
        boolean calm = random.nextInt(8) == 0;
        boolean selects = random.nextInt(5) < 2;
        return new Climate(
                calm,
                !calm && random.nextInt(3) == 0,
                !calm && random.nextInt(3) > 0,
                !calm && random.nextInt(2) == 0,
                !calm && random.nextInt(2) == 0,
                !calm && random.nextInt(3) == 0,
                !calm && random.nextInt(6) == 0,
                !calm && random.nextInt(3) == 0,
                random.nextInt(4) == 0,
                !calm && random.nextInt(4) == 0,
                !calm && random.nextInt(6) == 0,
                !calm && onSimulator && random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                random.nextInt(3) == 0,
                random.nextInt(4) == 0,
                selects,
                random.nextBoolean(),
                random.nextInt(3) == 0,
                random.nextInt(3) == 0,
                random.nextInt(3) > 0,
                random.nextBoolean(),
                random.nextBoolean(),
                1 + random.nextInt(6) / 3 + random.nextInt(6) / 5,
                random.nextInt(selects ? 2 : 4) == 0 ? random.nextInt(2) : 10,
                Duration.ofSeconds(random.nextInt(3) * 8L));
    }
}
