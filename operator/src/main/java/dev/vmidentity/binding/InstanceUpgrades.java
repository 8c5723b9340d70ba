package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Instances.Listed;
import dev.vmidentity.core.Instances.Upgraded;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Machines.Operation;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Rollout;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts which instances of a scale set are on its latest model, and brings the others there where bindings say so: one
 * batch at a time, each on a list made just before, and the next only when the one before has gone well.
 *
 * <p>An upgrade applies the whole model, also what others changed in it, and can restart an instance: so nothing is upgraded
 * but at rest, when what the binding asks for is in the model. Which batch runs is remembered here alone; after a restart
 * it shows as a machine with an operation, and what it did in the next list. Not thread-safe: it belongs to one machine's
 * worker, which sends no PATCH while a batch runs.
 */
final class InstanceUpgrades {
    /** Between two lists of a scale set that is seen in passing: in looks at it. */
    private static final int SELDOM = 12;

    private static final Logger LOG = LoggerFactory.getLogger(InstanceUpgrades.class);

    /** Ids are numbers, told as text. */
    private static final Comparator<String> BY_NUMBER =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private final TargetId target;
    private final Instances instances;
    private final OperationWatch operation;
    private final Budgets budgets;
    private final Timing timing;
    private final long seed;

    private @Nullable Count count;
    private boolean flexible;
    private List<String> batch = List.of();
    private Optional<Rollout.Setback> setback = Optional.empty();
    private int attempts;
    private Instant readAfter = Instant.MIN;
    private Instant sendAfter = Instant.MIN;
    private boolean asked;
    private @Nullable Look last;
    private @Nullable Instant seldom;

    /** What was listed last. */
    private record Count(Instances.Policy policy, int total, List<String> behind) {}

    /**
     * When and on what model it was listed.
     *
     * @param etag of the scale set, which moves with its model, with its capacity, and with each upgrade
     */
    private record Look(String machineId, @Nullable String etag, Instant at) {}

    InstanceUpgrades(
            TargetId target, Instances instances, Machines machines, Budgets budgets, Timing timing, long seed) {
        this.target = target;
        this.instances = instances;
        this.operation = new OperationWatch(machines, timing, seed);
        this.budgets = budgets;
        this.timing = timing;
        this.seed = seed;
    }

    /** Looks at the batch that runs when it is time. When to look again; empty when none runs. */
    Optional<Instant> follow(Instant now) {
        if (batch.isEmpty()) {
            return Optional.empty();
        }
        switch (operation.look(now)) {
            case OperationWatch.Sight.Runs(Instant next) -> {
                return Optional.of(next);
            }
            case OperationWatch.Sight.Over _, OperationWatch.Sight.Succeeded _ -> {
                LOG.atInfo()
                        .addKeyValue("target", target)
                        .addKeyValue("instances", batch)
                        .log("instances upgraded");
                wentWell();
            }
            case OperationWatch.Sight.Failed(Fault fault, Collection<IdentityKey> _) -> wentWrong(fault, now);
            case OperationWatch.Sight.GivenUp(String why) -> wentWrong(new Fault.Busy("", why), now);
        }
        batch = List.of();
        last = null;
        return Optional.empty();
    }

    /**
     * The machine was seen without an operation, and nothing is to be changed in its model: counts, and sends a batch where
     * that is wanted.
     *
     * @param waiting identities that are not on the machine for some reason of theirs
     */
    void atRest(Observation seen, List<Contribution> bindings, Set<IdentityKey> waiting, Instant now) {
        if (target.kind() != MachineKind.SCALE_SET) {
            return;
        }
        if (last != null && !last.machineId().equals(seen.machineId())) {
            forget();
        }
        Optional<Integer> atOnce = atOnce(bindings, waiting);
        asked = atOnce.isPresent();
        if (now.isBefore(readAfter) || !isDue(seen, now)) {
            return;
        }
        Optional<Budgets.Wait> wait = budgets.read(target);
        if (wait.isPresent()) {
            readAfter = wait.get().until();
            return;
        }
        switch (instances.list(target)) {
            case Listed.Failed(Fault fault) -> {
                attempts++;
                readAfter = now.plus(Backoff.after(fault, attempts, seed));
                setback = setback.filter(known -> !known.instances().isEmpty())
                        .or(() -> Optional.of(new Rollout.Setback(List.of(), fault)));
            }
            case Listed.Flexible _ -> {
                forget();
                flexible = true;
                last = new Look(seen.machineId(), seen.etag(), now);
                seldom = now.plus(pause());
            }
            case Listed.Whole(Instances.Policy policy, int total, List<String> behind) -> {
                flexible = false;
                readAfter = Instant.MIN;
                count = new Count(policy, total, behind);
                last = new Look(seen.machineId(), seen.etag(), now);
                seldom = now.plus(pause());
                if (setback.filter(known -> known.instances().stream().noneMatch(behind::contains))
                        .isPresent()) {
                    // Somebody else brought them there, or what could not be counted is.
                    wentWell();
                }
                if (isToBeSent(now)) {
                    send(behind, atOnce.orElseThrow(), now);
                }
            }
        }
    }

    /**
     * Whether a machine that was only seen in passing is to be read all the same: an inventory tells no etag, and so not
     * whether the model has changed.
     */
    boolean wantsRead(List<Contribution> bindings, Instant now) {
        if (target.kind() != MachineKind.SCALE_SET) {
            return false;
        }
        if (seldom == null) {
            seldom = now.plus(pause());
        }
        boolean wanted = bindings.stream().anyMatch(one -> one.upgradesAtOnce() > 0);
        boolean unfinished = wanted && (last == null || isBehind());
        return unfinished || !now.isBefore(seldom);
    }

    private Duration pause() {
        return Backoff.spread(timing.observe().multipliedBy(SELDOM), seed);
    }

    /**
     * The smallest batch that any binding bounds, where at least one has all that it asks for in the model; empty when
     * nothing is to be upgraded.
     */
    private static Optional<Integer> atOnce(List<Contribution> bindings, Set<IdentityKey> waiting) {
        // Whoever may be about the machine bounds what is done, and only who is has it done.
        List<Contribution> bounding = bindings.stream()
                .filter(one -> one.upgradesAtOnce() > 0)
                .filter(one -> !one.deleting() && !one.manner().looks())
                .toList();
        return bounding.stream().anyMatch(one -> !one.manner().observes() && isInTheModel(one, waiting))
                ? bounding.stream().map(Contribution::upgradesAtOnce).min(Comparator.naturalOrder())
                : Optional.empty();
    }

    private static boolean isInTheModel(Contribution binding, Set<IdentityKey> waiting) {
        return binding.complete()
                && binding.systemAssigned() != Contribution.SystemAsk.REFUSED
                && binding.asks().stream().allMatch(ask -> ask.allowed() && !waiting.contains(ask.key()));
    }

    private boolean isDue(Observation seen, Instant now) {
        return last == null
                || !Objects.equals(last.etag(), seen.etag())
                || !now.isBefore(last.at().plus(Backoff.spread(timing.observe(), seed)))
                || isToBeSent(now);
    }

    private boolean isToBeSent(Instant now) {
        return isBehind() && !now.isBefore(sendAfter);
    }

    private boolean isBehind() {
        return asked
                && count != null
                && count.policy() == Instances.Policy.MANUAL
                && !count.behind().isEmpty();
    }

    private void send(List<String> behind, int atOnce, Instant now) {
        Optional<Budgets.Wait> wait = budgets.write(target, false);
        if (wait.isPresent()) {
            sendAfter = wait.get().until();
            return;
        }
        batch = behind.stream().sorted(BY_NUMBER).limit(atOnce).toList();
        switch (instances.upgrade(target, batch)) {
            case Upgraded.Accepted(Optional<Operation> begun, Optional<Duration> pollAfter) -> {
                LOG.atInfo()
                        .addKeyValue("target", target)
                        .addKeyValue("instances", batch)
                        .log("instances begin to be upgraded");
                if (begun.isPresent()) {
                    operation.began(begun.get(), pollAfter, now);
                } else {
                    // It shows on the machine.
                    sendAfter = now.plus(pollAfter.orElse(timing.poll()));
                    batch = List.of();
                }
                last = null;
            }
            case Upgraded.Rejected(Fault fault) -> {
                wentWrong(fault, now);
                batch = List.of();
                last = null;
            }
        }
    }

    private void wentWell() {
        setback = Optional.empty();
        attempts = 0;
        sendAfter = Instant.MIN;
    }

    private void wentWrong(Fault fault, Instant now) {
        LOG.atWarn()
                .addKeyValue("target", target)
                .addKeyValue("instances", batch)
                .addKeyValue("fault", fault)
                .log("instances not upgraded");
        attempts++;
        setback = Optional.of(new Rollout.Setback(batch, fault));
        sendAfter = now.plus(Backoff.after(fault, attempts, seed));
    }

    /** Nothing is asked of the machine any longer, or it is gone. */
    void forget() {
        operation.forget();
        count = null;
        flexible = false;
        batch = List.of();
        asked = false;
        last = null;
        wentWell();
        readAfter = Instant.MIN;
    }

    /** What is known; empty while nothing is. */
    Optional<Rollout> known() {
        if (flexible) {
            return Optional.of(new Rollout.Flexible());
        }
        if (count == null) {
            return setback.map(known -> new Rollout.Uncounted(known.fault()));
        }
        int latest = count.total() - count.behind().size();
        return Optional.of(new Rollout.Counted(count.policy(), count.total(), latest, batch, setback));
    }

    /** When to come back; empty when the next look at the machine will do. */
    Optional<Instant> again(Instant now) {
        if (!asked) {
            return Optional.empty();
        }
        boolean uncounted = count == null && !flexible;
        return uncounted || isBehind()
                ? Optional.of(readAfter.isAfter(sendAfter) ? readAfter : sendAfter)
                        .filter(now::isBefore)
                : Optional.empty();
    }
}
