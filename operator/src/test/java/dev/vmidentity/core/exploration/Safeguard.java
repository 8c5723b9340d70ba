package dev.vmidentity.core.exploration;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.Decision.Become;
import dev.vmidentity.core.Decision.Drop;
import dev.vmidentity.core.Decision.Fence;
import dev.vmidentity.core.Decision.Send;
import dev.vmidentity.core.Decision.Then;
import dev.vmidentity.core.Decision.WaitUntil;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Protocol;
import dev.vmidentity.core.Protocol.Answer;
import dev.vmidentity.core.Protocol.Sight;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the protocol does to be safe, taken away one by one. Each names a world in which that is found out, and the promise
 * that is broken there first.
 */
enum Safeguard implements Rules {
    // ---- around the protocol's functions
    THE_CLAIM_IS_WRITTEN_BEFORE_THE_PATCH(World.ORDINARY, Promise.NO_SILENT_LEAK) {
        @Override
        public boolean claimsFirst() {
            return false;
        }
    },
    THE_LEDGER_IS_COMPARED_AND_SWAPPED(World.TWO_AT_ONCE, Promise.FOREIGN_IS_NEVER_CLAIMED) {
        @Override
        public boolean comparesAndSwaps() {
            return false;
        }
    },
    A_PATCH_CARRIES_THE_ETAG(World.ORDINARY, Promise.FOREIGN_IS_NEVER_CLAIMED) {
        @Override
        public boolean carriesEtag() {
            return false;
        }
    },
    FENCES_THAT_DO_NOT_MOVE_THE_ETAG_ARE_GIVEN_UP(World.ETAGS_STAY, Promise.IT_COMES_TO_REST) {
        @Override
        public boolean givesUpOnFences() {
            return false;
        }
    },

    // ---- deciding
    NOTHING_IS_DECIDED_WHILE_AN_OPERATION_RUNS(World.EXCLUSIVE, Promise.FOREIGN_IS_NEVER_CLAIMED) {
        @Override
        public Decision decide(@Nullable Claim claim, Sight sight, Demand demand, boolean adopt) {
            return Protocol.decide(claim, seeing(sight, false, sight.succeeded()), demand, adopt);
        }
    },
    KEEP_DECIDES_NOTHING(World.KEEPING, Promise.KEEP_IS_KEPT) {
        @Override
        public Decision decide(@Nullable Claim claim, Sight sight, Demand demand, boolean adopt) {
            return Protocol.decide(claim, sight, demand == Demand.KEEP ? Demand.UNWANTED : demand, adopt);
        }
    },
    ONLY_ADOPTION_TAKES_WHAT_IS_THERE(World.ORDINARY, Promise.FOREIGN_IS_NEVER_CLAIMED) {
        @Override
        public Decision decide(@Nullable Claim claim, Sight sight, Demand demand, boolean adopt) {
            return Protocol.decide(claim, sight, demand, adopt || claim == null);
        }
    },
    ONLY_ADOPTION_SETTLES_UNSURE(World.ORDINARY, Promise.FOREIGN_IS_NEVER_CLAIMED) {
        @Override
        public Decision decide(@Nullable Claim claim, Sight sight, Demand demand, boolean adopt) {
            return Protocol.decide(claim, sight, demand, adopt || is(Phase.UNSURE, claim));
        }
    },
    UNSURE_IS_NEVER_DETACHED(World.ORDINARY, Promise.FOREIGN_IS_NEVER_REMOVED) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            boolean unwanted = is(Phase.UNSURE, claim) && sight.present() && demand == Demand.UNWANTED;
            return unwanted ? new Send(Phase.DETACHING) : decision;
        }
    },
    ATTACHED_AND_ABSENT_IS_FENCED_BEFORE_IT_IS_FORGOTTEN(World.STALE, Promise.NO_SILENT_LEAK) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return withoutFence(Phase.ATTACHED, claim, sight, decision);
        }
    },
    ATTACHING_AND_ABSENT_IS_FENCED_BEFORE_IT_IS_FORGOTTEN(World.ORDINARY, Promise.NO_SILENT_LEAK) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return withoutFence(Phase.ATTACHING, claim, sight, decision);
        }
    },
    DETACHING_AND_ABSENT_IS_FENCED_BEFORE_IT_IS_FORGOTTEN(World.STALE, Promise.NO_SILENT_LEAK) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return withoutFence(Phase.DETACHING, claim, sight, decision);
        }
    },
    DETACHED_AND_ABSENT_IS_FENCED_OR_SEEN_TO_SUCCEED(World.STALE_AND_ROLLED_BACK, Promise.NO_SILENT_LEAK) {
        @Override
        public Decision decide(@Nullable Claim claim, Sight sight, Demand demand, boolean adopt) {
            return Protocol.decide(claim, seeing(sight, sight.operationRuns(), sight.etag()), demand, adopt);
        }
    },
    EVICTING_AND_ABSENT_IS_FENCED_BEFORE_IT_IS_FORGOTTEN(World.EXCLUSIVE_AND_STALE, Promise.NO_SILENT_LEAK) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return withoutFence(Phase.EVICTING, claim, sight, decision);
        }
    },
    UNSURE_AND_ABSENT_IS_FENCED_BEFORE_IT_IS_FORGOTTEN(World.STALE, Promise.NO_SILENT_LEAK) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return withoutFence(Phase.UNSURE, claim, sight, decision);
        }
    },
    ATTACHING_AND_THERE_IS_UNSURE_NOT_OURS(World.ORDINARY, Promise.FOREIGN_IS_NEVER_REMOVED) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return is(Phase.ATTACHING, claim) && unsure(decision) ? new Become(Phase.ATTACHED) : decision;
        }
    },
    ATTACHING_AND_THERE_IS_UNSURE_NOT_FOREIGN(World.ORDINARY, Promise.NO_SILENT_LEAK) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return is(Phase.ATTACHING, claim) && unsure(decision) ? new Drop() : decision;
        }
    },
    DETACHING_AND_THERE_WITH_ANOTHER_ETAG_IS_NOT_SENT_AGAIN(World.ORDINARY, Promise.FOREIGN_IS_NEVER_REMOVED) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return is(Phase.DETACHING, claim) && unsure(decision) ? new Send(Phase.DETACHING) : decision;
        }
    },
    DETACHING_AND_THERE_WITH_ANOTHER_ETAG_IS_NOT_OURS(World.ORDINARY, Promise.FOREIGN_IS_NEVER_REMOVED) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return is(Phase.DETACHING, claim) && unsure(decision) ? new Become(Phase.ATTACHED) : decision;
        }
    },
    DETACHING_AND_WANTED_AGAIN_IS_FENCED(World.ORDINARY, Promise.ATTACHED_IS_NOT_UNDONE) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return decision.equals(new Fence(Then.ATTACHED)) ? new Become(Phase.ATTACHED) : decision;
        }
    },
    DETACHED_AND_THERE_WITH_THE_SAME_ETAG_IS_ROLLED_BACK(World.CALM_AND_ROLLED_BACK, Promise.DOUBT_HAS_A_CAUSE) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            boolean there = is(Phase.DETACHED, claim) && sight.present();
            return there && decision instanceof Become ? new Become(Phase.UNSURE) : decision;
        }
    },
    DETACHED_AND_THERE_WITH_ANOTHER_ETAG_IS_NOT_OURS(World.ORDINARY, Promise.FOREIGN_IS_NEVER_REMOVED) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return is(Phase.DETACHED, claim) && unsure(decision) ? new Become(Phase.ATTACHED) : decision;
        }
    },
    EVICTING_IS_NOT_DETACHING(World.EXCLUSIVE, Promise.FOREIGN_IS_NEVER_REMOVED) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return decision.equals(new Send(Phase.EVICTING)) ? new Send(Phase.DETACHING) : decision;
        }
    },
    EVICTING_STOPS_WHEN_IT_IS_CALLED_OFF(World.EXCLUSIVE, Promise.FOREIGN_IS_NEVER_REMOVED) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            boolean calledOff = is(Phase.EVICTING, claim) && sight.present() && demand == Demand.UNWANTED;
            return calledOff ? new Send(Phase.DETACHING) : decision;
        }
    },
    EVICTING_CALLED_OFF_IS_FENCED(World.ADOPTING, Promise.ATTACHED_IS_NOT_UNDONE) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return is(Phase.EVICTING, claim) && decision.equals(new Fence(Then.DROP)) ? new Drop() : decision;
        }
    },
    EVICTING_CALLED_OFF_LEAVES_WHAT_MAY_BE_OURS_UNSURE(World.EXCLUSIVE, Promise.NO_SILENT_LEAK) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            boolean calledOff = is(Phase.EVICTING, claim) && sent instanceof Fence;
            return calledOff && answer instanceof Answer.Accepted ? Optional.empty() : settled;
        }
    },
    AN_INCARNATION_IS_TOLD_FROM_ANOTHER(World.ANEW, Promise.FOREIGN_IS_NEVER_REMOVED) {
        @Override
        public Decision decide(@Nullable Claim claim, Sight sight, Demand demand, boolean adopt) {
            return Protocol.decide(claim == null ? null : on(sight.machineId(), claim), sight, demand, adopt);
        }
    },
    AN_ENTRY_OF_AN_EARLIER_INCARNATION_WAITS_FOR_LATE_REQUESTS(World.ANEW_WITH_LATE_ADDS, Promise.NO_SILENT_LEAK) {
        @Override
        public Decision decide(@Nullable Claim claim, Sight sight, Demand demand, boolean adopt) {
            Sight later = new Sight(
                    sight.present(),
                    sight.etag(),
                    sight.machineId(),
                    sight.operationRuns(),
                    Entries.LATE,
                    sight.succeeded());
            return Protocol.decide(claim, later, demand, adopt);
        }
    },
    AN_ENTRY_OF_UNKNOWN_OUTCOME_OUTLIVES_ITS_INCARNATION(World.ANEW_WITH_LATE_ADDS, Promise.NO_SILENT_LEAK) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return decision instanceof WaitUntil ? new Drop() : decision;
        }
    },
    UNSURE_OUTLIVES_ITS_INCARNATION(World.ANEW_WITH_LATE_ADDS, Promise.NO_SILENT_LEAK) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return is(Phase.UNSURE, claim) && decision instanceof WaitUntil ? new Drop() : decision;
        }
    },

    // ---- settling
    A_412_TO_ATTACHING_IS_UNKNOWN(World.ANSWERED_412, Promise.NO_SILENT_LEAK) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            return is(Phase.ATTACHING, claim) && answer instanceof Answer.PreconditionFailed
                    ? Optional.empty()
                    : settled;
        }
    },
    A_412_TO_A_DETACH_SENT_AGAIN_IS_UNKNOWN(World.ORDINARY, Promise.FOREIGN_IS_NEVER_CLAIMED) {
        @Override
        public Optional<Claim> settle(
                Claim claim, Decision sent, Answer answer, String etag, String machine, boolean freshDetach) {
            return Protocol.settle(claim, sent, answer, etag, machine, true);
        }
    },
    A_412_TO_A_FIRST_DETACH_IS_NO(World.CALM, Promise.DOUBT_HAS_A_CAUSE) {
        @Override
        public Optional<Claim> settle(
                Claim claim, Decision sent, Answer answer, String etag, String machine, boolean freshDetach) {
            return Protocol.settle(claim, sent, answer, etag, machine, false);
        }
    },
    A_REFUSED_FIRST_DETACH_IS_NO(World.CALM_AND_REFUSED, Promise.DOUBT_HAS_A_CAUSE) {
        @Override
        public Optional<Claim> settle(
                Claim claim, Decision sent, Answer answer, String etag, String machine, boolean freshDetach) {
            boolean fresh = freshDetach && !(answer instanceof Answer.Refused);
            return Protocol.settle(claim, sent, answer, etag, machine, fresh);
        }
    },
    A_REFUSED_DETACH_THAT_WAS_SENT_BEFORE_IS_UNKNOWN(World.REFUSED, Promise.FOREIGN_IS_NEVER_CLAIMED) {
        @Override
        public Optional<Claim> settle(
                Claim claim, Decision sent, Answer answer, String etag, String machine, boolean freshDetach) {
            boolean fresh = freshDetach || answer instanceof Answer.Refused;
            return Protocol.settle(claim, sent, answer, etag, machine, fresh);
        }
    },
    A_REFUSED_ATTACH_MAY_HAVE_BEEN_SENT_BEFORE(World.REFUSED, Promise.NO_SILENT_LEAK) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            return is(Phase.ATTACHING, claim) && answer instanceof Answer.Refused ? Optional.empty() : settled;
        }
    },
    A_412_TO_EVICTING_IS_UNKNOWN(World.EXCLUSIVE, Promise.NO_SILENT_LEAK) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            return is(Phase.EVICTING, claim) && answer instanceof Answer.PreconditionFailed
                    ? Optional.empty()
                    : settled;
        }
    },
    SILENCE_AFTER_AN_ATTACH_IS_UNKNOWN(World.ORDINARY, Promise.NO_SILENT_LEAK) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            return is(Phase.ATTACHING, claim) && answer instanceof Answer.Unknown ? Optional.empty() : settled;
        }
    },
    SILENCE_AFTER_A_DETACH_IS_UNKNOWN(World.ORDINARY, Promise.ATTACHED_IS_NOT_UNDONE) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            return is(Phase.DETACHING, claim) && answer instanceof Answer.Unknown
                    ? Protocol.settle(claim, sent, new Answer.PreconditionFailed(), "", "", true)
                    : settled;
        }
    },
    SILENCE_AFTER_AN_EVICTION_IS_UNKNOWN(World.ADOPTING, Promise.ATTACHED_IS_NOT_UNDONE) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            return is(Phase.EVICTING, claim) && answer instanceof Answer.Unknown ? Optional.empty() : settled;
        }
    },
    A_DETACH_IS_REMEMBERED_UNTIL_ITS_OPERATION_ENDS(World.ROLLED_BACK, Promise.NO_SILENT_LEAK) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            return settled.filter(next -> next.phase() != Phase.DETACHED);
        }
    },
    AN_EVICTION_OF_WHAT_MAY_BE_OURS_IS_REMEMBERED(World.EXCLUSIVE, Promise.NO_SILENT_LEAK) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            boolean evicted = sent.equals(new Send(Phase.EVICTING)) && answer instanceof Answer.Accepted;
            return evicted ? Optional.empty() : settled;
        }
    },
    AN_EVICTION_IS_NOT_REMEMBERED_AS_A_DETACH(World.EXCLUSIVE, Promise.FOREIGN_IS_NEVER_REMOVED) {
        @Override
        public Optional<Claim> settle(
                Claim claim, Decision sent, Answer answer, String etag, String machine, boolean freshDetach) {
            boolean evicted = sent.equals(new Send(Phase.EVICTING)) && answer instanceof Answer.Accepted;
            return Protocol.settle(
                    claim, evicted ? new Send(Phase.DETACHING) : sent, answer, etag, machine, freshDetach);
        }
    },
    A_FENCE_COUNTS_ONLY_WHEN_THE_ETAG_MOVED(World.ETAGS_STAY, Promise.NO_SILENT_LEAK) {
        @Override
        public Optional<Claim> settle(
                Claim claim, Decision sent, Answer answer, String etag, String machine, boolean freshDetach) {
            return Protocol.settle(claim, sent, answer, "another than " + etag, machine, freshDetach);
        }
    },
    A_FENCE_DOES_WITHOUT_A_MOVED_ETAG_ONLY_AFTER_TIME(World.ETAGS_STAY, Promise.NO_SILENT_LEAK) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return decision.equals(new Fence(Then.DROP)) ? new Fence(Then.DROP_EVEN_UNMOVED) : decision;
        }
    },
    AFTER_TIME_A_FENCE_DOES_WITHOUT_A_MOVED_ETAG(World.ETAGS_STAY_AND_TIME_PASSES, Promise.DOUBT_ENDS) {
        @Override
        Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
            return decision.equals(new Fence(Then.DROP_EVEN_UNMOVED)) ? new Fence(Then.DROP) : decision;
        }
    },
    A_FENCE_WHOSE_ANSWER_SHOWS_IT_FORGETS_NOTHING(World.STALE_AND_ROLLED_BACK, Promise.NO_SILENT_LEAK) {
        @Override
        public Optional<Claim> settle(
                Claim claim, Decision sent, Answer answer, String etag, String machine, boolean freshDetach) {
            Answer blind = answer instanceof Answer.Accepted accepted
                    ? new Answer.Accepted(accepted.etag(), accepted.machineId(), false)
                    : answer;
            return Protocol.settle(claim, sent, blind, etag, machine, freshDetach);
        }
    },
    A_FENCE_COUNTS_ONLY_WHEN_ACCEPTED(World.ORDINARY, Promise.NO_SILENT_LEAK) {
        @Override
        Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
            return sent.equals(new Fence(Then.DROP)) ? Optional.empty() : settled;
        }
    },
    AN_ANSWER_OF_ANOTHER_INCARNATION_IS_UNSURE(World.ANEW_WITH_LATE_ADDS, Promise.NO_SILENT_LEAK) {
        @Override
        public Optional<Claim> settle(
                Claim claim, Decision sent, Answer answer, String etag, String machine, boolean freshDetach) {
            Answer here = answer instanceof Answer.Accepted accepted
                    ? new Answer.Accepted(accepted.etag(), machine, accepted.present())
                    : answer;
            return Protocol.settle(claim, sent, here, etag, machine, freshDetach);
        }
    };

    private final World world;
    private final Promise breaks;

    Safeguard(World world, Promise breaks) {
        this.world = world;
        this.breaks = breaks;
    }

    World world() {
        return world;
    }

    Promise breaks() {
        return breaks;
    }

    @Override
    public Decision decide(@Nullable Claim claim, Sight sight, Demand demand, boolean adopt) {
        return instead(claim, sight, demand, Protocol.decide(claim, sight, demand, adopt));
    }

    /** What is decided without the safeguard. */
    Decision instead(@Nullable Claim claim, Sight sight, Demand demand, Decision decision) {
        return decision;
    }

    @Override
    public Optional<Claim> settle(
            Claim claim, Decision sent, Answer answer, String etag, String machine, boolean freshDetach) {
        return instead(claim, sent, answer, Protocol.settle(claim, sent, answer, etag, machine, freshDetach));
    }

    /** What the entry is without the safeguard. */
    Optional<Claim> instead(Claim claim, Decision sent, Answer answer, Optional<Claim> settled) {
        return settled;
    }

    private static boolean is(Phase phase, @Nullable Claim claim) {
        return claim != null && claim.phase() == phase;
    }

    private static boolean unsure(Decision decision) {
        return decision.equals(new Become(Phase.UNSURE));
    }

    private static Decision withoutFence(Phase phase, @Nullable Claim claim, Sight sight, Decision decision) {
        boolean gone = is(phase, claim) && !sight.present();
        return gone && decision.equals(new Fence(Then.DROP)) ? new Drop() : decision;
    }

    private static Sight seeing(Sight sight, boolean operationRuns, @Nullable String succeeded) {
        return new Sight(sight.present(), sight.etag(), sight.machineId(), operationRuns, sight.now(), succeeded);
    }

    private static Claim on(String machine, Claim claim) {
        return new Claim(
                claim.id(), claim.phase(), claim.etag(), machine, claim.sentAt(), claim.principalId(), claim.holders());
    }
}
