package dev.vmidentity.simulator.http;

/** What the server does with a request once it has been thought about. */
public sealed interface Delivery {

    /** The answer reaches the client. */
    record Send(Answer answer) implements Delivery {}

    /** Status and headers reach the client and announce the whole body; the connection ends in the middle of it. */
    record Truncate(Answer answer) implements Delivery {}

    /** The connection ends without a byte of an answer. */
    record Cut() implements Delivery {}
}
