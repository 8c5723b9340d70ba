package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingSpec;
import dev.vmidentity.api.VmIdentityLedger;
import dev.vmidentity.api.VmIdentityLedgerSpec;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.RoleAssignments;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.kube.Events;
import dev.vmidentity.kube.NamespaceRights;
import dev.vmidentity.kube.StatusWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All of this package, put together.
 *
 * <p>Order: {@link #watch} before the controllers start, {@link #open} when they have, {@link #close} when they have
 * stopped.
 */
public final class BindingControl implements AutoCloseable {
    /** Questions about many machines, or whether one still matches, at a time. */
    private static final int ASKING = 8;

    private static final Logger LOG = LoggerFactory.getLogger(BindingControl.class);

    private final Bindings bindings;
    private final Resolver resolver;
    private final Coordinator coordinator;
    private final RoleGrants grants;
    private final Granting granting;
    private final LedgerIndex index;
    private final KubernetesLedgers ledgers;
    private final SharedIndexInformer<VmIdentityBinding> changes;
    private final VmIdentityBindingReconciler reconciler;
    private final Selections selections;
    private final ExecutorService asking = Executors.newFixedThreadPool(
            ASKING, Thread.ofVirtual().name("fleet-", 0).factory());
    private final ScheduledThreadPoolExecutor ticking = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("selections-timer").factory());
    private final Uses uses;
    private final Glances glances;
    private final Budgets budgets;
    private @Nullable Future<?> ticks;
    private volatile boolean open;

    /** Is told when somebody may have begun or ceased to use an identity. */
    public interface Uses {
        void ofObject(String namespace, String name);

        void ofIdentity(ArmId id);
    }

    /**
     * Starts nothing yet.
     *
     * @param owner cluster and instance, in whose name ledgers are kept
     * @param defaultSubscription for specs that name none
     * @param selectorInterval how often is asked which machines match a selector
     * @param mostOrphans how many identities whose bindings vanished without a deletion are detached without asking
     */
    public BindingControl(
            KubernetesClient client,
            Machines machines,
            Identities identities,
            Instances instances,
            Fleet fleet,
            RoleAssignments roles,
            NamespaceRights rights,
            VmIdentityLedgerSpec.Owner owner,
            Optional<String> defaultSubscription,
            Timing timing,
            Duration selectorInterval,
            int mostOrphans,
            StatusWriter writer,
            Events events,
            Uses uses,
            Clock clock) {
        this.uses = uses;
        this.bindings = new Bindings(binding ->
                new Resolver((_, _) -> Optional.empty(), _ -> Optional.empty(), defaultSubscription).target(binding));
        this.resolver = new Resolver(bindings::identity, rights::rights, defaultSubscription);
        this.index = new LedgerIndex(client);
        this.ledgers = new KubernetesLedgers(client, owner, index::byName);
        Brake brake = new Brake(mostOrphans, bindings::exists, () -> index.orphans(bindings::exists), clock);
        Rounds rounds = new Rounds(this::known, this::submit);
        Reporter reporter = new Reporter(writer, events);
        this.grants = new RoleGrants(
                roles, owner.cluster(), this::rolesChanged, this::submit, timing, Alarms.of("roles", clock), clock);
        this.selections = new Selections(
                resolver,
                index,
                rounds,
                grants::outcome,
                this::wake,
                fleet,
                selectorInterval,
                brake,
                timing.gone(),
                reporter,
                asking,
                clock);
        this.granting = selections.granting();
        LiveBindings live = new PagedLiveBindings(client, granting::contribution, clock);
        this.glances =
                new Glances(fleet, question -> Thread.ofVirtual().name("fleet").start(question), timing, clock);
        this.budgets = new Budgets(clock);
        this.coordinator = new Coordinator(
                target -> new Worker(
                        target,
                        machines,
                        identities,
                        instances,
                        ledgers,
                        grants,
                        this::contributions,
                        live,
                        brake,
                        glances,
                        budgets,
                        timing,
                        clock),
                this::published,
                timing,
                clock);
        this.changes =
                client.resources(VmIdentityBinding.class).inAnyNamespace().runnableInformer(0);
        changes.addEventHandler(new Changes());
        this.reconciler = new VmIdentityBindingReconciler(
                bindings, resolver, rounds, granting, index, selections, reporter, clock);
    }

    public VmIdentityBindingReconciler reconciler() {
        return reconciler;
    }

    /** Returns when the ledgers and bindings are known. */
    public void watch() {
        CompletableFuture.allOf(
                        index.start(this::ledgerChanged).toCompletableFuture(),
                        changes.start().toCompletableFuture())
                .join();
    }

    /** Looks at every machine that has a ledger: a binding may have gone while nobody watched. */
    public void open() {
        open = true;
        ticks = ticking.scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
        index.all().forEach(ledger -> ledgers.target(ledger).ifPresent(coordinator::submit));
    }

    public boolean isWatching() {
        return index.isWatching() && changes.isWatching();
    }

    /** How many machines are looked after. */
    public int machines() {
        return coordinator.size();
    }

    /** What was sent to Azure about machines since the process began. */
    public long calls(Call call) {
        return switch (call) {
            case READ -> budgets.reads();
            case WRITE -> budgets.writes();
            case THROTTLED -> budgets.throttled();
            case BULK -> glances.questions();
        };
    }

    /** What is counted. */
    public enum Call {
        READ,
        WRITE,
        /** Of reads and writes, those that Azure refused because there were too many. */
        THROTTLED,
        /** Questions about up to a thousand machines. */
        BULK
    }

    /** To be told when a namespace's rights have changed. */
    public void rightsChanged(String namespace) {
        bindings.in(namespace).forEach(this::wake);
    }

    /**
     * Who uses an identity, for people to read: bindings that name it, bindings that list its id, and where there are none,
     * machines on which it is ours still. Empty while that is not known.
     */
    public Optional<List<String>> users(String namespace, String name, ArmId id) {
        if (!open) {
            return Optional.empty();
        }
        Stream<VmIdentityBinding> users = Stream.concat(
                bindings.naming(namespace, name).stream(),
                bindings.listing(id).stream().filter(binding -> mayUse(binding, id)));
        List<String> named = users.map(binding -> binding.getMetadata().getNamespace() + "/"
                        + binding.getMetadata().getName())
                .distinct()
                .sorted()
                .toList();
        if (!named.isEmpty()) {
            return Optional.of(named);
        }
        return Optional.of(index.machinesWith(id).stream()
                .map(machine -> "the machine " + machine.name())
                .distinct()
                .sorted()
                .toList());
    }

    /** A namespace that may not use an identity does not keep it from being deleted by listing it. */
    private boolean mayUse(VmIdentityBinding binding, ArmId id) {
        return resolver.resolve(binding).contribution().asks().stream()
                .anyMatch(ask -> ask.allowed() && ask.id().equals(id));
    }

    private void tick() {
        try {
            selections.tick();
        } catch (RuntimeException e) {
            LOG.error("a defect ended a look at what is due", e);
        }
    }

    @Override
    public void close() {
        open = false;
        if (ticks != null) {
            ticks.cancel(false);
        }
        ticking.shutdownNow();
        asking.shutdownNow();
        grants.close();
        coordinator.close();
        changes.close();
        index.close();
    }

    private List<Contribution> contributions(TargetId target) {
        Stream<VmIdentityBinding> leaving =
                index.holdersOn(target).stream().flatMap(uid -> bindings.withUid(uid).stream());
        return Stream.of(bindings.of(target).stream(), bindings.ofNoOneMachine().stream(), leaving)
                .flatMap(each -> each)
                .distinct()
                .flatMap(binding -> granting.contribution(binding, target).stream())
                .toList();
    }

    private Optional<Published> known(TargetId target) {
        return coordinator.published(target);
    }

    private void submit(TargetId target) {
        coordinator.submit(target);
    }

    /** Wakes who asks, and who asked before and still has something there. */
    private void published(Published published) {
        grants.published(published);
        selections.published(published);
        Stream.concat(
                        published.contributions().stream().map(Contribution::holder),
                        published.outcome().ledger().claims().values().stream()
                                .map(Claim::holders)
                                .flatMap(holders -> holders.stream()))
                .distinct()
                .forEach(this::wake);
    }

    private void rolesChanged(Holder holder, TargetId machine) {
        selections.changed(holder.binding(), machine);
        wake(holder);
    }

    private void ledgerChanged(@Nullable VmIdentityLedger before, @Nullable VmIdentityLedger after) {
        VmIdentityLedger known = after != null ? after : before;
        if (known == null) {
            return;
        }
        boolean byOthers = ledgers.changed(known, after == null);
        if (!open) {
            return;
        }
        if (byOthers) {
            ledgers.target(known).ifPresent(coordinator::submit);
        }
        // A binding that moved on is let go when its old machine's ledger forgets it, and so is an identity.
        List<VmIdentityLedgerSpec> specs = Stream.of(Optional.ofNullable(before), Optional.ofNullable(after))
                .flatMap(Optional::stream)
                .filter(ledger -> ledger.getSpec() != null)
                .map(VmIdentityLedger::getSpec)
                .toList();
        specs.stream().flatMap(spec -> spec.entries().stream()).distinct().forEach(this::entryChanged);
        specs.stream()
                .flatMap(spec -> spec.roleAssignments().stream())
                .distinct()
                .forEach(this::roleChanged);
    }

    private void roleChanged(VmIdentityLedgerSpec.RoleAssignment role) {
        if (role.namespace() != null && role.name() != null) {
            bindings.wake(role.namespace(), role.name());
        }
    }

    private void entryChanged(VmIdentityLedgerSpec.Entry entry) {
        ArmId.parse(entry.id()).ifPresent(uses::ofIdentity);
        for (VmIdentityLedgerSpec.Holder holder : entry.holders()) {
            if (holder.namespace() != null && holder.name() != null) {
                bindings.wake(holder.namespace(), holder.name());
            }
        }
    }

    private void wake(Holder holder) {
        bindings.wake(holder.namespace(), holder.name());
    }

    private void wake(VmIdentityBinding binding) {
        bindings.wake(
                binding.getMetadata().getNamespace(), binding.getMetadata().getName());
    }

    private void usedBy(VmIdentityBinding binding) {
        if (binding.getSpec() == null) {
            return;
        }
        for (VmIdentityBindingSpec.UserAssigned listed : binding.getSpec().userAssigned()) {
            if (listed.name() != null) {
                uses.ofObject(binding.getMetadata().getNamespace(), listed.name());
            }
            Optional.ofNullable(listed.resourceId()).flatMap(ArmId::parse).ifPresent(uses::ofIdentity);
        }
    }

    /** What the controller's own informer does not tell. */
    private final class Changes implements ResourceEventHandler<VmIdentityBinding> {
        @Override
        public void onAdd(VmIdentityBinding binding) {
            usedBy(binding);
        }

        @Override
        public void onUpdate(VmIdentityBinding before, VmIdentityBinding after) {
            if (!before.getSpec().equals(after.getSpec())) {
                usedBy(before);
                usedBy(after);
            }
            if (!KubernetesLedgers.confirmed(before).equals(KubernetesLedgers.confirmed(after))) {
                wake(after);
            }
        }

        /** A binding whose finalizer was cut off by force is reconciled no more: its machines are told here. */
        @Override
        public void onDelete(VmIdentityBinding binding, boolean finalStateUnknown) {
            usedBy(binding);
            if (open && binding.getSpec() != null) {
                resolver.target(binding).ifPresent(coordinator::submit);
                index.of(binding.getMetadata().getUid()).forEach(coordinator::submit);
                selections.gone(binding);
            }
        }
    }
}
