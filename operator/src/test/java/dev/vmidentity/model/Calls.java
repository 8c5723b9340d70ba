package dev.vmidentity.model;

import dev.vmidentity.model.Promise.Broken;

/** How many calls to Azure what happened can explain. */
final class Calls {
    private Calls() {}

    static void check(World world) {
        int causes = world.causes() + world.targets().size();
        int patches = world.wire().patches();
        if (patches > 4 * causes) {
            throw new Broken(Promise.CALLS_ARE_BOUNDED, patches + " PATCHes for " + causes + " causes");
        }
    }
}
