package dev.vmidentity.core;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The port to many machines at once. What it tells may be late by minutes, has no etag, and leaves out what the operator may
 * not read: it tells where to look, and nothing is written to a machine or given up on its word alone.
 *
 * <p>An answer is whole or it is a failure: a list that was cut short looks like machines that are gone. No method throws
 * for anything that Azure or the network may do.
 */
public interface Fleet {
    /**
     * All machines of these kinds that are in one of the scopes and have all of the tags. Names of tags have no case in
     * Azure, values have.
     */
    Answer matching(Set<MachineKind> kinds, Scopes scopes, Map<String, String> tags);

    /** Those of the machines that exist; a machine that is not in a {@link Answer.Whole} was not there a while ago. */
    Answer of(Collection<TargetId> machines);

    /** One machine, as it is now: a GET of its own. */
    Sight look(TargetId machine);

    /**
     * A machine as an inventory has it.
     *
     * @param seen without an etag where it is of an inventory
     * @param tags in Azure's spelling
     * @param managedBy who else looks after it, as Azure tells it: the resource that it is managed by, the scale set of
     *     which it is an instance, the node pool that it serves
     */
    record Glance(Observation seen, Map<String, String> tags, Optional<String> managedBy) {
        public Glance {
            tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        }

        public TargetId target() {
            return seen.target();
        }
    }

    /** The answer to a question about many. */
    sealed interface Answer {
        /** Every one that was asked for and that the operator may read. */
        record Whole(List<Glance> machines) implements Answer {
            public Whole {
                machines = List.copyOf(machines);
            }
        }

        record Failed(Fault fault) implements Answer {}
    }

    /** The answer to a question about one. */
    sealed interface Sight {
        record Present(Glance glance) implements Sight {}

        record Absent() implements Sight {}

        record Failed(Fault fault) implements Sight {}
    }
}
