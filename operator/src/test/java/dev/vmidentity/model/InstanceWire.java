package dev.vmidentity.model;

import dev.vmidentity.core.Fault;
import dev.vmidentity.core.Instances;
import dev.vmidentity.core.TargetId;
import dev.vmidentity.fakes.Mishap;
import dev.vmidentity.model.Promise.Broken;
import dev.vmidentity.model.Step.PatchFault;
import java.util.List;
import java.util.Optional;

/** The workers' way to the instances of scale sets, and what must hold of each batch that is sent. */
final class InstanceWire implements Instances {
    private final World world;
    private final Wire wire;

    InstanceWire(World world, Wire wire) {
        this.world = world;
        this.wire = wire;
    }

    @Override
    public Listed list(TargetId scaleSet) {
        if (!world.climate().instances()) {
            return new Listed.Flexible();
        }
        Errand errand = world.errand();
        world.before("lists the instances of " + scaleSet.name());
        world.tally().list();
        Optional<Fault> fault = errand.listFault();
        fault.ifPresent(_ -> world.caused(Happening.INSTANCES_FAILED));
        Listed answer = fault.<Listed>map(Listed.Failed::new)
                .orElseGet(() -> world.cloud().instances().list(scaleSet));
        world.log(() -> "    " + answer);
        world.after();
        return answer;
    }

    @Override
    public Upgraded upgrade(TargetId scaleSet, List<String> instances) {
        Errand errand = world.errand();
        world.before("upgrades " + instances + " of " + scaleSet.name());
        world.tally().upgrade();
        if (instances.size() > errand.order().upgrades()) {
            throw new Broken(
                    Promise.INSTANCES_ONLY_AS_ASKED,
                    instances + " of " + scaleSet.name() + ", and at most "
                            + errand.order().upgrades() + " may be");
        }
        Optional<PatchFault> fault = errand.upgradeFault();
        fault.ifPresent(_ -> world.caused(Happening.UPGRADE_FAILED));
        Upgraded answer = switch (fault.orElse(null)) {
            case null -> send(scaleSet, instances);
            case PatchFault.Scripted(Mishap.Answered(Fault why)) -> new Upgraded.Rejected(why);
            case PatchFault.Scripted(Mishap.CutBeforeEffect()) -> lost();
            case PatchFault.FailsAndStays(Fault why) -> wire.failing(send(scaleSet, instances), why);
            case PatchFault.NeverEnds() -> wire.endless(send(scaleSet, instances));
            case PatchFault.Scripted _, PatchFault.Late _, PatchFault.AnsweredAfterEffect _ -> {
                send(scaleSet, instances);
                yield lost();
            }
        };
        world.log(() -> "    " + fault.map(it -> it + ": ").orElse("") + answer);
        world.after();
        return answer;
    }

    private Upgraded send(TargetId scaleSet, List<String> instances) {
        world.look(scaleSet).ifPresent(_ -> wire.changes(scaleSet));
        Upgraded answer = world.cloud().instances().upgrade(scaleSet, instances);
        if (answer instanceof Upgraded.Accepted) {
            world.tally().happened(Happening.UPGRADED);
        }
        return answer;
    }

    private static Upgraded lost() {
        return new Upgraded.Rejected(new Fault.Unreachable("the connection was cut"));
    }
}
