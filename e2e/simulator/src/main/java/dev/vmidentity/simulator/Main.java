package dev.vmidentity.simulator;

import dev.vmidentity.simulator.model.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** Runs a simulator until it is told to stop. */
@Command(
        name = "azure-simulator",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        description = {
            "An Azure Resource Manager for managed identities, virtual machines and scale sets, on this machine only.",
            "It prints its endpoint and the CA file to trust, then serves until SIGTERM or SIGINT."
        },
        footer = {
            "",
            "Standard output, one line each, in this order:",
            "  endpoint=https://127.0.0.1:PORT",
            "  ca=/path/to/ca.pem",
            "  tenant=GUID",
            "  subscription=GUID",
            "",
            "Control: https://127.0.0.1:PORT/_simulator/{requests,settings,faults,state,budgets}; see README.md.",
            "Exit code: 0 for --help and --version, 1 when it cannot start, 2 for a wrong option; 143 (130) after SIGTERM (SIGINT)."
        })
public final class Main implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "0", description = "Port on 127.0.0.1; 0 takes a free one (default).")
    private int port;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Keeps certificates in DIR and writes DIR/ca.pem. Without it they are temporary.")
    private @Nullable Path directory;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "Keeps the world in FILE across restarts. Nothing that was answered is lost in a crash.")
    private @Nullable Path state;

    @Option(
            names = "--seed",
            paramLabel = "FILE",
            description =
                    "First world, in the form of GET /_simulator/state (example: e2e/simulator/example-seed.json); used while the state file does not exist. Default: a small built-in one.")
    private @Nullable Path seed;

    @Option(
            names = "--profile",
            defaultValue = "fast",
            paramLabel = "fast|azure",
            description = {
                "fast: operations end in a moment, nothing is throttled (default).",
                "azure: durations, Retry-After, throttling and delays as recorded or documented."
            })
    private Profile profile = Profile.fast;

    /** Names as they are typed. */
    enum Profile {
        fast,
        azure
    }

    /** What Maven said it is. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            var properties = new Properties();
            try (var in = Main.class.getResourceAsStream("version.properties")) {
                if (in != null) {
                    properties.load(in);
                }
            }
            return new String[] {"azure-simulator " + properties.getProperty("version", "of unknown version")};
        }
    }

    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        var defaults = Options.defaults();
        var options = new Options(
                port,
                directory,
                state,
                seed,
                profile == Profile.azure ? Settings.azure() : Settings.fast(),
                defaults.clock(),
                defaults.tenant());
        Simulator simulator;
        try {
            simulator = Simulator.start(options);
        } catch (UncheckedIOException | IllegalArgumentException e) {
            System.err.println("azure-simulator: cannot start: " + e.getMessage());
            return 1;
        }
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            simulator.close();
                            stopped.countDown();
                        },
                        "stop"));
        System.out.println("endpoint=" + simulator.endpoint());
        System.out.println("ca=" + simulator.ca().toAbsolutePath());
        System.out.println("tenant=" + simulator.tenantId());
        System.out.println("subscription=" + simulator.subscriptionId());
        System.out.flush();
        stopped.await();
        return 0;
    }
}
