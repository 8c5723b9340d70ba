package dev.vmidentity.simulator.model;

/** A subscription; its id is {@code /subscriptions/{guid}}. */
public record Subscription(String id, String displayName) implements Resource {}
