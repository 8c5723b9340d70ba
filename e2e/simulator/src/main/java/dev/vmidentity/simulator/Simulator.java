package dev.vmidentity.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vmidentity.simulator.arm.Arm;
import dev.vmidentity.simulator.arm.Context;
import dev.vmidentity.simulator.arm.StateDocument;
import dev.vmidentity.simulator.control.ControlEndpoint;
import dev.vmidentity.simulator.control.Faults;
import dev.vmidentity.simulator.control.Front;
import dev.vmidentity.simulator.control.LiveSettings;
import dev.vmidentity.simulator.control.RequestLog;
import dev.vmidentity.simulator.directory.Directory;
import dev.vmidentity.simulator.directory.MicrosoftGraph;
import dev.vmidentity.simulator.directory.Tokens;
import dev.vmidentity.simulator.http.Answer;
import dev.vmidentity.simulator.http.CertificateAuthority;
import dev.vmidentity.simulator.http.HttpsServer;
import dev.vmidentity.simulator.http.Request;
import dev.vmidentity.simulator.model.Entropy;
import dev.vmidentity.simulator.model.FileJournal;
import dev.vmidentity.simulator.model.Journal;
import dev.vmidentity.simulator.model.Subscription;
import dev.vmidentity.simulator.model.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A running simulator. The methods here do what {@code /_simulator/} does over HTTP, in the same process; they may be called from any
 * thread.
 */
public final class Simulator implements AutoCloseable {
    private final HttpsServer server;
    private final Front front;
    private final CertificateAuthority authority;
    private final Path directory;
    private final boolean temporary;
    private final World world;
    private final LiveSettings settings;
    private final Faults faults;
    private final RequestLog log;
    private final StateDocument state;
    private final Tokens tokens;
    private final Arm arm;
    private final Options options;
    private final @Nullable FileJournal journal;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Simulator(Options options) throws IOException {
        this.options = options;
        var given = options.directory();
        this.temporary = given == null;
        this.directory = given == null ? Files.createTempDirectory("azure-simulator") : given;
        this.authority = CertificateAuthority.in(directory, options.clock().instant());
        this.settings = new LiveSettings(options.settings());
        this.journal = options.state() == null ? null : FileJournal.open(options.state());
        var kept = journal == null ? FileJournal.Kept.NOTHING : journal.kept();
        // What is drawn after a restart must not be what was drawn before it.
        var entropy = new Entropy(options.settings().seed(), kept.starts());
        this.world = new World(options.clock(), journal == null ? Journal.NOTHING : journal);
        world.restore(kept);
        var context = new Context(world, entropy, settings, options.tenant());
        this.state = new StateDocument(context);
        if (kept.starts() == 0) {
            state.merge(StateDocument.parse(seed(options)));
            if (journal != null) {
                journal.seeded();
            }
        }
        this.tokens = new Tokens(options.tenant());
        this.arm = new Arm(context, tokens);
        this.faults = new Faults(settings);
        this.log = new RequestLog();
        this.front = new Front(
                arm,
                new Directory(tokens, new MicrosoftGraph(world), options.tenant(), options.clock(), settings),
                new ControlEndpoint(settings, faults, log, state, arm, entropy),
                log,
                faults,
                settings,
                tokens,
                options.clock());
        this.server = HttpsServer.start(options.port(), authority, front::handle);
    }

    /** Starts one; it answers when this returns. */
    public static Simulator start(Options options) {
        try {
            return new Simulator(options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String seed(Options options) throws IOException {
        if (options.seed() != null) {
            return Files.readString(options.seed());
        }
        try (var in = Simulator.class.getResourceAsStream("default-world.json")) {
            if (in == null) {
                throw new IOException("default-world.json is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** {@code https://127.0.0.1:port}, without a trailing slash. */
    public URI endpoint() {
        return URI.create("https://127.0.0.1:" + server.address().getPort());
    }

    /** The authority's certificate, for trust stores. */
    public X509Certificate certificate() {
        return authority.certificate();
    }

    /** The authority's certificate as a PEM file. */
    public Path ca() {
        return directory.resolve("ca.pem");
    }

    /** For a client that trusts this simulator. */
    public SSLContext clientContext() {
        return authority.clientContext();
    }

    public String tenantId() {
        return options.tenant();
    }

    /** The first subscription, without {@code /subscriptions/}. */
    public String subscriptionId() {
        return world.all(Subscription.class).findFirst().orElseThrow().name();
    }

    /** A token of a client for ARM, as the token endpoint gives it out. */
    public String token(String clientId) {
        var now = options.clock().instant();
        return tokens.issue(clientId, endpoint().toString(), endpoint().toString(), now, now.plus(Duration.ofHours(1)));
    }

    public LiveSettings settings() {
        return settings;
    }

    public Faults faults() {
        return faults;
    }

    public RequestLog requests() {
        return log;
    }

    public StateDocument state() {
        return state;
    }

    /** One resource as ARM shows it, whatever Resource Manager's settings say about stale reads. */
    public Optional<ObjectNode> resource(String id) {
        return state.read(id);
    }

    /** Answers a request that has no body without the wire; for measuring. */
    Answer answer(String method, String pathAndQuery, String authorization) {
        return arm.handle(
                Request.of(method, endpoint() + pathAndQuery, Map.of("authorization", List.of(authorization)), ""),
                null);
    }

    /** Stops serving; what was answered is kept. A second time does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        front.close();
        server.close();
        if (journal != null) {
            journal.close();
        }
        if (temporary) {
            try (var files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
