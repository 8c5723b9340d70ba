package dev.vmidentity.model;

import java.util.List;
import java.util.stream.Collectors;

/** All that is to happen, as data: it can be played again, and made shorter. */
record History(long seed, Climate climate, List<Step> steps) {
    History {
        steps = List.copyOf(steps);
    }

    History with(List<Step> fewer) {
        return new History(seed, climate, fewer);
    }

    @Override
    public String toString() {
        return climate + "\n" + steps.stream().map(step -> "  " + step).collect(Collectors.joining("\n"));
    }
}
