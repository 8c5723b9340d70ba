package dev.vmidentity.status;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Selector;
import dev.vmidentity.core.TargetId;
import java.util.List;
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
 * @param beingDeleted whether the binding has a deletionTimestamp
 */
public record BindingView(
        String uid,
        Target target,
        List<Listed> userAssigned,
        Optional<SystemWish> systemAssigned,
        Optional<Explanation> hindrance,
        boolean observes,
        Optional<Forecast> forecast,
        boolean beingDeleted) {
    public BindingView {
        userAssigned = List.copyOf(userAssigned);
    }

    /** Of a binding that manages. */
    public BindingView(
            String uid,
            Target target,
            List<Listed> userAssigned,
            Optional<SystemWish> systemAssigned,
            Optional<Explanation> hindrance,
            boolean beingDeleted) {
        this(uid, target, userAssigned, systemAssigned, hindrance, false, Optional.empty(), beingDeleted);
    }

    /** The same, of a binding that only observes. */
    public BindingView observing(Optional<Forecast> told) {
        return new BindingView(uid, target, userAssigned, systemAssigned, hindrance, true, told, beingDeleted);
    }

    /**
     * What would change on the machine.
     *
     * @param attach ids as the ledger has them
     * @param detach as attach
     * @param foreign what others put there and the namespace may know of, as Azure spells it
     * @param more how many others there are
     */
    public record Forecast(List<String> attach, List<String> detach, List<String> foreign, int more) {
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
                beingDeleted);
    }

    /** The same, with something in the way as a whole. */
    public BindingView withHindrance(Explanation why) {
        return new BindingView(
                uid, target, userAssigned, systemAssigned, Optional.of(why), observes, forecast, beingDeleted);
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
                beingDeleted);
    }

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
