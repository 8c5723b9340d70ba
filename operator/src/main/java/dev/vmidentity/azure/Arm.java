package dev.vmidentity.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.rest.Response;
import com.azure.core.http.rest.SimpleResponse;
import com.azure.core.util.Context;
import com.azure.core.util.FluxUtil;
import com.azure.resourcemanager.authorization.fluent.AuthorizationManagementClient;
import com.azure.resourcemanager.authorization.implementation.AuthorizationManagementClientBuilder;
import com.azure.resourcemanager.compute.fluent.ComputeManagementClient;
import com.azure.resourcemanager.compute.implementation.ComputeManagementClientBuilder;
import com.azure.resourcemanager.msi.fluent.ManagedServiceIdentityClient;
import com.azure.resourcemanager.msi.implementation.ManagedServiceIdentityClientBuilder;
import dev.vmidentity.core.Fault;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/** One resource manager: its clients, and the one way to ask it anything. */
final class Arm {
    /** Reactor's own key: who hears of an error that comes after a request was given up. Otherwise it is logged as an error. */
    private static final String DROPPED = "reactor.onErrorDropped.local";

    private static final Logger LOG = LoggerFactory.getLogger(Arm.class);

    private final HttpPipeline pipeline;
    private final Tokens tokens;
    private final URI endpoint;
    private final Duration timeout;
    private final InstantSource clock;
    private final Map<String, ComputeManagementClient> compute = new ConcurrentHashMap<>();
    private final Map<String, ManagedServiceIdentityClient> identity = new ConcurrentHashMap<>();
    private final AuthorizationManagementClient authorization;

    /** What came of a request. */
    sealed interface Answer<T> {
        /** 2xx, and understood. */
        record Good<T>(int status, HttpHeaders headers, T value) implements Answer<T> {}

        /** ARM said no. */
        record Refusal<T>(ArmError error) implements Answer<T> {}

        /** There was no answer, or none that can be understood; or no token to ask with. */
        record None<T>(Fault fault) implements Answer<T> {}
    }

    Arm(HttpPipeline pipeline, Tokens tokens, URI endpoint, Duration timeout, InstantSource clock) {
        this.pipeline = pipeline;
        this.tokens = tokens;
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.clock = clock;
        // Of what is asked of it here, every path names its scope.
        this.authorization = new AuthorizationManagementClientBuilder()
                .pipeline(pipeline)
                .endpoint(endpoint.toString())
                .buildClient();
    }

    AuthorizationManagementClient authorization() {
        return authorization;
    }

    ComputeManagementClient compute(String subscriptionId) {
        return compute.computeIfAbsent(
                subscriptionId.toLowerCase(Locale.ROOT),
                id -> new ComputeManagementClientBuilder()
                        .pipeline(pipeline)
                        .endpoint(endpoint.toString())
                        .subscriptionId(id)
                        .buildClient());
    }

    ManagedServiceIdentityClient identity(String subscriptionId) {
        return identity.computeIfAbsent(
                subscriptionId.toLowerCase(Locale.ROOT),
                id -> new ManagedServiceIdentityClientBuilder()
                        .pipeline(pipeline)
                        .endpoint(endpoint.toString())
                        .subscriptionId(id)
                        .buildClient());
    }

    Instant now() {
        return clock.instant();
    }

    Optional<Duration> retryAfter(HttpHeaders headers) {
        return RetryAfter.ofHeaders(name -> headers.getValue(HttpHeaderName.fromString(name)), clock.instant());
    }

    /** Exactly one attempt. The token is asked for before its time begins. */
    <T> Answer<T> once(Mono<Response<T>> request) {
        return switch (tokens.current()) {
            case Tokens.Answer.Refused(Fault fault) -> new Answer.None<>(fault);
            case Tokens.Answer.Token token -> attempt(request, token).answer();
        };
    }

    /** A second attempt where the token was not taken, or the connection failed. Everything else comes through at once. */
    <T> Answer<T> read(Mono<Response<T>> request) {
        return switch (tokens.current()) {
            case Tokens.Answer.Refused(Fault fault) -> new Answer.None<>(fault);
            case Tokens.Answer.Token token -> {
                Attempt<T> first = attempt(request, token);
                yield first.worthAnother() ? once(request) : first.answer();
            }
        };
    }

    /**
     * A GET of a URL that Azure gave. The body, as text.
     *
     * @throws IllegalArgumentException unless {@link #isOurs}
     */
    Answer<String> get(String url) {
        if (!isOurs(url)) {
            throw new IllegalArgumentException("not the resource manager's: " + url);
        }
        return read(
                FluxUtil.<Response<String>>withContext(context -> send(new HttpRequest(HttpMethod.GET, url), context)));
    }

    /**
     * A question that is too long for a URL: a POST that reads. The body of the answer, as text.
     *
     * @param path below the resource manager's endpoint, with its query
     */
    Answer<String> ask(String path, String body) {
        String url = endpoint.resolve(path).toString();
        return read(FluxUtil.<Response<String>>withContext(context -> send(
                new HttpRequest(HttpMethod.POST, url)
                        .setHeader(HttpHeaderName.CONTENT_TYPE, "application/json")
                        .setBody(body),
                context)));
    }

    /** Whether a URL is the resource manager's own. The token goes nowhere else. */
    boolean isOurs(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getScheme() != null
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getScheme().equalsIgnoreCase(endpoint.getScheme())
                    && uri.getHost().equalsIgnoreCase(endpoint.getHost())
                    && port(uri) == port(endpoint);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Mono<Response<String>> send(HttpRequest request, Context context) {
        return pipeline.send(request, context)
                .flatMap(response -> response.getBodyAsString()
                        .defaultIfEmpty("")
                        .map(body ->
                                new SimpleResponse<>(request, response.getStatusCode(), response.getHeaders(), body)));
    }

    private record Attempt<T>(Answer<T> answer, boolean worthAnother) {}

    private <T> Attempt<T> attempt(Mono<Response<T>> request, Tokens.Answer.Token token) {
        try {
            Response<T> response = request.contextWrite(context ->
                            context.put(ArmPipeline.TOKEN, token).put(DROPPED, (Consumer<Throwable>) Arm::ignore))
                    .timeout(timeout)
                    .block();
            if (response == null) {
                return new Attempt<>(new Answer.None<>(new Fault.Unreachable("the answer was empty")), false);
            }
            return new Attempt<>(
                    new Answer.Good<>(response.getStatusCode(), response.getHeaders(), response.getValue()), false);
        } catch (ArmPipeline.ErrorAnswer e) {
            ArmError error = e.read(clock.instant());
            boolean refusedToken = error.status() == 401;
            if (refusedToken) {
                tokens.forget(token);
            }
            return new Attempt<>(new Answer.Refusal<>(error), refusedToken);
        } catch (RuntimeException e) {
            Throwable cause = Exceptions.unwrap(e);
            if (cause instanceof InterruptedException || e.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return new Attempt<>(
                    new Answer.None<>(NoAnswer.ofResourceManager(cause, endpoint)), NoAnswer.connectionFailed(cause));
        }
    }

    private static void ignore(Throwable late) {
        LOG.atDebug().setCause(late).log("after a request was given up");
    }

    private static int port(URI uri) {
        return uri.getPort() == -1 ? 443 : uri.getPort();
    }
}
