package dev.vmidentity.core;

/** What all bindings of a machine together ask about one identity. */
public enum Demand {
    /** It shall be there. */
    WANT,
    /** Something is not known or not allowed: nothing is done about it. */
    KEEP,
    /** Nobody asks for it: what is ours leaves, what is foreign stays. */
    UNWANTED,
    /** It shall not be there, whosever it is. */
    FORBID
}
