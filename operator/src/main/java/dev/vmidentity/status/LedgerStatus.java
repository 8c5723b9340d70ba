package dev.vmidentity.status;

import dev.vmidentity.api.Condition;
import dev.vmidentity.api.Reason;
import dev.vmidentity.api.VmIdentityLedgerSpec.Entry;
import dev.vmidentity.api.VmIdentityLedgerStatus;
import dev.vmidentity.api.VmIdentityLedgerStatus.Bindings;
import dev.vmidentity.api.VmIdentityLedgerStatus.Identity;
import dev.vmidentity.core.Claim;
import dev.vmidentity.core.IdentityKey;
import dev.vmidentity.core.IdentityType;
import dev.vmidentity.core.Observation;
import dev.vmidentity.core.Outcome;
import dev.vmidentity.core.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The status of a machine's ledger: what the portal's Identity page shows of the machine, and what of it is ours. */
public final class LedgerStatus {
    /** As the schema says. */
    private static final int MOST_IDENTITIES = 1_000;

    private static final int MOST_NAMES = 20;

    private LedgerStatus() {}

    /**
     * The status.
     *
     * @param bindings of the machine, as {@code namespace/name}, in any order
     * @param previous the status as it is now; null when there is none
     * @param generation the ledger's {@code metadata.generation}
     */
    public static VmIdentityLedgerStatus render(
            Outcome outcome,
            Collection<String> bindings,
            @Nullable VmIdentityLedgerStatus previous,
            long generation,
            Instant now) {
        List<Condition> before = previous == null ? List.of() : previous.conditions();
        var names = bindings.stream().sorted().limit(MOST_NAMES).toList();
        Optional<Observation> seen = outcome.seen();
        List<Identity> identities = seen.map(o -> identities(outcome, o)).orElse(List.of());
        return new VmIdentityLedgerStatus(
                Text.bounded(outcome.target().name(), 64),
                seen.map(o -> type(o.type())).orElse(null),
                identities.stream().limit(MOST_IDENTITIES).toList(),
                seen.map(_ -> (int) identities.stream().filter(Identity::ours).count())
                        .orElse(null),
                seen.map(o -> foreign(outcome, o)).orElse(null),
                new Bindings(bindings.size(), names),
                Conditions.of(before, generation, ready(outcome), now));
    }

    /** As Azure says it, which is not how it is written in a request of any other cloud. */
    static String type(IdentityType type) {
        return switch (type) {
            case NONE -> "None";
            case SYSTEM_ASSIGNED -> "SystemAssigned";
            case USER_ASSIGNED -> "UserAssigned";
            case SYSTEM_AND_USER_ASSIGNED -> "SystemAssigned, UserAssigned";
        };
    }

    private static List<Identity> identities(Outcome outcome, Observation seen) {
        List<Identity> identities = new ArrayList<>();
        seen.systemAssigned()
                .ifPresent(system -> identities.add(new Identity(
                        Entry.SYSTEM_ASSIGNED,
                        null,
                        system.principalId(),
                        isOurs(outcome, IdentityKey.SYSTEM_ASSIGNED))));
        seen.userAssigned()
                .forEach((key, attached) -> identities.add(new Identity(
                        attached.id().value(), attached.clientId(), attached.principalId(), isOurs(outcome, key))));
        return identities;
    }

    /** Whether the ledger says without a doubt that it was we who put it there. */
    private static boolean isOurs(Outcome outcome, IdentityKey key) {
        return outcome.claim(key)
                .map(Claim::phase)
                .filter(phase -> phase == Phase.ATTACHED || phase == Phase.DETACHING || phase == Phase.DETACHED)
                .isPresent();
    }

    /** Without what may be ours: {@code ours} and this need not add up to all. */
    private static int foreign(Outcome outcome, Observation seen) {
        long count = seen.userAssigned().keySet().stream()
                .filter(key -> isForeign(outcome, key))
                .count();
        boolean system = seen.systemAssigned().isPresent() && isForeign(outcome, IdentityKey.SYSTEM_ASSIGNED);
        return (int) count + (system ? 1 : 0);
    }

    private static boolean isForeign(Outcome outcome, IdentityKey key) {
        return outcome.claim(key).map(claim -> claim.phase() == Phase.EVICTING).orElse(true);
    }

    private static Explanation ready(Outcome outcome) {
        return MachineText.obstacle(outcome)
                .or(() -> worstClaim(outcome))
                .orElseGet(() -> Explanation.of(Reason.Recorded));
    }

    private static Optional<Explanation> worstClaim(Outcome outcome) {
        return outcome.ledger().claims().keySet().stream()
                .flatMap(id -> outcome.claim(id).stream())
                .flatMap(claim -> open(claim, outcome).stream())
                .max(Explanation.GRAVITY);
    }

    private static Optional<Explanation> open(Claim claim, Outcome outcome) {
        Optional<Explanation> fault = Optional.ofNullable(outcome.faults().get(claim.id()))
                .map(known -> FaultText.explain(known, outcome.target().id()));
        if (fault.isPresent()) {
            return fault;
        }
        return switch (claim.phase()) {
            case ATTACHED -> Optional.empty();
            case ATTACHING -> Optional.of(Explanation.of(Reason.Attaching));
            case DETACHING, DETACHED, EVICTING -> Optional.of(Explanation.of(Reason.Detaching));
            case UNSURE ->
                Optional.of(new Explanation(
                                Reason.Unsure,
                                claim.id() + " is on the machine and nobody can tell by whom. "
                                        + Reason.Unsure.whatToDo()))
                        .filter(_ ->
                                outcome.seen().filter(o -> o.has(claim.id())).isPresent());
        };
    }
}
