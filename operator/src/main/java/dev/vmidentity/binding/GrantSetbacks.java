package dev.vmidentity.binding;

import dev.vmidentity.core.Fault;
import dev.vmidentity.status.Backoff;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What Azure refused of the roles of one binding, and until when it waits. By what it is about, and by nothing else: that
 * the binding was reconciled meanwhile, or its status written, brings nothing forward. Not thread-safe.
 */
final class GrantSetbacks {
    private final Map<Object, Held> held = new HashMap<>();
    private final long seed;

    private record Held(Fault fault, int attempts, Instant until) {}

    GrantSetbacks(long seed) {
        this.seed = seed;
    }

    void refused(Object what, Fault fault, Instant now) {
        Held before = held.get(what);
        int attempts = before == null || before.fault().getClass() != fault.getClass() ? 1 : before.attempts() + 1;
        held.put(what, new Held(fault, attempts, now.plus(Backoff.after(fault, attempts, seed + what.hashCode()))));
    }

    void done(Object what) {
        held.remove(what);
    }

    /** What is not asked any longer holds nothing back. */
    void forgetAllBut(Collection<?> asked) {
        held.keySet().retainAll(asked);
    }

    boolean waits(Object what, Instant now) {
        Held hold = held.get(what);
        return hold != null && now.isBefore(hold.until());
    }

    Optional<Fault> fault(Object what) {
        return Optional.ofNullable(held.get(what)).map(Held::fault);
    }

    /** When the next of them may be tried again; those whose time has come are tried in any round. */
    Optional<Instant> nextTry(Instant now) {
        return held.values().stream().map(Held::until).filter(now::isBefore).min(Instant::compareTo);
    }
}
