package dev.vmidentity.simulator.model;

/**
 * One instance of a uniform scale set.
 *
 * @param model version of the scale set's model that it runs
 */
public record Instance(String instanceId, String vmId, long model) {}
