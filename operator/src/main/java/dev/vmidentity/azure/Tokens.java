package dev.vmidentity.azure;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import dev.vmidentity.core.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The operator's token, asked for once and used until shortly before it expires. Callers that need a new one at the
 * same time share one request and its outcome.
 */
final class Tokens {
    private static final Duration RENEWED_BEFORE = Duration.ofMinutes(5);
    private static final Duration BETWEEN_FAILED_RENEWALS = Duration.ofSeconds(30);

    private final Supplier<TokenCredential> credentials;
    private final String scope;
    private final InstantSource clock;

    private @Nullable Held held;
    private @Nullable CompletableFuture<Answer> asking;

    sealed interface Answer {
        record Token(String value) implements Answer {
            @Override
            public String toString() {
                return "Token[(not shown)]";
            }
        }

        record Refused(Fault fault) implements Answer {}
    }

    /** @param renewFrom a failed renewal moves it; the token is good until {@code expires} all the same */
    private record Held(Answer.Token token, Instant renewFrom, Instant expires) {}

    Tokens(Supplier<TokenCredential> credentials, String audience, InstantSource clock) {
        this.credentials = credentials;
        this.scope = audience + "/.default";
        this.clock = clock;
    }

    /** Blocks while there is none; a new one is asked for in time, while the present one is still good. */
    Answer current() {
        CompletableFuture<Answer> waiting;
        synchronized (this) {
            Instant now = clock.instant();
            if (held != null && now.isBefore(held.renewFrom())) {
                return held.token();
            }
            if (asking == null) {
                asking = new CompletableFuture<>();
                Thread.ofVirtual().name("azure-token").start(this::renew);
            }
            if (held != null && now.isBefore(held.expires())) {
                return held.token();
            }
            waiting = asking;
        }
        return waiting.join();
    }

    /** ARM did not take it: the next caller asks anew. */
    synchronized void forget(Answer.Token token) {
        if (held != null && held.token().equals(token)) {
            held = null;
        }
    }

    private void renew() {
        Answer answer = new Answer.Refused(new Fault.CredentialsRefused("the authority gave no token"));
        Optional<Held> renewed = Optional.empty();
        try {
            AccessToken token = credentials.get().getTokenSync(new TokenRequestContext().addScopes(scope));
            if (token != null && token.getToken() != null) {
                renewed = Optional.of(hold(token));
            }
        } catch (RuntimeException e) {
            answer = new Answer.Refused(NoAnswer.ofAuthority(e));
        } finally {
            finish(answer, renewed);
        }
    }

    private synchronized void finish(Answer failure, Optional<Held> renewed) {
        Answer answer = failure;
        if (renewed.isPresent()) {
            held = renewed.get();
            answer = held.token();
        } else if (held != null && clock.instant().isBefore(held.expires())) {
            held = new Held(held.token(), clock.instant().plus(BETWEEN_FAILED_RENEWALS), held.expires());
        }
        if (asking != null) {
            asking.complete(answer);
            asking = null;
        }
    }

    private Held hold(AccessToken token) {
        Instant now = clock.instant();
        Instant expires = token.getExpiresAt().toInstant();
        Duration half = Duration.between(now, expires).dividedBy(2);
        Duration before = half.compareTo(RENEWED_BEFORE) < 0 ? half : RENEWED_BEFORE;
        return new Held(new Answer.Token(token.getToken()), expires.minus(before), expires);
    }
}
