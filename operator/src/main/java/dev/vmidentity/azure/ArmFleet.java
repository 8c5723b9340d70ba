package dev.vmidentity.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.rest.Response;
import com.azure.core.http.rest.SimpleResponse;
import dev.vmidentity.azure.ArmErrors.Subject;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.TargetId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/**
 * Many machines at once, by Azure Resource Graph.
 *
 * <p>Over the pipeline and not over Resource Graph's own SDK: its answer is a table of whatever the query asks for, which
 * the SDK hands on as untyped as it came, and the one thing that it would add is a model of the envelope.
 *
 * <p>A query narrows, and what comes back is compared again here, by the same rules as everywhere: Kusto reads the names of
 * tags with case, which Azure does not, and a scope that was put into words wrongly must not let more machines in.
 */
final class ArmFleet implements Fleet {
    /** Machines of one question; each is named in it. */
    private static final int MOST_NAMED = 500;

    /** Rows that are not understood are looked at one by one, up to so many. */
    private static final int MOST_LOOKS = 20;

    private static final HttpHeaderName QUOTA_REMAINING = HttpHeaderName.fromString("x-ms-user-quota-remaining");
    private static final HttpHeaderName QUOTA_RESETS = HttpHeaderName.fromString(ArmError.QUOTA_RESETS);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Arm arm;
    private final Pause pause;

    /** How the time between two pages passes, where Azure says that the quota is used up. */
    @FunctionalInterface
    interface Pause {
        Pause SLEEPING = Thread::sleep;

        void of(Duration time) throws InterruptedException;
    }

    /** The rows of a question, or why they are not all there. */
    private sealed interface Rows {
        record All(List<InventoryRow> rows) implements Rows {}

        record Incomplete(Fault fault) implements Rows {}
    }

    ArmFleet(Arm arm, Pause pause) {
        this.arm = arm;
        this.pause = pause;
    }

    @Override
    public Answer matching(Set<MachineKind> kinds, Scopes scopes, Map<String, String> tags) {
        if (kinds.isEmpty() || scopes.scopes().isEmpty()) {
            return new Answer.Whole(List.of());
        }
        return switch (rows(InventoryQuery.matching(kinds, scopes, tags))) {
            case Rows.Incomplete(Fault fault) -> new Answer.Failed(fault);
            case Rows.All(List<InventoryRow> rows) ->
                understood(
                        rows,
                        row -> kinds.contains(row.target().kind())
                                && scopes.covers(row.target().id())
                                && InventoryRow.hasAll(row.tags(), tags));
        };
    }

    @Override
    public Answer of(Collection<TargetId> machines) {
        List<TargetId> named = List.copyOf(new TreeSet<>(machines));
        List<Glance> found = new ArrayList<>();
        for (int from = 0; from < named.size(); from += MOST_NAMED) {
            List<TargetId> some = named.subList(from, Math.min(named.size(), from + MOST_NAMED));
            switch (rows(InventoryQuery.of(some))) {
                case Rows.Incomplete(Fault fault) -> {
                    return new Answer.Failed(fault);
                }
                case Rows.All(List<InventoryRow> rows) -> {
                    Set<TargetId> asked = new TreeSet<>(some);
                    for (InventoryRow row : rows) {
                        // One that is not understood is looked at by whoever needs it.
                        if (asked.contains(row.target())) {
                            row.glance().ifPresent(found::add);
                        }
                    }
                }
            }
        }
        return new Answer.Whole(found);
    }

    @Override
    public Sight look(TargetId machine) {
        Instant leaves = arm.now();
        return switch (arm.read(get(machine, leaves))) {
            case Arm.Answer.Good<InventoryRow>(int status, HttpHeaders _, InventoryRow row) ->
                row.glance()
                        .<Sight>map(Sight.Present::new)
                        .orElseGet(() -> new Sight.Failed(new Fault.Unexpected(status, "", row.notUnderstood())));
            case Arm.Answer.Refusal<InventoryRow>(ArmError error) ->
                ArmErrors.absence(error).isPresent()
                        ? new Sight.Absent()
                        : new Sight.Failed(ArmErrors.fault(error, Subject.MACHINE));
            case Arm.Answer.None<InventoryRow>(Fault fault) -> new Sight.Failed(fault);
        };
    }

    /** A machine that matches and whose row says too little must not look like one that does not match. */
    private Answer understood(List<InventoryRow> rows, Predicate<InventoryRow> matches) {
        List<Glance> glances = new ArrayList<>();
        int looks = 0;
        for (InventoryRow row : rows) {
            if (!matches.test(row)) {
                continue;
            }
            Optional<Glance> told = row.glance();
            if (told.isPresent()) {
                glances.add(told.get());
                continue;
            }
            if (++looks > MOST_LOOKS) {
                return new Answer.Failed(new Fault.Unexpected(
                        200, "", "Resource Graph told too little of many machines, the first: " + row.notUnderstood()));
            }
            switch (look(row.target())) {
                case Sight.Present(Glance glance) -> glances.add(glance);
                case Sight.Absent() -> {}
                case Sight.Failed(Fault fault) -> {
                    return new Answer.Failed(fault);
                }
            }
        }
        return new Answer.Whole(glances);
    }

    // ---- questions

    /** Every page of it. */
    private Rows rows(InventoryQuery query) {
        Map<ArmId, InventoryRow> rows = new HashMap<>();
        String next = null;
        while (true) {
            Instant leaves = arm.now();
            switch (arm.ask(InventoryQuery.PATH, query.body(next))) {
                case Arm.Answer.Refusal<String>(ArmError error) -> {
                    return new Rows.Incomplete(ArmErrors.fault(error, Subject.FLEET));
                }
                case Arm.Answer.None<String>(Fault fault) -> {
                    return new Rows.Incomplete(fault);
                }
                case Arm.Answer.Good<String>(int status, HttpHeaders headers, String body) -> {
                    Optional<InventoryPage> read = InventoryPage.read(body, leaves);
                    if (read.isEmpty()) {
                        return incomplete(status, "an answer of Resource Graph cannot be read");
                    }
                    InventoryPage page = read.get();
                    int before = rows.size();
                    page.rows().forEach(row -> rows.put(row.target().id(), row));
                    String token = page.skipToken();
                    if (token == null) {
                        return rows.size() == page.total() && !page.truncated()
                                ? new Rows.All(List.copyOf(rows.values()))
                                : incomplete(
                                        status,
                                        "Resource Graph told of " + rows.size() + " machines and counts "
                                                + page.total());
                    }
                    if (rows.size() == before) {
                        return incomplete(status, "a page of Resource Graph tells nothing new");
                    }
                    next = token;
                    if (!passed(headers)) {
                        return new Rows.Incomplete(new Fault.Unreachable("interrupted between two pages"));
                    }
                }
            }
        }
    }

    /** Where the quota is used up, the next page waits until there is one again: a page that is refused spoils them all. */
    private boolean passed(HttpHeaders headers) {
        if (!"0".equals(headers.getValue(QUOTA_REMAINING))) {
            return true;
        }
        Duration wait = RetryAfter.ofQuota(headers.getValue(QUOTA_RESETS)).orElse(Duration.ZERO);
        try {
            pause.of(wait.compareTo(LONGEST_PAUSE) < 0 ? wait : LONGEST_PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Rows incomplete(int status, String why) {
        return new Rows.Incomplete(new Fault.Unexpected(status, "", why));
    }

    private Mono<Response<InventoryRow>> get(TargetId target, Instant leaves) {
        var client = arm.compute(target.id().subscriptionId());
        String group = target.id().resourceGroup();
        return switch (target.kind()) {
            case VIRTUAL_MACHINE ->
                client.getVirtualMachines()
                        .getByResourceGroupWithResponseAsync(group, target.name(), null)
                        .map(answer -> with(answer, InventoryRow.of(target, answer.getValue(), leaves)));
            case SCALE_SET ->
                client.getVirtualMachineScaleSets()
                        .getByResourceGroupWithResponseAsync(group, target.name(), null)
                        .map(answer -> with(answer, InventoryRow.of(target, answer.getValue(), leaves)));
        };
    }

    private static Response<InventoryRow> with(Response<?> answer, InventoryRow row) {
        return new SimpleResponse<>(answer.getRequest(), answer.getStatusCode(), answer.getHeaders(), row);
    }
}
