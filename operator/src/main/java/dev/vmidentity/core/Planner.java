package dev.vmidentity.core;

import dev.vmidentity.core.Decision.Become;
import dev.vmidentity.core.Decision.Drop;
import dev.vmidentity.core.Decision.Fence;
import dev.vmidentity.core.Decision.Rest;
import dev.vmidentity.core.Decision.Send;
import dev.vmidentity.core.Decision.WaitUntil;
import dev.vmidentity.core.TargetDemand.Wish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * From what is seen, remembered and wanted of one machine to what to do next. Pure: equal arguments, equal plan.
 *
 * <p>Each identity is decided by {@link Protocol}; this joins the decisions to one ledger write and one PATCH. A PATCH
 * that changes something serves as the fence of everything else that needs one: answered 200 with another etag, it
 * shuts out earlier requests just the same.
 */
public final class Planner {
    private final Observation seen;
    private final TargetDemand demand;
    private final Memory memory;
    private final TreeMap<IdentityKey, Claim> claims;
    private final TreeMap<IdentityKey, Plan.Sent> sent = new TreeMap<>();
    private final List<ArmId> adds = new ArrayList<>();
    private final List<ArmId> removes = new ArrayList<>();
    private boolean systemAssigned;
    private @Nullable Instant notBefore;
    private boolean deferred;
    private boolean etagMissing;

    private Planner(Observation seen, Ledger ledger, TargetDemand demand, Memory memory) {
        this.seen = seen;
        this.demand = demand;
        this.memory = memory;
        this.claims = new TreeMap<>(ledger.claims());
        this.systemAssigned = seen.systemAssigned().isPresent();
    }

    public static Plan plan(Observation seen, Ledger ledger, TargetDemand demand, Memory memory) {
        return unguarded(seen, ledger, DefaultIdentityGuard.guarded(seen, ledger, demand), memory);
    }

    static Plan unguarded(Observation seen, Ledger ledger, TargetDemand demand, Memory memory) {
        return new Planner(seen, ledger, demand, memory).plan(ledger);
    }

    private Plan plan(Ledger before) {
        for (IdentityKey id : everyId(before)) {
            plan(id, claims.get(id));
        }
        if (sent.isEmpty() && claims.equals(before.claims())) {
            memory.dead().ifPresent(this::renew);
        }
        return new Plan(
                seen,
                before,
                before.with(claims),
                patch(),
                sent,
                Optional.ofNullable(notBefore),
                deferred,
                etagMissing);
    }

    private Set<IdentityKey> everyId(Ledger ledger) {
        TreeSet<IdentityKey> ids = new TreeSet<>(ledger.claims().keySet());
        ids.addAll(demand.wishes().keySet());
        if (demand.others() == Demand.FORBID) {
            ids.addAll(seen.userAssigned().keySet());
        }
        return ids;
    }

    private void plan(IdentityKey id, @Nullable Claim claim) {
        Wish wish = wish(id, claim);
        if (claim != null && wish.demand() == Demand.UNWANTED && demand.retains(claim)) {
            claims.remove(id);
            return;
        }
        // An eviction has holders only where the identity may be ours, so that it tells the two apart.
        if (claim != null && !wish.holders().isEmpty() && claim.phase() != Phase.EVICTING) {
            claims.put(id, claim.heldBy(wish.holders()));
        }
        String etag = seen.etag();
        Decision decision = Protocol.decide(claim, sight(id, etag), wish.demand(), wish.adopt());
        if (etag == null && !(decision instanceof Rest)) {
            // Without an etag nothing can be told from anything: the ledger stays as it is, too.
            etagMissing = true;
            return;
        }
        switch (decision) {
            case Rest _ -> {}
            case WaitUntil(Instant moment) -> notBefore = earlier(notBefore, moment);
            case Drop _ -> claims.remove(id);
            case Become(Phase phase) -> claims.put(id, known(id, claim, wish, phase, null));
            case Send(Phase phase) -> send(id, claim, wish, phase, etag);
            case Fence fence -> fence(id, claim, fence);
        }
    }

    /** What is kept for somebody's sake is kept while it is there: whoever attaches it afterwards is somebody else. */
    private Wish wish(IdentityKey id, @Nullable Claim claim) {
        Wish wish = demand.wish(id);
        boolean gone = !seen.has(id) || (claim != null && claim.isVoidOn(seen.machineId()));
        boolean keptAndGone = wish.demand() == Demand.KEEP && !wish.holders().isEmpty() && gone;
        return keptAndGone ? Wish.of(Demand.UNWANTED) : wish;
    }

    private Protocol.Sight sight(IdentityKey id, @Nullable String etag) {
        return new Protocol.Sight(
                seen.has(id),
                etag == null ? "" : etag,
                seen.machineId(),
                seen.state().operationRuns(),
                memory.now(),
                memory.succeeded());
    }

    /**
     * A dead attachment is renewed as if its users changed their minds, and changed them back when it is off: the protocol
     * knows no other way. Alone, so that a refusal is about nothing else, and only where nothing else is left to do.
     */
    private void renew(IdentityKey id) {
        Claim claim = claims.get(id);
        Wish wish = demand.wish(id);
        String etag = seen.etag();
        boolean ours = claim != null && claim.phase() == Phase.ATTACHED && !id.isSystemAssigned();
        if (!ours
                || wish.demand() != Demand.WANT
                || etag == null
                || memory.heldBack().contains(id)) {
            return;
        }
        if (Protocol.decide(claim, sight(id, etag), Demand.UNWANTED, false) instanceof Send(Phase phase)) {
            send(id, claim, wish, phase, etag);
        }
    }

    private void send(IdentityKey id, @Nullable Claim claim, Wish wish, Phase phase, @Nullable String etag) {
        boolean add = phase == Phase.ATTACHING;
        if (add && memory.heldBack().contains(id)) {
            return;
        }
        if (!id.isSystemAssigned()) {
            if (adds.size() + removes.size() >= Patch.MOST_IDENTITIES || (add && adds.size() >= memory.mostAdds())) {
                deferred = true;
                return;
            }
            (add ? adds : removes).add(spelling(id, wish));
        } else {
            systemAssigned = add;
        }
        boolean fresh = phase == Phase.DETACHING && claim != null && claim.phase() == Phase.ATTACHED;
        claims.put(id, known(id, claim, wish, phase, etag));
        sent.put(id, new Plan.Sent(new Send(phase), fresh));
    }

    private void fence(IdentityKey id, @Nullable Claim claim, Fence fence) {
        if (claim == null) {
            throw new IllegalStateException("a fence without a claim: " + id);
        }
        if (fence.then() == Decision.Then.DROP_EVEN_UNMOVED
                || !memory.fenceless().contains(id)) {
            sent.put(id, new Plan.Sent(fence, false));
        } else if (claim.phase() != Phase.UNSURE) {
            // Etags do not move here: nobody can tell, and nothing is blocked by it.
            claims.put(id, claim.become(Phase.UNSURE, null));
        } else {
            notBefore = earlier(notBefore, Protocol.requestsEnd(claim, memory.now()));
        }
    }

    private Claim known(IdentityKey id, @Nullable Claim claim, Wish wish, Phase phase, @Nullable String etag) {
        boolean requested = etag != null;
        Instant sentAt = requested ? memory.now() : claim == null ? null : claim.sentAt();
        String principal = phase == Phase.ATTACHING ? memory.principals().get(id) : seen.principalId(id);
        if (principal == null && claim != null && phase != Phase.ATTACHING) {
            principal = claim.principalId();
        }
        Claim next = new Claim(id, phase, etag, seen.machineId(), sentAt, principal, new TreeSet<>());
        if (wish.demand() == Demand.WANT) {
            return next.heldBy(wish.holders());
        }
        return claim == null ? next : next.heldBy(claim.holders());
    }

    /** Removals are sent as Azure spells them, additions as a user did: the two can be told apart in its log. */
    private ArmId spelling(IdentityKey id, Wish wish) {
        Observation.AttachedIdentity attached = seen.userAssigned().get(id);
        return attached != null ? attached.id() : wish.id().orElseGet(() -> ArmId.of(id.value()));
    }

    private Optional<Patch> patch() {
        String etag = seen.etag();
        if (sent.isEmpty() || etag == null) {
            return Optional.empty();
        }
        boolean userAssigned = seen.userAssigned().size() + adds.size() > removes.size();
        IdentityType type = IdentityType.of(systemAssigned, userAssigned);
        adds.sort(Comparator.naturalOrder());
        removes.sort(Comparator.naturalOrder());
        return Optional.of(new Patch(type, adds, userAssigned ? removes : List.of(), etag));
    }

    private static Instant earlier(@Nullable Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }
}
