package dev.vmidentity.binding;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.GrantDemand.Stance;
import dev.vmidentity.core.GrantDemand.Wish;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.TargetId;
import java.util.List;
import java.util.Optional;

/**
 * What one binding asks of its machine, resolved from its spec, the identities that it names and the rights of its
 * namespace. Equal contributions ask the same.
 *
 * @param holder who asks
 * @param deleting the binding is being deleted: it asks nothing any longer
 * @param target the machine; empty when the spec does not lead to one
 * @param asks one for each user-assigned identity whose id is known
 * @param systemAssigned what it says of the machine's own identity
 * @param manner whether anything is done about what it asks
 * @param guard what is done when that would change the machine's default identity
 * @param complete whether all ids are known; while they are not, nothing is detached from the machine
 * @param upgradesAtOnce how many instances of a scale set are brought to its latest model at once; 0: none ever
 * @param roles what it says of the roles of the machine's own identity
 */
record Contribution(
        Holder holder,
        boolean deleting,
        Optional<TargetId> target,
        List<Ask> asks,
        SystemAsk systemAssigned,
        Manner manner,
        Guard guard,
        boolean complete,
        int upgradesAtOnce,
        Roles roles) {
    Contribution {
        asks = List.copyOf(asks);
    }

    /** Of a binding that leaves instances as they are, and gives no roles. */
    Contribution(
            Holder holder,
            boolean deleting,
            Optional<TargetId> target,
            List<Ask> asks,
            SystemAsk systemAssigned,
            Manner manner,
            Guard guard,
            boolean complete) {
        this(holder, deleting, target, asks, systemAssigned, manner, guard, complete, 0, Roles.NONE);
    }

    /** The same, with instances brought to the latest model. */
    Contribution upgrading(int atOnce) {
        return new Contribution(holder, deleting, target, asks, systemAssigned, manner, guard, complete, atOnce, roles);
    }

    /** The same, with roles. */
    Contribution giving(Roles given) {
        return new Contribution(
                holder, deleting, target, asks, systemAssigned, manner, guard, complete, upgradesAtOnce, given);
    }

    /** Of a binding that is about other machines by now, and has left roles behind. */
    static Contribution leaving(Holder holder, TargetId machine, Stance stance) {
        return new Contribution(
                holder,
                true,
                Optional.of(machine),
                List.of(),
                SystemAsk.NOTHING,
                Manner.SHARED,
                Guard.NONE,
                true,
                0,
                new Roles(stance, List.of()));
    }

    /**
     * A user-assigned identity that the binding lists.
     *
     * @param allowed whether the namespace may have it attached there; otherwise it is left as it is
     * @param adopt whether one that is there already becomes ours
     */
    record Ask(ArmId id, boolean allowed, boolean adopt) {
        IdentityKey key() {
            return IdentityKey.of(id);
        }
    }

    /** The same, of that machine. */
    Contribution on(TargetId machine) {
        return on(machine, manner);
    }

    /** The same, while nobody knows whether it is about that machine. */
    Contribution keptOn(TargetId machine) {
        return on(machine, Manner.KEPT);
    }

    private Contribution on(TargetId machine, Manner meant) {
        return new Contribution(
                holder,
                deleting,
                Optional.of(machine),
                asks,
                systemAssigned,
                meant,
                guard,
                complete,
                upgradesAtOnce,
                meant == Manner.KEPT ? roles.held() : roles);
    }

    /** The same, if it were to be done. */
    Contribution managed() {
        Manner doing = manner.exclusive() ? Manner.EXCLUSIVE : Manner.SHARED;
        return new Contribution(
                holder, deleting, target, asks, systemAssigned, doing, guard, complete, upgradesAtOnce, roles);
    }

    /**
     * What a binding says of the roles of the machine's own identity.
     *
     * @param stance what is done about them
     * @param wishes those that it lists
     */
    record Roles(Stance stance, List<Wish> wishes) {
        static final Roles NONE = new Roles(Stance.HOLD, List.of());

        Roles {
            wishes = List.copyOf(wishes);
        }

        Roles held() {
            return new Roles(Stance.HOLD, wishes);
        }
    }

    /** How what a binding asks is meant. */
    enum Manner {
        /** It is done; what others put on the machine stays. */
        SHARED,
        /** It is done, and user-assigned identities that no binding lists are taken off. */
        EXCLUSIVE,
        /** It is only looked at. */
        OBSERVED,
        /** It is only looked at, and would be exclusive. */
        OBSERVED_EXCLUSIVE,
        /** Its namespace may not bind the machine: what it holds there stays as it is, and nothing else is heard of it. */
        BARRED,
        /** Whether it is about the machine is not known: what it asks for and what it holds there stays as it is. */
        KEPT;

        /** Whether nothing is written for it, and nothing of its own taken off. */
        boolean observes() {
            return this == OBSERVED || this == OBSERVED_EXCLUSIVE || this == KEPT;
        }

        /** Whether it wants to be told of the machine all the same. */
        boolean looks() {
            return this == OBSERVED || this == OBSERVED_EXCLUSIVE;
        }

        boolean exclusive() {
            return this == EXCLUSIVE || this == OBSERVED_EXCLUSIVE;
        }
    }

    /** What a binding says of attaches that change which identity a workload gets that gives no client id. */
    enum Guard {
        /** They are made; whether it is told is for its status. */
        NONE,
        /** They are not made. */
        BLOCK,
        /** They are not made, and the binding lists identities that are not ready yet. */
        BLOCK_EXPECTING
    }

    /** What a binding says of the machine's own identity. */
    enum SystemAsk {
        NOTHING,
        ENABLED,
        ENABLED_ADOPT,
        DISABLED,
        /** It says something that its namespace may not: it is left as it is. */
        REFUSED
    }
}
