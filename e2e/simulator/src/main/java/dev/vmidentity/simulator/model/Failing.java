package dev.vmidentity.simulator.model;

/**
 * How a long-running operation shall end badly.
 *
 * @param rollsBack whether the identity block goes back to what it was
 * @param movesEtag whether the etag moves with that
 * @param never     whether it never ends at all
 */
public record Failing(Operation.OperationError error, boolean rollsBack, boolean movesEtag, boolean never) {}
