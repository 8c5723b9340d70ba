package dev.vmidentity.status;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.DefaultIdentity;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Scopes;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The facts of a binding that its status is rendered from, beside the machine's outcome.
 *
 * @param uid the binding's, by which the ledger knows it
 * @param target the machine, or why it is not known
 * @param userAssigned one for each of {@code spec.userAssigned}, in that order
 * @param systemAssigned what the binding says about the machine's own identity; empty when it says nothing
 * @param hindrance what stands in the way of the binding as a whole and is told by no outcome: a ledger that is not
 *     ours, a value that is not understood, the old machine from which something is still being detached
 * @param forecast where the binding only observes: what would change; empty where it manages, or nothing was seen yet
 * @param observes whether the binding only observes
 * @param telling what is said when a workload without a client id is affected
 * @param beingDeleted whether the binding has a deletionTimestamp
 * @param upgradesInstances whether instances of a scale set are to be brought to its latest model
 * @param kept what the binding put on the machine and no longer asks for, and that stays because of other bindings
 */
public record BindingView(
        String uid,
        Target target,
        List<Listed> userAssigned,
        Optional<SystemWish> systemAssigned,
        Optional<Explanation> hindrance,
        boolean observes,
        Optional<Forecast> forecast,
        DefaultIdentityTelling telling,
        boolean beingDeleted,
        boolean upgradesInstances,
        Map<IdentityKey, Kept> kept) {
    public BindingView {
        userAssigned = List.copyOf(userAssigned);
        kept = Map.copyOf(kept);
    }

    /** Of a binding that manages, does not speak of the machine's default identity, and leaves instances as they are. */
    public BindingView(
            String uid,
            Target target,
            List<Listed> userAssigned,
            Optional<SystemWish> systemAssigned,
            Optional<Explanation> hindrance,
            boolean beingDeleted) {
        this(
                uid,
                target,
                userAssigned,
                systemAssigned,
                hindrance,
                false,
                Optional.empty(),
                DefaultIdentityTelling.NOTHING,
                beingDeleted,
                false,
                Map.of());
    }

    /** The same, of a binding that only observes. */
    public BindingView observing(Optional<Forecast> told) {
        return new BindingView(
                uid,
                target,
                userAssigned,
                systemAssigned,
                hindrance,
                true,
                told,
                telling,
                beingDeleted,
                upgradesInstances,
                kept);
    }

    /** The same, of a binding that has instances brought to the latest model. */
    public BindingView upgradingInstances() {
        return new BindingView(
                uid,
                target,
                userAssigned,
                systemAssigned,
                hindrance,
                observes,
                forecast,
                telling,
                beingDeleted,
                true,
                kept);
    }

    /** The same, and how it speaks of the machine's default identity. */
    public BindingView telling(DefaultIdentityTelling how) {
        return new BindingView(
                uid,
                target,
                userAssigned,
                systemAssigned,
                hindrance,
                observes,
                forecast,
                how,
                beingDeleted,
                upgradesInstances,
                kept);
    }

    /**
     * What is said when an attach affects workloads that give no client id.
     *
     * @param changes whether a change that was made, or would be made, is told
     * @param nameable identities that the namespace may know of
     */
    public record DefaultIdentityTelling(boolean changes, Scopes nameable) {
        static final DefaultIdentityTelling NOTHING = new DefaultIdentityTelling(false, Scopes.NONE);
    }

    /**
     * What would change on the machine.
     *
     * @param attach ids as the ledger has them
     * @param detach as attach
     * @param foreign what others put there and the namespace may know of, as Azure spells it
     * @param more how many others there are
     * @param defaultIdentity how what is asked would change the machine's default identity, done or refused; empty where
     *     nothing that works would cease to
     */
    public record Forecast(
            List<String> attach,
            List<String> detach,
            List<String> foreign,
            int more,
            Optional<DefaultIdentity.Change> defaultIdentity) {
        public Forecast {
            attach = List.copyOf(attach);
            detach = List.copyOf(detach);
            foreign = List.copyOf(foreign);
        }
    }

    /** The same, of one machine. */
    public BindingView on(TargetId machine) {
        return new BindingView(
                uid,
                new Target.Known(machine),
                userAssigned,
                systemAssigned,
                hindrance,
                observes,
                forecast,
                telling,
                beingDeleted,
                upgradesInstances,
                kept);
    }

    /** The same, with something in the way as a whole. */
    public BindingView withHindrance(Explanation why) {
        return new BindingView(
                uid,
                target,
                userAssigned,
                systemAssigned,
                Optional.of(why),
                observes,
                forecast,
                telling,
                beingDeleted,
                upgradesInstances,
                kept);
    }

    /** The same, with something in the way of what it says about the machine's own identity. */
    public BindingView withSystemHindrance(Explanation why) {
        return new BindingView(
                uid,
                target,
                userAssigned,
                systemAssigned.map(wish -> new SystemWish(wish.enabled(), Optional.of(why))),
                hindrance,
                observes,
                forecast,
                telling,
                beingDeleted,
                upgradesInstances,
                kept);
    }

    /** The same, with what stays because of other bindings. */
    public BindingView keeping(Map<IdentityKey, Kept> what) {
        return new BindingView(
                uid,
                target,
                userAssigned,
                systemAssigned,
                hindrance,
                observes,
                forecast,
                telling,
                beingDeleted,
                upgradesInstances,
                what);
    }

    /**
     * Why something is not taken off the machine.
     *
     * @param listed whether another binding asks for it, so that it belongs there; otherwise that is not known
     * @param why because of which bindings
     */
    public record Kept(boolean listed, Explanation why) {}

    /** What {@code spec.target} resolves to. */
    public sealed interface Target {
        record Known(TargetId id) implements Target {}

        /** Every machine that matches. */
        record Matching(Selector selector) implements Target {}

        /** The binding may not bind it, or it cannot be resolved. */
        record Unknown(Explanation why) implements Target {}
    }

    /**
     * One of the listed identities.
     *
     * @param name of the UserAssignedIdentity, where it was given by name
     * @param id empty while it is not known
     * @param hindrance why it is not attached whatever the machine says: not allowed, not ready, not resolved
     */
    public record Listed(Optional<String> name, Optional<ArmId> id, Optional<Explanation> hindrance) {
        String label() {
            return name.or(() -> id.map(ArmId::name)).orElse("(unnamed)");
        }
    }

    /**
     * What is said about the machine's own identity.
     *
     * @param hindrance why it is not done: another binding says the opposite, the namespace may not
     */
    public record SystemWish(boolean enabled, Optional<Explanation> hindrance) {}
}
