package dev.vmidentity.azure;

import com.azure.core.exception.HttpResponseException;
import com.microsoft.aad.msal4j.MsalServiceException;
import dev.vmidentity.core.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an exception of the SDK, of Reactor or of the network means, where there is no error of ARM's to tell it. */
final class NoAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(NoAnswer.class);

    private NoAnswer() {}

    /** For a request to the resource manager. */
    static Fault ofResourceManager(Throwable thrown) {
        Optional<Throwable> network = network(thrown);
        if (network.isPresent()) {
            return new Fault.Unreachable(sentence(network.get()));
        }
        LOG.atWarn().setCause(thrown).log("an answer of Azure could not be understood");
        int status = chain(thrown).stream()
                .filter(HttpResponseException.class::isInstance)
                .map(HttpResponseException.class::cast)
                .filter(e -> e.getResponse() != null)
                .map(e -> e.getResponse().getStatusCode())
                .findFirst()
                .orElse(0);
        return new Fault.Unexpected(status, "", sentence(thrown));
    }

    /** For a request for a token. */
    static Fault ofAuthority(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        boolean unwell = chain.stream()
                .anyMatch(e -> e instanceof MsalServiceException service
                        && service.statusCode() != null
                        && (service.statusCode() >= 500 || service.statusCode() == 429));
        if (unwell) {
            return new Fault.Unreachable("the authority that gives tokens is unwell: " + sentence(thrown));
        }
        boolean ours = chain.stream().anyMatch(Credentials.TokenFileUnreadable.class::isInstance);
        Optional<Throwable> network = network(thrown);
        if (network.isPresent() && !ours) {
            return new Fault.Unreachable(
                    "the authority that gives tokens cannot be reached: " + sentence(network.get()));
        }
        return new Fault.CredentialsRefused(sentence(thrown));
    }

    /** Whether the connection failed, so that a read may be tried a second time. A time-out has used the time up. */
    static boolean connectionFailed(Throwable thrown) {
        return network(thrown).isPresent()
                && chain(thrown).stream()
                        .noneMatch(e -> e instanceof TimeoutException
                                || e instanceof java.net.http.HttpTimeoutException
                                || e instanceof InterruptedException);
    }

    /** The one that says most: the deepest of the network's own. */
    private static Optional<Throwable> network(Throwable thrown) {
        return chain(thrown).stream()
                .filter(e -> e instanceof IOException
                        || e instanceof UncheckedIOException
                        || e instanceof TimeoutException
                        || e instanceof InterruptedException)
                .reduce((outer, inner) -> inner.getMessage() == null ? outer : inner);
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable e = thrown; e != null && !chain.contains(e); e = e.getCause()) {
            chain.add(e);
        }
        return chain;
    }

    private static String sentence(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message.strip();
    }
}
