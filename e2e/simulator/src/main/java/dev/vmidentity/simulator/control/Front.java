package dev.vmidentity.simulator.control;

import dev.vmidentity.simulator.arm.Arm;
import dev.vmidentity.simulator.directory.Directory;
import dev.vmidentity.simulator.directory.Tokens;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.http.Delivery;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where every request arrives: control, directory or ARM; logged, delayed, and spoilt where a fault says so. */
public final class Front {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);

    private final Arm arm;
    private final Directory directory;
    private final ControlEndpoint control;
    private final RequestLog log;
    private final Faults faults;
    private final Supplier<Settings> settings;
    private final Tokens tokens;
    private final Clock clock;
    private final CountDownLatch closed = new CountDownLatch(1);

    public Front(
            Arm arm,
            Directory directory,
            ControlEndpoint control,
            RequestLog log,
            Faults faults,
            Supplier<Settings> settings,
            Tokens tokens,
            Clock clock) {
        this.tokens = tokens;
        this.arm = arm;
        this.directory = directory;
        this.control = control;
        this.log = log;
        this.faults = faults;
        this.settings = settings;
        this.clock = clock;
    }

    /** Lets go of everything that hangs. */
    public void close() {
        closed.countDown();
    }

    public Delivery handle(Request request) {
        try {
            if (request.path().startsWith("/_simulator/")) {
                return new Delivery.Send(dated(control.handle(request)));
            }
            return spoilt(request);
        } catch (RuntimeException e) {
            LOG.error("A defect of the simulator: {} {}", request.method(), request.url(), e);
            return new Delivery.Send(
                    Answer.json(
                            500,
                            "{\"error\":{\"code\":\"SimulatorDefect\",\"message\":\"The simulator failed; its log says how.\"}}"));
        }
    }

    private Delivery spoilt(Request request) {
        long n = directory.owns(request) ? 0 : log.received(request, clock.instant());
        pause(settings.get().wire().latency());
        var taken = faults.take(request);
        if (taken.isEmpty()) {
            return new Delivery.Send(dated(logged(n, answer(request, null))));
        }
        var fault = taken.get();
        pause(fault.delay());
        fault.meanwhile().forEach(foreign -> foreign(request, foreign));
        if (fault.hang()) {
            pause(Long.MAX_VALUE);
            return new Delivery.Cut();
        }
        if (fault.late() > 0) {
            Thread.startVirtualThread(() -> {
                pause(fault.late());
                answer(request, fault);
            });
            return new Delivery.Cut();
        }
        if (fault.cut() == Fault.Moment.BEFORE) {
            return new Delivery.Cut();
        }
        var instead = Optional.ofNullable(fault.answer());
        if (instead.isPresent() && fault.answerWhen() == Fault.Moment.BEFORE) {
            return new Delivery.Send(dated(logged(n, instead.get())));
        }
        var answer = instead.map(replacement -> {
                    answer(request, fault);
                    return replacement;
                })
                .orElseGet(() -> answer(request, fault));
        if (fault.cut() == Fault.Moment.AFTER) {
            return new Delivery.Cut();
        }
        var sent = dated(logged(n, answer));
        return fault.truncate() ? new Delivery.Truncate(sent) : new Delivery.Send(sent);
    }

    private Answer answer(Request request, @org.jspecify.annotations.Nullable Fault fault) {
        return directory.handle(request).orElseGet(() -> arm.handle(request, fault == null ? null : fault.failing()));
    }

    /** A request of somebody else; it is in no log, since nobody sent it over the wire. */
    private void foreign(Request request, Fault.Foreign foreign) {
        var now = clock.instant();
        var origin = request.origin();
        var token = tokens.issue(foreign.as(), origin, origin, now, now.plus(Duration.ofHours(1)));
        var answer = arm.handle(
                Request.of(
                        foreign.method(),
                        origin + foreign.url(),
                        Map.of(
                                "authorization",
                                List.of("Bearer " + token),
                                "content-type",
                                List.of("application/json")),
                        foreign.body()),
                null);
        if (answer.status() >= 400) {
            LOG.warn("what somebody else sent meanwhile was refused: {} {}", answer.status(), answer.text());
        }
    }

    private Answer logged(long n, Answer answer) {
        if (n > 0) {
            log.answered(n, answer.status());
        }
        return answer;
    }

    private Answer dated(Answer answer) {
        var now = clock.instant()
                .plusSeconds(settings.get().wire().clockSkewSeconds())
                .atZone(ZoneOffset.UTC);
        return answer.header("Date").isPresent()
                ? answer
                : answer.with("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(now));
    }

    private void pause(long millis) {
        if (millis <= 0) {
            return;
        }
        try {
            if (closed.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                LOG.debug("closed while pausing");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
