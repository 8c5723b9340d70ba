package dev.vmidentity.core.exploration;

/** What must hold in every state of every world. */
enum Promise {
    FOREIGN_IS_NEVER_REMOVED("a foreign identity was removed, and nobody asked for it"),
    FOREIGN_IS_NEVER_CLAIMED("the ledger calls a foreign identity ours"),
    NO_SILENT_LEAK("at rest, ours is on the machine, nobody wants it, and the ledger does not say so"),
    DOUBT_ENDS("at rest, long after, it is absent and unwanted, and the ledger still has an entry"),
    WANTED_ARRIVES("at rest, it is wanted and absent"),
    ATTACHED_IS_NOT_UNDONE("a request of our own removed what the ledger calls attached"),
    DOUBT_HAS_A_CAUSE("the ledger says Unsure, although nobody died and every answer was heard"),
    KEEP_IS_KEPT("something is done about an identity that is to be kept as it is"),
    IT_COMES_TO_REST("left alone, the operator does not come to rest");

    private final String broken;

    Promise(String broken) {
        this.broken = broken;
    }

    String broken() {
        return broken;
    }
}
