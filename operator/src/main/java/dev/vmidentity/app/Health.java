package dev.vmidentity.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** {@code /livez}, {@code /readyz} and {@code /metrics}. */
final class Health implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private Health(HttpServer server) {
        this.server = server;
    }

    /**
     * Serves from now on.
     *
     * @param hindrances why the process is not ready, in sentences; none when it is
     * @throws IOException when the address cannot be had
     */
    static Health serve(InetSocketAddress address, Supplier<List<String>> hindrances, PrometheusMeterRegistry metrics)
            throws IOException {
        var health = new Health(HttpServer.create(address, 0));
        // A process that answers is alive; one that waits for Azure or the API server is not helped by a restart.
        health.answer("/livez", exchange -> send(exchange, 200, TEXT, "alive\n"));
        health.answer("/readyz", exchange -> {
            var reasons = hindrances.get();
            if (reasons.isEmpty()) {
                send(exchange, 200, TEXT, "ready\n");
            } else {
                send(exchange, 503, TEXT, String.join("\n", reasons) + "\n");
            }
        });
        health.answer("/metrics", exchange -> send(exchange, 200, METRICS, metrics.scrape(METRICS)));
        health.server.setExecutor(health.threads);
        health.server.start();
        return health;
    }

    /** Where it serves; the port is the true one. */
    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private void answer(String path, Answer answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (!exchange.getRequestURI().getPath().equals(path)) {
                    send(exchange, 404, TEXT, "there are /livez, /readyz and /metrics\n");
                } else {
                    answer.to(exchange);
                }
            }
        });
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
