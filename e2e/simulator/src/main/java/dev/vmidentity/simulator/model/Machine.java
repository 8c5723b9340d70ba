package dev.vmidentity.simulator.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine or a scale set.
 *
 * @param tags       null when never sent: ARM then leaves the key out
 * @param extra      the other top-level members that were sent (sku, zones, plan); never changed in place
 * @param properties as ARM shows them, without provisioningState, vmId, uniqueId and timeCreated; never changed in place
 * @param machineId  vmId of a VM, uniqueId of a scale set: new with every incarnation
 * @param state      provisioningState when no work is going on
 * @param model      version of the scale set's model
 * @param instances  of a uniform scale set
 */
public record Machine(
        String id,
        Type type,
        String location,
        @Nullable Map<String, String> tags,
        MachineIdentity identity,
        ObjectNode extra,
        ObjectNode properties,
        String machineId,
        long etag,
        String state,
        Instant createdAt,
        @Nullable Work work,
        long model,
        List<Instance> instances)
        implements Resource {

    /** The two kinds of machine. */
    public enum Type {
        VM("virtualMachines"),
        SCALE_SET("virtualMachineScaleSets");

        private final String armType;

        Type(String armType) {
            this.armType = armType;
        }

        public String armType() {
            return armType;
        }

        /** With namespace. */
        public String fullType() {
            return "Microsoft.Compute/" + armType;
        }
    }

    /** The machine when its work is over; empty when the work was its deletion. */
    public Optional<Machine> at(Instant now) {
        if (work == null || !work.over(now)) {
            return Optional.of(this);
        }
        var failure = work.failure();
        if (failure != null) {
            var after = failure.restored() == null ? identity.settle() : failure.restored();
            return Optional.of(new Machine(
                    id,
                    type,
                    location,
                    tags,
                    after,
                    extra,
                    properties,
                    machineId,
                    failure.movesEtag() ? etag + 1 : etag,
                    "Failed",
                    createdAt,
                    null,
                    model,
                    instances));
        }
        if (work.kind() == Work.Kind.DELETE) {
            return Optional.empty();
        }
        return Optional.of(new Machine(
                id,
                type,
                location,
                tags,
                identity.settle(),
                extra,
                properties,
                machineId,
                work.movesEtag() ? etag + 1 : etag,
                "Succeeded",
                createdAt,
                null,
                model,
                instances));
    }

    /** provisioningState as shown. */
    public String provisioningState() {
        return work == null ? state : work.kind().state();
    }

    @JsonIgnore
    public boolean isDeleting() {
        return work != null && work.kind() == Work.Kind.DELETE;
    }

    @JsonIgnore
    public boolean isFlexible() {
        return type == Type.SCALE_SET
                && properties.path("orchestrationMode").asText("").equalsIgnoreCase("Flexible");
    }

    public Machine withIdentity(MachineIdentity changed) {
        return new Machine(
                id,
                type,
                location,
                tags,
                changed,
                extra,
                properties,
                machineId,
                etag,
                state,
                createdAt,
                work,
                model,
                instances);
    }

    public Machine withEtag(long changed) {
        return new Machine(
                id,
                type,
                location,
                tags,
                identity,
                extra,
                properties,
                machineId,
                changed,
                state,
                createdAt,
                work,
                model,
                instances);
    }

    public Machine withWork(@Nullable Work changed) {
        return new Machine(
                id,
                type,
                location,
                tags,
                identity,
                extra,
                properties,
                machineId,
                etag,
                state,
                createdAt,
                changed,
                model,
                instances);
    }

    public Machine withModel(long changedModel, List<Instance> changed) {
        return new Machine(
                id,
                type,
                location,
                tags,
                identity,
                extra,
                properties,
                machineId,
                etag,
                state,
                createdAt,
                work,
                changedModel,
                List.copyOf(changed));
    }

    public Machine withBody(@Nullable Map<String, String> changedTags, ObjectNode changedExtra, ObjectNode changed) {
        return new Machine(
                id,
                type,
                location,
                changedTags,
                identity,
                changedExtra,
                changed,
                machineId,
                etag,
                state,
                createdAt,
                work,
                model,
                instances);
    }
}
