package dev.vmidentity.binding;

import dev.vmidentity.api.BindingDeletionPolicy;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.UserAssignedIdentity;
import dev.vmidentity.api.VmIdentityBinding;
import dev.vmidentity.api.VmIdentityBindingStatus;
import dev.vmidentity.binding.Selection.Looked;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingStatus;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.Explanation;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Submits what a binding asks to the coordinator of its machine, and writes how the machine stands to the binding's
 * status. It is woken when an outcome, an identity that it names, or its namespace's rights change, and never waits for
 * Azure.
 */
@ControllerConfiguration(name = "vmidentitybinding", finalizerName = VmIdentityBindingReconciler.FINALIZER)
public final class VmIdentityBindingReconciler implements Reconciler<VmIdentityBinding>, Cleaner<VmIdentityBinding> {
    static final String FINALIZER = "vmidentity.dev/binding";

    private final Bindings bindings;
    private final Resolver resolver;
    private final Rounds rounds;
    private final Granting granting;
    private final LedgerIndex ledgers;
    private final Selections selections;
    private final Pace pace;
    private final Reporter reporter;
    private final Clock clock;

    VmIdentityBindingReconciler(
            Bindings bindings,
            Resolver resolver,
            Rounds rounds,
            Granting granting,
            LedgerIndex ledgers,
            Selections selections,
            Reporter reporter,
            Clock clock) {
        this.bindings = bindings;
        this.resolver = resolver;
        this.rounds = rounds;
        this.granting = granting;
        this.ledgers = ledgers;
        this.selections = selections;
        this.pace = new Pace(clock);
        this.reporter = reporter;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, VmIdentityBinding>> prepareEventSources(EventSourceContext<VmIdentityBinding> context) {
        bindings.index(context.getPrimaryCache());
        var identities =
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(UserAssignedIdentity.class, VmIdentityBinding.class)
                                .withSecondaryToPrimaryMapper(identity -> bindings
                                        .naming(
                                                identity.getMetadata().getNamespace(),
                                                identity.getMetadata().getName())
                                        .stream()
                                        .map(ResourceID::fromResource)
                                        .collect(Collectors.toSet()))
                                .withOnUpdateFilter(VmIdentityBindingReconciler::matters)
                                .build(),
                        context);
        var wakes = new SimpleInboundEventSource<VmIdentityBinding>("outcomes");
        bindings.connect(identities, wakes);
        return List.of(identities, wakes);
    }

    /** Of an identity a binding uses the id alone, and what leads to it. */
    private static boolean matters(UserAssignedIdentity after, UserAssignedIdentity before) {
        return !Objects.equals(
                        after.getMetadata().getUid(), before.getMetadata().getUid())
                || !Objects.equals(after.getSpec(), before.getSpec())
                || !made(after).equals(made(before));
    }

    /** Which identity it is in Azure, as far as it has been made. */
    private static List<String> made(UserAssignedIdentity identity) {
        return Stream.ofNullable(identity.getStatus())
                .flatMap(status -> Stream.of(status.resourceId(), status.principalId()))
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public UpdateControl<VmIdentityBinding> reconcile(VmIdentityBinding binding, Context<VmIdentityBinding> context) {
        Looked looked = looked(binding);
        return looked.again()
                .map(again -> UpdateControl.<VmIdentityBinding>noUpdate().rescheduleAfter(again))
                .orElseGet(UpdateControl::noUpdate);
    }

    @Override
    public DeleteControl cleanup(VmIdentityBinding binding, Context<VmIdentityBinding> context) {
        Looked looked = looked(binding);
        if (looked.released()) {
            reporter.released(binding, binding.getSpec().deletionPolicy() == BindingDeletionPolicy.Retain);
            return DeleteControl.defaultDelete();
        }
        return looked.again()
                .map(again -> DeleteControl.noFinalizerRemoval().rescheduleAfter(again))
                .orElseGet(DeleteControl::noFinalizerRemoval);
    }

    private Looked looked(VmIdentityBinding binding) {
        if (resolver.selector(binding).isPresent()) {
            return selections.look(binding);
        }
        selections.forget(binding);
        Optional<Duration> early = pace.early(binding.getMetadata().getUid());
        return early.map(Looked::again).orElseGet(() -> look(binding) ? Looked.RELEASED : Looked.DONE);
    }

    /** @return whether nothing of the binding is left on any machine, as far as is known */
    private boolean look(VmIdentityBinding binding) {
        Resolver.Resolved resolved = resolver.resolve(binding);
        Contribution contribution = resolved.contribution();
        String uid = contribution.holder().binding();
        List<TargetId> elsewhere = ledgers.heldElsewhere(uid, contribution.target());
        elsewhere.forEach(rounds.submit());
        pace.looked(uid, elsewhere.size());

        Optional<Published> published = contribution.target().flatMap(rounds.latest());
        boolean covered = contribution
                .target()
                .flatMap(machine -> rounds.about(machine, uid, Optional.of(contribution)))
                .isPresent();
        boolean released = contribution.deleting()
                && elsewhere.isEmpty()
                && (contribution.target().isEmpty()
                        || (covered
                                && published
                                        .filter(known -> known.ledgerKnown() && !known.holds(uid))
                                        .isPresent()));
        if (!released) {
            show(binding, resolved, published, covered, elsewhere);
        }
        return released;
    }

    private void show(
            VmIdentityBinding binding,
            Resolver.Resolved resolved,
            Optional<Published> published,
            boolean covered,
            List<TargetId> elsewhere) {
        VmIdentityBindingStatus before = reporter.current(binding);
        boolean awaited = resolved.contribution().target().isPresent() && !(covered && granting.told(resolved));
        if (awaited && !resolved.contribution().deleting() && Reporter.speaksOf(before, binding)) {
            // The round that was just asked for will tell; until then what was written last is no worse than a guess,
            // and a new process, which knows less than its predecessor, changes no status.
            return;
        }
        BindingView view = Telling.of(resolved, published, elsewhere, rounds.latest());
        if (!covered && awaited && view.hindrance().isEmpty()) {
            // An outcome that was not about this spec must not call it done.
            view = view.withHindrance(Explanation.of(Reason.Observing));
        }
        // What others have on a machine is nothing to a namespace that may not bind it; what it put there itself is.
        String uid = binding.getMetadata().getUid();
        Optional<Outcome> outcome =
                published.filter(known -> resolved.maySee() || known.holds(uid)).map(Published::outcome);
        VmIdentityBindingStatus status = BindingStatus.render(
                view,
                granting.view(binding, resolved, before),
                outcome,
                before,
                binding.getMetadata().getGeneration(),
                clock.instant());
        reporter.report(binding, status);
    }
}
