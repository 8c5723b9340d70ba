package dev.vmidentity.binding;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Plan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * Stops many detaches at once that no deletion explains.
 *
 * <p>A binding that is deleted has a deletionTimestamp until its identities are off the machine. Bindings that are gone
 * without one had their finalizers cut off, or were lost with the API server's data, or are not restored yet. A few such
 * orphans are cleaned up; many are more likely an accident, and wait for a person.
 */
final class Brake {
    private static final Duration MEMORY = Duration.ofMinutes(10);
    private static final Duration CONFIRMATION_LASTS = Duration.ofHours(1);

    private final int most;
    private final Predicate<String> exists;
    private final IntSupplier orphans;
    private final Clock clock;
    private final Deque<Instant> let = new ArrayDeque<>();

    /**
     * The brake of a whole installation.
     *
     * @param most how many orphans are detached without a word
     * @param exists whether there is a binding of that uid
     * @param orphans how many identities are ours, on all machines, of which no holder exists any longer
     */
    Brake(int most, Predicate<String> exists, IntSupplier orphans, Clock clock) {
        this.most = most;
        this.exists = exists;
        this.orphans = orphans;
        this.clock = clock;
    }

    int most() {
        return most;
    }

    boolean exists(String binding) {
        return exists.test(binding);
    }

    /** What a plan detaches although nobody deleted a binding: its holders are just not there any longer. */
    Set<IdentityKey> orphans(Plan plan) {
        Set<IdentityKey> found = new TreeSet<>();
        plan.sent().forEach((id, sent) -> {
            boolean detached = sent.decision() instanceof Decision.Send(Phase phase) && phase == Phase.DETACHING;
            if (detached && plan.before().claim(id).filter(this::isOrphan).isPresent()) {
                found.add(id);
            }
        });
        return found;
    }

    private boolean isOrphan(Claim claim) {
        return !claim.holders().isEmpty()
                && claim.holders().stream().noneMatch(holder -> exists.test(holder.binding()));
    }

    /** Whether a person's word holds still. */
    boolean isConfirmed(Optional<Instant> word) {
        return word.filter(moment -> clock.instant().isBefore(moment.plus(CONFIRMATION_LASTS)))
                .isPresent();
    }

    /**
     * Whether orphans may be detached now. Those that were let go a short while ago count too: bindings may vanish one
     * after the other.
     */
    synchronized boolean lets() {
        Instant horizon = clock.instant().minus(MEMORY);
        while (!let.isEmpty() && let.getFirst().isBefore(horizon)) {
            let.removeFirst();
        }
        return let.size() + orphans.getAsInt() <= most;
    }

    /** So many orphans are being detached. */
    synchronized void count(int detached) {
        for (int i = 0; i < detached; i++) {
            let.addLast(clock.instant());
        }
    }
}
