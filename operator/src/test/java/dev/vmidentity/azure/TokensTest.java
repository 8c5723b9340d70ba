package dev.vmidentity.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.exception.ClientAuthenticationException;
import dev.vmidentity.azure.Tokens.Answer;
import dev.vmidentity.core.Fault;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

final class TokensTest {
    private final Authority authority = new Authority();
    private Instant now = Instant.parse("2026-11-22T10:00:00Z");
    private final Tokens tokens = new Tokens(() -> authority, "https://arm", () -> now);

    @Test
    void oneTokenServesManyCallsAndIsAskedForWithTheAudience() {
        assertThat(tokens.current()).isEqualTo(new Answer.Token("token-1"));
        assertThat(tokens.current()).isEqualTo(new Answer.Token("token-1"));

        assertThat(authority.asked).containsExactly("https://arm/.default");
    }

    @Test
    void callersAtTheSameTimeShareOneRequest() throws InterruptedException, ExecutionException {
        authority.answers.drainPermits();
        CountDownLatch ready = new CountDownLatch(20);
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                Callable<Answer> call = () -> {
                    ready.countDown();
                    return tokens.current();
                };
                answers.add(callers.submit(call));
            }
            ready.await();
            authority.answers.release();
        }

        for (Future<Answer> answer : answers) {
            assertThat(answer.get()).isEqualTo(new Answer.Token("token-1"));
        }
        assertThat(authority.asked).hasSize(1);
    }

    @Test
    void aNewTokenIsAskedForWhileTheOldOneIsStillGood() throws InterruptedException {
        tokens.current();
        now = now.plus(Duration.ofMinutes(56));

        assertThat(tokens.current()).isEqualTo(new Answer.Token("token-1"));
        authority.answered.acquire(2);

        now = now.plus(Duration.ofMinutes(10));
        assertThat(tokens.current()).isEqualTo(new Answer.Token("token-2"));
    }

    @Test
    void anExpiredTokenIsNotUsed() {
        tokens.current();
        now = now.plus(Duration.ofMinutes(61));

        assertThat(tokens.current()).isEqualTo(new Answer.Token("token-2"));
    }

    @Test
    void anAuthorityThatFailsInTheLastMinutesDoesNotStopTheOperator() {
        tokens.current();
        authority.failure = new ClientAuthenticationException("AADSTS50001", null);
        now = now.plus(Duration.ofMinutes(58));

        assertThat(tokens.current()).isEqualTo(new Answer.Token("token-1"));
    }

    @Test
    void aTokenThatWasNotTakenIsAskedForAnew() {
        Answer.Token first = (Answer.Token) tokens.current();

        tokens.forget(first);

        assertThat(tokens.current()).isEqualTo(new Answer.Token("token-2"));
    }

    @Test
    void aLateComplaintAboutAnOldTokenDoesNotForgetTheNewOne() {
        Answer.Token first = (Answer.Token) tokens.current();
        tokens.forget(first);
        tokens.current();

        tokens.forget(first);

        assertThat(tokens.current()).isEqualTo(new Answer.Token("token-2"));
    }

    @Test
    void aRefusalIsOfTheCredentialsAndTheNextCallAsksAgain() {
        authority.failure = new ClientAuthenticationException("AADSTS7000215: Invalid client secret", null);

        assertThat(tokens.current())
                .isEqualTo(new Answer.Refused(new Fault.CredentialsRefused("AADSTS7000215: Invalid client secret")));

        authority.failure = null;
        assertThat(tokens.current()).isInstanceOf(Answer.Token.class);
    }

    @Test
    void anAuthorityThatCannotBeReachedIsNoRefusal() {
        authority.failure = new IllegalStateException(new UncheckedIOException(new ConnectException("refused")));

        assertThat(tokens.current())
                .isInstanceOfSatisfying(
                        Answer.Refused.class,
                        refused -> assertThat(refused.fault()).isInstanceOf(Fault.Unreachable.class));
    }

    @Test
    void aTokenIsNeverShown() {
        assertThat(tokens.current().toString()).doesNotContain("token-1");
    }

    /** Gives out token-1, token-2 and so on, each good for an hour. */
    private final class Authority implements TokenCredential {
        private final List<String> asked = new ArrayList<>();
        private final Semaphore answers = new Semaphore(1_000);
        private final Semaphore answered = new Semaphore(0);
        private volatile @Nullable RuntimeException failure;

        @Override
        public AccessToken getTokenSync(TokenRequestContext request) {
            answers.acquireUninterruptibly();
            answered.release();
            RuntimeException thrown = failure;
            if (thrown != null) {
                throw thrown;
            }
            asked.addAll(request.getScopes());
            return new AccessToken(
                    "token-" + asked.size(), OffsetDateTime.ofInstant(now.plus(Duration.ofHours(1)), ZoneOffset.UTC));
        }

        @Override
        public Mono<AccessToken> getToken(TokenRequestContext request) {
            return Mono.fromCallable(() -> getTokenSync(request));
        }
    }
}
