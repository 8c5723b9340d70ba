package dev.vmidentity.model;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Fleet;
import dev.vmidentity.core.Holder;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.Ledger;
import dev.vmidentity.core.Machines.Patched;
import dev.vmidentity.core.Machines.Seen;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Patch;
import java.util.List;
import java.util.stream.Collectors;

/** How things are told in a log. */
final class Chronicle {
    private Chronicle() {}

    static String of(IdentityKey id) {
        return id.value().substring(id.value().lastIndexOf('/') + 1);
    }

    static String of(Observation machine) {
        return "etag " + machine.etag() + " of " + machine.machineId().substring(0, 4) + " " + machine.state() + " "
                + Wire.names(machine);
    }

    static String of(Seen seen) {
        return seen instanceof Seen.Present(Observation machine) ? of(machine) : seen.toString();
    }

    static String of(Fleet.Answer answer) {
        return answer instanceof Fleet.Answer.Whole(List<Fleet.Glance> machines)
                ? machines.stream()
                        .map(glance -> glance.target().name() + " " + Wire.names(glance.seen()))
                        .toList()
                        .toString()
                : answer.toString();
    }

    static String of(Patched answer) {
        return answer instanceof Patched.Accepted accepted ? "200, " + of(accepted.after()) : answer.toString();
    }

    static String of(Patch patch) {
        return patch.type() + " +" + patch.add().stream().map(id -> id.name()).toList() + " -"
                + patch.remove().stream().map(id -> id.name()).toList() + " under " + patch.ifMatch();
    }

    static String of(Ledger ledger) {
        return ledger.claims().values().stream().map(Chronicle::of).collect(Collectors.joining(", ", "{", "}"));
    }

    private static String of(Claim claim) {
        String etag = claim.etag() == null ? "" : "(" + claim.etag() + ")";
        return of(claim.id()) + " " + claim.phase() + etag + " on "
                + claim.machineId().substring(0, 4)
                + claim.holders().stream().map(Holder::binding).toList();
    }
}
