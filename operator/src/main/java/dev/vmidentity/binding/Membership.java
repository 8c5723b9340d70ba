package dev.vmidentity.binding;

import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Fleet.Sight;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which machines one selector is about. An inventory tells who comes; whoever is missing in it leaves only when a GET of the
 * machine itself says so, and nobody leaves while far more are missing at once than ever should.
 *
 * <p>Knows no clock and asks nobody; for one thread at a time.
 */
final class Membership {
    /** Of the machines on which the binding holds something, so many in a hundred may leave within {@link #AT_ONCE}. */
    static final int PERCENT = 20;

    static final Duration AT_ONCE = Duration.ofMinutes(10);

    /** An inventory lags by minutes: whoever has left is taken back on its word alone only after so long. */
    static final Duration LAG = Duration.ofMinutes(15);

    private final int floor;
    private final Duration gone;
    private final Set<TargetId> in = new HashSet<>();
    private final Map<TargetId, Doubt> doubts = new HashMap<>();
    private final Map<TargetId, Instant> left = new HashMap<>();
    private final Set<TargetId> former = new HashSet<>();
    private final Set<TargetId> moved = new HashSet<>();
    private final Deque<Instant> let = new ArrayDeque<>();

    private Selector selector;
    private boolean known;
    private boolean explained;
    private int announced;
    private @Nullable Braked braked;

    /** How a machine stands to the selector. */
    enum Standing {
        /** Nobody knows yet what matches. */
        UNKNOWN,
        IN,
        /** It may have ceased to match: it is left as it is. */
        LEAVING,
        OUT
    }

    /**
     * The brake has stopped it.
     *
     * @param missing on how many machines the binding holds something, and the selector matches them no longer
     * @param holding on how many it holds something
     */
    record Braked(int missing, int holding) {}

    private enum About {
        /** It is in no answer any longer. */
        LEAVING,
        /** It is in no answer, and itself says that it matches. */
        VOUCHED,
        /** It is in an answer, and itself said a short while ago that it does not match. */
        RETURNING
    }

    /**
     * A machine that has to be asked itself.
     *
     * @param admitted whether it may be asked: the brake has not stopped it
     */
    private record Doubt(About about, boolean admitted, int tries, Instant next, Optional<Instant> absentSince) {
        static Doubt of(About about, boolean admitted, Instant now) {
            return new Doubt(about, admitted, 0, now, Optional.empty());
        }

        Doubt again(About now, Instant moment, Optional<Instant> absent) {
            return new Doubt(now, admitted, tries + 1, moment, absent);
        }
    }

    /**
     * Nothing is known yet.
     *
     * @param explained whether the spec has changed since the binding put there what it holds
     * @param announced how many machines were leaving already when the process before this one ended
     * @param floor how many may leave at once however few there are
     * @param gone how far apart two answers must be for a machine to count as gone
     */
    Membership(Selector selector, boolean explained, int announced, int floor, Duration gone) {
        this.selector = selector;
        this.explained = explained;
        this.announced = announced;
        this.floor = floor;
        this.gone = gone;
    }

    Selector selector() {
        return selector;
    }

    /** Another selector: what matched the old one stays as it is until it is known what matches this one. */
    void reselect(Selector next) {
        former.addAll(in);
        doubts.forEach((machine, doubt) -> {
            if (doubt.about() != About.RETURNING) {
                former.add(machine);
            }
        });
        in.clear();
        doubts.clear();
        left.clear();
        selector = next;
        known = false;
        explained = true;
        braked = null;
    }

    boolean isKnown() {
        return known;
    }

    Optional<Braked> braked() {
        return Optional.ofNullable(braked);
    }

    /** Machines that match, as far as is known. */
    Set<TargetId> matched() {
        return Collections.unmodifiableSet(in);
    }

    /** Whether it leaves, or has left, because the spec was changed. */
    boolean hasMoved(TargetId machine) {
        return moved.contains(machine);
    }

    /** Machines that may have ceased to match, and are not let go yet. */
    List<TargetId> leaving() {
        return about(About.LEAVING);
    }

    boolean hasLeft(TargetId machine) {
        return left.containsKey(machine);
    }

    /** Whether anything is known of it from before. */
    boolean remembers(TargetId machine) {
        return in.contains(machine)
                || doubts.containsKey(machine)
                || left.containsKey(machine)
                || former.contains(machine);
    }

    /** @param held whether the binding holds something there */
    Standing standing(TargetId machine, boolean held) {
        if (!known) {
            return Standing.UNKNOWN;
        }
        Doubt doubt = doubts.get(machine);
        if (doubt != null) {
            return switch (doubt.about()) {
                case LEAVING -> Standing.LEAVING;
                case VOUCHED -> Standing.IN;
                case RETURNING -> Standing.OUT;
            };
        }
        if (in.contains(machine)) {
            return Standing.IN;
        }
        return held && !left.containsKey(machine) ? Standing.LEAVING : Standing.OUT;
    }

    /**
     * Takes a whole answer of the inventory; taking the same one again changes nothing but what the brake lets go.
     *
     * @param held the machines on which the binding holds something
     * @param confirmed whether a person has said that what is missing may leave
     * @return the machines that stand otherwise than before
     */
    Set<TargetId> take(Set<TargetId> answer, Set<TargetId> held, boolean confirmed, Instant now) {
        Set<TargetId> changed = new HashSet<>();
        boolean first = !known;
        known = true;
        left.entrySet()
                .removeIf(entry -> !held.contains(entry.getKey())
                        && entry.getValue().plus(LAG).isBefore(now)
                        && !doubts.containsKey(entry.getKey()));
        enter(answer, now, changed);
        leave(answer, held, confirmed, now, changed);
        former.clear();
        explained = false;
        announced = 0;
        if (first) {
            changed.addAll(in);
        }
        return changed;
    }

    private void enter(Collection<TargetId> answer, Instant now, Set<TargetId> changed) {
        for (TargetId machine : answer) {
            if (left.containsKey(machine)) {
                doubts.putIfAbsent(machine, Doubt.of(About.RETURNING, true, now));
            } else {
                Doubt before = doubts.remove(machine);
                if (in.add(machine) || (before != null && before.about() == About.LEAVING)) {
                    changed.add(machine);
                }
            }
        }
        doubts.entrySet()
                .removeIf(entry -> entry.getValue().about() == About.RETURNING && !answer.contains(entry.getKey()));
    }

    private void leave(
            Set<TargetId> answer, Set<TargetId> held, boolean confirmed, Instant now, Set<TargetId> changed) {
        Set<TargetId> missing = new HashSet<>(in);
        missing.addAll(held);
        missing.addAll(former);
        missing.addAll(about(About.LEAVING));
        missing.removeIf(machine -> answer.contains(machine) || left.containsKey(machine) || isAdmitted(machine));
        int suspicious = (int) missing.stream().filter(held::contains).count();
        boolean unexplained = !explained && !confirmed;
        braked = unexplained && isFar(suspicious, held.size(), now) ? new Braked(suspicious, held.size()) : null;
        if (explained) {
            moved.clear();
            moved.addAll(missing);
        }
        for (TargetId machine : missing) {
            boolean admitted = braked == null || !held.contains(machine);
            if (in.remove(machine) || !doubts.containsKey(machine)) {
                changed.add(machine);
            }
            if (admitted && !selector.mayMatch(machine)) {
                doubts.remove(machine);
                left.put(machine, now);
                changed.add(machine);
            } else {
                doubts.put(machine, Doubt.of(About.LEAVING, admitted, now));
            }
        }
        if (braked == null && unexplained) {
            for (int i = announced; i < suspicious; i++) {
                let.addLast(now);
            }
        }
    }

    private boolean isAdmitted(TargetId machine) {
        Doubt doubt = doubts.get(machine);
        return doubt != null && doubt.admitted();
    }

    /** Those that left a short while ago count too: machines may lose their tags one after the other. */
    private boolean isFar(int suspicious, int holding, Instant now) {
        while (!let.isEmpty() && let.getFirst().isBefore(now.minus(AT_ONCE))) {
            let.removeFirst();
        }
        return suspicious - announced + let.size() > Math.max(floor, holding * PERCENT / 100);
    }

    /** The machines that are to be asked themselves by now. */
    List<TargetId> due(Instant now) {
        return doubts.entrySet().stream()
                .filter(entry ->
                        entry.getValue().admitted() && !entry.getValue().next().isAfter(now))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /**
     * Takes what a machine itself told.
     *
     * @return whether it stands otherwise than before
     */
    boolean looked(TargetId machine, Sight sight, Instant now) {
        Doubt doubt = doubts.get(machine);
        if (doubt == null) {
            return false;
        }
        return switch (sight) {
            case Sight.Present(Fleet.Glance glance) ->
                selector.matches(glance) ? stays(machine, doubt, now) : goes(machine, doubt, now);
            case Sight.Absent _ -> absent(machine, doubt, now);
            case Sight.Failed(var fault) -> {
                Duration wait =
                        Backoff.after(fault, doubt.tries() + 1, machine.id().hashCode());
                doubts.put(machine, doubt.again(doubt.about(), now.plus(wait), doubt.absentSince()));
                yield false;
            }
        };
    }

    private boolean stays(TargetId machine, Doubt doubt, Instant now) {
        if (doubt.about() == About.RETURNING) {
            doubts.remove(machine);
            left.remove(machine);
            in.add(machine);
            return true;
        }
        doubts.put(machine, doubt.again(About.VOUCHED, later(machine, doubt, now), Optional.empty()));
        in.add(machine);
        return doubt.about() == About.LEAVING;
    }

    private boolean goes(TargetId machine, Doubt doubt, Instant now) {
        left.put(machine, now);
        if (doubt.about() == About.RETURNING) {
            doubts.put(machine, doubt.again(About.RETURNING, later(machine, doubt, now), Optional.empty()));
            return false;
        }
        doubts.remove(machine);
        in.remove(machine);
        return true;
    }

    /** One 404 may be a replica that lags. */
    private boolean absent(TargetId machine, Doubt doubt, Instant now) {
        if (doubt.absentSince().filter(since -> !now.isBefore(since.plus(gone))).isPresent()) {
            return goes(machine, doubt, now);
        }
        Instant since = doubt.absentSince().orElse(now);
        doubts.put(machine, doubt.again(doubt.about(), since.plus(gone), Optional.of(since)));
        return false;
    }

    private static Instant later(TargetId machine, Doubt doubt, Instant now) {
        return now.plus(Backoff.slowly(doubt.tries() + 1, machine.id().hashCode()));
    }

    private List<TargetId> about(About about) {
        return doubts.entrySet().stream()
                .filter(entry -> entry.getValue().about() == about)
                .map(Map.Entry::getKey)
                .toList();
    }
}
