package dev.vmidentity.simulator;

import dev.vmidentity.simulator.model.Settings;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * How a simulator is started.
 *
 * @param port      0 for a free one
 * @param directory where certificates are kept and {@code ca.pem} is written; null for a temporary one that goes with the simulator
 * @param state     file that keeps the world over restarts; null to forget it
 * @param seed      file with the first world, used when there is no state yet; null for the built-in one
 * @param settings  to begin with
 * @param clock     of everything that is computed from time; pauses are real
 * @param tenant    id of the one tenant
 */
public record Options(
        int port,
        @Nullable Path directory,
        @Nullable Path state,
        @Nullable Path seed,
        Settings settings,
        Clock clock,
        String tenant) {
    /** The tenant, unless another is asked for. */
    public static final String TENANT = "22222222-2222-2222-2222-222222222222";

    /** In memory, on a free port, with the built-in world and fast operations. */
    public static Options defaults() {
        return new Options(0, null, null, null, Settings.fast(), Clock.systemUTC(), TENANT);
    }

    public Options withPort(int changed) {
        return new Options(changed, directory, state, seed, settings, clock, tenant);
    }

    public Options withDirectory(Path changed) {
        return new Options(port, changed, state, seed, settings, clock, tenant);
    }

    public Options withState(Path changed) {
        return new Options(port, directory, changed, seed, settings, clock, tenant);
    }

    public Options withSeed(Path changed) {
        return new Options(port, directory, state, changed, settings, clock, tenant);
    }

    public Options withSettings(Settings changed) {
        return new Options(port, directory, state, seed, changed, clock, tenant);
    }

    public Options withClock(Clock changed) {
        return new Options(port, directory, state, seed, settings, changed, tenant);
    }
}
