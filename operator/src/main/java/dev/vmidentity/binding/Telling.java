package dev.vmidentity.binding;

import dev.vmidentity.api.Reason;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.TargetDemand;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.Explanation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What there is to tell of a binding on a machine, beside what it is itself. */
final class Telling {
    private static final int MOST_NAMED = 20;

    private Telling() {}

    /** Adds what only the other bindings of the machine tell. */
    static BindingView of(Resolver.Resolved resolved, Optional<Published> published) {
        return of(resolved, published, List.of(), _ -> Optional.empty());
    }

    /**
     * Adds what only the other bindings of the machine, or the machines before this one, tell.
     *
     * @param elsewhere machines before this one, on which it has something still
     * @param latest what the latest round of a machine made known
     */
    static BindingView of(
            Resolver.Resolved resolved,
            Optional<Published> published,
            List<TargetId> elsewhere,
            Function<TargetId, Optional<Published>> latest) {
        BindingView view = resolved.view();
        List<Holder> disagreeing = published
                .map(known -> Gathering.disagreeing(known.contributions()))
                .orElse(List.of());
        BindingView told = view;
        if (disagreeing.stream().anyMatch(holder -> holder.binding().equals(view.uid()))) {
            told = told.withSystemHindrance(conflict(resolved.contribution().holder(), disagreeing));
        }
        Contribution own = resolved.contribution();
        if (own.manner().observes()) {
            told = told.observing(published
                    .filter(_ -> resolved.maySee())
                    .flatMap(known -> Forecasting.of(own, known, resolved.may().assign())));
        } else {
            told = told.keeping(
                    published.map(known -> kept(own.holder(), known)).orElse(Map.of()));
        }
        if (!elsewhere.isEmpty() && view.hindrance().isEmpty() && !own.manner().observes()) {
            told = told.withHindrance(elsewhere(own.holder(), elsewhere, latest));
        }
        return told;
    }

    private static Explanation elsewhere(
            Holder self, List<TargetId> machines, Function<TargetId, Optional<Published>> latest) {
        for (TargetId machine : machines) {
            Optional<BindingView.Kept> kept = latest.apply(machine).stream()
                    .flatMap(known -> kept(self, known).values().stream())
                    .findFirst();
            if (kept.isPresent()) {
                return new Explanation(
                        kept.get().why().reason(),
                        "On " + machine.name() + ", which this binding was about before: "
                                + kept.get().why().message());
            }
        }
        return new Explanation(
                Reason.Detaching, "What this binding put on " + names(machines) + " is being detached there.");
    }

    /** What the binding put on the machine and does not ask for, and that is left as it is because of others. */
    private static Map<IdentityKey, BindingView.Kept> kept(Holder self, Published known) {
        Map<IdentityKey, BindingView.Kept> kept = new TreeMap<>();
        for (Claim claim : known.outcome().ledger().claims().values()) {
            TargetDemand.Wish wish = known.outcome().demand().wish(claim.id());
            if (wish.demand() == Demand.KEEP
                    && claim.phase() != Phase.UNSURE
                    && isAmong(self, claim.holders())
                    && !isAmong(self, wish.holders())) {
                kept(self, claim, Gathering.keepers(known.contributions(), claim))
                        .ifPresent(why -> kept.put(claim.id(), why));
            }
        }
        return kept;
    }

    private static Optional<BindingView.Kept> kept(Holder self, Claim claim, Gathering.Keepers keepers) {
        if (isAmong(self, keepers.listing())) {
            return Optional.empty();
        }
        if (!keepers.listing().isEmpty()) {
            String so = claim.id().isSystemAssigned()
                    ? "what is said of it there is not done"
                    : "it is listed there, and nothing is done about it";
            return Optional.of(new BindingView.Kept(true, stays(claim, named(self, keepers.listing()), so)));
        }
        List<String> unknown = named(self, keepers.unknown());
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(new BindingView.Kept(
                        false, stays(claim, unknown, "it is not known yet whether it is asked for there")));
    }

    private static boolean isAmong(Holder self, Collection<Holder> holders) {
        return holders.stream().anyMatch(holder -> holder.binding().equals(self.binding()));
    }

    private static Explanation stays(Claim claim, List<String> because, String so) {
        String what = claim.id().isSystemAssigned()
                ? "The machine's own identity"
                : ArmId.of(claim.id().value()).name();
        return new Explanation(
                Reason.WaitingForBinding,
                what + " stays because of other bindings of the machine (" + String.join(", ", because) + "): " + so
                        + ".");
    }

    private static String names(List<TargetId> machines) {
        return machines.size() > MOST_NAMED
                ? machines.size() + " other machines"
                : machines.stream().map(TargetId::name).collect(Collectors.joining(", "));
    }

    private static Explanation conflict(Holder self, List<Holder> disagreeing) {
        return new Explanation(
                Reason.Conflict,
                "Bindings of this machine say opposite things about its system-assigned identity: this one and "
                        + String.join(", ", named(self, disagreeing)) + ". Nothing is disabled; make them agree.");
    }

    /** The others. Bindings of other namespaces are a count here: their names are theirs. */
    private static List<String> named(Holder self, List<Holder> bindings) {
        List<Holder> others = bindings.stream()
                .filter(holder -> !holder.binding().equals(self.binding()))
                .toList();
        List<String> named = others.stream()
                .filter(holder -> holder.namespace().equals(self.namespace()))
                .map(holder -> holder.namespace() + "/" + holder.name())
                .collect(Collectors.toCollection(ArrayList::new));
        int foreign = others.size() - named.size();
        if (foreign > 0) {
            named.add(foreign + " in other namespaces");
        }
        return named;
    }
}
