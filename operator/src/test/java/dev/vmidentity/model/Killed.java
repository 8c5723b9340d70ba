package dev.vmidentity.model;

/** The process died between two calls. */
final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Killed() {
        super("killed", null, false, false);
    }
}
