package dev.vmidentity.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;

/** How far the attaching or detaching of one identity has come, as the ledger protocol has it. */
public enum LedgerPhase {
    /** A request that adds it may have been sent under the entry's etag, at which it was absent. */
    Attaching,
    /** Ours. */
    Attached,
    /** A request that removes ours may have been sent under the entry's etag. */
    Detaching,
    /** The removal was answered with success and the entry's etag; it waits for the end of the operation. */
    Detached,
    /** A request that removes one of others may have been sent under the entry's etag; it never becomes Attached. */
    Evicting,
    /** On the machine, and nobody can tell by whom. */
    Unsure,
    /** A value that this version does not know; not part of the schema. Nothing may be concluded from it. */
    @JsonIgnore
    Unknown;

    @JsonCreator
    static LedgerPhase of(String name) {
        return WireName.decode(name, LedgerPhase.class, Unknown);
    }
}
