package dev.vmidentity.binding;

import dev.vmidentity.api.LedgerPhase;
import dev.vmidentity.api.VmIdentityLedger;
import dev.vmidentity.api.VmIdentityLedgerSpec;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.TargetId;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The ledgers, watched: by name, by the bindings that hold something in them, by the identities that they claim. */
final class LedgerIndex implements Holdings, AutoCloseable {
    private static final String BY_HOLDER = "holder";
    private static final String BY_IDENTITY = "identity";
    private static final String BY_MACHINE = "machine";

    private final SharedIndexInformer<VmIdentityLedger> informer;

    LedgerIndex(KubernetesClient client) {
        this.informer = client.resources(VmIdentityLedger.class).runnableInformer(0);
        informer.addIndexers(Map.of(
                BY_HOLDER, LedgerIndex::holders,
                BY_IDENTITY, LedgerIndex::identities,
                BY_MACHINE,
                        ledger ->
                                target(ledger).map(id -> id.id().key()).stream().toList()));
    }

    /** Is told each ledger that appeared (nothing before), changed, or went (nothing after). */
    @FunctionalInterface
    interface Listener {
        void changed(@Nullable VmIdentityLedger before, @Nullable VmIdentityLedger after);
    }

    CompletionStage<Void> start(Listener listener) {
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(VmIdentityLedger ledger) {
                listener.changed(null, ledger);
            }

            @Override
            public void onUpdate(VmIdentityLedger before, VmIdentityLedger after) {
                listener.changed(before, after);
            }

            @Override
            public void onDelete(VmIdentityLedger ledger, boolean finalStateUnknown) {
                listener.changed(ledger, null);
            }
        });
        return informer.start();
    }

    boolean isWatching() {
        return informer.isWatching();
    }

    Optional<VmIdentityLedger> byName(String name) {
        return Optional.ofNullable(informer.getStore().getByKey(name));
    }

    List<VmIdentityLedger> all() {
        return informer.getStore().list();
    }

    /** Machines other than that one on which the binding still has something that can be detached. */
    List<TargetId> heldElsewhere(String binding, Optional<TargetId> here) {
        return informer.getIndexer().byIndex(BY_HOLDER, binding).stream()
                .flatMap(ledger -> target(ledger).stream())
                .filter(target -> here.filter(target::equals).isEmpty())
                .distinct()
                .toList();
    }

    @Override
    public List<TargetId> of(String binding) {
        return heldElsewhere(binding, Optional.empty());
    }

    @Override
    public boolean on(TargetId machine, String binding) {
        return informer.getIndexer().byIndex(BY_MACHINE, machine.id().key()).stream()
                .anyMatch(ledger -> holders(ledger).contains(binding));
    }

    /** Machines on which the identity is ours, or may be. */
    List<TargetId> machinesWith(ArmId identity) {
        return informer.getIndexer().byIndex(BY_IDENTITY, identity.key()).stream()
                .flatMap(ledger -> target(ledger).stream())
                .toList();
    }

    /** How many identities are ours, on all machines, of which no holder exists any longer. */
    int orphans(Predicate<String> exists) {
        return informer.getStore().list().stream()
                .flatMap(ledger -> entries(ledger).stream())
                .filter(entry -> entry.phase() == LedgerPhase.Attached)
                .filter(entry -> !entry.holders().isEmpty())
                .filter(entry -> entry.holders().stream().noneMatch(holder -> exists.test(holder.binding())))
                .mapToInt(_ -> 1)
                .sum();
    }

    @Override
    public void close() {
        informer.close();
    }

    private static Optional<TargetId> target(VmIdentityLedger ledger) {
        return Optional.ofNullable(ledger.getSpec())
                .flatMap(spec -> Optional.ofNullable(spec.resourceId()))
                .flatMap(ArmId::parse)
                .flatMap(TargetId::of);
    }

    /** What nobody can tell about blocks nothing. */
    private static boolean blocks(VmIdentityLedgerSpec.Entry entry) {
        return entry.phase() != LedgerPhase.Unsure;
    }

    private static List<String> holders(VmIdentityLedger ledger) {
        return entries(ledger).stream()
                .filter(LedgerIndex::blocks)
                .flatMap(entry -> entry.holders().stream())
                .map(VmIdentityLedgerSpec.Holder::binding)
                .distinct()
                .toList();
    }

    private static List<String> identities(VmIdentityLedger ledger) {
        return entries(ledger).stream()
                .filter(LedgerIndex::blocks)
                .map(VmIdentityLedgerSpec.Entry::id)
                .toList();
    }

    private static List<VmIdentityLedgerSpec.Entry> entries(VmIdentityLedger ledger) {
        return ledger.getSpec() == null ? List.of() : ledger.getSpec().entries();
    }
}
