package dev.vmidentity.model;

import dev.vmidentity.model.Promise.Broken;

/**
 * How many calls to Azure what happened can explain; the bounds are told in this package's documentation.
 *
 * <p>A cause is a change of anybody's, a fault, a death, or a round that the history asked for. A round comes from a cause or
 * from time alone: at rest a machine is looked at every five minutes, one that does not exist every half minute.
 */
final class Calls {
    /** PATCHes for each cause. */
    static final double PATCHES_A_CAUSE = 1;

    /** An identity that is wanted and does not exist is tried again, ever more slowly: so often at rest. */
    static final int TRIES_AT_REST = 20;

    /** GETs for each round: one to see, one after what it sent has ended, and one more for each 412. */
    static final double READS_A_ROUND = 2;

    /** A round polls an operation once at most. */
    static final double POLLS_A_ROUND = 1;

    /**
     * Questions about many machines: one for each cause, one for each turn of a selector, see {@link Tally#turns}, and one
     * for each round where machines are looked at in bulk.
     */
    static final double QUESTIONS_A_TURN = 1;

    /** A GET of a machine that the inventory does not show, and then ever more seldom. */
    static final double LOOKS_A_TURN = 0.5;

    private Calls() {}

    /** Without the tries at rest. */
    static double patches(World world) {
        int tries = TRIES_AT_REST * world.missing();
        return (double) Math.max(0, world.tally().patches() - tries) / causes(world);
    }

    static double reads(World world) {
        return (double) world.tally().reads() / rounds(world);
    }

    static double polls(World world) {
        return (double) world.tally().polls() / rounds(world);
    }

    static double questions(World world) {
        return world.tally().questions() / turns(world);
    }

    static double looks(World world) {
        return world.tally().looks() / turns(world);
    }

    private static double turns(World world) {
        int looks = world.climate().inBulk() ? world.tally().rounds() : 0;
        return causes(world) + looks + world.tally().turns();
    }

    static void check(World world) {
        check(questions(world), QUESTIONS_A_TURN, "questions about many machines a cause or turn");
        check(looks(world), LOOKS_A_TURN, "GETs of machines that may not match a cause or turn");
        check(patches(world), PATCHES_A_CAUSE, "PATCHes a cause");
        check(reads(world), READS_A_ROUND, "GETs a round");
        check(polls(world), POLLS_A_ROUND, "polls a round");
    }

    private static void check(double calls, double most, String what) {
        if (calls > most) {
            throw new Broken(
                    Promise.CALLS_ARE_BOUNDED, "%.2f %s, and at most %.2f may be".formatted(calls, what, most));
        }
    }

    /** With one for each machine: it is looked at once more when everything comes to rest. */
    private static int causes(World world) {
        return world.causes() + world.targets().size();
    }

    private static int rounds(World world) {
        return Math.max(1, world.tally().rounds());
    }
}
