package dev.vmidentity.binding;

import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.core.TargetId;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One paged list of all bindings serves every machine that waits for one, and at most one is begun a second: a namespace
 * of a thousand bindings that is deleted costs a list a second, not a thousand.
 */
final class PagedLiveBindings implements LiveBindings {
    private static final Logger LOG = LoggerFactory.getLogger(PagedLiveBindings.class);
    private static final long PAGE = 500;
    private static final Duration APART = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final BiFunction<VmIdentityBinding, TargetId, Optional<Contribution>> contributions;
    private final Clock clock;
    private final ReentrantLock listing = new ReentrantLock();
    private @Nullable Listed last;

    /** A list, and when it was begun: whoever asked before that moment may use it. */
    private record Listed(Instant begun, List<VmIdentityBinding> bindings) {}

    /** @param contributions what a binding asks of a machine; empty when it is not about it */
    PagedLiveBindings(
            KubernetesClient client,
            BiFunction<VmIdentityBinding, TargetId, Optional<Contribution>> contributions,
            Clock clock) {
        this.client = client;
        this.contributions = contributions;
        this.clock = clock;
    }

    @Override
    public Optional<List<Contribution>> of(TargetId target) {
        Instant asked = clock.instant();
        try {
            List<VmIdentityBinding> bindings = begunAfter(asked);
            return Optional.of(bindings.stream()
                    .flatMap(binding -> contributions.apply(binding, target).stream())
                    .toList());
        } catch (KubernetesClientException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("bindings not listed");
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private List<VmIdentityBinding> begunAfter(Instant asked) throws InterruptedException {
        listing.lockInterruptibly();
        try {
            Listed before = last;
            if (before != null && !before.begun().isBefore(asked)) {
                return before.bindings();
            }
            if (before != null) {
                Duration early =
                        Duration.between(clock.instant(), before.begun().plus(APART));
                if (early.isPositive()) {
                    // Others who ask meanwhile wait at the lock, and then share the list that is begun now.
                    Thread.sleep(early);
                }
            }
            Instant begun = clock.instant();
            List<VmIdentityBinding> bindings = list();
            last = new Listed(begun, bindings);
            return bindings;
        } finally {
            listing.unlock();
        }
    }

    private List<VmIdentityBinding> list() {
        List<VmIdentityBinding> all = new ArrayList<>();
        String next = null;
        do {
            KubernetesResourceList<VmIdentityBinding> page = client.resources(VmIdentityBinding.class)
                    .inAnyNamespace()
                    .list(new ListOptionsBuilder()
                            .withLimit(PAGE)
                            .withContinue(next)
                            .build());
            all.addAll(page.getItems());
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return List.copyOf(all);
    }
}
