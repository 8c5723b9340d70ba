package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vmidentity.Quietly;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.GrantDemand;
import dev.vmidentity.core.GrantDemand.Principal;
import dev.vmidentity.core.GrantDemand.Recorded;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.GrantName;
import dev.vmidentity.core.GrantOutcome;
import dev.vmidentity.core.Role;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.RoleAssignments.Assignment;
import dev.vmidentity.core.RoleScope;
import dev.vmidentity.fakes.FakeRoleAssignments;
import dev.vmidentity.fakes.RoleGround;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random histories of the roles of one binding on one machine: wishes that come and go, principals that are made anew, other
 * people's assignments, faults, deaths before and after each call and before what is to be remembered is written. {@code
 * -Dmodel.seed=N} replays one.
 */
@ExtendWith(Quietly.class)
class RoleHistoriesTest {
    private static final int HISTORIES = Math.max(400, Integer.getInteger("model.histories", 400));

    private static final List<RoleScope> SCOPES = List.of(
            RoleScope.of("/subscriptions/" + Scene.SUBSCRIPTION + "/resourceGroups/rg-data"),
            RoleScope.of("/subscriptions/" + Scene.SUBSCRIPTION),
            RoleScope.of("/subscriptions/99999999-0000-4000-8000-000000000000/resourceGroups/rg-far"));
    private static final Map<String, String> ROLES =
            Map.of("Reader", RoleGround.READER, "Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c");
    /** What is forgotten is asked of nobody. */
    private static final List<Stance> STANCES = List.of(Stance.MAINTAIN, Stance.REMOVE, Stance.HOLD);

    private static final GrantName NAME = new GrantName("cluster", "binding");
    private static final GrantName ANOTHER = new GrantName("cluster", "another binding");

    /** A new principal is known to all of Azure within that time. */
    private static final Duration KNOWN_LATER = Duration.ofSeconds(45);

    private enum Happening {
        MADE,
        DELETED,
        KILLED_BEFORE_A_PUT,
        KILLED_AFTER_A_PUT,
        KILLED_ELSEWHERE,
        NOT_REMEMBERED,
        MEMORY_OVERWRITTEN,
        PRINCIPAL_MADE_ANEW,
        PRINCIPAL_UNKNOWN,
        FORBIDDEN,
        THROTTLED,
        ANSWER_LOST,
        BY_OTHERS,
        DELETED_BY_OTHERS,
        WITHDRAWN,
        DISABLED_OR_DELETED,
        RETAINED,
        WITHHELD
    }

    private sealed interface Step {
        record Ask(Wish wish) implements Step {}

        record Withdraw(int which) implements Step {}

        record Say(Stance stance) implements Step {}

        /** Of the machine: made anew, gone, or not seen. */
        record Become(int principal) implements Step {}

        record Others(String role, RoleScope scope, boolean sameTriple) implements Step {}

        record OthersDelete(int which) implements Step {}

        /** Somebody writes over what is remembered, and names what others made. */
        record Overwrite() implements Step {}

        record Pass(Duration time) implements Step {}

        record Restart() implements Step {}

        /**
         * @param faults what befalls the calls to Azure, in order
         * @param dies at which call; 0 for none
         * @param after whether after its effect
         * @param forgets whether the process dies before it has written what is to be remembered
         */
        record Round(List<Happening> faults, int dies, boolean after, boolean forgets) implements Step {}
    }

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(String what) {
            super(what);
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @Test
    void noHistoryBreaksAPromise(TestReporter reporter) {
        Map<Happening, Integer> happened = new EnumMap<>(Happening.class);
        Long one = Long.getLong("model.seed");
        long first = one == null ? 0 : one;
        for (long seed = first; seed < (one == null ? HISTORIES : one + 1); seed++) {
            List<Step> steps = author(new Random(seed * 0x9E3779B97F4A7C15L));
            Optional<String> broken = play(steps, happened);
            if (broken.isPresent()) {
                List<Step> shorter = shortened(steps);
                assertThat(play(shorter, new EnumMap<>(Happening.class)))
                        .as(
                                "seed %d%n%s",
                                seed,
                                shorter.stream()
                                        .map(Step::toString)
                                        .collect(Collectors.joining(System.lineSeparator())))
                        .isEmpty();
            }
        }
        reporter.publishEntry(happened.toString());
        if (one == null) {
            assertThat(happened.keySet()).containsExactlyInAnyOrder(Happening.values());
        }
    }

    private static Optional<String> play(List<Step> steps, Map<Happening, Integer> happened) {
        World world = new World(happened);
        try {
            steps.forEach(world::play);
            world.rest();
            return Optional.empty();
        } catch (Broken broken) {
            return Optional.of(String.valueOf(broken.getMessage()));
        }
    }

    private static List<Step> shortened(List<Step> steps) {
        List<Step> all = new ArrayList<>(steps);
        for (int size = all.size() / 2; size > 0; size /= 2) {
            for (int at = 0; at + size <= all.size(); ) {
                List<Step> fewer = new ArrayList<>(all);
                fewer.subList(at, at + size).clear();
                if (play(fewer, new EnumMap<>(Happening.class)).isPresent()) {
                    all = fewer;
                } else {
                    at += size;
                }
            }
        }
        return all;
    }

    // ---- the author

    private static List<Step> author(Random random) {
        boolean fails = random.nextBoolean();
        boolean dies = random.nextBoolean();
        boolean anew = random.nextBoolean();
        boolean overwrites = random.nextInt(6) == 0;
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Become(0));
        steps.add(new Step.Ask(wish(random)));
        int length = 10 + random.nextInt(40);
        for (int i = 0; i < length; i++) {
            steps.add(
                    switch (random.nextInt(16)) {
                        case 0 -> new Step.Ask(wish(random));
                        case 1 -> new Step.Withdraw(random.nextInt(4));
                        case 2 -> new Step.Say(random.nextInt(3) > 0 ? Stance.MAINTAIN : any(random, STANCES));
                        case 3 -> anew ? new Step.Become(random.nextInt(5) - 2) : round(random, fails, dies);
                        case 4 ->
                            new Step.Others(
                                    any(random, List.copyOf(ROLES.keySet())),
                                    any(random, SCOPES),
                                    random.nextBoolean());
                        case 5 -> new Step.OthersDelete(random.nextInt(6));
                        case 6, 7 -> new Step.Pass(Duration.ofSeconds(random.nextInt(150)));
                        case 8 -> dies ? new Step.Restart() : round(random, fails, dies);
                        case 9 -> overwrites ? new Step.Overwrite() : round(random, fails, dies);
                        default -> round(random, fails, dies);
                    });
        }
        return steps;
    }

    private static Step round(Random random, boolean fails, boolean dies) {
        List<Happening> faults = new ArrayList<>();
        while (fails && random.nextInt(3) > 0) {
            faults.add(
                    switch (random.nextInt(6)) {
                        case 0 -> Happening.FORBIDDEN;
                        case 1 -> Happening.THROTTLED;
                        case 2 -> Happening.ANSWER_LOST;
                        default -> Happening.MADE;
                    });
        }
        return new Step.Round(
                faults,
                dies && random.nextInt(3) == 0 ? 1 + random.nextInt(7) : 0,
                random.nextBoolean(),
                dies && random.nextInt(5) == 0);
    }

    private static Wish wish(Random random) {
        String role = any(random, ROLES.keySet().stream().sorted().toList());
        return new Wish(Role.of(role), any(random, SCOPES), random.nextInt(5) > 0);
    }

    private static <T> T any(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    // ---- the world

    private static final class World {
        private final Scene.HandClock clock = new Scene.HandClock();
        private final FakeRoleAssignments azure = new FakeRoleAssignments();
        private final Map<Happening, Integer> happened;
        private final Map<String, Instant> known = new LinkedHashMap<>();
        private final Wire wire = new Wire(this);
        private final List<Wish> wishes = new ArrayList<>();
        private Stance stance = Stance.MAINTAIN;
        private Principal principal = new Principal.Unknown();
        private List<Recorded> memory = List.of();
        private GrantWorker worker = start();
        private @Nullable GrantOutcome told;
        private Optional<Instant> next = Optional.empty();
        private boolean overwritten;
        private int principals;

        World(Map<Happening, Integer> happened) {
            this.happened = happened;
        }

        private GrantWorker start() {
            return new GrantWorker(new GrantCalls(wire, clock), Scene.TIMING, "made by a test", 7);
        }

        void happened(Happening what) {
            happened.merge(what, 1, Integer::sum);
        }

        void play(Step step) {
            switch (step) {
                case Step.Ask(Wish wish) -> {
                    // The API server refuses one that is listed twice.
                    wishes.removeIf(one -> one.role().key().equals(wish.role().key())
                            && one.scope().equals(wish.scope()));
                    wishes.add(wish);
                    if (!wish.allowed()) {
                        happened(Happening.WITHHELD);
                    }
                }
                case Step.Withdraw(int which) -> {
                    if (which < wishes.size()) {
                        wishes.remove(which);
                        happened(Happening.WITHDRAWN);
                    }
                }
                case Step.Say(Stance said) -> {
                    stance = said;
                    if (said != Stance.MAINTAIN) {
                        happened(said == Stance.HOLD ? Happening.RETAINED : Happening.DISABLED_OR_DELETED);
                    }
                }
                case Step.Become(int which) -> become(which);
                case Step.Others others -> others(others);
                case Step.OthersDelete(int which) -> {
                    List<Assignment> all = azure.all();
                    if (which < all.size()) {
                        azure.deletedByOthers(all.get(which));
                        happened(Happening.DELETED_BY_OTHERS);
                    }
                }
                case Step.Overwrite() -> {
                    overwritten = true;
                    happened(Happening.MEMORY_OVERWRITTEN);
                    memory = azure.all().stream()
                            .filter(one -> !NAME.made(one))
                            .map(one -> new Recorded("Reader", one.scope(), one.name()))
                            .toList();
                }
                case Step.Pass(Duration time) -> clock.advance(time);
                case Step.Restart() -> worker = start();
                case Step.Round round -> {
                    wire.faults.addAll(round.faults());
                    wire.dies(round.dies(), round.after());
                    round(round.forgets());
                    wire.quietly();
                }
            }
        }

        private void become(int which) {
            if (which < -1) {
                principal = new Principal.Unknown();
            } else if (which < 0) {
                principal = new Principal.None();
            } else if (which == 0 && principals > 0) {
                principal = new Principal.Known(id(principals));
            } else {
                principals++;
                known.put(id(principals), clock.instant().plus(KNOWN_LATER));
                principal = new Principal.Known(id(principals));
                if (principals > 1) {
                    happened(Happening.PRINCIPAL_MADE_ANEW);
                }
            }
        }

        private static String id(int number) {
            return "90cc53e8-4a6e-45b6-8339-%012d".formatted(number);
        }

        private void others(Step.Others step) {
            String whose = step.sameTriple() && principals > 0 ? id(principals) : id(99);
            Assignment theirs = ANOTHER.assignment(whose, Objects.requireNonNull(ROLES.get(step.role())), step.scope());
            // Azure has one of each triple.
            if (azure.all().stream().noneMatch(theirs::sameTriple)) {
                azure.assignedByOthers(theirs);
                happened(Happening.BY_OTHERS);
            }
        }

        /** @param forgets whether it dies before what is to be remembered is written */
        private void round(boolean forgets) {
            try {
                GrantWorker.Rounded rounded = worker.round(demand());
                if (forgets) {
                    happened(Happening.NOT_REMEMBERED);
                    worker = start();
                    return;
                }
                next = rounded.next();
                told = rounded.outcome();
                memory = remembered(rounded);
            } catch (Killed killed) {
                worker = start();
            }
        }

        GrantDemand demand() {
            return new GrantDemand(NAME, Scene.VM, principal, wishes, stance, memory);
        }

        /** What outlives the process. */
        private static List<Recorded> remembered(GrantWorker.Rounded rounded) {
            return rounded.remember();
        }

        // ---- at rest

        void rest() {
            if (principal instanceof Principal.Unknown) {
                become(0);
            }
            rounds(Duration.ofMinutes(45));
            check();
            int writes = wire.writes;
            int calls = wire.calls;
            rounds(Duration.ofMinutes(20));
            check();
            int looks = wire.calls - calls;
            // One look in four minutes, of two subscriptions and of each that is remembered.
            int most = 7 * (SCOPES.size() + memory.size() + ROLES.size());
            if (wire.writes != writes || looks > most) {
                throw new Broken("at rest, " + (wire.writes - writes) + " writes and " + looks + " calls");
            }
        }

        private void rounds(Duration time) {
            Instant end = clock.instant().plus(time);
            List<Recorded> before = List.of();
            round(false);
            for (int rounds = 0; clock.instant().isBefore(end); rounds++) {
                if (rounds > 200) {
                    throw new Broken("does not come to rest");
                }
                // What is remembered is an event of the binding.
                Instant due = memory.equals(before)
                        ? next.orElse(end)
                        : clock.instant().plusMillis(50);
                before = memory;
                if (!due.isAfter(clock.instant())) {
                    throw new Broken("is due in the past");
                }
                clock.advance(Duration.between(clock.instant(), due.isBefore(end) ? due : end));
                round(false);
            }
        }

        private List<Assignment> ours() {
            return azure.all().stream().filter(NAME::made).toList();
        }

        private boolean isWished(Assignment one) {
            return principal.known().filter(one.principal()::equals).isPresent()
                    && wishes.stream()
                            .anyMatch(wish -> wish.scope().equals(one.scope())
                                    && guid(wish).equals(one.role()));
        }

        private static String guid(Wish wish) {
            return ROLES.entrySet().stream()
                    .filter(role ->
                            Role.of(role.getKey()).key().equals(wish.role().key()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseThrow();
        }

        private void check() {
            if (told == null) {
                throw new Broken("nothing is told");
            }
            GrantOutcome outcome = told;
            if (stance == Stance.MAINTAIN) {
                principal
                        .known()
                        .ifPresent(id -> wishes.stream()
                                .filter(Wish::allowed)
                                .map(wish -> NAME.assignment(id, guid(wish), wish.scope()))
                                .filter(goal -> azure.all().stream().noneMatch(goal::sameTriple))
                                .forEach(goal -> {
                                    throw new Broken("wanted and not there: " + goal);
                                }));
            }
            for (Assignment one : ours()) {
                boolean leftByHand = overwritten
                        && principal.known().filter(one.principal()::equals).isEmpty();
                boolean wanted = stance == Stance.MAINTAIN && isWished(one);
                if (stance != Stance.HOLD && !wanted && !leftByHand && isLookedFor(one)) {
                    throw new Broken("nobody wants it: " + one);
                }
                boolean named = outcome.lines().stream()
                        .anyMatch(line ->
                                line.id().filter(one.id()::equalsIgnoreCase).isPresent());
                if (!named && !leftByHand && isLookedFor(one)) {
                    throw new Broken("ours, and not told: " + one);
                }
            }
            if (stance == Stance.REMOVE && !outcome.cleared()) {
                throw new Broken("all was deleted, and it is not told");
            }
        }

        /** Where somebody wrote over what was remembered, only subscriptions are looked at that the binding names. */
        private boolean isLookedFor(Assignment one) {
            return !overwritten
                    || wishes.stream()
                            .anyMatch(wish -> wish.scope()
                                    .subscriptionId()
                                    .equals(one.scope().subscriptionId()));
        }
    }

    // ---- the way to Azure

    private static final class Wire implements RoleAssignments {
        private final World world;
        private final List<Happening> faults = new ArrayList<>();
        private int calls;
        private int writes;
        private int diesAt;
        private boolean after;

        Wire(World world) {
            this.world = world;
        }

        void dies(int inCalls, boolean afterwards) {
            diesAt = inCalls == 0 ? 0 : calls + inCalls;
            after = afterwards;
        }

        void quietly() {
            faults.clear();
            diesAt = 0;
        }

        private <T> T call(boolean puts, Supplier<T> effect, Function<Fault, T> failed) {
            calls++;
            boolean dies = calls == diesAt;
            if (dies && !after) {
                world.happened(puts ? Happening.KILLED_BEFORE_A_PUT : Happening.KILLED_ELSEWHERE);
                throw new Killed();
            }
            Happening fault = faults.isEmpty() ? Happening.MADE : faults.removeFirst();
            T answer = switch (fault) {
                case FORBIDDEN -> failed.apply(new Fault.Forbidden("write", List.of(), "operator", "may not"));
                case THROTTLED ->
                    failed.apply(new Fault.Throttled(
                            Fault.Throttled.Scope.SUBSCRIPTION, Optional.of(Duration.ofSeconds(20)), "slow down"));
                case ANSWER_LOST -> {
                    var _ = effect.get();
                    yield failed.apply(new Fault.Unreachable("the connection was cut"));
                }
                default -> effect.get();
            };
            if (fault != Happening.MADE) {
                world.happened(fault);
            }
            if (dies) {
                world.happened(puts ? Happening.KILLED_AFTER_A_PUT : Happening.KILLED_ELSEWHERE);
                throw new Killed();
            }
            return answer;
        }

        @Override
        public Found find(RoleScope scope, String roleName) {
            return call(false, () -> world.azure.find(scope, roleName), Found.Failed::new);
        }

        @Override
        public Seen read(RoleScope scope, String name) {
            return call(false, () -> world.azure.read(scope, name), Seen.Failed::new);
        }

        @Override
        public Listed list(String subscriptionId, String principal) {
            return call(false, () -> world.azure.list(subscriptionId, principal), Listed.Failed::new);
        }

        @Override
        public Put put(Assignment assignment, String description) {
            writes++;
            if (world.stance != Stance.MAINTAIN || !world.isWished(assignment)) {
                throw new Broken("nobody asks for it: " + assignment);
            }
            if (!world.demand().isRecorded(assignment)) {
                throw new Broken("made before it is remembered: " + assignment);
            }
            return call(true, () -> made(assignment, description), Put.Failed::new);
        }

        private Put made(Assignment assignment, String description) {
            Instant since = world.known.getOrDefault(assignment.principal(), Instant.MAX);
            if (world.clock.instant().isBefore(since)) {
                world.happened(Happening.PRINCIPAL_UNKNOWN);
                return new Put.Failed(new Fault.PrincipalUnknown("does not exist in the directory"));
            }
            world.happened(Happening.MADE);
            return world.azure.put(assignment, description);
        }

        @Override
        public Deleted delete(RoleScope scope, String name) {
            writes++;
            for (Assignment one : world.azure.all()) {
                if (one.scope().equals(scope) && one.name().equals(name)) {
                    if (!NAME.made(one)) {
                        throw new Broken("others made it, and it is deleted: " + one);
                    }
                    if (world.stance == Stance.HOLD || (world.stance == Stance.MAINTAIN && world.isWished(one))) {
                        throw new Broken("it is wanted, and it is deleted: " + one);
                    }
                    world.happened(Happening.DELETED);
                }
            }
            return call(false, () -> world.azure.delete(scope, name), Deleted.Failed::new);
        }
    }
}
