package dev.vmidentity.fakes;

import dev.vmidentity.core.ArmId;
import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Identities;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.Machines;
import dev.vmidentity.core.TargetId;
import java.util.Map;

/**
 * The Azure behind the ports, as a contract lays it out and looks into it. What happens here is other people's
 * doing: it does not go through the ports.
 */
public interface Ground extends AutoCloseable {
    Machines machines();

    Identities identities();

    Fleet fleet();

    Instances instances();

    /** Makes the resource group where it is missing, and the machine, without identities; one that is there is made anew. */
    void makeMachine(TargetId target);

    void deleteMachine(TargetId target);

    void makeGroup(String subscriptionId, String resourceGroup);

    /** Makes the resource group where it is missing, and the identity. */
    void makeIdentity(ArmId id);

    /** The machines that it is on keep their reference to it. */
    void deleteIdentity(ArmId id);

    /** Somebody else attaches it, and the operation has ended. */
    void attach(TargetId target, ArmId identity);

    /** Somebody else gives the machine its own identity, and the operation has ended. */
    void enableSystemAssigned(TargetId target);

    /** A scale set gets so many instances, all on the latest model, with ids from 0. */
    void makeInstances(TargetId target, Instances.Policy policy, int count);

    /** A scale set is of Flexible orchestration. */
    void makeFlexible(TargetId target);

    /** The machine's etag moves, as it does by itself. */
    void touch(TargetId target);

    /** These are its tags, and no others. */
    void tag(TargetId target, Map<String, String> tags);

    /** The virtual machine is an instance of a scale set. */
    void makeInstance(TargetId virtualMachine, TargetId scaleSet);

    /** The next question about many machines is refused so. */
    void nextQuestion(Fault fault);

    /** Operations that begin from now on run until {@link #settle}; other ones may end at any time before it. */
    void holdOperations();

    /** Every operation ends. */
    void settle();

    /** What befalls the next PATCH that has none yet. */
    void nextPatch(Mishap mishap);

    /** The next read of a machine is refused so. */
    void nextRead(Fault fault);

    /** The next list of instances is refused so. */
    void nextInstances(Fault fault);

    /** The next request about an identity is refused so. */
    void nextIdentityRequest(Fault fault);

    /** How many PATCHes of the machine came in, those that were refused or cut off among them. */
    int patches(TargetId target);

    @Override
    void close();
}
