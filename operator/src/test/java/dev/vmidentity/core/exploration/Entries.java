package dev.vmidentity.core.exploration;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.Decision.Become;
import dev.vmidentity.core.Decision.Send;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Protocol;
import dev.vmidentity.core.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Between the small numbers of the model and the values of the product. Equal claims are one object here. */
final class Entries {
    static final IdentityKey X = IdentityKey.of(ArmId.userAssignedIdentity("sub", "rg", "x"));
    static final Instant START = Instant.EPOCH;
    static final Instant LATE = START.plus(Duration.ofMinutes(15));

    static final SortedSet<Holder> SOMEBODY = Collections.unmodifiableSortedSet(
            new TreeSet<>(Set.of(new Holder("uid", "team-a", "web-on-vm1", Release.DETACH))));
    private static final SortedSet<Holder> NOBODY = Collections.emptySortedSet();
    private static final String[] ETAGS =
            IntStream.range(0, 64).mapToObj(Integer::toString).toArray(String[]::new);
    private static final String[] MACHINES = {"first", "second"};

    private final Map<Claim, Claim> known = new HashMap<>();

    Protocol.Sight sight(Machine.View view, boolean late, int succeeded) {
        return new Protocol.Sight(
                view.hasX(),
                etag(view.etag()),
                machine(view.incarnation()),
                view.operationRuns(),
                late ? LATE : START,
                succeeded < 0 ? null : etag(succeeded));
    }

    /** The entry that a plan writes before its PATCH, exactly as the planner does it. */
    @Nullable
    Claim written(@Nullable Claim claim, Decision decision, Machine.View view, Wish wish, boolean late) {
        String machine = machine(view.incarnation());
        SortedSet<Holder> holders = wish.demand() == Demand.WANT ? SOMEBODY : claim == null ? NOBODY : claim.holders();
        return switch (decision) {
            case Send(Phase phase) ->
                one(new Claim(X, phase, etag(view.etag()), machine, late ? LATE : START, null, holders));
            case Become(Phase phase) -> {
                Instant sentAt = claim == null ? null : claim.sentAt();
                yield one(new Claim(X, phase, null, machine, sentAt, null, holders));
            }
            case Decision.Drop _ -> null;
            case Decision.Fence _, Decision.Rest _, Decision.WaitUntil _ -> claim;
        };
    }

    @Nullable
    Claim settled(Optional<Claim> claim) {
        return claim.isEmpty() ? null : one(claim.get());
    }

    private Claim one(Claim claim) {
        Claim first = known.putIfAbsent(claim, claim);
        return first == null ? claim : first;
    }

    static String etag(int number) {
        return ETAGS[number];
    }

    static String machine(int incarnation) {
        return MACHINES[incarnation];
    }
}
