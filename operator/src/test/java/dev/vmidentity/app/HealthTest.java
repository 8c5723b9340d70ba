package dev.vmidentity.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpClient client = HttpClient.newHttpClient();
    private List<String> hindrances = List.of();
    private Health health;

    @BeforeEach
    void serve() throws IOException {
        health = Health.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), () -> hindrances, metrics);
    }

    @AfterEach
    void stop() {
        health.close();
        client.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + health.address().getPort() + path);
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aProcessThatAnswersIsAlive() throws Exception {
        hindrances = List.of("starting");

        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void itIsReadyWhenNothingHinders() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void itSaysWhyItIsNotReady() throws Exception {
        hindrances = List.of("not watching: namespaces");

        var answer = get("/readyz");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("not watching: namespaces");
    }

    @Test
    void metricsAreAsPrometheusReadsThem() throws Exception {
        metrics.counter("vmidentity.reconcile.exceptions", "kind", "X").increment();

        var answer = get("/metrics");

        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(answer.body()).contains("vmidentity_reconcile_exceptions_total{kind=\"X\"} 1.0");
    }

    @Test
    void anythingElseIsNotFound() throws Exception {
        assertThat(get("/livez/x").statusCode()).isEqualTo(404);
        assertThat(get("/").statusCode()).isEqualTo(404);
    }
}
