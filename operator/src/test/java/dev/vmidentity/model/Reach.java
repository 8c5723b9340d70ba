package dev.vmidentity.model;

import dev.vmidentity.binding.Asking;
import dev.vmidentity.core.TargetId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which machines every selector that was ever written has matched since, and for how long. What the operator is told of that
 * is late: it may act on whatever was ever so, and never lets go of what has been so since the selector was written.
 */
final class Reach {
    private final Map<Spec, Map<TargetId, Match>> specs = new LinkedHashMap<>();
    private final Map<Spec, Asking.About.Matching> selectors = new HashMap<>();
    private final Map<TargetId, Set<Map<String, String>>> past = new HashMap<>();

    private record Spec(String uid, int generation) {
        static Spec of(Asking asking) {
            return new Spec(asking.uid(), asking.generation());
        }
    }

    /**
     * One machine.
     *
     * @param now whether it matches
     * @param always whether it has never ceased to
     */
    private record Match(boolean now, boolean always) {}

    /** A person has written it. What is known of a selector is not forgotten when something else of the spec changes. */
    void written(Asking asking) {
        if (asking.about() instanceof Asking.About.Matching selector) {
            Spec before = new Spec(asking.uid(), asking.generation() - 1);
            if (selector.equals(selectors.put(Spec.of(asking), selector)) || !selector.equals(selectors.get(before))) {
                return;
            }
            specs.put(Spec.of(asking), new HashMap<>(specs.getOrDefault(before, Map.of())));
        }
    }

    /**
     * Machines are tagged, born and deleted.
     *
     * @param tags of all machines that there are
     */
    void look(List<TargetId> machines, Map<TargetId, Map<String, String>> tags) {
        tags.forEach((machine, its) ->
                past.computeIfAbsent(machine, _ -> new HashSet<>()).add(its));
        selectors.forEach((spec, selector) -> {
            Map<TargetId, Match> matches = specs.computeIfAbsent(spec, _ -> new HashMap<>());
            for (TargetId machine : machines) {
                Map<String, String> its = tags.get(machine);
                boolean now = its != null && selector.matches(machine, its);
                matches.merge(machine, new Match(now, now), (before, next) -> new Match(now, before.always() && now));
            }
        });
    }

    boolean matches(Asking asking, TargetId machine) {
        return match(asking, machine).filter(Match::now).isPresent();
    }

    /** By any tags that it ever had: an inventory lags, and equal selectors share an answer. */
    boolean hasEverMatched(Asking asking, TargetId machine) {
        return asking.about() instanceof Asking.About.Matching selector
                && past.getOrDefault(machine, Set.of()).stream().anyMatch(tags -> selector.matches(machine, tags));
    }

    boolean hasAlwaysMatched(Asking asking, TargetId machine) {
        return match(asking, machine).filter(Match::always).isPresent();
    }

    private Optional<Match> match(Asking asking, TargetId machine) {
        return Optional.ofNullable(specs.get(Spec.of(asking))).map(all -> all.get(machine));
    }

    /** What is asked of the machine, with everybody told of everything. */
    List<Asking> now(Iterable<Asking> bindings, TargetId machine) {
        List<Asking> now = new ArrayList<>();
        for (Asking asking : bindings) {
            if (asking.isAbout(machine)) {
                now.add(asking);
            } else if (asking.selects() && matches(asking, machine)) {
                now.add(asking.on(machine));
            }
        }
        return now;
    }

    /**
     * What the operator may take for asked of the machine.
     *
     * @param kept bindings that hold something there
     */
    List<Wishes> told(Iterable<Asking> bindings, TargetId machine, Set<String> kept) {
        List<List<Asking>> all = new ArrayList<>();
        all.add(List.of());
        for (Asking asking : bindings) {
            if (asking.isAbout(machine)) {
                all.replaceAll(some -> with(some, asking));
            } else if (asking.selects() && hasEverMatched(asking, machine)) {
                Asking here = asking.on(machine);
                if (kept.contains(asking.uid()) && hasAlwaysMatched(asking, machine)) {
                    all.replaceAll(some -> with(some, here));
                } else {
                    List.copyOf(all).forEach(some -> all.add(with(some, here)));
                }
            }
        }
        return all.stream().map(Wishes::new).toList();
    }

    private static List<Asking> with(List<Asking> some, Asking one) {
        List<Asking> more = new ArrayList<>(some);
        more.add(one);
        return List.copyOf(more);
    }
}
