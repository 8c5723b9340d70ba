package dev.vmidentity.status;

import dev.vmidentity.api.IdentityState;
import dev.vmidentity.api.Reason;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.DefaultIdentityGuard.Refusal;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Standing;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How each wish of a binding stands on a machine. Without an outcome nothing has been seen yet.
 *
 * @param refusals what is not attached for the sake of the machine's default identity
 * @param kept what stays because of other bindings
 * @param refused what is said of that
 */
record Entries(
        Optional<Outcome> outcome,
        Function<Refusal, Explanation> refused,
        Map<IdentityKey, Refusal> refusals,
        Map<IdentityKey, BindingView.Kept> kept,
        boolean observes,
        boolean beingDeleted) {
    private static final String SYSTEM_ASSIGNED = "system-assigned";

    Entry userAssigned(BindingView.Listed listed) {
        Optional<IdentityKey> key = listed.id().map(IdentityKey::of);
        if (listed.hindrance().isPresent() && !beingDeleted) {
            var why = listed.hindrance().get();
            // A revoked right keeps what is there: it counts, and the entry says what is wrong with it.
            return Entry.hindered(
                    listed.label(),
                    key,
                    Entry.stateOf(why.reason()),
                    key.map(this::isThere).orElse(false),
                    why);
        }
        if (observes && !beingDeleted && key.isPresent()) {
            return observed(listed.label(), key.get(), true);
        }
        return key.map(known -> wished(listed.label(), known))
                .orElseGet(() -> Entry.hindered(
                        listed.label(), key, IdentityState.Waiting, false, Explanation.of(Reason.NotKnownYet)));
    }

    Entry systemAssigned(BindingView.SystemWish wish) {
        var key = IdentityKey.SYSTEM_ASSIGNED;
        if (wish.hindrance().isPresent() && !beingDeleted) {
            boolean there = isThere(key);
            var why = wish.hindrance().get();
            var state = wish.enabled() && there ? state(standing(key)) : Entry.stateOf(why.reason());
            return Entry.hindered(SYSTEM_ASSIGNED, Optional.of(key), state, wish.enabled() && there, why);
        }
        if (observes && !beingDeleted) {
            return observed(SYSTEM_ASSIGNED, key, wish.enabled());
        }
        return wish.enabled() ? wished(SYSTEM_ASSIGNED, key) : unwished(SYSTEM_ASSIGNED, key);
    }

    /** As it is, and nothing is done about it. */
    private Entry observed(String label, IdentityKey key, boolean wished) {
        boolean there = isThere(key);
        var why = Explanation.of(Reason.Observed);
        var state = there ? state(standing(key)) : IdentityState.Waiting;
        String text = there == wished ? "It is as declared." : "It is only observed; see status.pending.";
        return new Entry(label, Optional.of(key), state, Reason.Observed, text, there && wished, false, why);
    }

    /** A wish that is known and allowed. */
    private Entry wished(String label, IdentityKey key) {
        if (beingDeleted) {
            return leaving(label, key);
        }
        var some = Optional.of(key);
        return switch (standing(key)) {
            case ATTACHED -> attached(label, key);
            case ATTACHED_BY_OTHERS ->
                Entry.settled(label, some, IdentityState.AttachedByOthers, Reason.AttachedByOthers);
            case UNSURE ->
                isPresent(key)
                        ? Entry.hindered(label, some, IdentityState.Unsure, true, Explanation.of(Reason.Unsure))
                        : due(label, key);
            case DETACHING ->
                Entry.due(
                        label,
                        some,
                        IdentityState.Detaching,
                        new Explanation(
                                Reason.Detaching, "It is being detached as was asked before; then it is attached."));
            case ATTACHING, ABSENT -> due(label, key);
        };
    }

    /** On the machine and ours; a fault of its own is about an attachment that is dead and could not be taken off. */
    private Entry attached(String label, IdentityKey key) {
        var some = Optional.of(key);
        return outcome.map(o -> o.faults().get(key))
                .map(fault ->
                        FaultText.explain(fault, outcome.orElseThrow().target().id()))
                .map(why -> Entry.hindered(label, some, Entry.stateOf(why.reason()), false, why))
                .orElseGet(() -> Entry.settled(label, some, IdentityState.Attached, Reason.Attached));
    }

    private Entry due(String label, IdentityKey key) {
        var some = Optional.of(key);
        Optional<Explanation> hindrance = Optional.ofNullable(refusals.get(key))
                .map(refused)
                .or(() -> outcome.map(o -> o.faults().get(key)).map(fault -> explained(key, fault)));
        if (hindrance.isPresent()) {
            return Entry.dueBut(label, some, hindrance.get());
        }
        var why = obstacle().or(this::delay).orElseGet(() -> Explanation.of(Reason.Attaching));
        var state = why.reason() == Reason.Observing ? IdentityState.Waiting : Entry.stateOf(why.reason());
        return Entry.due(label, some, state, why);
    }

    private Explanation explained(IdentityKey key, Fault fault) {
        if (key.isSystemAssigned() && fault instanceof Fault.IdentityRefused refused) {
            return new Explanation(
                    Reason.MachineUnsupported,
                    "This machine takes no system-assigned identity (a Flexible scale set does not). Take systemAssigned"
                            + " out of the binding. Azure says: " + refused.detail());
        }
        return FaultText.explain(fault, outcome.orElseThrow().target().id());
    }

    /** The machine's own identity, which shall not be there. */
    private Entry unwished(String label, IdentityKey key) {
        boolean gone = outcome.flatMap(Outcome::seen).isPresent() && standing(key) == Standing.ABSENT;
        return gone ? Entry.settled(label, Optional.of(key), null, Reason.Disabled) : leaving(label, key);
    }

    /** To be taken off the machine, unless others put it there. */
    private Entry leaving(String label, IdentityKey key) {
        var some = Optional.of(key);
        boolean ours = outcome.flatMap(o -> o.claim(key)).isPresent();
        if (beingDeleted && !ours && outcome.isPresent()) {
            return isPresent(key)
                    ? Entry.settled(label, some, IdentityState.AttachedByOthers, Reason.AttachedByOthers)
                    : Entry.gone(label, some);
        }
        Optional<Fault> own = outcome.map(o -> o.faults().get(key));
        var why = own.map(fault -> explained(key, fault))
                .or(() -> Optional.ofNullable(kept.get(key)).map(BindingView.Kept::why))
                .or(this::obstacle)
                .or(this::delay)
                .orElseGet(() -> Explanation.of(Reason.Detaching));
        return Entry.due(label, some, IdentityState.Detaching, why);
    }

    private Optional<Explanation> obstacle() {
        return outcome.isEmpty()
                ? Optional.of(Explanation.of(Reason.Observing))
                : outcome.flatMap(MachineText::obstacle);
    }

    private Optional<Explanation> delay() {
        return outcome.flatMap(Outcome::waitsUntil)
                .map(moment -> new Explanation(
                        Reason.NotKnownYet,
                        "A request that was sent to an earlier machine of this name may still have an effect; it is"
                                + " decided after " + moment.truncatedTo(ChronoUnit.SECONDS) + "."));
    }

    /** Whether it counts as being on the machine: seen there, and nothing is done about it. */
    private boolean isThere(IdentityKey key) {
        return switch (standing(key)) {
            case ATTACHED, ATTACHED_BY_OTHERS -> true;
            case UNSURE -> isPresent(key);
            case ATTACHING, DETACHING, ABSENT -> false;
        };
    }

    private boolean isPresent(IdentityKey key) {
        return outcome.flatMap(Outcome::seen).map(seen -> seen.has(key)).orElse(false);
    }

    private Standing standing(IdentityKey key) {
        return outcome.map(o -> o.standing(key)).orElse(Standing.ABSENT);
    }

    private static IdentityState state(Standing standing) {
        return switch (standing) {
            case ATTACHED -> IdentityState.Attached;
            case ATTACHED_BY_OTHERS -> IdentityState.AttachedByOthers;
            case ATTACHING -> IdentityState.Attaching;
            case DETACHING -> IdentityState.Detaching;
            case UNSURE -> IdentityState.Unsure;
            case ABSENT -> IdentityState.Waiting;
        };
    }

    /** Whether the claim is of an identity that leaves, as far as that binding is concerned. */
    static boolean leaves(Claim claim, String bindingUid) {
        boolean held =
                claim.holders().stream().anyMatch(holder -> holder.binding().equals(bindingUid));
        boolean alone =
                claim.holders().stream().allMatch(holder -> holder.binding().equals(bindingUid));
        return held
                && switch (claim.phase()) {
                    case DETACHING, DETACHED, EVICTING -> true;
                    case ATTACHING, ATTACHED -> alone;
                    case UNSURE -> false;
                };
    }
}
