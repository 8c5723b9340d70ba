package dev.vmidentity.model;

/** What must hold. */
enum Promise {
    FOREIGN_IS_NEVER_REMOVED("a foreign identity was removed, and nobody had asked for it"),
    FOREIGN_IS_NEVER_CLAIMED("the ledger calls a foreign identity ours, and nobody adopted it"),
    ATTACHED_IS_NOT_UNDONE("a request of the operator's own removed what the ledger calls attached"),
    WANTED_IS_NOT_REMOVED("the operator removed what is wanted, and was wanted since its round began"),
    RETAINED_IS_NOT_REMOVED("the operator removed what every binding that ever wanted it asked to retain"),
    WANTED_ARRIVES("at rest, an identity is wanted and can be there, nothing speaks against it, and it is not"),
    DEFAULT_IS_NOT_TAKEN("what only blocking bindings ask for changed the default identity"),
    NO_SILENT_LEAK("at rest, ours is on the machine, nobody wants it, and the ledger does not say so"),
    LEDGER_TELLS_THE_TRUTH("at rest, the ledger says what is not so"),
    STATUS_TELLS_THE_TRUTH("at rest, the outcome says what is not so"),
    DOUBT_HAS_A_CAUSE("the ledger says Unsure, although nothing went wrong"),
    INSTANCES_ONLY_AS_ASKED("more instances were upgraded at once than any binding allows, or none asks for it"),
    INSTANCES_FOLLOW("at rest, a binding asks for instances to be upgraded, and some are not on the latest model"),
    RELEASED_HOLDS_NOTHING("a binding that is gone holds something"),
    DELETED_IS_RELEASED("at rest, a deleted binding is not released"),
    IT_COMES_TO_REST("left alone, the operator does not come to rest"),
    REST_WRITES_NOTHING("at rest, the operator writes"),
    CALLS_ARE_BOUNDED("more calls than what happened can explain");

    private final String broken;

    Promise(String broken) {
        this.broken = broken;
    }

    /** Thrown from wherever it is found out. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final Promise promise;

        Broken(Promise promise, String detail) {
            super(promise.broken + ": " + detail);
            this.promise = promise;
        }

        Promise promise() {
            return promise;
        }
    }
}
