package dev.vmidentity.simulator.arm;

/**
 * Who sent a request.
 *
 * @param clientId application (client) id of the token
 * @param objectId of the principal that role assignments name
 */
public record Caller(String clientId, String objectId) {}
