package dev.vmidentity.core;

/** What happens to an identity that is ours when nobody wants it any longer. */
public enum Release {
    DETACH,
    /** It stays on the machine, and the ledger forgets it. */
    RETAIN
}
