package dev.vmidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vmidentity.Quietly;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Observation.MachineState;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Quietly.class)
class MatchesTest {
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Fault DOWN = new Fault.AzureUnwell(503, "ServiceUnavailable", "Down.");
    private static final TargetId ONE = FleetScene.vm("one");
    private static final TargetId TWO = FleetScene.vm("two");

    private final Scene.HandClock clock = new Scene.HandClock();
    private final Scripted fleet = new Scripted();
    private final List<Selector> heard = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final Matches matches = new Matches(fleet, INTERVAL, heard::add, tasks::add, clock);
    private final Selector prod =
            Selector.of(List.of(MachineKind.VIRTUAL_MACHINE), List.of(FleetScene.GROUP), Map.of("env", "prod"));

    @Test
    void itIsAskedOnceAtATimeAndWhatWasAnsweredIsTold() {
        fleet.answer = whole(ONE);
        assertThat(matches.of(prod)).isEqualTo(Matches.Known.NOTHING);
        matches.of(prod);
        assertThat(tasks).hasSize(1);

        ask();
        assertThat(heard).containsExactly(prod);
        assertThat(matches.of(prod).machines()).contains(Set.of(ONE));
        assertThat(tasks).isEmpty();
    }

    @Test
    void itIsAskedAgainAfterTheIntervalAndNotBefore() {
        fleet.answer = whole(ONE);
        matches.of(prod);
        ask();

        clock.advance(INTERVAL.dividedBy(2));
        matches.tick(Set.of(prod));
        assertThat(tasks).isEmpty();

        clock.advance(INTERVAL);
        fleet.answer = whole(ONE, TWO);
        matches.tick(Set.of(prod));
        ask();
        assertThat(matches.of(prod).machines()).contains(Set.of(ONE, TWO));
    }

    @Test
    void aFailureChangesNothingButIsToldUntilTheNextAnswer() {
        fleet.answer = whole(ONE);
        matches.of(prod);
        ask();

        clock.advance(INTERVAL.multipliedBy(2));
        fleet.answer = new Fleet.Answer.Failed(DOWN);
        matches.tick(Set.of(prod));
        ask();
        assertThat(matches.of(prod)).isEqualTo(new Matches.Known(Optional.of(Set.of(ONE)), Optional.of(DOWN)));

        clock.advance(Duration.ofHours(1));
        fleet.answer = whole(ONE, TWO);
        matches.tick(Set.of(prod));
        ask();
        assertThat(matches.of(prod)).isEqualTo(new Matches.Known(Optional.of(Set.of(ONE, TWO)), Optional.empty()));
    }

    @Test
    void whereItFailsItIsAskedEverLessOftenAndOnceItAnswersAsBefore() {
        fleet.answer = new Fleet.Answer.Failed(DOWN);
        matches.of(prod);
        ask();
        Duration first = waited();
        Duration second = waited();
        waited();
        Duration fourth = waited();
        assertThat(first).isPositive();
        assertThat(fourth).isGreaterThan(second.multipliedBy(2));

        fleet.answer = whole(ONE);
        waited();
        fleet.answer = new Fleet.Answer.Failed(DOWN);
        waited();
        assertThat(waited()).isEqualTo(first);
    }

    /** An inventory has a query language with rules of its own. */
    @Test
    void whatComesBackIsCheckedAgain() {
        TargetId elsewhere = TargetId.of(MachineKind.VIRTUAL_MACHINE, Scene.SUBSCRIPTION, "rg-other", "one");
        fleet.answer = new Fleet.Answer.Whole(List.of(
                glance(ONE, "prod", Optional.empty()),
                glance(TWO, "Prod", Optional.empty()),
                glance(elsewhere, "prod", Optional.empty()),
                glance(FleetScene.vm("node"), "prod", Optional.of("AKS node pool np1"))));
        matches.of(prod);
        ask();

        assertThat(matches.of(prod).machines()).contains(Set.of(ONE));
    }

    @Test
    void whatNobodyWantsToKnowAnyLongerIsForgotten() {
        fleet.answer = whole(ONE);
        matches.of(prod);
        ask();

        matches.tick(Set.of());

        assertThat(matches.of(prod)).isEqualTo(Matches.Known.NOTHING);
    }

    @Test
    void aQuestionThatBreaksIsAskedAgain() {
        fleet.answer = null;
        matches.of(prod);
        assertThatThrownBy(this::ask).isInstanceOf(IllegalStateException.class);

        clock.advance(INTERVAL);
        fleet.answer = whole(ONE);
        matches.tick(Set.of(prod));
        ask();
        assertThat(matches.of(prod).machines()).contains(Set.of(ONE));
    }

    private void ask() {
        tasks.remove().run();
    }

    /** Until it is asked again. */
    private Duration waited() {
        Instant from = clock.instant();
        while (tasks.isEmpty()) {
            clock.advance(Duration.ofSeconds(1));
            matches.tick(Set.of(prod));
        }
        ask();
        return Duration.between(from, clock.instant());
    }

    private static Fleet.Answer whole(TargetId... machines) {
        return new Fleet.Answer.Whole(Stream.of(machines)
                .map(machine -> glance(machine, "prod", Optional.empty()))
                .toList());
    }

    private static Fleet.Glance glance(TargetId machine, String env, Optional<String> managedBy) {
        Observation seen = new Observation(
                machine, null, "m-1", MachineState.SETTLED, Optional.empty(), Map.of(), "westeurope", Instant.EPOCH);
        return new Fleet.Glance(seen, Map.of("env", env), managedBy);
    }

    /** Answers as the test says, whatever it is asked. */
    private static final class Scripted implements Fleet {
        private @org.jspecify.annotations.Nullable Answer answer;

        @Override
        public Answer matching(Set<MachineKind> kinds, Scopes scopes, Map<String, String> tags) {
            if (answer == null) {
                throw new IllegalStateException("a defect");
            }
            return answer;
        }

        @Override
        public Answer of(Collection<TargetId> machines) {
            throw new AssertionError("who asks which machines match asks for none by its id: " + machines);
        }

        @Override
        public Sight look(TargetId machine) {
            throw new AssertionError("who asks which machines match asks none itself: " + machine);
        }
    }
}
