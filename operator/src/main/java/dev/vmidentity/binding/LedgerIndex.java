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
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ledgers, watched: by name, by the bindings that hold something in them or gave roles, by the identities claimed. */
final class LedgerIndex implements Holdings, AutoCloseable {
    private static final String BY_HOLDER = "holder";
    private static final String BY_GIVER = "giver";
    private static final String BY_IDENTITY = "identity";
    private static final String BY_MACHINE = "machine";

    private final SharedIndexInformer<VmIdentityLedger> informer;

    LedgerIndex(KubernetesClient client) {
        this.informer = client.resources(VmIdentityLedger.class).runnableInformer(0);
        informer.addIndexers(Map.of(
                BY_HOLDER, LedgerIndex::holders,
                BY_GIVER, LedgerIndex::givers,
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
        return machines(BY_HOLDER, binding).stream()
                .filter(target -> here.filter(target::equals).isEmpty())
                .toList();
    }

    @Override
    public List<TargetId> rolesOf(String binding) {
        return machines(BY_GIVER, binding);
    }

    @Override
    public boolean rolesOn(TargetId machine, String binding) {
        return of(machine).anyMatch(ledger -> givers(ledger).contains(binding));
    }

    /** The bindings that hold something on the machine. */
    Set<String> holdersOn(TargetId machine) {
        return of(machine).flatMap(ledger -> holders(ledger).stream()).collect(Collectors.toSet());
    }

    private Stream<VmIdentityLedger> of(TargetId machine) {
        return informer.getIndexer().byIndex(BY_MACHINE, machine.id().key()).stream();
    }

    private List<TargetId> machines(String index, String key) {
        return informer.getIndexer().byIndex(index, key).stream()
                .flatMap(ledger -> target(ledger).stream())
                .distinct()
                .toList();
    }

    @Override
    public List<TargetId> of(String binding) {
        return heldElsewhere(binding, Optional.empty());
    }

    @Override
    public boolean on(TargetId machine, String binding) {
        return of(machine).anyMatch(ledger -> holders(ledger).contains(binding));
    }

    /** Machines on which the identity is ours, or may be. */
    List<TargetId> machinesWith(ArmId identity) {
        return machines(BY_IDENTITY, identity.key());
    }

    /** How many identities are ours, on all machines, of which no holder exists any longer; and roles likewise. */
    int orphans(Predicate<String> exists) {
        long roles = informer.getStore().list().stream()
                .flatMap(ledger -> givers(ledger).stream())
                .filter(exists.negate())
                .count();
        return (int) roles
                + informer.getStore().list().stream()
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
        Stream<String> holders = entries(ledger).stream()
                .filter(LedgerIndex::blocks)
                .flatMap(entry -> entry.holders().stream())
                .map(VmIdentityLedgerSpec.Holder::binding);
        return Stream.concat(holders, givers(ledger).stream()).distinct().toList();
    }

    private static List<String> givers(VmIdentityLedger ledger) {
        return ledger.getSpec() == null
                ? List.of()
                : ledger.getSpec().roleAssignments().stream()
                        .map(VmIdentityLedgerSpec.RoleAssignment::binding)
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
