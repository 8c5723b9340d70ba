package dev.vmidentity.binding;

import dev.vmidentity.binding.Contribution.Ask;
import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.Manner;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Release;
import dev.vmidentity.core.Standing;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.FakeAzure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** One machine, the identities a and b, an identity of others, the bindings that ask, and the worker under test. */
final class Scene {
    static final String SUBSCRIPTION = "00000000-0000-4000-8000-000000000000";
    static final TargetId VM = TargetId.of(MachineKind.VIRTUAL_MACHINE, SUBSCRIPTION, "rg-vms", "vm1");
    static final TargetId VMSS = TargetId.of(MachineKind.SCALE_SET, SUBSCRIPTION, "rg-vms", "vmss1");
    static final ArmId A = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "a");
    static final ArmId B = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "b");
    static final ArmId FOREIGN = ArmId.userAssignedIdentity(SUBSCRIPTION, "rg-ids", "foreign");
    static final Timing TIMING = new Timing(
            Duration.ofMillis(50),
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMinutes(30));

    final HandClock clock = new HandClock();
    final FakeAzure azure = new FakeAzure(clock);
    final MemoryLedgers ledgers = new MemoryLedgers();
    final Map<String, Contribution> bindings = new TreeMap<>();

    /** What the API server would list; the same as the cache unless a test says otherwise. */
    Optional<List<Contribution>> listed = Optional.empty();

    /** How many orphans the brake lets through. */
    int mostOrphans = 10;

    private final TargetId target;
    private Worker worker;

    Scene() {
        this(VM);
    }

    /** About that machine. */
    Scene(TargetId target) {
        this.target = target;
        this.worker = start();
        azure.makeMachine(target);
        azure.makeIdentity(A);
        azure.makeIdentity(B);
        azure.makeIdentity(FOREIGN);
    }

    /** A new process: all that the old one had in memory is gone. */
    void restart() {
        worker = start();
    }

    private Worker start() {
        return new Worker(
                target,
                azure.machines(),
                azure.identities(),
                azure.instances(),
                ledgers,
                RoleKnowledge.NONE,
                _ -> List.copyOf(bindings.values()),
                _ -> Optional.of(listed.orElseGet(() -> List.copyOf(bindings.values()))),
                new Brake(mostOrphans, this::exists, this::orphans, clock),
                new Glances(azure.fleet(), Runnable::run, TIMING, clock),
                Budgets.ofAzureAlone(clock),
                TIMING,
                clock);
    }

    private boolean exists(String binding) {
        return bindings.values().stream()
                .anyMatch(contribution -> contribution.holder().binding().equals(binding));
    }

    private int orphans() {
        return (int) ledgers.look(target).claims().values().stream()
                .filter(claim -> claim.phase() == Phase.ATTACHED)
                .filter(claim -> claim.holders().stream().noneMatch(holder -> exists(holder.binding())))
                .count();
    }

    void bind(String name, ArmId... ids) {
        bindings.put(name, contribution(name, Release.DETACH, SystemAsk.NOTHING, false, ids));
    }

    void adopt(String name, ArmId... ids) {
        bindings.put(name, contribution(name, Release.DETACH, SystemAsk.NOTHING, true, ids));
    }

    void bindRetaining(String name, ArmId... ids) {
        bindings.put(name, contribution(name, Release.RETAIN, SystemAsk.NOTHING, false, ids));
    }

    /** In that manner. */
    void bind(String name, Manner manner, ArmId... ids) {
        Contribution whole = contribution(name, Release.DETACH, SystemAsk.NOTHING, false, ids);
        bindings.put(
                name,
                new Contribution(
                        whole.holder(),
                        false,
                        whole.target(),
                        whole.asks(),
                        whole.systemAssigned(),
                        manner,
                        whole.guard(),
                        whole.complete()));
    }

    /** The binding says instanceUpgrade: Automatic. */
    void upgrading(String name, int atOnce) {
        bindings.computeIfPresent(name, (_, contribution) -> contribution.upgrading(atOnce));
    }

    void bindSystem(String name, SystemAsk ask, ArmId... ids) {
        bindings.put(name, contribution(name, Release.DETACH, ask, false, ids));
    }

    /** The same bindings, and that one guards the machine's default identity in that way. */
    void guard(String name, Guard guard) {
        Contribution whole = Objects.requireNonNull(bindings.get(name));
        bindings.put(
                name,
                new Contribution(
                        whole.holder(),
                        whole.deleting(),
                        whole.target(),
                        whole.asks(),
                        whole.systemAssigned(),
                        whole.manner(),
                        guard,
                        whole.complete()));
    }

    /** The binding names an identity whose id nobody knows yet. */
    void bindUnresolved(String name) {
        Contribution whole = contribution(name, Release.DETACH, SystemAsk.NOTHING, false);
        bindings.put(
                name,
                new Contribution(
                        whole.holder(),
                        false,
                        whole.target(),
                        whole.asks(),
                        whole.systemAssigned(),
                        whole.manner(),
                        whole.guard(),
                        false));
    }

    void delete(String name) {
        Contribution was = Objects.requireNonNull(bindings.get(name));
        bindings.put(
                name,
                new Contribution(
                        was.holder(),
                        true,
                        was.target(),
                        was.asks(),
                        was.systemAssigned(),
                        was.manner(),
                        was.guard(),
                        was.complete(),
                        was.upgradesAtOnce(),
                        was.roles()));
    }

    static Contribution contribution(String name, Release release, SystemAsk ask, boolean adopt, ArmId... ids) {
        List<Ask> asks =
                List.of(ids).stream().map(id -> new Ask(id, true, adopt)).toList();
        return new Contribution(
                new Holder("uid-" + name, "team-a", name, release),
                false,
                Optional.of(VM),
                asks,
                ask,
                Manner.SHARED,
                Guard.NONE,
                true);
    }

    Worker.Rounded round() {
        return worker.round();
    }

    /** Rounds, each when the one before asked for it, until the next is due only to look again. */
    Published settle() {
        for (int rounds = 0; rounds < 50; rounds++) {
            Worker.Rounded rounded = worker.round();
            Instant next = rounded.next().orElse(Instant.MAX);
            if (Duration.between(clock.instant(), next.isAfter(FAR) ? FAR : next)
                            .compareTo(Duration.ofMinutes(2))
                    > 0) {
                return rounded.published();
            }
            clock.advanceTo(next);
        }
        throw new AssertionError("does not come to rest: " + worker.round().published());
    }

    private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");

    boolean isOn(ArmId id) {
        return machine().has(IdentityKey.of(id));
    }

    Observation machine() {
        return azure.look(target).orElseThrow();
    }

    Optional<Phase> phase(ArmId id) {
        return ledgers.look(target).claim(IdentityKey.of(id)).map(claim -> claim.phase());
    }

    static Standing standing(Published published, ArmId id) {
        return published.outcome().standing(IdentityKey.of(id));
    }

    /** A clock that moves when it is told to. */
    static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        void advanceTo(Instant moment) {
            now = moment.isAfter(now) ? moment : now;
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
