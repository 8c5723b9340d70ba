package dev.vmidentity.azure;

import com.azure.core.exception.HttpResponseException;
import com.microsoft.aad.msal4j.MsalServiceException;
import dev.vmidentity.core.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an exception of the SDK, of Reactor or of the network means, where there is no error of ARM's to tell it. */
final class NoAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(NoAnswer.class);

    private NoAnswer() {}

    /** For a request to the resource manager. */
    static Fault ofResourceManager(Throwable thrown, URI endpoint) {
        List<Throwable> chain = chain(thrown);
        if (ofNetwork(chain)) {
            return new Fault.Unreachable("no answer of " + endpoint.getHost() + ": " + network(chain));
        }
        LOG.atWarn().setCause(thrown).log("an answer of Azure could not be understood");
        int status = chain.stream()
                .filter(HttpResponseException.class::isInstance)
                .map(HttpResponseException.class::cast)
                .filter(e -> e.getResponse() != null)
                .map(e -> e.getResponse().getStatusCode())
                .findFirst()
                .orElse(0);
        return new Fault.Unexpected(status, "", "an answer that could not be understood: " + deepest(chain));
    }

    /** For a request for a token. Where the authority itself does not say no, its answer is none. */
    static Fault ofAuthority(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        for (Throwable e : chain) {
            if (e instanceof MsalServiceException service) {
                return unwell(service)
                        ? new Fault.Unreachable("the authority that gives tokens is unwell: " + service.getMessage())
                        : new Fault.CredentialsRefused(String.valueOf(service.getMessage()));
            }
            if (e instanceof Credentials.TokenFileUnreadable unreadable) {
                return new Fault.CredentialsRefused(String.valueOf(unreadable.getMessage()));
            }
        }
        return ofNetwork(chain)
                ? new Fault.Unreachable("the authority that gives tokens cannot be reached: " + network(chain))
                : new Fault.CredentialsRefused(deepest(chain));
    }

    /** Whether the connection failed, so that a read may be tried a second time. A time-out has used the time up. */
    static boolean connectionFailed(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        return ofNetwork(chain)
                && chain.stream()
                        .noneMatch(e -> e instanceof TimeoutException
                                || e instanceof HttpTimeoutException
                                || e instanceof InterruptedException);
    }

    /** 5xx, 429, or an answer that is not in the authority's words, which then has no status either. */
    private static boolean unwell(MsalServiceException service) {
        Integer status = service.statusCode();
        return status == null ? "unknown".equals(service.errorCode()) : status >= 500 || status == 429;
    }

    private static boolean ofNetwork(List<Throwable> chain) {
        return chain.stream()
                .anyMatch(e -> e instanceof IOException
                        || e instanceof UncheckedIOException
                        || e instanceof TimeoutException
                        || e instanceof InterruptedException);
    }

    private static String network(List<Throwable> chain) {
        for (Throwable e : chain) {
            if (e instanceof TimeoutException || e instanceof HttpTimeoutException) {
                return "not in time";
            }
            if (e instanceof InterruptedException) {
                return "interrupted";
            }
            if (e instanceof UnresolvedAddressException) {
                return "its name cannot be resolved";
            }
        }
        boolean refused = chain.stream().anyMatch(e -> e instanceof ConnectException && e.getMessage() == null);
        return refused ? "the connection was refused" : deepest(chain);
    }

    /** The cause of all that has something to say. */
    private static String deepest(List<Throwable> chain) {
        return chain.reversed().stream()
                .map(Throwable::getMessage)
                .filter(message -> message != null && !message.isBlank())
                .findFirst()
                .orElseGet(() -> chain.getLast().getClass().getSimpleName());
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable e = thrown; e != null && !chain.contains(e); e = e.getCause()) {
            chain.add(e);
        }
        return chain;
    }
}
