package dev.vmidentity.core.exploration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Visits every state of a world, breadth first, until a promise is broken or there is nowhere left to go. */
final class Search {
    private final World world;
    private final Surroundings surroundings;
    private final Operators operators;
    private final Promises promises;
    private final Map<State, State> cameFrom = new HashMap<>();
    private final ArrayDeque<State> toVisit = new ArrayDeque<>();
    private @Nullable Found found;

    private Search(World world, Rules rules) {
        this.world = world;
        this.surroundings = new Surroundings(world);
        this.operators = new Operators(world, rules);
        this.promises = new Promises(world, rules);
    }

    /**
     * What came out.
     *
     * @param broken the first broken promise; empty when all hold everywhere
     */
    record Result(int states, Optional<Found> broken) {}

    /** A broken promise, and the shortest history that breaks it. */
    record Found(Promise promise, List<String> history) {
        @Override
        public String toString() {
            return promise.broken() + ":\n  " + String.join("\n  ", history);
        }
    }

    static Result of(World world, Rules rules) {
        return new Search(world, rules).run();
    }

    private Result run() {
        State start = world.start();
        cameFrom.put(start, start);
        toVisit.add(start);
        while (found == null && !toVisit.isEmpty()) {
            State state = toVisit.remove();
            next(state, (what, next, broken) -> visit(state, what, next, broken));
        }
        return new Result(cameFrom.size(), Optional.ofNullable(found));
    }

    private void visit(State from, String what, State next, @Nullable Promise brokenByStep) {
        if (found != null || (cameFrom.putIfAbsent(next, from) != null && brokenByStep == null)) {
            return;
        }
        Promise broken = brokenByStep != null ? brokenByStep : promises.broken(next);
        if (broken != null) {
            List<String> history = history(from);
            history.add(line(what, next));
            found = new Found(broken, history);
            return;
        }
        toVisit.add(next);
    }

    private void next(State state, Steps steps) {
        surroundings.from(state, steps);
        operators.from(state, steps);
    }

    private List<String> history(State last) {
        ArrayList<String> lines = new ArrayList<>();
        State state = last;
        while (true) {
            State before = cameFrom.get(state);
            if (before == null || before.equals(state)) {
                lines.add(line("start", state));
                return new ArrayList<>(lines.reversed());
            }
            State after = state;
            String[] name = {""};
            next(before, (what, next, _) -> {
                if (next.equals(after)) {
                    name[0] = what;
                }
            });
            lines.add(line(name[0], after));
            state = before;
        }
    }

    private static String line(String what, State after) {
        return String.format("%-60s %s", what, after);
    }
}
