package dev.vmidentity.binding;

import dev.vmidentity.binding.Contribution.Ask;
import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.TargetId;
import java.util.List;
import java.util.Optional;

/**
 * A binding as the model knows it: what its {@link Contribution} is made of.
 *
 * @param blocks whether what it asks for stays away where it would change the machine's default identity
 * @param complete whether all ids that it names are known
 */
public record Asking(
        Holder holder,
        boolean deleting,
        TargetId target,
        List<Listed> listed,
        OwnIdentity system,
        Manner manner,
        boolean blocks,
        boolean complete) {
    public Asking {
        listed = List.copyOf(listed);
    }

    /** A user-assigned identity in the spec. */
    public record Listed(ArmId id, boolean allowed, boolean adopt) {}

    /** What the spec, and the namespace's rights, make of the machine's own identity. */
    public enum OwnIdentity {
        NOTHING,
        ENABLED,
        ENABLED_ADOPT,
        DISABLED,
        REFUSED
    }

    /** What managementPolicy and ownership say. */
    public enum Manner {
        SHARED,
        EXCLUSIVE,
        OBSERVED,
        OBSERVED_EXCLUSIVE
    }

    public String uid() {
        return holder.binding();
    }

    public Asking deleted() {
        return new Asking(holder, true, target, listed, system, manner, blocks, complete);
    }

    Contribution contribution() {
        return new Contribution(
                holder,
                deleting,
                Optional.of(target),
                listed.stream()
                        .map(one -> new Ask(one.id(), one.allowed(), one.adopt()))
                        .toList(),
                SystemAsk.valueOf(system.name()),
                Contribution.Manner.valueOf(manner.name()),
                guard(),
                complete);
    }

    private Guard guard() {
        if (!blocks) {
            return Guard.NONE;
        }
        return complete ? Guard.BLOCK : Guard.BLOCK_EXPECTING;
    }
}
