package dev.vmidentity.model;

import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.api.VmIdentityBindingStatus.Targets;
import dev.vmidentity.binding.Asking;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.model.Promise.Broken;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the status of a binding with a selector counts its machines, at rest and against the machines themselves.
 *
 * @param matched those that match
 */
record Selected(World world, Asking asking, List<TargetId> matched) {
    static Selected of(World world, Asking asking) {
        return new Selected(
                world,
                asking,
                world.targets().stream()
                        .filter(target -> world.reach().matches(asking, target))
                        .toList());
    }

    void check() {
        Optional<VmIdentityBindingStatus> status = world.statuses().status(asking.uid());
        Targets told = status.map(VmIdentityBindingStatus::targets).orElse(null);
        if (status.isEmpty() || told == null) {
            throw broken("nothing is told", status);
        }
        Long generation = status.get().observedGeneration();
        if (generation == null || generation != asking.generation()) {
            throw broken("an earlier spec is spoken of", status);
        }
        long lacking = matched.stream().filter(this::lacks).count();
        long done = matched.stream().filter(this::isDone).count();
        if (told.matched() != matched.size()
                || told.converged() > matched.size() - lacking
                || told.converged() < done
                || told.converged() + told.failed() > told.matched()) {
            throw broken(matched.size() + " match, " + lacking + " lack something, " + done + " lack nothing", status);
        }
        long leaving = world.targets().stream()
                .filter(target -> !matched.contains(target))
                .filter(target -> Replica.holds(world.ledgers().look(target), asking.uid()))
                .count();
        if (told.leaving() != leaving) {
            throw broken("it holds something on " + leaving + " that do not match", status);
        }
    }

    private Broken broken(String what, Optional<VmIdentityBindingStatus> status) {
        return new Broken(
                Promise.STATUS_TELLS_THE_TRUTH,
                asking.uid() + ": " + what + ", and told is "
                        + status.map(it -> it.observedGeneration() + " " + it.targets() + " " + it.conditions())
                                .orElse("nothing"));
    }

    private Set<IdentityKey> asked() {
        Set<IdentityKey> asked = new TreeSet<>(World.everyId());
        asked.removeIf(id -> !Wishes.asks(asking, id));
        return asked;
    }

    private boolean lacks(TargetId machine) {
        Observation there = world.look(machine).orElseThrow();
        return asked().stream().anyMatch(id -> !there.has(id));
    }

    /** Whether it holds what it no longer asks for: while not all is known of others, that stays. */
    private boolean isToLetGo(Ledger ledger) {
        return ledger.claims().values().stream()
                .filter(claim -> !asked().contains(claim.id()))
                .flatMap(claim -> claim.holders().stream())
                .anyMatch(holder -> holder.binding().equals(asking.uid()));
    }

    /** For certain: where bindings disagree, or something is in doubt, much may be told. */
    private boolean isDone(TargetId machine) {
        Wishes wishes = new Wishes(world.bound(machine));
        Ledger ledger = world.ledgers().look(machine);
        return Wishes.isPlain(asking)
                && !lacks(machine)
                && asked().stream().allMatch(wishes::wants)
                && (wishes.all().stream().allMatch(Asking::complete) || !isToLetGo(ledger))
                && ledger.claims().values().stream().map(Claim::phase).allMatch(phase -> phase == Phase.ATTACHED)
                && world.leader()
                        .last(machine)
                        .filter(round -> round.outcome().fault().isEmpty()
                                && round.outcome().faults().isEmpty()
                                && round.outcome().refusals().isEmpty())
                        .isPresent();
    }
}
