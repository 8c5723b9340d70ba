package dev.vmidentity.binding;

import dev.vmidentity.api.Reason;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.status.BindingView;
import dev.vmidentity.status.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What there is to tell of a binding on a machine, beside what it is itself. */
final class Telling {
    private static final int MOST_NAMED = 20;

    private Telling() {}

    /** Adds what only the other bindings of the machine, or the machine before this one, tell. */
    static BindingView of(Resolver.Resolved resolved, Optional<Published> published, List<TargetId> elsewhere) {
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
        }
        if (!elsewhere.isEmpty() && view.hindrance().isEmpty() && !own.manner().observes()) {
            told = told.withHindrance(new Explanation(
                    Reason.Detaching, "What this binding put on " + names(elsewhere) + " is being detached there."));
        }
        return told;
    }

    private static String names(List<TargetId> machines) {
        return machines.size() > MOST_NAMED
                ? machines.size() + " other machines"
                : machines.stream().map(TargetId::name).collect(Collectors.joining(", "));
    }

    /** Bindings of other namespaces are a count here: their names are theirs. */
    private static Explanation conflict(Holder self, List<Holder> disagreeing) {
        List<String> own = disagreeing.stream()
                .filter(holder -> !holder.equals(self) && holder.namespace().equals(self.namespace()))
                .map(holder -> holder.namespace() + "/" + holder.name())
                .toList();
        int foreign = disagreeing.size() - 1 - own.size();
        List<String> named = new ArrayList<>(own);
        if (foreign > 0) {
            named.add(foreign + " in other namespaces");
        }
        return new Explanation(
                Reason.Conflict,
                "Bindings of this machine say opposite things about its system-assigned identity: this one and "
                        + String.join(", ", named) + ". Nothing is disabled; make them agree.");
    }
}
