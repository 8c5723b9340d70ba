package dev.vmidentity.model;

/** What histories must contain. Counted when it took effect, so that a reader of the figures sees what was played. */
enum Happening {
    BOUND("bindings made"),
    CHANGED("specs changed"),
    MOVED("targets changed"),
    DELETED("bindings deleted"),
    CUT_OFF("finalizers cut off by force"),
    HELD("rounds in which the brake held detaches"),
    CONFIRMED("a person confirmed them"),
    SYSTEM_ENABLED("the machine's own identity asked for"),
    SYSTEM_DISABLED("asked to be disabled"),
    SYSTEM_SILENT("fell silent about it"),
    SYSTEM_DISAGREED("bindings disagreed about it"),
    EXCLUSIVE("Exclusive"),
    OBSERVED("Observe"),
    BLOCKING("Block"),
    BLOCKED("rounds after which Block kept something away"),
    BLOCKED_AT_REST("and what it kept away to the end"),
    LET_THROUGH("PATCHes that attached what Block let through"),
    ADOPTED("Adopt"),
    RETAINED_BY_ONE_OF_SEVERAL("Retain, one of several holders"),
    REVOKED("a right taken back"),
    ALLOWED_AGAIN("and given again"),
    SELECTING("selectors written"),
    RESELECTED("selectors changed"),
    ONE_TO_SELECTOR("a machine's name replaced by a selector"),
    SELECTOR_TO_ONE("a selector replaced by a machine's name"),
    SELECTION_DELETED("bindings with a selector deleted"),
    CAME_TO_MATCH("machines tagged so that they match"),
    CEASED_TO_MATCH("machines tagged so that they match no longer"),
    INVENTORY_FAILED("questions about many machines that failed"),
    INVENTORY_LAGGED("answered as it was before"),
    INVENTORY_HID("answered with a machine left out"),
    IN_BULK("looks that were one question about many machines"),
    IN_PASSING("rounds that read no machine, by what such an answer told"),
    LOOK_FAILED("machines that could not be asked whether they match"),
    SELECTION_CONFIRMED("a person confirmed that far less matches"),
    AUTOMATIC("instances asked to be upgraded"),
    UPGRADED("batches of instances that were upgraded"),
    UPGRADE_FAILED("such batches that failed, or whose answer was lost"),
    INSTANCES_FAILED("lists of instances that failed"),
    LEDGER_DELETED("ledgers deleted by hand"),
    VM("rounds on a VM"),
    SCALE_SET("rounds on a scale set"),
    KILLED("operator killed within a round"),
    RESTARTED("operator started anew between rounds"),
    TWO_AT_ONCE("a round within another process's round"),
    DEAF("rounds before the watches caught up"),
    MACHINE_DELETED("machines deleted"),
    MACHINE_MADE_ANEW("machines made anew"),
    IDENTITY_DELETED("identities deleted"),
    IDENTITY_MADE_ANEW("identities made anew"),
    FOREIGN_BEFORE_PATCH("others wrote between GET and PATCH"),
    FOREIGN_DURING_OPERATION("others wrote during an operation"),
    FOREIGN_OTHERWISE("others wrote at other times"),
    OCCUPIED("operations of others"),
    PRECONDITION_FAILED("412"),
    PRECONDITION_FAILED_AFTER_EFFECT("412 although it was applied"),
    CONFLICT("409"),
    THROTTLED("429"),
    UNWELL("5xx without effect"),
    UNWELL_AFTER_EFFECT("5xx after the effect"),
    CUT_BEFORE_EFFECT("cut before the effect"),
    CUT_AFTER_EFFECT("cut after the effect"),
    CUT_WITHIN_ANSWER("cut within the answer"),
    LATE("requests that reached Azure later"),
    REFUSED("refusals: policy, bad identity"),
    ROLLED_BACK("operations that failed and rolled back"),
    FAILED_AND_STAYED("operations that failed and stayed"),
    NEVER_ENDED("operations whose end is never told"),
    READ_FAILED("GETs that failed"),
    READ_STALE("GETs of a replica that lags"),
    POLL_FAILED("polls that failed"),
    LEDGER_FAILED("ledger calls failed or lost"),
    LIST_FAILED("lists of bindings failed");

    private final String what;

    Happening(String what) {
        this.what = what;
    }

    @Override
    public String toString() {
        return what;
    }
}
