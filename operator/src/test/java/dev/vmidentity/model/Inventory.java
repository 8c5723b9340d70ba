package dev.vmidentity.model;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The operator's way to questions about many machines, and what a history makes of the answers. */
final class Inventory implements Fleet {
    private static final Fault DOWN = new Fault.AzureUnwell(503, "ServiceUnavailable", "down");
    private static final Fault SLOW =
            new Fault.Throttled(Fault.Throttled.Scope.RESOURCE_GRAPH, Optional.of(Duration.ofSeconds(20)), "slow down");

    private final World world;
    private final Set<TargetId> hidden = new HashSet<>();
    private Optional<Fault> fault = Optional.empty();
    private Optional<List<Glance>> past = Optional.empty();
    private boolean looksFail;

    /** What may be wrong with it, from now on. */
    enum Mood {
        ANSWERS,
        FAILS,
        THROTTLES,
        /** It tells what is so now, whatever happens. */
        LAGS,
        /** It leaves out a machine, as it does with what the operator may not read. */
        HIDES,
        /** No machine can be asked itself. */
        LOOKS_FAIL
    }

    Inventory(World world) {
        this.world = world;
    }

    void become(Mood mood, TargetId machine) {
        switch (mood) {
            case ANSWERS -> {
                hidden.clear();
                fault = Optional.empty();
                past = Optional.empty();
                looksFail = false;
            }
            case FAILS -> fault = Optional.of(DOWN);
            case THROTTLES -> fault = Optional.of(SLOW);
            case LAGS -> past = Optional.of(everything());
            case HIDES -> hidden.add(machine);
            case LOOKS_FAIL -> looksFail = true;
        }
    }

    private List<Glance> everything() {
        Answer all = world.cloud()
                .fleet()
                .matching(
                        Set.of(MachineKind.values()), Scopes.parse("/subscriptions/" + Author.SUBSCRIPTION), Map.of());
        return switch (all) {
            case Answer.Whole(List<Glance> machines) -> machines;
            case Answer.Failed(Fault why) -> throw new IllegalStateException("cannot list: " + why);
        };
    }

    @Override
    public Answer matching(Set<MachineKind> kinds, Scopes scopes, Map<String, String> tags) {
        world.tally().question();
        Predicate<Glance> wanted = glance -> kinds.contains(glance.target().kind())
                && scopes.covers(glance.target().id())
                && new Asking.About.Matching(kinds, List.of("/subscriptions/" + Author.SUBSCRIPTION), tags)
                        .matches(glance.target(), glance.tags());
        return answer(() -> world.cloud().fleet().matching(kinds, scopes, tags), wanted);
    }

    @Override
    public Answer of(Collection<TargetId> machines) {
        world.before("asks for " + machines.size() + " machines");
        world.tally().question();
        world.tally().happened(Happening.IN_BULK);
        Answer answer = answer(() -> world.cloud().fleet().of(machines), glance -> machines.contains(glance.target()));
        world.log(() -> "    " + Chronicle.of(answer));
        world.after();
        return answer;
    }

    private Answer answer(Supplier<Answer> present, Predicate<Glance> wanted) {
        if (fault.isPresent()) {
            world.tally().happened(Happening.INVENTORY_FAILED);
            return new Answer.Failed(fault.get());
        }
        Answer answer = past.<Answer>map(
                        all -> new Answer.Whole(all.stream().filter(wanted).toList()))
                .orElseGet(present);
        return switch (answer) {
            case Answer.Whole(List<Glance> all) -> {
                List<Glance> shown = all.stream()
                        .filter(glance -> !hidden.contains(glance.target()))
                        .toList();
                if (shown.size() < all.size()) {
                    world.tally().happened(Happening.INVENTORY_HID);
                }
                if (past.isPresent() && !past.get().equals(everything())) {
                    world.tally().happened(Happening.INVENTORY_LAGGED);
                }
                yield new Answer.Whole(shown);
            }
            case Answer.Failed failed -> failed;
        };
    }

    @Override
    public Sight look(TargetId machine) {
        world.tally().look();
        Sight answer =
                looksFail ? new Sight.Failed(DOWN) : world.cloud().fleet().look(machine);
        if (looksFail) {
            world.tally().happened(Happening.LOOK_FAILED);
        }
        world.log(() ->
                "  asked itself: " + machine.name() + ": " + answer.getClass().getSimpleName());
        return answer;
    }
}
