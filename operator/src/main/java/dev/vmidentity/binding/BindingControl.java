package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityLedger;
import dev.vmidentity.api.VmIdentityLedgerSpec;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.kube.Events;
import dev.vmidentity.kube.NamespaceRights;
import dev.vmidentity.kube.StatusWriter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * All of this package, put together.
 *
 * <p>Order: {@link #watch} before the controllers start, {@link #open} when they have, {@link #close} when they have
 * stopped.
 */
public final class BindingControl implements AutoCloseable {
    private final Bindings bindings;
    private final Resolver resolver;
    private final Coordinator coordinator;
    private final LedgerIndex index;
    private final KubernetesLedgers ledgers;
    private final SharedIndexInformer<VmIdentityBinding> deletions;
    private final VmIdentityBindingReconciler reconciler;
    private volatile boolean open;

    /**
     * Starts nothing yet.
     *
     * @param owner cluster and instance, in whose name ledgers are kept
     * @param defaultSubscription for specs that name none
     */
    public BindingControl(
            KubernetesClient client,
            Machines machines,
            NamespaceRights rights,
            VmIdentityLedgerSpec.Owner owner,
            Optional<String> defaultSubscription,
            Timing timing,
            StatusWriter writer,
            Events events,
            Clock clock) {
        this.bindings = new Bindings(binding ->
                new Resolver((_, _) -> Optional.empty(), _ -> Optional.empty(), defaultSubscription).target(binding));
        this.resolver = new Resolver(bindings::identity, rights::rights, defaultSubscription);
        this.index = new LedgerIndex(client);
        this.ledgers = new KubernetesLedgers(client, owner, index::byName);
        LiveBindings live = new PagedLiveBindings(client, resolver, clock);
        this.coordinator = new Coordinator(
                target -> new Worker(target, machines, ledgers, this::contributions, live, timing, clock),
                this::published,
                timing,
                clock);
        this.deletions =
                client.resources(VmIdentityBinding.class).inAnyNamespace().runnableInformer(0);
        deletions.addEventHandler(new Deletions());
        this.reconciler =
                new VmIdentityBindingReconciler(bindings, resolver, coordinator, index, writer, events, clock);
    }

    public VmIdentityBindingReconciler reconciler() {
        return reconciler;
    }

    /** Returns when the ledgers and bindings are known. */
    public void watch() {
        CompletableFuture.allOf(
                        index.start(this::ledgerChanged).toCompletableFuture(),
                        deletions.start().toCompletableFuture())
                .join();
    }

    /** Looks at every machine that has a ledger: a binding may have gone while nobody watched. */
    public void open() {
        open = true;
        index.all().forEach(ledger -> ledgers.target(ledger).ifPresent(coordinator::submit));
    }

    public boolean isWatching() {
        return index.isWatching() && deletions.isWatching();
    }

    /** How many machines are looked after. */
    public int machines() {
        return coordinator.size();
    }

    /** To be told when a namespace's rights have changed. */
    public void rightsChanged(String namespace) {
        bindings.in(namespace).forEach(this::wake);
    }

    /**
     * Who uses an identity, for people to read: bindings that name it, bindings that list its id, machines on which it is
     * ours still.
     */
    public List<String> users(String namespace, String name, ArmId id) {
        Stream<String> users = Stream.concat(bindings.naming(namespace, name).stream(), bindings.listing(id).stream())
                .map(binding -> "VmIdentityBinding " + binding.getMetadata().getNamespace() + "/"
                        + binding.getMetadata().getName());
        Stream<String> carriers = index.machinesWith(id).stream().map(machine -> "machine " + machine.name());
        List<String> named = users.distinct().sorted().toList();
        return named.isEmpty() ? carriers.distinct().sorted().toList() : named;
    }

    @Override
    public void close() {
        open = false;
        coordinator.close();
        deletions.close();
        index.close();
    }

    private List<Contribution> contributions(TargetId target) {
        return bindings.of(target).stream()
                .map(binding -> resolver.resolve(binding).contribution())
                .toList();
    }

    /** Wakes who asks, and who asked before and still has something there. */
    private void published(Published published) {
        Stream.concat(
                        published.contributions().stream().map(Contribution::holder),
                        published.outcome().ledger().claims().values().stream()
                                .map(Claim::holders)
                                .flatMap(holders -> holders.stream()))
                .distinct()
                .forEach(this::wake);
    }

    private void ledgerChanged(VmIdentityLedger ledger, boolean deleted) {
        boolean byOthers = ledgers.changed(ledger, deleted);
        if (open && byOthers) {
            ledgers.target(ledger).ifPresent(coordinator::submit);
        }
        if (open && ledger.getSpec() != null) {
            // A binding that moved on is let go when its old machine's ledger forgets it.
            ledger.getSpec().entries().stream()
                    .flatMap(entry -> entry.holders().stream())
                    .distinct()
                    .forEach(holder -> bindings.wake(
                            holder.namespace() == null ? "" : holder.namespace(),
                            holder.name() == null ? "" : holder.name()));
        }
    }

    private void wake(Holder holder) {
        bindings.wake(holder.namespace(), holder.name());
    }

    private void wake(VmIdentityBinding binding) {
        bindings.wake(
                binding.getMetadata().getNamespace(), binding.getMetadata().getName());
    }

    /** A binding whose finalizer was cut off by force is reconciled no more: its machine is told here. */
    private final class Deletions implements ResourceEventHandler<VmIdentityBinding> {
        @Override
        public void onAdd(VmIdentityBinding binding) {}

        @Override
        public void onUpdate(VmIdentityBinding before, VmIdentityBinding after) {}

        @Override
        public void onDelete(VmIdentityBinding binding, boolean finalStateUnknown) {
            if (open && binding.getSpec() != null) {
                resolver.target(binding).ifPresent(coordinator::submit);
            }
        }
    }
}
