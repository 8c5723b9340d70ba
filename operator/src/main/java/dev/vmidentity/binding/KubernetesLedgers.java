package dev.vmidentity.binding;

import dev.vmidentity.api.LedgerName;
import dev.vmidentity.api.VmIdentityLedger;
import dev.vmidentity.api.VmIdentityLedgerSpec;
import dev.vmidentity.api.VmIdentityLedgerStatus;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.TargetId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ledgers as cluster-scoped objects of the API server.
 *
 * <p>Written by plain updates with resourceVersion, never applied: the compare-and-swap is the API server's own. What this
 * process wrote last is remembered, so that a round costs no read; {@link #changed} forgets it when somebody else wrote.
 */
final class KubernetesLedgers implements Ledgers {
    /** A person's word, with the moment that it was given, that identities without bindings may be detached. */
    static final String CONFIRMATION = "vmidentity.dev/confirm-detach";

    static final String FINALIZER = "vmidentity.dev/ledger";
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesLedgers.class);

    private final KubernetesClient client;
    private final VmIdentityLedgerSpec.Owner owner;
    private final Function<String, Optional<VmIdentityLedger>> informed;
    private final Map<String, VmIdentityLedger> written = new ConcurrentHashMap<>();
    private final Hearsay hearsay = new Hearsay();

    /** Names that are being written: the watch may tell of our own write before its answer is here. */
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    /**
     * @param owner cluster and instance; the uid is each ledger's own
     * @param informed the informer's store by name, for the first look after a start; a stale answer loses the swap, and
     *     then the API server is asked until the informer has caught up
     */
    KubernetesLedgers(
            KubernetesClient client,
            VmIdentityLedgerSpec.Owner owner,
            Function<String, Optional<VmIdentityLedger>> informed) {
        this.client = client;
        this.owner = owner;
        this.informed = informed;
    }

    private MixedOperation<VmIdentityLedger, KubernetesResourceList<VmIdentityLedger>, Resource<VmIdentityLedger>>
            ledgers() {
        return client.resources(VmIdentityLedger.class);
    }

    private String name(TargetId target) {
        return LedgerName.of(owner, target.id().key());
    }

    /** Whether this owner may act on the object, and for which machine it speaks. */
    Optional<TargetId> target(VmIdentityLedger ledger) {
        VmIdentityLedgerSpec spec = ledger.getSpec();
        if (spec == null || !isOwn(spec.owner()) || !LedgerName.fits(ledger)) {
            return Optional.empty();
        }
        return ArmId.parse(spec.resourceId()).flatMap(TargetId::of);
    }

    /**
     * Tells of a change that the informer saw.
     *
     * @return whether somebody else made it, so that the machine should be looked at
     */
    boolean changed(VmIdentityLedger ledger, boolean deleted) {
        String name = ledger.getMetadata().getName();
        VmIdentityLedger last = written.get(name);
        if (deleted || hearsay.isNews(ledger)) {
            hearsay.caughtUp(name);
        }
        if (underWay.contains(name)) {
            // If it was somebody else after all, the next swap is lost.
            return false;
        }
        if (last == null) {
            return !deleted;
        }
        boolean own = !deleted
                && last.getMetadata().getUid().equals(ledger.getMetadata().getUid())
                && !isNewer(ledger, last);
        if (!own) {
            written.remove(name, last);
        }
        return !own;
    }

    @Override
    public Found find(TargetId target) {
        String name = name(target);
        try {
            VmIdentityLedger ledger = written.computeIfAbsent(name, this::look);
            return ledger == null ? new Found.None() : read(ledger);
        } catch (KubernetesClientException e) {
            return new Found.Failed(text(e));
        }
    }

    private @Nullable VmIdentityLedger look(String name) {
        return informed.apply(name)
                .filter(hearsay::isNews)
                .orElseGet(() -> ledgers().withName(name).get());
    }

    private Found read(VmIdentityLedger ledger) {
        VmIdentityLedgerSpec spec = ledger.getSpec();
        String name = ledger.getMetadata().getName();
        if (spec == null || !isOwn(spec.owner()) || !LedgerName.fits(ledger)) {
            return new Found.NotOurs(false, "VmIdentityLedger " + name + " is of another owner, or not named after it");
        }
        if (spec.protocol() > LedgerMapping.PROTOCOL) {
            return new Found.NotOurs(true, "VmIdentityLedger " + name + " was written by a newer version");
        }
        String recorded = spec.owner().uid();
        boolean restored =
                recorded != null && !recorded.equals(ledger.getMetadata().getUid());
        return LedgerMapping.toLedger(spec)
                .<Found>map(claims -> new Found.Ours(claims, version(ledger), restored, confirmed(ledger)))
                .orElseGet(() -> new Found.NotOurs(
                        true, "VmIdentityLedger " + name + " has an entry that this version does not understand"));
    }

    /** A person's word on an object; what is no moment is none. */
    static Optional<Instant> confirmed(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        try {
            return Optional.ofNullable(annotations == null ? null : annotations.get(CONFIRMATION))
                    .map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    @Override
    public Written write(TargetId target, Optional<Version> expected, Ledger next) {
        String name = name(target);
        if (expected.isEmpty()) {
            VmIdentityLedger made = ledger(target, null, next);
            made.setMetadata(new ObjectMetaBuilder()
                    .withName(name)
                    .withFinalizers(FINALIZER)
                    .build());
            return swap(name, () -> ledgers().resource(made).create());
        }
        VmIdentityLedger last = written.get(name);
        if (last == null || !version(last).equals(expected.get())) {
            return new Written.Lost();
        }
        VmIdentityLedger changed = ledger(target, expected.get().uid(), next);
        changed.setMetadata(withFinalizer(last.getMetadata()));
        return swap(name, () -> ledgers().resource(changed).update());
    }

    @Override
    public Written delete(TargetId target, Version expected) {
        String name = name(target);
        VmIdentityLedger last = written.get(name);
        if (last == null || !version(last).equals(expected)) {
            return new Written.Lost();
        }
        // First the finalizer goes, under the version, then the object, under the version that made: whoever wrote
        // in between keeps his ledger.
        VmIdentityLedger bare = ledger(target, expected.uid(), Ledger.EMPTY);
        bare.setMetadata(withoutFinalizer(last.getMetadata()));
        Written freed = swap(name, () -> ledgers().resource(bare).update());
        if (!(freed instanceof Written.Done(Version version))) {
            return freed;
        }
        try {
            ledgers()
                    .withName(name)
                    .lockResourceVersion(version.resourceVersion())
                    .delete();
            return freed;
        } catch (KubernetesClientException e) {
            // Gone already: somebody had asked for its deletion, and the finalizer was all that kept it.
            return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND ? freed : lostOrFailed(e);
        } finally {
            forget(name);
        }
    }

    /** The next look is at the API server, unless the informer has heard of something newer by then. */
    private void forget(String name) {
        VmIdentityLedger last = written.remove(name);
        if (last != null) {
            hearsay.outdates(last);
        }
    }

    private VmIdentityLedger ledger(TargetId target, @Nullable String uid, Ledger content) {
        var self = new VmIdentityLedgerSpec.Owner(owner.cluster(), owner.instance(), uid);
        VmIdentityLedger ledger = new VmIdentityLedger();
        ledger.setSpec(LedgerMapping.toSpec(target, self, content));
        return ledger;
    }

    /** Labels, annotations and finalizers of others stay. */
    private static ObjectMeta withFinalizer(ObjectMeta last) {
        return last.getFinalizers().contains(FINALIZER)
                ? last
                : last.edit().addToFinalizers(FINALIZER).build();
    }

    private static ObjectMeta withoutFinalizer(ObjectMeta last) {
        return last.edit().removeFromFinalizers(FINALIZER).build();
    }

    private Written swap(String name, Supplier<VmIdentityLedger> write) {
        underWay.add(name);
        try {
            VmIdentityLedger stored = write.get();
            written.put(name, stored);
            return new Written.Done(version(stored));
        } catch (KubernetesClientException e) {
            forget(name);
            return lostOrFailed(e);
        } finally {
            underWay.remove(name);
        }
    }

    @Override
    public void show(TargetId target, Rendering rendering) {
        String name = name(target);
        VmIdentityLedger last = written.get(name);
        if (last == null) {
            return;
        }
        Long generation = last.getMetadata().getGeneration();
        VmIdentityLedgerStatus status = rendering.render(last.getStatus(), generation == null ? 0 : generation);
        if (status.equals(last.getStatus())) {
            return;
        }
        VmIdentityLedger next = new VmIdentityLedger();
        next.setMetadata(last.getMetadata());
        next.setSpec(last.getSpec());
        next.setStatus(status);
        Written shown = swap(name, () -> ledgers().resource(next).updateStatus());
        if (shown instanceof Written.Failed(String cause)) {
            LOG.atInfo().addKeyValue("ledger", name).addKeyValue("cause", cause).log("status not written");
        }
    }

    private boolean isOwn(VmIdentityLedgerSpec.Owner other) {
        return other != null
                && owner.cluster().equals(other.cluster())
                && owner.instance().equals(other.instance());
    }

    private static boolean isNewer(VmIdentityLedger seen, VmIdentityLedger last) {
        return Hearsay.version(seen) > Hearsay.version(last);
    }

    private static Version version(VmIdentityLedger ledger) {
        return new Version(ledger.getMetadata().getUid(), ledger.getMetadata().getResourceVersion());
    }

    private static Written lostOrFailed(KubernetesClientException e) {
        boolean lost =
                e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
        return lost ? new Written.Lost() : new Written.Failed(text(e));
    }

    private static String text(KubernetesClientException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
