package dev.vmidentity.model;

import dev.vmidentity.binding.StoredLedgers;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.model.Step.Interruption;
import dev.vmidentity.model.Step.PatchFault;
import dev.vmidentity.model.Step.Script;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A round that is under way, and what of its script is still to come. */
final class Errand {
    private final int process;
    private final TargetId target;
    private final List<Interruption> interruptions;
    private final Deque<PatchFault> patches;
    private final Deque<Fault> reads;
    private final Deque<Fault> polls;
    private final Deque<StoredLedgers.Mishap> ledger;
    private final Deque<Fault> lists;
    private final Deque<PatchFault> upgrades;
    private final boolean listFails;
    private boolean staleRead;
    private boolean patched;
    private boolean planning;
    private boolean read;
    private int calls;

    /** What the ledger first spoke of since the machine was looked at last. */
    private final Set<IdentityKey> begun = new TreeSet<>();

    /** What was wanted all the time since the round began, and whether somebody forbade the machine's own identity. */
    private Books.Order order;

    Errand(int process, TargetId target, Script script, Books.Order order) {
        this.process = process;
        this.target = target;
        this.interruptions = script.interruptions();
        this.patches = new ArrayDeque<>(script.patches());
        this.reads = new ArrayDeque<>(script.reads());
        this.polls = new ArrayDeque<>(script.polls());
        this.ledger = new ArrayDeque<>(script.ledger());
        this.staleRead = script.staleRead();
        this.lists = new ArrayDeque<>(script.lists());
        this.upgrades = new ArrayDeque<>(script.upgrades());
        this.listFails = script.listFails();
        this.order = order;
    }

    int process() {
        return process;
    }

    TargetId target() {
        return target;
    }

    /** A call begins. */
    void call() {
        calls++;
    }

    List<Step> interruptions(boolean after) {
        return interruptions.stream()
                .filter(one -> one.call() == calls && one.after() == after)
                .map(Interruption::step)
                .toList();
    }

    Optional<PatchFault> patchFault() {
        patched = true;
        planning = false;
        return Optional.ofNullable(patches.poll());
    }

    Optional<Fault> listFault() {
        return Optional.ofNullable(lists.poll());
    }

    Optional<PatchFault> upgradeFault() {
        return Optional.ofNullable(upgrades.poll());
    }

    Optional<Fault> readFault() {
        return Optional.ofNullable(reads.poll());
    }

    Optional<Fault> pollFault() {
        return Optional.ofNullable(polls.poll());
    }

    Optional<StoredLedgers.Mishap> ledgerFault() {
        return Optional.ofNullable(ledger.poll());
    }

    boolean readsStale() {
        boolean stale = staleRead;
        staleRead = false;
        return stale;
    }

    boolean listFails() {
        return listFails;
    }

    /** The machine was looked at: what is planned on that may be outdated from now on. */
    void hasRead() {
        planning = true;
        read = true;
        begun.clear();
    }

    boolean hasEverRead() {
        return read;
    }

    /** The ledger speaks of attaching it, and did not before. */
    void begins(IdentityKey id) {
        begun.add(id);
    }

    Set<IdentityKey> begun() {
        return Set.copyOf(begun);
    }

    /** Whether a PATCH may follow that is planned on what was seen before. */
    boolean plans() {
        return planning;
    }

    boolean hasPatched() {
        return patched;
    }

    Books.Order order() {
        return order;
    }

    void order(Books.Order next) {
        order = next;
    }
}
