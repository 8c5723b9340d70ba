package dev.vmidentity.binding;

import dev.vmidentity.binding.Contribution.Ask;
import dev.vmidentity.binding.Contribution.Guard;
import dev.vmidentity.binding.Contribution.SystemAsk;
import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.MachineKind;
import dev.vmidentity.core.TargetId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A binding as the model knows it: what its {@link Contribution} is made of.
 *
 * @param generation counts what its users wrote
 * @param blocks whether what it asks for stays away where it would change the machine's default identity
 * @param complete whether all ids that it names are known
 * @param upgradesAtOnce how many instances of a scale set are brought to its latest model at once; 0: none ever
 */
public record Asking(
        Holder holder,
        int generation,
        boolean deleting,
        About about,
        List<Listed> listed,
        OwnIdentity system,
        Manner manner,
        boolean blocks,
        boolean complete,
        int upgradesAtOnce) {
    public Asking {
        listed = List.copyOf(listed);
    }

    /** What it is about. */
    public sealed interface About {
        record One(TargetId machine) implements About {}

        /** All machines that are of one of the kinds, in one of the scopes, and have all of the tags. */
        record Matching(Set<MachineKind> kinds, List<String> scopes, Map<String, String> tags) implements About {
            public Matching {
                kinds = Set.copyOf(kinds);
                scopes = List.copyOf(scopes);
                tags = Map.copyOf(tags);
            }

            /** By the words of the API's documentation and not by the product's code. */
            public boolean matches(TargetId machine, Map<String, String> present) {
                String id = machine.id().value().toLowerCase(Locale.ROOT) + "/";
                return kinds.contains(machine.kind())
                        && scopes.stream().anyMatch(scope -> id.startsWith(scope.toLowerCase(Locale.ROOT) + "/"))
                        && tags.entrySet().stream()
                                .allMatch(wanted -> present.entrySet().stream()
                                        .anyMatch(tag -> tag.getKey().equalsIgnoreCase(wanted.getKey())
                                                && tag.getValue().equals(wanted.getValue())));
            }
        }
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

    public boolean isAbout(TargetId machine) {
        return about.equals(new About.One(machine));
    }

    public boolean selects() {
        return about instanceof About.Matching;
    }

    public Asking deleted() {
        return new Asking(
                holder, generation + 1, true, about, listed, system, manner, blocks, complete, upgradesAtOnce);
    }

    public Asking generation(int next) {
        return new Asking(holder, next, deleting, about, listed, system, manner, blocks, complete, upgradesAtOnce);
    }

    /** As if it were about that one alone. */
    public Asking on(TargetId machine) {
        return new Asking(
                holder,
                generation,
                deleting,
                new About.One(machine),
                listed,
                system,
                manner,
                blocks,
                complete,
                upgradesAtOnce);
    }

    /** The same, while nobody knows whether it is about the machine. */
    public Asking keptOn(TargetId machine) {
        Asking here = on(machine);
        return new Asking(
                holder,
                generation,
                deleting,
                here.about,
                listed,
                system,
                Manner.OBSERVED,
                blocks,
                complete,
                upgradesAtOnce);
    }

    /** Of a binding that is about one machine. */
    Contribution contribution() {
        return new Contribution(
                        holder,
                        deleting,
                        about instanceof About.One(TargetId machine) ? Optional.of(machine) : Optional.empty(),
                        listed.stream()
                                .map(one -> new Ask(one.id(), one.allowed(), one.adopt()))
                                .toList(),
                        SystemAsk.valueOf(system.name()),
                        Contribution.Manner.valueOf(manner.name()),
                        guard(),
                        complete)
                .upgrading(manages() ? upgradesAtOnce : 0);
    }

    private boolean manages() {
        return manner == Manner.SHARED || manner == Manner.EXCLUSIVE;
    }

    private Guard guard() {
        if (!blocks) {
            return Guard.NONE;
        }
        return complete ? Guard.BLOCK : Guard.BLOCK_EXPECTING;
    }
}
