package dev.vmidentity.binding;

import dev.vmidentity.binding.Contribution.Ask;
import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.core.TargetDemand.Guarded;
import dev.vmidentity.core.TargetDemand.Wish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Joins what all bindings of one machine ask to one demand. Pure. */
final class Gathering {
    private Gathering() {}

    /**
     * The demand. The ledger tells who holds what.
     *
     * @param rolesToGo bindings whose roles are still to be deleted
     */
    static TargetDemand demand(Collection<Contribution> contributions, Ledger ledger, Set<String> rolesToGo) {
        List<Contribution> asking = contributions.stream()
                .filter(contribution -> !contribution.deleting())
                .toList();
        Map<IdentityKey, Wanted> wanted = new TreeMap<>();
        asking.stream()
                .filter(contribution -> contribution.manner() != Manner.BARRED)
                .forEach(contribution -> contribution
                        .asks()
                        .forEach(ask -> wanted.computeIfAbsent(ask.key(), _ -> new Wanted())
                                .add(contribution, ask)));
        Map<IdentityKey, Wish> wishes = new TreeMap<>();
        wanted.forEach((key, all) -> wishes.put(key, all.wish()));
        keepWhatObserversHold(asking, ledger, wishes);
        boolean complete = asking.stream().allMatch(Contribution::complete);
        wishes.put(IdentityKey.SYSTEM_ASSIGNED, rolesFirst(rolesToGo, systemWish(asking, ledger, complete)));
        return new TargetDemand(wishes, others(asking, complete), leavingObservers(contributions), guarded(asking));
    }

    private static Demand others(List<Contribution> asking, boolean complete) {
        if (!complete) {
            return Demand.KEEP;
        }
        boolean exclusive = asking.stream().anyMatch(contribution -> contribution.manner() == Manner.EXCLUSIVE);
        return exclusive ? Demand.FORBID : Demand.UNWANTED;
    }

    /**
     * What only bindings ask for that block what changes the machine's default identity: one that asks for the same without a
     * guard has it attached. By name, so that a person can tell which comes first.
     */
    private static List<Guarded> guarded(List<Contribution> asking) {
        List<Contribution> acting = asking.stream()
                .filter(contribution -> !contribution.manner().observes())
                .sorted(Comparator.comparing((Contribution contribution) ->
                                contribution.holder().namespace())
                        .thenComparing(contribution -> contribution.holder().name())
                        .thenComparing(contribution -> contribution.holder().binding()))
                .toList();
        Set<IdentityKey> free = acting.stream()
                .filter(contribution -> contribution.guard() == Guard.NONE)
                .flatMap(contribution -> attaching(contribution).stream())
                .collect(Collectors.toSet());
        List<Guarded> guarded = new ArrayList<>();
        for (Contribution contribution : acting) {
            TreeSet<IdentityKey> ids = new TreeSet<>(attaching(contribution));
            ids.removeAll(free);
            if (contribution.guard() != Guard.NONE && !ids.isEmpty()) {
                guarded.add(new Guarded(ids, contribution.guard() == Guard.BLOCK_EXPECTING));
            }
        }
        return guarded;
    }

    /** All that a binding may have attached. */
    private static SortedSet<IdentityKey> attaching(Contribution contribution) {
        TreeSet<IdentityKey> ids = contribution.asks().stream()
                .filter(Ask::allowed)
                .map(Ask::key)
                .collect(Collectors.toCollection(TreeSet::new));
        if (contribution.systemAssigned() == SystemAsk.ENABLED
                || contribution.systemAssigned() == SystemAsk.ENABLED_ADOPT) {
            ids.add(IdentityKey.SYSTEM_ASSIGNED);
        }
        return ids;
    }

    /**
     * What a binding put on the machine before it was told to observe, or lost the right to bind it, stays as long as that
     * lasts.
     */
    private static void keepWhatObserversHold(List<Contribution> asking, Ledger ledger, Map<IdentityKey, Wish> wishes) {
        Set<String> observers = asking.stream()
                .filter(Gathering::keepsWhatItHolds)
                .map(contribution -> contribution.holder().binding())
                .collect(Collectors.toSet());
        for (Claim claim : ledger.claims().values()) {
            if (claim.holders().stream().map(Holder::binding).anyMatch(observers::contains)) {
                wishes.putIfAbsent(claim.id(), Wish.of(Demand.KEEP));
            }
        }
    }

    private static boolean keepsWhatItHolds(Contribution contribution) {
        return contribution.manner().observes() || contribution.manner() == Manner.BARRED;
    }

    private static boolean holds(Contribution contribution, Claim claim) {
        return claim.holders().stream()
                .anyMatch(
                        holder -> holder.binding().equals(contribution.holder().binding()));
    }

    /** To observe is to write nothing, and so is to cease to. */
    private static Set<String> leavingObservers(Collection<Contribution> contributions) {
        return contributions.stream()
                .filter(contribution ->
                        contribution.deleting() && contribution.manner().observes())
                .map(contribution -> contribution.holder().binding())
                .collect(Collectors.toSet());
    }

    /** Bindings that say opposite things of the machine's own identity; empty when all agree. */
    static List<Holder> disagreeing(Collection<Contribution> contributions) {
        List<Holder> enable = saying(contributions, Set.of(SystemAsk.ENABLED, SystemAsk.ENABLED_ADOPT));
        List<Holder> disable = saying(contributions, Set.of(SystemAsk.DISABLED));
        if (enable.isEmpty() || disable.isEmpty()) {
            return List.of();
        }
        List<Holder> all = new ArrayList<>(enable);
        all.addAll(disable);
        return List.copyOf(all);
    }

    private static List<Holder> saying(Collection<Contribution> contributions, Set<SystemAsk> what) {
        return contributions.stream()
                .filter(contribution -> !contribution.deleting()
                        && !contribution.manner().observes()
                        && what.contains(contribution.systemAssigned()))
                .map(Contribution::holder)
                .sorted()
                .toList();
    }

    /**
     * Because of whom something is not taken off the machine.
     *
     * @param listing bindings that ask for it, or hold it, and do not act
     * @param unknown bindings of which it is not known whether they ask for it
     */
    record Keepers(List<Holder> listing, List<Holder> unknown) {}

    /** Because of which bindings that claim may be left as it is. */
    static Keepers keepers(Collection<Contribution> contributions, Claim claim) {
        List<Contribution> asking = contributions.stream()
                .filter(contribution -> !contribution.deleting())
                .toList();
        List<Holder> listing = asking.stream()
                .filter(contribution -> contribution.manner() != Manner.KEPT)
                .filter(contribution -> (keepsWhatItHolds(contribution) && holds(contribution, claim))
                        || (contribution.manner() != Manner.BARRED && speaksOf(contribution, claim.id())))
                .map(Contribution::holder)
                .sorted()
                .toList();
        List<Holder> unknown = asking.stream()
                .filter(contribution -> !contribution.complete()
                        || (contribution.manner() == Manner.KEPT && speaksOf(contribution, claim.id())))
                .map(Contribution::holder)
                .sorted()
                .toList();
        return new Keepers(listing, unknown);
    }

    private static boolean speaksOf(Contribution contribution, IdentityKey id) {
        SystemAsk said = saidOfSystem(contribution);
        return id.isSystemAssigned()
                ? said != SystemAsk.NOTHING && said != SystemAsk.DISABLED
                : contribution.asks().stream().anyMatch(ask -> ask.key().equals(id));
    }

    private static Wish systemWish(List<Contribution> asking, Ledger ledger, boolean complete) {
        Optional<Claim> claim = ledger.claim(IdentityKey.SYSTEM_ASSIGNED);
        Set<SystemAsk> said = asking.stream()
                .filter(contribution -> contribution.manner() != Manner.BARRED
                        || claim.filter(own -> holds(contribution, own)).isPresent())
                .map(Gathering::saidOfSystem)
                .collect(Collectors.toSet());
        boolean enable = said.contains(SystemAsk.ENABLED) || said.contains(SystemAsk.ENABLED_ADOPT);
        boolean disable = said.contains(SystemAsk.DISABLED);
        if (enable && !disable) {
            var holders = new TreeSet<>(saying(asking, Set.of(SystemAsk.ENABLED, SystemAsk.ENABLED_ADOPT)));
            return new Wish(Demand.WANT, said.contains(SystemAsk.ENABLED_ADOPT), holders, Optional.empty());
        }
        boolean disputed = enable || said.contains(SystemAsk.REFUSED);
        if (disable && !disputed) {
            return Wish.of(Demand.FORBID);
        }
        SortedSet<Holder> silent = silentHolders(asking, ledger);
        if (disputed || !silent.isEmpty()) {
            // To forget it would take a write.
            boolean observed = asking.stream()
                    .anyMatch(
                            contribution -> contribution.manner().observes() && silent.contains(contribution.holder()));
            return observed ? Wish.of(Demand.KEEP) : new Wish(Demand.KEEP, false, silent, Optional.empty());
        }
        return Wish.of(complete ? Demand.UNWANTED : Demand.KEEP);
    }

    /** Role assignments whose principal is gone are nobody's: they are deleted first, and then the identity goes. */
    private static Wish rolesFirst(Set<String> rolesToGo, Wish wish) {
        boolean goes = wish.demand() == Demand.UNWANTED || wish.demand() == Demand.FORBID;
        return goes && !rolesToGo.isEmpty() ? Wish.of(Demand.KEEP) : wish;
    }

    /**
     * Bindings of which roles are to be deleted, and are, or may be, there still.
     *
     * @param cleared whether all was looked for, and nothing that the binding gave is left
     */
    static Set<String> rolesToGo(Collection<Contribution> contributions, Ledger ledger, Predicate<String> cleared) {
        return contributions.stream()
                .filter(contribution -> contribution.roles().stance() == Stance.REMOVE)
                .filter(contribution -> {
                    String binding = contribution.holder().binding();
                    return !ledger.rolesOf(binding).isEmpty()
                            || (!contribution.roles().wishes().isEmpty() && !cleared.test(binding));
                })
                .map(contribution -> contribution.holder().binding())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SystemAsk saidOfSystem(Contribution contribution) {
        boolean speaks = contribution.systemAssigned() != SystemAsk.NOTHING;
        return speaks && contribution.manner().observes() ? SystemAsk.REFUSED : contribution.systemAssigned();
    }

    /**
     * A binding that enabled it and no longer speaks of it leaves it as it is: it goes when that binding goes, or when one
     * says so. Its principal and every role assigned to it are lost with it, so silence is not enough. What was not
     * attached for certain is brought to its end.
     */
    private static SortedSet<Holder> silentHolders(List<Contribution> asking, Ledger ledger) {
        Set<String> present = asking.stream()
                .map(contribution -> contribution.holder().binding())
                .collect(Collectors.toSet());
        return ledger
                .claim(IdentityKey.SYSTEM_ASSIGNED)
                .filter(claim -> claim.phase() == Phase.ATTACHED)
                .map(Claim::holders)
                .orElseGet(Collections::emptySortedSet)
                .stream()
                .filter(holder -> present.contains(holder.binding()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What is asked of one user-assigned identity; those who ask and may not leave it as it is. */
    private static final class Wanted {
        private final TreeSet<Holder> holders = new TreeSet<>();
        private Optional<ArmId> spelling = Optional.empty();
        private boolean adopt;

        void add(Contribution contribution, Ask ask) {
            if (ask.allowed() && !contribution.manner().observes()) {
                holders.add(contribution.holder());
                spelling = spelling.or(() -> Optional.of(ask.id()));
                adopt |= ask.adopt();
            }
        }

        Wish wish() {
            return holders.isEmpty() ? Wish.of(Demand.KEEP) : new Wish(Demand.WANT, adopt, holders, spelling);
        }
    }
}
