package dev.vmidentity.core.exploration;

import dev.vmidentity.core.Claim;
import dev.vmidentity.core.Decision;
import dev.vmidentity.core.Decision.Become;
import dev.vmidentity.core.Decision.Fence;
import dev.vmidentity.core.Decision.Rest;
import dev.vmidentity.core.Decision.Send;
import dev.vmidentity.core.Decision.Then;
import dev.vmidentity.core.Decision.WaitUntil;
import dev.vmidentity.core.Demand;
import dev.vmidentity.core.Phase;
import dev.vmidentity.core.Protocol.Answer;
import dev.vmidentity.core.exploration.Machine.Owner;
import dev.vmidentity.core.exploration.Operator.Errand;
import dev.vmidentity.core.exploration.Request.Kind;
import dev.vmidentity.core.exploration.World.Trait;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the operators do: look, write the ledger, send, hear, write the ledger. They may die before each of these. What to
 * do and what an answer means is the {@link Rules}' to say; all the rest is the plan and the coordinator in small.
 */
final class Operators {
    private final World world;
    private final Rules rules;
    private final Entries entries = new Entries();

    Operators(World world, Rules rules) {
        this.world = world;
        this.rules = rules;
    }

    void from(State state, Steps steps) {
        step(state, 0, steps);
        if (state.second() != null) {
            step(state, 1, steps);
        }
    }

    private void step(State state, int number, Steps steps) {
        Operator operator = state.operator(number);
        if (!operator.equals(Operator.NEW) && !world.has(Trait.NOBODY_DIES)) {
            steps.take("an operator dies", state.with(number, Operator.NEW));
        }
        Errand errand = operator.errand();
        if (errand == null) {
            look(state, number, state.machine().view(), "an operator looks", steps);
            Machine.View stale = state.stale();
            if (stale != null) {
                look(state, number, stale, "an operator looks at a replica that lags", steps);
            }
        } else if (operator.sends()) {
            send(state, number, errand, steps);
        } else if (operator.answer() == null) {
            claim(state, number, errand, steps);
        } else {
            settle(state, number, errand, operator.answer(), steps);
        }
    }

    private void look(State state, int number, Machine.View view, String what, Steps steps) {
        Operator operator = state.operator(number);
        Decision decision = decision(state, view, operator);
        if (decision instanceof Rest || decision instanceof WaitUntil) {
            return;
        }
        Operator about = operator.plans(errand(state, view, decision));
        // A fence writes nothing before it is sent.
        Operator next = decision instanceof Fence ? about.goesToSend() : about;
        boolean kept = state.wish().demand() == Demand.KEEP;
        steps.take(what, state.with(number, next), kept ? Promise.KEEP_IS_KEPT : null);
    }

    /** What is done on such a view; {@link Rest} when nothing is. */
    Decision decision(State state, Machine.View view, Operator operator) {
        Claim claim = state.claim();
        Wish wish = state.wish();
        Decision decision = rules.decide(
                claim, entries.sight(view, state.late(), operator.succeeded()), wish.demand(), wish.adopts());
        if (decision instanceof Fence(Then then) && then != Then.DROP_EVEN_UNMOVED && operator.fenceless()) {
            return claim == null || claim.phase() == Phase.UNSURE ? new Rest() : new Become(Phase.UNSURE);
        }
        return decision;
    }

    private Errand errand(State state, Machine.View view, Decision decision) {
        Claim claim = state.claim();
        boolean current = claim != null && claim.machineId().equals(Entries.machine(view.incarnation()));
        boolean known = current && claim != null && claim.phase() != Phase.UNSURE;
        boolean told = state.wish().demand() == Demand.FORBID || (state.wish().adopts() && !known);
        Claim claimed = entries.written(claim, decision, view, state.wish(), state.late());
        return new Errand(decision, view.etag(), view.incarnation(), claimed, isFresh(claim, decision), told);
    }

    static boolean isFresh(@Nullable Claim claim, Decision decision) {
        return claim != null && claim.phase() == Phase.ATTACHED && decision.equals(new Send(Phase.DETACHING));
    }

    private void claim(State state, int number, Errand errand, Steps steps) {
        Operator operator = state.operator(number);
        if (errand.decision() instanceof Send) {
            State sending = state.with(number, operator.goesToSend());
            steps.take(
                    "an operator writes its claim",
                    rules.claimsFirst() ? written(sending, number, errand.claimed()) : sending);
        } else {
            State noted = write(state.with(number, operator.rests()), number, errand.claimed());
            boolean adopts = errand.told() && errand.decision().equals(new Become(Phase.ATTACHED));
            steps.take("an operator changes the ledger alone", adopts ? adopted(noted) : noted);
        }
    }

    private static State adopted(State state) {
        Machine machine = state.machine();
        return machine.x() == Owner.FOREIGN
                ? state.with(new Machine(Owner.OURS, machine.etag(), machine.incarnation(), machine.before()))
                : state;
    }

    private void send(State state, int number, Errand errand, Steps steps) {
        Operator operator = state.operator(number);
        Kind kind = kind(errand);
        Machine machine = state.machine();
        if (kind != Kind.FENCE && !world.has(Trait.NOBODY_DIES)) {
            Request request = new Request(kind, errand.etag(), errand.incarnation());
            steps.take(
                    "an operator sends and hears nothing",
                    state.with(number, operator.hears(new Answer.Unknown()))
                            .withFlying(state.flying() | request.bit()));
        }
        if (world.has(Trait.REFUSALS) && state.left().mishaps() > 0) {
            steps.take(
                    "an operator sends and is refused",
                    state.with(state.left().lessMishaps()).with(number, operator.hears(new Answer.Refused())));
        }
        if (rules.carriesEtag() && errand.etag() != machine.etag()) {
            steps.take(
                    "an operator sends and hears 412",
                    state.with(number, operator.hears(new Answer.PreconditionFailed())));
            return;
        }
        if (!Landing.fits(state)) {
            return;
        }
        Landing landing = Landing.of(world, state, kind);
        Answer.Accepted accepted = new Answer.Accepted(
                Entries.etag(landing.etag()),
                Entries.machine(machine.incarnation()),
                landing.state().machine().hasX());
        Operator heard = operator.hears(accepted);
        Operator watching = landing.state().machine().operationRuns()
                ? heard.watches(landing.etag())
                : landing.etag() == errand.etag() ? heard : heard.sawSuccess(landing.etag());
        steps.take("an operator sends and hears 200", landing.state().with(number, watching), landing.broken());
        if (world.has(Trait.APPLIED_YET_412)
                && kind != Kind.FENCE
                && state.left().mishaps() > 0) {
            State less = landing.state().with(state.left().lessMishaps());
            steps.take(
                    "an operator sends, it is applied, and hears 412",
                    less.with(number, operator.hears(new Answer.PreconditionFailed())),
                    landing.broken());
            if (world.has(Trait.REFUSALS)) {
                steps.take(
                        "an operator sends, it is applied, and is refused",
                        less.with(number, operator.hears(new Answer.Refused())),
                        landing.broken());
            }
        }
    }

    private static Kind kind(Errand errand) {
        return switch (errand.decision()) {
            case Send(Phase phase) when phase == Phase.ATTACHING -> Kind.ADD;
            case Send(Phase phase) when phase == Phase.EVICTING && errand.told() -> Kind.EVICT;
            case Send _ -> Kind.REMOVE;
            default -> Kind.FENCE;
        };
    }

    private void settle(State state, int number, Errand errand, Answer answer, Steps steps) {
        Operator operator = state.operator(number);
        Claim claim = Objects.requireNonNull(errand.claimed(), "sent without a claim");
        String etag = Entries.etag(errand.etag());
        Claim settled = entries.settled(rules.settle(
                claim, errand.decision(), answer, etag, Entries.machine(errand.incarnation()), errand.fresh()));
        boolean useless = errand.decision() instanceof Fence
                && answer instanceof Answer.Accepted accepted
                && accepted.etag().equals(etag)
                && rules.givesUpOnFences();
        Operator rests = useless ? operator.rests().findsFencesUseless() : operator.rests();
        if (!world.has(Trait.NOBODY_DIES)) {
            steps.take("an operator cannot write the ledger", state.with(number, rests));
        }
        steps.take("an operator settles", write(state.with(number, rests), number, settled));
    }

    /**
     * Wanted on the second machine, an entry of unknown outcome about the first is overwritten, and what the fifteen
     * minutes would have held back is forgotten: from here on only the seconds that a PATCH lives exclude it.
     */
    private static boolean forgetsTheFirstMachine(@Nullable Claim claim) {
        return claim != null
                && claim.phase() == Phase.ATTACHING
                && claim.machineId().equals(Entries.machine(1));
    }

    private State write(State state, int number, @Nullable Claim claim) {
        return Objects.equals(state.claim(), claim) ? state.with(claim) : written(state, number, claim);
    }

    /** What is sent again is written again: the model has no clock, and the product's claim tells when. */
    private State written(State state, int number, @Nullable Claim claim) {
        State written = forgetsTheFirstMachine(claim)
                ? state.with(claim).withFlying(Request.toSecond(state.flying()))
                : state.with(claim);
        if (state.second() == null || !rules.comparesAndSwaps()) {
            return written;
        }
        int other = 1 - number;
        return written.with(other, written.operator(other).losesTheSwap());
    }
}
