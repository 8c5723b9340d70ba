package dev.vmidentity.model;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.model.Promise.Broken;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose everything on the machines is: kept from who did what, and never from what the operator thinks. The one exception
 * is a price that the protocol names: what others add while the ledger calls it ours leaves no trace.
 */
final class Books {
    private final Map<TargetId, Page> pages = new TreeMap<>();
    private final Map<TargetId, Map<IdentityKey, Set<Holder>>> everWanted = new TreeMap<>();
    private final Map<TargetId, Integer> memories = new TreeMap<>();
    private final Set<String> observers = new HashSet<>();

    enum Owner {
        FOREIGN,
        OURS,
        /** Others added it while the ledger called it ours: it may be taken for either. */
        EITHER
    }

    /** One incarnation of a machine. */
    private static final class Page {
        private Map<IdentityKey, Owner> on = new TreeMap<>();
        /** What comes back when the operation that runs fails. */
        private @Nullable Map<IdentityKey, Owner> before;
    }

    /**
     * Under what a request of the operator's was sent.
     *
     * @param forbidden what somebody asked to remove, whoever put it there
     * @param wanted what was wanted when it was sent, and had been since its round began
     * @param memory how often the machine's ledger had been deleted by hand when the round began
     * @param guarded what is attached only where it changes no default
     * @param kept bindings that held something on the machine when the round began
     * @param upgrades how many instances may be upgraded at once
     * @param changes how often anything had changed by then
     */
    record Order(
            Set<IdentityKey> forbidden,
            Set<IdentityKey> wanted,
            int memory,
            Guarded guarded,
            Set<String> kept,
            int upgrades,
            int changes) {
        Order wanting(Set<IdentityKey> fewer) {
            return new Order(forbidden, fewer, memory, guarded, kept, upgrades, changes);
        }

        Order guarding(Guarded sent) {
            return new Order(forbidden, wanted, memory, sent, kept, upgrades, changes);
        }
    }

    // ---- what users ask

    /** A person has written it. */
    void written(Asking asking) {
        if (Wishes.observes(asking)) {
            observers.add(asking.uid());
        }
    }

    /** It is about the machine. */
    void bound(Asking asking, TargetId machine) {
        Map<IdentityKey, Set<Holder>> wanted = everWanted.computeIfAbsent(machine, _ -> new HashMap<>());
        asking.listed().stream()
                .map(listed -> IdentityKey.of(listed.id()))
                .filter(id -> Wishes.asks(asking, id))
                .forEach(id -> wanted.computeIfAbsent(id, _ -> new HashSet<>()).add(asking.holder()));
        if (Wishes.asks(asking, IdentityKey.SYSTEM_ASSIGNED)) {
            wanted.computeIfAbsent(IdentityKey.SYSTEM_ASSIGNED, _ -> new HashSet<>())
                    .add(asking.holder());
        }
    }

    /** What an observing binding may have put there before it was told to observe: it stays. */
    boolean mayBeHeldByObserver(TargetId target, IdentityKey id, Collection<Asking> bound) {
        Set<Holder> wanted = everWanted(target, id);
        return bound.stream()
                .filter(Wishes::observes)
                .anyMatch(asking ->
                        wanted.stream().anyMatch(holder -> holder.binding().equals(asking.uid())));
    }

    Set<Holder> everWanted(TargetId target, IdentityKey id) {
        return everWanted.getOrDefault(target, Map.of()).getOrDefault(id, Set.of());
    }

    /** Whether somebody who ever wanted it asked to leave it there. */
    boolean mayBeRetained(TargetId target, IdentityKey id) {
        return everWanted(target, id).stream()
                .anyMatch(holder -> holder.onRelease() == Release.RETAIN || observers.contains(holder.binding()));
    }

    // ---- what happens to machines

    /** With what the template brings. */
    void made(Observation machine) {
        pages.put(machine.target(), new Page());
        othersWrote(machine, Set.of());
    }

    void deleted(TargetId target) {
        pages.remove(target);
    }

    /** An operation that is to fail has begun. */
    void doomed(TargetId target, Map<IdentityKey, Owner> comesBack) {
        page(target).before = new TreeMap<>(comesBack);
    }

    boolean isDoomed(TargetId target) {
        Page page = pages.get(target);
        return page != null && page.before != null;
    }

    /** An operation that was to fail has ended, or not yet. */
    void look(Observation now) {
        Page page = page(now.target());
        if (page.before != null && !now.state().operationRuns()) {
            page.on = new TreeMap<>(page.before);
            page.before = null;
        }
        if (!page.on.keySet().equals(ids(now))) {
            throw new IllegalStateException("the books say " + page.on + " and the machine has " + ids(now));
        }
    }

    /** @param takenForOurs those that the operator cannot tell from its own */
    void othersWrote(Observation after, Set<IdentityKey> takenForOurs) {
        Map<IdentityKey, Owner> on = page(after.target()).on;
        on.keySet().retainAll(ids(after));
        ids(after).forEach(id -> on.putIfAbsent(id, takenForOurs.contains(id) ? Owner.EITHER : Owner.FOREIGN));
    }

    /**
     * A request of the operator's had this effect.
     *
     * @param dead whose identities are gone, or others by now: such an attachment is taken off whoever wants or retains it
     */
    void operatorWrote(Observation after, Order order, Set<IdentityKey> dead, Ledger ledger) {
        TargetId target = after.target();
        Map<IdentityKey, Owner> on = page(target).on;
        Set<IdentityKey> now = ids(after);
        for (IdentityKey id : Set.copyOf(on.keySet())) {
            if (!now.contains(id)) {
                removed(after, id, Objects.requireNonNull(on.remove(id)), order, dead.contains(id), ledger);
            }
        }
        // The ledger in which this was claimed may be gone.
        Owner owner = order.memory() < memory(target) ? Owner.EITHER : Owner.OURS;
        now.forEach(id -> on.putIfAbsent(id, owner));
    }

    private void removed(Observation after, IdentityKey id, Owner owner, Order order, boolean dead, Ledger ledger) {
        String what = id + " of " + after.target().name();
        if (owner == Owner.FOREIGN && !order.forbidden().contains(id)) {
            throw new Broken(Promise.FOREIGN_IS_NEVER_REMOVED, what);
        }
        if (owner == Owner.OURS && saysAttached(ledger, id, after.machineId())) {
            throw new Broken(Promise.ATTACHED_IS_NOT_UNDONE, what);
        }
        if (dead) {
            return;
        }
        if (order.wanted().contains(id)) {
            throw new Broken(Promise.WANTED_IS_NOT_REMOVED, what);
        }
        Set<Holder> wanted = everWanted(after.target(), id);
        if (!order.forbidden().contains(id)
                && !wanted.isEmpty()
                && wanted.stream().allMatch(holder -> holder.onRelease() == Release.RETAIN)) {
            throw new Broken(Promise.RETAINED_IS_NOT_REMOVED, what);
        }
    }

    /**
     * Somebody deleted the ledger: what was ours is foreign from now on.
     *
     * @param unsettled whether something is under way that is still planned on what it said
     */
    void ledgerDeleted(TargetId target, boolean unsettled) {
        memories.merge(target, 1, Integer::sum);
        Page page = pages.get(target);
        if (page != null) {
            forget(page.on, unsettled);
            if (page.before != null) {
                forget(page.before, unsettled);
            }
        }
    }

    private static void forget(Map<IdentityKey, Owner> on, boolean unsettled) {
        on.replaceAll((_, owner) -> owner != Owner.OURS ? owner : unsettled ? Owner.EITHER : Owner.FOREIGN);
    }

    /** How often the machine's ledger was deleted by hand. */
    int memory(TargetId target) {
        return memories.getOrDefault(target, 0);
    }

    /** @param adopting those that somebody lets the operator take over */
    void ledgerWrote(TargetId target, String machineId, Ledger after, Set<IdentityKey> adopting) {
        Page page = pages.get(target);
        if (page == null) {
            return;
        }
        for (IdentityKey id : Set.copyOf(page.on.keySet())) {
            if (page.on.get(id) == Owner.FOREIGN && saysAttached(after, id, machineId)) {
                if (!adopting.contains(id)) {
                    throw new Broken(Promise.FOREIGN_IS_NEVER_CLAIMED, id + " of " + target.name());
                }
                page.on.put(id, Owner.OURS);
                if (page.before != null) {
                    page.before.replace(id, Owner.OURS);
                }
            }
        }
    }

    static boolean saysAttached(Ledger ledger, IdentityKey id, String machineId) {
        return ledger.claim(id)
                .filter(claim -> claim.phase() == Phase.ATTACHED)
                .map(Claim::machineId)
                .filter(machineId::equals)
                .isPresent();
    }

    // ---- what they say

    boolean has(TargetId target) {
        return pages.containsKey(target);
    }

    Map<IdentityKey, Owner> on(TargetId target) {
        Page page = pages.get(target);
        return page == null ? Map.of() : Map.copyOf(page.on);
    }

    static Set<IdentityKey> ids(Observation machine) {
        Set<IdentityKey> ids = new TreeSet<>(machine.userAssigned().keySet());
        if (machine.has(IdentityKey.SYSTEM_ASSIGNED)) {
            ids.add(IdentityKey.SYSTEM_ASSIGNED);
        }
        return ids;
    }

    private Page page(TargetId target) {
        return Objects.requireNonNull(pages.get(target));
    }
}
