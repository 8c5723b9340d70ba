package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What matches each selector, by the last whole answer of the inventory. Equal selectors are one question; a failure
 * changes nothing but is told.
 */
final class Matches {
    private static final Logger LOG = LoggerFactory.getLogger(Matches.class);

    private final Fleet fleet;
    private final Duration interval;
    private final Consumer<Selector> listener;
    private final Executor executor;
    private final Clock clock;
    private final Map<Selector, Question> questions = new ConcurrentHashMap<>();

    /**
     * What is known of a selector. A new answer is a new object.
     *
     * @param machines the last whole answer; empty before the first
     * @param fault why the last question was not answered; empty when it was
     */
    record Known(Optional<Set<TargetId>> machines, Optional<Fault> fault) {
        static final Known NOTHING = new Known(Optional.empty(), Optional.empty());
    }

    /**
     * Asks nothing before somebody wants to know.
     *
     * @param listener is told each selector of which more, or something else, is known
     * @param executor on which questions are asked
     */
    Matches(Fleet fleet, Duration interval, Consumer<Selector> listener, Executor executor, Clock clock) {
        this.fleet = fleet;
        this.interval = interval;
        this.listener = listener;
        this.executor = executor;
        this.clock = clock;
    }

    /** What is known; asks at once where nothing is. */
    Known of(Selector selector) {
        Question question = questions.computeIfAbsent(selector, Question::new);
        question.askIfDue();
        return question.known;
    }

    /** Asks what is due, and forgets what nobody wants to know any longer. */
    void tick(Set<Selector> wanted) {
        questions.keySet().retainAll(wanted);
        questions.values().forEach(Question::askIfDue);
    }

    private final class Question {
        private final Selector selector;
        private volatile Known known = Known.NOTHING;
        private @Nullable Instant due;
        private boolean asking;
        private int failures;

        Question(Selector selector) {
            this.selector = selector;
        }

        synchronized void askIfDue() {
            if (!asking && (due == null || !clock.instant().isBefore(due))) {
                asking = true;
                executor.execute(this::ask);
            }
        }

        private void ask() {
            Instant next = clock.instant().plus(interval);
            try {
                next = take(fleet.matching(selector.kinds(), selector.scopes(), selector.tags()));
            } finally {
                synchronized (this) {
                    due = next;
                    asking = false;
                }
            }
            // Even if nothing else is known: who waits for something else is looked at all the same.
            listener.accept(selector);
        }

        private Instant take(Fleet.Answer answer) {
            Instant now = clock.instant();
            long seed = selector.hashCode();
            return switch (answer) {
                case Fleet.Answer.Whole(var glances) -> {
                    failures = 0;
                    // What comes back is checked again: an inventory's query language has rules of its own.
                    known = new Known(
                            Optional.of(glances.stream()
                                    .filter(selector::matches)
                                    .map(Fleet.Glance::target)
                                    .collect(Collectors.toUnmodifiableSet())),
                            Optional.empty());
                    yield now.plus(Backoff.spread(interval, seed ^ now.toEpochMilli()));
                }
                case Fleet.Answer.Failed(Fault fault) -> {
                    failures++;
                    if (known.fault().isEmpty()) {
                        LOG.atWarn()
                                .addKeyValue("selector", selector)
                                .addKeyValue("fault", fault)
                                .log("machines that match not listed");
                    }
                    if (!known.fault().equals(Optional.of(fault))) {
                        known = new Known(known.machines(), Optional.of(fault));
                    }
                    yield now.plus(Backoff.after(fault, failures, seed));
                }
            };
        }
    }
}
