package dev.vmidentity.simulator.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The identity block of a machine.
 *
 * @param principalId of the system-assigned identity; null when there is none
 * @param attached    in the order of attaching
 */
public record MachineIdentity(@Nullable String principalId, List<Attachment> attached) {
    public static final MachineIdentity NONE = new MachineIdentity(null, List.of());

    public MachineIdentity {
        attached = List.copyOf(attached);
    }

    @JsonIgnore
    public boolean isNone() {
        return principalId == null && attached.isEmpty();
    }

    /** As the service spells it. */
    public String type() {
        if (principalId == null) {
            return attached.isEmpty() ? "None" : "UserAssigned";
        }
        return attached.isEmpty() ? "SystemAssigned" : "SystemAssigned, UserAssigned";
    }

    public Optional<Attachment> find(String id) {
        return attached.stream().filter(one -> one.id().equalsIgnoreCase(id)).findFirst();
    }

    public MachineIdentity settle() {
        return attached.stream().allMatch(Attachment::settled)
                ? this
                : new MachineIdentity(
                        principalId, attached.stream().map(Attachment::settle).toList());
    }
}
