package dev.vmidentity.core;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What stands in the way, in our own words. An expected answer of Azure is one of these and never an exception.
 *
 * <p>{@link #detail()} is Azure's own sentence (or the network's), for a person to read; nothing is decided by it.
 */
public sealed interface Fault {
    String detail();

    /** Azure asks to slow down. The wait is Azure's own where it said one, and holds for {@code scope} alone. */
    record Throttled(Scope scope, Optional<Duration> retryAfter, String detail) implements Fault {
        /** What a throttling answer was said of. */
        public enum Scope {
            MACHINE,
            SUBSCRIPTION,
            IDENTITIES,
            /** Questions about many machines at once; no other request is held by it. */
            RESOURCE_GRAPH
        }
    }

    /**
     * The operator's principal lacks a permission.
     *
     * @param action such as {@code Microsoft.Compute/virtualMachines/write}; empty when Azure did not say
     * @param scopes where it is lacking
     * @param principal the object id, empty when Azure did not say
     */
    record Forbidden(String action, List<String> scopes, String principal, String detail) implements Fault {
        public Forbidden {
            scopes = List.copyOf(scopes);
        }
    }

    /** A user-assigned identity named in a request does not exist. Empty when Azure did not say which. */
    record IdentityMissing(List<ArmId> identities, String detail) implements Fault {
        public IdentityMissing {
            identities = List.copyOf(identities);
        }
    }

    /** Azure refuses an identity or its combination with this machine, for good. */
    record IdentityRefused(List<ArmId> identities, String code, String detail) implements Fault {
        public IdentityRefused {
            identities = List.copyOf(identities);
        }
    }

    /** Another operation is under way, or took over; trying again later is right. */
    record Busy(String code, String detail) implements Fault {}

    /** The machine is being deleted, or went while it was written to. */
    record BeingDeleted(String detail) implements Fault {}

    /** Policy, a lock, a property that cannot change: a person has to act. */
    record Refused(String code, String detail) implements Fault {}

    record SubscriptionMissing(String subscriptionId, String detail) implements Fault {}

    record ResourceGroupMissing(String resourceGroup, String detail) implements Fault {}

    /** The token endpoint refused the operator, or ARM refused its token. */
    record CredentialsRefused(String detail) implements Fault {}

    /** No answer: name, connection, TLS, time-out. */
    record Unreachable(String detail) implements Fault {}

    /** Azure is unwell: 5xx. */
    record AzureUnwell(int status, String code, String detail) implements Fault {}

    /** The machine kept changing between our reading and writing; etags also move by themselves. */
    record ChangedMeanwhile(String detail) implements Fault {}

    /** The machine's ledger must be left alone: another owner's, a copy, or a newer version's. */
    record LedgerNotOurs(boolean newer, String detail) implements Fault {}

    /** The ledger, or what else has to be known first, cannot be read or written at present. */
    record LedgerUnavailable(String detail) implements Fault {}

    /**
     * Ours, wanted by nobody, and not detached: too many at once have lost their bindings, and no deletion explains it.
     *
     * @param most how many are detached without asking
     */
    record DetachHeld(int most, String detail) implements Fault {}

    /** The principal is so new that not all of Azure knows it yet; or it is gone. */
    record PrincipalUnknown(String detail) implements Fault {}

    /** There is no such role. */
    record RoleMissing(String role, String detail) implements Fault {}

    /** What a role is to be assigned at does not exist. */
    record ScopeMissing(String detail) implements Fault {}

    /** An answer that this version does not know. */
    record Unexpected(int status, String code, String detail) implements Fault {}
}
