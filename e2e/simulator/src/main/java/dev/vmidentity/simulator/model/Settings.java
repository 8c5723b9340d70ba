package dev.vmidentity.simulator.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be turned while it runs. Durations are milliseconds unless the name says otherwise.
 *
 * @param seed of everything random; the same seed and the same requests give the same ids and durations
 */
public record Settings(
        long seed,
        Operations operations,
        Etags etags,
        Wire wire,
        Throttling throttling,
        Consistency consistency,
        Access access,
        Unknowns unknowns,
        Lists lists,
        Policy policy,
        Tokens tokens) {

    /**
     * Long-running operations.
     *
     * @param vmPatch           from the 200 of a PATCH that changes something to Succeeded
     * @param vmNoop            the same for one that changes nothing
     * @param identityWrite     a PUT of an identity takes so long of real time; see {@link Unknowns#racingPuts}
     * @param credentialWrite   a write of a federated credential takes so long of real time, and meets 409 when another one is under way
     * @param spread            share by which a duration varies, 0.5 is half to one and a half
     * @param retryAfterSeconds of PATCH and of polls of a running operation; 0 sends what the real service was recorded to send
     * @param end               whether operations end at all
     * @param concurrent        what a write gets while an operation runs on the same resource
     */
    public record Operations(
            long vmPatch,
            long vmNoop,
            long vmPut,
            long vmCreate,
            long scaleSetPatch,
            long scaleSetCreate,
            long upgrade,
            long delete,
            long groupDelete,
            long identityWrite,
            long credentialWrite,
            double spread,
            int retryAfterSeconds,
            boolean end,
            Concurrent concurrent) {}

    /** A write that meets a running operation. */
    public enum Concurrent {
        /** 409. */
        @JsonProperty("conflict")
        CONFLICT,
        /** The older operation fails with OperationPreempted, its change stays. */
        @JsonProperty("preempt")
        PREEMPT,
        /** Both go on. */
        @JsonProperty("allow")
        ALLOW
    }

    /**
     * Entity tags of machines.
     *
     * @param sent              false: no etags at all, and If-Match is ignored (older clouds)
     * @param noopMoves         whether a PATCH that changes nothing moves it
     * @param movesOnCompletion whether it also moves when the operation ends
     * @param driftEveryReads   moves by itself before every n-th GET of a machine; 0 never
     */
    public record Etags(boolean sent, boolean noopMoves, boolean movesOnCompletion, int driftEveryReads) {}

    /**
     * The wire.
     *
     * @param latency          before every answer
     * @param clockSkewSeconds added to the Date header
     */
    public record Wire(long latency, long clockSkewSeconds) {}

    /** Which budgets are enforced. Their headers are always sent. */
    public record Throttling(boolean arm, boolean compute, boolean identity, boolean resourceGraph) {}

    /**
     * How late what was written can be read.
     *
     * @param identityVisible   a new identity or credential answers 404 to GET for so long
     * @param principalVisible  a role assignment without principalType for a new identity answers PrincipalNotFound for so long
     * @param roleEffective     a new role assignment grants nothing for so long
     * @param resourceGraph     Resource Graph shows a change so much later
     * @param resourceGraphPage rows of a page at most
     * @param staleReads        a GET of a machine shows it as it was so long ago
     */
    public record Consistency(
            long identityVisible,
            long principalVisible,
            long roleEffective,
            long resourceGraph,
            int resourceGraphPage,
            long staleReads) {}

    /**
     * Role-based access.
     *
     * @param enforced           whether assignments decide; otherwise every token may do everything
     * @param admins             client or object ids that may do everything
     * @param recheckUnnamed     whether a PATCH needs assign/action on attached ids that it does not name
     * @param missingAsForbidden whether naming a missing identity answers LinkedAuthorizationFailed instead of FailedIdentityOperation
     * @param deny               deny assignments: they hold for everybody, admins too, and whether or not roles are enforced
     */
    public record Access(
            boolean enforced,
            List<String> admins,
            boolean recheckUnnamed,
            boolean missingAsForbidden,
            List<DenyAssignment> deny) {}

    /**
     * A deny assignment.
     *
     * @param scope      it holds there and below
     * @param actions    with {@code *} for anything
     * @param principals client or object ids; empty for everybody
     */
    public record DenyAssignment(String name, String scope, List<String> actions, List<String> principals) {
        public DenyAssignment(
                @Nullable String name,
                @Nullable String scope,
                @Nullable List<String> actions,
                @Nullable List<String> principals) {
            this.name = name == null ? "deny" : name;
            this.scope = scope == null ? "/" : scope;
            this.actions = actions == null ? List.of("*") : List.copyOf(actions);
            this.principals = principals == null ? List.of() : List.copyOf(principals);
        }
    }

    /**
     * What nobody outside knows of the real service.
     *
     * @param nullOfAbsent         {@code null} for an id that is not attached
     * @param lastWithUserAssigned removing the last id with type UserAssigned
     * @param dangling             the values shown for an attached identity that was deleted
     * @param racingPuts           a PUT of an identity while another is under way
     */
    public record Unknowns(
            Leniency nullOfAbsent, Leniency lastWithUserAssigned, Dangling dangling, Racing racingPuts) {}

    /** What the second of two PUTs of one identity gets when the first is still under way. */
    public enum Racing {
        /** 409 ConflictingConcurrentWriteNotAllowed. */
        @JsonProperty("conflict")
        CONFLICT,
        /** They make one identity: 201 for one, 200 for the other, the same principal. */
        @JsonProperty("one")
        ONE,
        /** Both answer 201, each with a principal of its own, and the later write stays. */
        @JsonProperty("last")
        LAST
    }

    /** Refuse with 400, or let it pass. */
    public enum Leniency {
        @JsonProperty("refuse")
        REFUSE,
        @JsonProperty("accept")
        ACCEPT
    }

    /** What is shown of a reference to a deleted identity. */
    public enum Dangling {
        /** {@code {}}. */
        @JsonProperty("empty")
        EMPTY,
        /** The principalId and clientId that it had. */
        @JsonProperty("stale")
        STALE
    }

    /**
     * What policies of the subscription do to a machine that is created or replaced, on their own.
     *
     * @param systemAssigned whether they switch the system-assigned identity on
     * @param userAssigned   ids that they attach; those that do not exist are left out
     * @param tags           that they add
     * @param deny           policies with the effect Deny: PUT and PATCH get RequestDisallowedByPolicy
     */
    public record Policy(
            boolean systemAssigned, List<String> userAssigned, Map<String, String> tags, List<DenyPolicy> deny) {}

    /**
     * A policy that denies writing.
     *
     * @param scope where it is assigned: it holds there and below
     * @param types such as {@code Microsoft.Compute/virtualMachines}; empty for all
     */
    public record DenyPolicy(String name, String scope, List<String> types) {
        public DenyPolicy(@Nullable String name, @Nullable String scope, @Nullable List<String> types) {
            this.name = name == null ? "deny" : name;
            this.scope = scope == null ? "/" : scope;
            this.types = types == null ? List.of() : List.copyOf(types);
        }
    }

    /** Rows in a page of a LIST. */
    public record Lists(int page) {}

    /** Tokens given out from now on. */
    public record Tokens(long lifetimeSeconds) {}

    /** Operations end in a moment and nothing is throttled. */
    public static Settings fast() {
        return new Settings(
                1,
                new Operations(100, 20, 100, 200, 100, 200, 100, 200, 200, 0, 20, 0, 1, true, Concurrent.CONFLICT),
                new Etags(true, true, false, 0),
                new Wire(0, 0),
                new Throttling(false, false, false, false),
                new Consistency(0, 0, 0, 0, 1000, 0),
                new Access(false, List.of(), true, false, List.of()),
                new Unknowns(Leniency.REFUSE, Leniency.REFUSE, Dangling.EMPTY, Racing.CONFLICT),
                new Lists(100),
                new Policy(false, List.of(), Map.of(), List.of()),
                new Tokens(3599));
    }

    /** Durations as recorded, throttling and consistency as documented. */
    public static Settings azure() {
        var fast = fast();
        return new Settings(
                1,
                new Operations(
                        4_700,
                        120,
                        11_000,
                        40_000,
                        5_600,
                        120_000,
                        20_000,
                        24_000,
                        60_000,
                        300,
                        400,
                        0.4,
                        0,
                        true,
                        Concurrent.CONFLICT),
                fast.etags,
                new Wire(30, 0),
                new Throttling(true, true, true, true),
                new Consistency(0, 48_000, 60_000, 60_000, 1000, 0),
                fast.access,
                fast.unknowns,
                fast.lists,
                fast.policy,
                fast.tokens);
    }
}
