package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityLedgerSpec;
import dev.vmidentity.api.VmIdentityLedgerStatus;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ledgers of one API server, and the {@link View} that each process has of them: it remembers what it wrote last, and
 * has a cache that lags behind until {@link View#catchUp}, just as {@link KubernetesLedgers}.
 */
public final class StoredLedgers {
    private final Map<TargetId, Stored> stored = new TreeMap<>();
    private final Listener listener;
    private long versions;

    /** Is told of every ledger that was stored; an empty one when it was deleted. */
    @FunctionalInterface
    public interface Listener {
        void ledger(TargetId target, Ledger before, Ledger after);
    }

    /** What befalls a call to the API server. */
    public enum Mishap {
        FAILS_WITHOUT_EFFECT,
        FAILS_AFTER_EFFECT,
        LOST
    }

    /** The way to the API server: what happens before, to, and after a call. */
    public interface Traffic {
        void before(String call);

        Optional<Mishap> mishap();

        void after(String call);
    }

    private record Stored(
            String uid,
            long version,
            VmIdentityLedgerSpec spec,
            @Nullable VmIdentityLedgerStatus status,
            @Nullable Instant confirmed) {
        Ledgers.Version asVersion() {
            return new Ledgers.Version(uid, String.valueOf(version));
        }

        Ledger ledger() {
            return LedgerMapping.toLedger(spec).orElseThrow();
        }
    }

    public StoredLedgers(Listener listener) {
        this.listener = listener;
    }

    public Ledger look(TargetId target) {
        Stored now = stored.get(target);
        return now == null ? Ledger.EMPTY : now.ledger();
    }

    public boolean has(TargetId target) {
        return stored.containsKey(target);
    }

    /** How often anything was stored. */
    public long writes() {
        return versions;
    }

    /** Somebody deletes it by force. */
    public void forceAway(TargetId target) {
        put(target, null);
    }

    /** Somebody writes on it that what lost its bindings may go. */
    public void confirm(TargetId target, Instant now) {
        Stored last = Objects.requireNonNull(stored.get(target));
        put(target, new Stored(last.uid(), versions + 1, last.spec(), last.status(), now));
    }

    public View view(Traffic traffic) {
        return new View(traffic);
    }

    /**
     * What a watch told.
     *
     * @param byOthers machines whose ledgers somebody else has written
     * @param holders who holds something, or did, in those that changed
     */
    record Heard(Set<TargetId> byOthers, Set<String> holders) {}

    /** One process's view. */
    public final class View implements Ledgers, Holdings {
        private final Traffic traffic;
        private final Map<TargetId, Stored> mine = new HashMap<>();
        private final Map<TargetId, Long> outdated = new HashMap<>();
        private Map<TargetId, Stored> informed = Map.copyOf(stored);

        private View(Traffic traffic) {
            this.traffic = traffic;
        }

        /** The watch tells of everything that was stored so far. */
        public Heard catchUp() {
            Heard heard = heard();
            informed = Map.copyOf(stored);
            outdated.clear();
            mine.keySet().removeIf(target -> {
                Stored now = stored.get(target);
                return now == null
                        || now.version()
                                != Objects.requireNonNull(mine.get(target)).version();
            });
            return heard;
        }

        private Heard heard() {
            Set<TargetId> byOthers = new TreeSet<>();
            Set<String> holders = new TreeSet<>();
            Set<TargetId> all = new TreeSet<>(informed.keySet());
            all.addAll(stored.keySet());
            for (TargetId target : all) {
                Stored before = informed.get(target);
                Stored now = stored.get(target);
                if (Objects.equals(before, now)) {
                    continue;
                }
                Stream.of(Optional.ofNullable(before), Optional.ofNullable(now))
                        .flatMap(Optional::stream)
                        .forEach(one -> holders.addAll(holders(one)));
                if (!Objects.equals(now, mine.get(target))) {
                    byOthers.add(target);
                }
            }
            return new Heard(byOthers, holders);
        }

        /** As far as the watch has told. */
        @Override
        public List<TargetId> of(String binding) {
            return informed.entrySet().stream()
                    .filter(one -> holders(one.getValue()).contains(binding))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList();
        }

        @Override
        public boolean on(TargetId target, String binding) {
            Stored known = informed.get(target);
            return known != null && holders(known).contains(binding);
        }

        @Override
        public List<TargetId> rolesOf(String binding) {
            return informed.keySet().stream()
                    .filter(target -> rolesOn(target, binding))
                    .toList();
        }

        @Override
        public boolean rolesOn(TargetId target, String binding) {
            Stored known = informed.get(target);
            return known != null && !known.ledger().rolesOf(binding).isEmpty();
        }

        private static Set<String> holders(Stored one) {
            return one.ledger().claims().values().stream()
                    .filter(claim -> claim.phase() != Phase.UNSURE)
                    .flatMap(claim -> claim.holders().stream())
                    .map(Holder::binding)
                    .collect(Collectors.toSet());
        }

        /** As far as the watch has told, how many identities are ours and nobody's who exists. */
        int orphans(Predicate<String> exists) {
            return (int) informed.values().stream()
                    .flatMap(one -> one.ledger().claims().values().stream())
                    .filter(claim -> claim.phase() == Phase.ATTACHED)
                    .filter(claim -> !claim.holders().isEmpty())
                    .filter(claim -> claim.holders().stream().noneMatch(holder -> exists.test(holder.binding())))
                    .count();
        }

        @Override
        public Found find(TargetId target) {
            Stored known = mine.get(target);
            if (known == null) {
                known = informed.get(target);
                boolean old = known != null && known.version() <= outdated.getOrDefault(target, 0L);
                known = old ? null : known;
            }
            if (known == null) {
                traffic.before("reads the ledger");
                Optional<Mishap> mishap = traffic.mishap();
                known = stored.get(target);
                traffic.after("read the ledger");
                if (mishap.isPresent()) {
                    return new Found.Failed("no answer");
                }
            }
            if (known == null) {
                return new Found.None();
            }
            mine.put(target, known);
            String recorded = known.spec().owner().uid();
            boolean restored = recorded != null && !recorded.equals(known.uid());
            return new Found.Ours(known.ledger(), known.asVersion(), restored, Optional.ofNullable(known.confirmed()));
        }

        @Override
        public Ledgers.Written write(TargetId target, Optional<Version> expected, Ledger next) {
            Stored last = mine.get(target);
            if (expected.isPresent() && (last == null || !last.asVersion().equals(expected.get()))) {
                return new Ledgers.Written.Lost();
            }
            return call(target, "writes the ledger", expected, () -> {
                Stored before = stored.get(target);
                String uid = before == null ? "uid-" + (versions + 1) : before.uid();
                var owner = new VmIdentityLedgerSpec.Owner("cluster", "default", before == null ? null : uid);
                put(
                        target,
                        new Stored(
                                uid,
                                versions + 1,
                                LedgerMapping.toSpec(target, owner, next),
                                before == null ? null : before.status(),
                                before == null ? null : before.confirmed()));
                return stored.get(target);
            });
        }

        @Override
        public Ledgers.Written delete(TargetId target, Version expected) {
            Stored last = mine.get(target);
            if (last == null || !last.asVersion().equals(expected)) {
                return new Ledgers.Written.Lost();
            }
            Ledgers.Written answer = call(target, "deletes the ledger", Optional.of(expected), () -> {
                put(target, null);
                return null;
            });
            outdated.put(target, versions);
            mine.remove(target);
            return answer;
        }

        @Override
        public void show(TargetId target, Rendering rendering) {
            Stored last = mine.get(target);
            if (last == null) {
                return;
            }
            VmIdentityLedgerStatus status = rendering.render(last.status(), 1);
            if (!status.equals(last.status())) {
                call(target, "shows the ledger", Optional.of(last.asVersion()), () -> {
                    put(target, new Stored(last.uid(), versions + 1, last.spec(), status, last.confirmed()));
                    return stored.get(target);
                });
            }
        }

        private Ledgers.Written call(
                TargetId target, String what, Optional<Version> expected, Supplier<@Nullable Stored> effect) {
            traffic.before(what);
            Optional<Mishap> mishap = traffic.mishap();
            boolean fits =
                    expected.equals(Optional.ofNullable(stored.get(target)).map(Stored::asVersion));
            Ledgers.Written answer;
            if (mishap.filter(it -> it == Mishap.FAILS_WITHOUT_EFFECT).isPresent()) {
                answer = new Ledgers.Written.Failed("no answer");
            } else if (!fits || mishap.filter(it -> it == Mishap.LOST).isPresent()) {
                answer = new Ledgers.Written.Lost();
            } else {
                Stored after = effect.get();
                answer = mishap.isPresent()
                        ? new Ledgers.Written.Failed("no answer")
                        : new Ledgers.Written.Done(after == null ? expected.orElseThrow() : after.asVersion());
            }
            if (answer instanceof Ledgers.Written.Done && stored.containsKey(target)) {
                mine.put(target, Objects.requireNonNull(stored.get(target)));
            } else {
                Stored last = mine.remove(target);
                if (last != null) {
                    outdated.merge(target, last.version(), Math::max);
                }
            }
            traffic.after(what);
            return answer;
        }
    }

    private void put(TargetId target, @Nullable Stored next) {
        Ledger before = look(target);
        versions++;
        if (next == null) {
            stored.remove(target);
        } else {
            stored.put(target, next);
        }
        Ledger after = look(target);
        if (!after.equals(before)) {
            listener.ledger(target, before, after);
        }
    }
}
