package dev.vmidentity.fakes;

import dev.vmidentity.core.Fault;

/** What befalls one PATCH. */
public sealed interface Mishap {
    /** It is refused with this, and has no effect. */
    record Answered(Fault fault) implements Mishap {}

    /** The connection ends before it had an effect. */
    record CutBeforeEffect() implements Mishap {}

    /** It has its effect, and the connection ends before the answer. */
    record CutAfterEffect() implements Mishap {}

    /** It has its effect, and the answer ends in the middle of its body. */
    record CutWithinAnswer() implements Mishap {}

    /** The connection ends, and the request reaches Azure when the test says so. */
    record LandsLate() implements Mishap {}

    /** It has its effect and is answered 412, as when a proxy on the way sent a second copy. */
    record PreconditionFailedAfterEffect() implements Mishap {}

    /**
     * It is answered 200, and its operation fails and takes the effect back.
     *
     * @param etagMoves whether taking it back moves the etag once more
     */
    record OperationFails(Fault fault, boolean etagMoves) implements Mishap {}
}
