package dev.vmidentity.model;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.Mishap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Azure that a history is played on, and what other people do to it. */
interface Cloud {
    /** The way that the operator takes. */
    Machines machines();

    /** The same for identities. */
    Identities identities();

    /** The same for many machines at once. */
    Fleet fleet();

    /** The same for instances of scale sets. */
    Instances instances();

    /** A scale set gets so many, under the upgrade policy Manual. */
    void makeInstances(TargetId target, int count);

    /** As it truly is. */
    Optional<Observation> look(TargetId target);

    boolean has(ArmId identity);

    /** Which identity of that name there is now. */
    Optional<String> principal(ArmId identity);

    void makeIdentity(ArmId id);

    void deleteIdentity(ArmId id);

    void makeMachine(TargetId target);

    void deleteMachine(TargetId target);

    /** Somebody writes the whole identity block; the etag moves. */
    void replace(TargetId target, List<ArmId> ids, boolean systemAssigned);

    void touch(TargetId target);

    /** Somebody writes all tags. */
    void tag(TargetId target, Map<String, String> tags);

    /** As they truly are. */
    Map<String, String> tags(TargetId target);

    /** Somebody else's operation begins. */
    void occupy(TargetId target);

    /** What befalls the PATCH that comes next. */
    void nextPatch(Mishap mishap);
}
