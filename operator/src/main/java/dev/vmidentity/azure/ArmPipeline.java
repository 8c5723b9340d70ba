package dev.vmidentity.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.RequestIdPolicy;
import com.azure.core.http.policy.UserAgentPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import reactor.core.publisher.Mono;

/**
 * What a request passes through. There is no retry policy, no redirect and no challenge that is answered: what is sent
 * is sent once.
 */
final class ArmPipeline {
    /** Where a request's context carries its {@link Tokens.Answer.Token}. */
    static final String TOKEN = "dev.vmidentity.token";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final String RESEND_EVERYTHING = "jdk.httpclient.enableAllMethodRetry";

    private ArmPipeline() {}

    /**
     * The JDK's client over HTTP/1.1. By itself it sends GETs and HEADs again over a connection that turned out to be
     * closed, never a PATCH, and connects again where nothing was sent.
     *
     * @throws IllegalArgumentException when the JDK was told to send every method again
     */
    static HttpClient http(Optional<SSLContext> trust, Executor executor, Duration timeout) {
        String everything = System.getProperty(RESEND_EVERYTHING);
        if (everything != null && !everything.equals("false")) {
            throw new IllegalArgumentException(
                    "-D" + RESEND_EVERYTHING + " would send writes to Azure twice; start without it");
        }
        java.net.http.HttpClient.Builder jdk = java.net.http.HttpClient.newBuilder()
                .version(java.net.http.HttpClient.Version.HTTP_1_1)
                .followRedirects(java.net.http.HttpClient.Redirect.NEVER)
                .executor(executor)
                .connectTimeout(CONNECT_TIMEOUT.compareTo(timeout) < 0 ? CONNECT_TIMEOUT : timeout);
        trust.ifPresent(jdk::sslContext);
        return new JdkHttpClientBuilder(jdk)
                .responseTimeout(timeout)
                .readTimeout(timeout)
                .writeTimeout(timeout)
                .build();
    }

    static HttpPipeline over(HttpClient http) {
        return new HttpPipelineBuilder()
                .httpClient(http)
                .policies(
                        new UserAgentPolicy("vm-identity-operator"),
                        new RequestIdPolicy(),
                        ArmPipeline::throwErrors,
                        ArmPipeline::authorize)
                .build();
    }

    private static Mono<HttpResponse> authorize(HttpPipelineCallContext call, HttpPipelineNextPolicy next) {
        if (!(call.getData(TOKEN).orElse(null) instanceof Tokens.Answer.Token token)) {
            return Mono.error(new IllegalStateException("a request without a token"));
        }
        call.getHttpRequest().setHeader(HttpHeaderName.AUTHORIZATION, "Bearer " + token.value());
        return next.process();
    }

    /** Before the SDK sees it, which would read the body by the shape that it expects of an error. */
    private static Mono<HttpResponse> throwErrors(HttpPipelineCallContext call, HttpPipelineNextPolicy next) {
        return next.process().flatMap(response -> {
            int status = response.getStatusCode();
            if (status >= 200 && status < 300) {
                return Mono.just(response);
            }
            HttpHeaders headers = response.getHeaders();
            return response.getBodyAsString()
                    .onErrorReturn("")
                    .defaultIfEmpty("")
                    .flatMap(body -> Mono.error(new ErrorAnswer(status, headers, body)));
        });
    }

    /** An answer that is not 2xx, on its way out through the SDK. */
    static final class ErrorAnswer extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final transient HttpHeaders headers;
        private final String body;

        ErrorAnswer(int status, HttpHeaders headers, String body) {
            super("Azure answered " + status, null, false, false);
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        ArmError read(Instant now) {
            return ArmError.ofAnswer(status, name -> headers.getValue(HttpHeaderName.fromString(name)), body, now);
        }
    }
}
