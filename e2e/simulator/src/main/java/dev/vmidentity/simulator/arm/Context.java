package dev.vmidentity.simulator.arm;

import dev.vmidentity.simulator.model.Entropy;
import dev.vmidentity.simulator.model.Settings;
import dev.vmidentity.simulator.model.World;
import java.util.function.Supplier;

/** What every provider needs. */
public record Context(World world, Entropy entropy, Supplier<Settings> settings, String tenant) {}
