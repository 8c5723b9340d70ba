package dev.vmidentity.simulator.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTPS on a loopback address; every request is handled on a virtual thread of its own and may block there. */
public final class HttpsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpsServer.class);
    private static final Answer PLAIN =
            new Answer(400, Map.of("Content-Type", "text/plain"), "The plain HTTP request was sent to HTTPS port\n");

    private final Server server;
    private final ServerConnector connector;

    private HttpsServer(Server server, ServerConnector connector) {
        this.server = server;
        this.connector = connector;
    }

    /** Starts; port 0 takes a free one. The handler must not throw: what it throws ends the connection. */
    public static HttpsServer start(int port, CertificateAuthority authority, Function<Request, Delivery> handler)
            throws IOException {
        var threads = new QueuedThreadPool(16, 4);
        threads.setName("simulator");
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        var server = new Server(threads);
        var keys = new SslContextFactory.Server();
        keys.setKeyStore(authority.serverKeys());
        keys.setKeyStorePassword(CertificateAuthority.password());
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendDateHeader(false);
        configuration.setRequestHeaderSize(32 * 1024);
        configuration.setUriCompliance(UriCompliance.DEFAULT.with(
                "ARM", Violation.AMBIGUOUS_EMPTY_SEGMENT, Violation.AMBIGUOUS_PATH_SEPARATOR));
        var customizer = new SecureRequestCustomizer();
        customizer.setSniHostCheck(false);
        configuration.addCustomizer(customizer);
        var connector = new ServerConnector(
                server,
                1,
                1,
                new DetectorConnectionFactory(new SslConnectionFactory(keys, "http/1.1")),
                new HttpConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        connector.setIdleTimeout(120_000);
        connector.setAcceptQueueSize(1024);
        server.addConnector(connector);
        server.setHandler(new Exchange(handler));
        server.setStopTimeout(500);
        try {
            server.start();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The HTTPS server did not start on port " + port, e);
        }
        return new HttpsServer(server, connector);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), connector.getLocalPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.debug("connections that clients kept open were closed");
        } catch (Exception e) {
            LOG.warn("stopping", e);
        }
    }

    private static final class Exchange extends Handler.Abstract {
        private final Function<Request, Delivery> handler;

        private Exchange(Function<Request, Delivery> handler) {
            super(InvocationType.BLOCKING);
            this.handler = handler;
        }

        @Override
        public boolean handle(org.eclipse.jetty.server.Request request, Response response, Callback callback)
                throws IOException {
            if (!request.isSecure()) {
                response.getHeaders().put("Connection", "close");
                response.write(true, ByteBuffer.wrap(head(response, PLAIN)), callback);
                return true;
            }
            switch (handler.apply(read(request))) {
                case Delivery.Send(Answer answer) -> {
                    var body = head(response, answer);
                    response.write(true, ByteBuffer.wrap(body), callback);
                }
                case Delivery.Truncate(Answer answer) -> {
                    var body = head(response, answer);
                    response.getHeaders().put("Content-Length", Math.max(2, body.length));
                    var half = ByteBuffer.wrap(body, 0, body.length / 2);
                    response.write(false, half, Callback.from(() -> cut(request), failure -> cut(request)));
                }
                case Delivery.Cut() -> cut(request);
            }
            return true;
        }

        /** Ends the connection under the exchange. The callback is left alone: completing it would send an answer. */
        private static void cut(org.eclipse.jetty.server.Request request) {
            request.getConnectionMetaData().getConnection().getEndPoint().close();
        }

        /** Returns the body that belongs to it. */
        private static byte[] head(Response response, Answer answer) {
            var body = answer.text().getBytes(StandardCharsets.UTF_8);
            response.setStatus(answer.status());
            answer.headers().forEach((name, value) -> response.getHeaders().add(name, value));
            if (answer.status() != 204) {
                response.getHeaders().put("Content-Length", body.length);
            }
            return body;
        }

        private static Request read(org.eclipse.jetty.server.Request request) throws IOException {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            for (HttpField field : request.getHeaders()) {
                headers.computeIfAbsent(field.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(field.getValue() == null ? "" : field.getValue());
            }
            Map<String, String> query = new LinkedHashMap<>();
            Fields parameters = org.eclipse.jetty.server.Request.extractQueryParameters(request);
            for (Fields.Field field : parameters) {
                query.put(field.getName().toLowerCase(Locale.ROOT), field.getValue());
            }
            String body;
            try (var in = Content.Source.asInputStream(request)) {
                body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            var uri = request.getHttpURI();
            return new Request(
                    request.getMethod().toUpperCase(Locale.ROOT),
                    uri.asString(),
                    URLDecoder.decode(uri.getPath().replace("+", "%2B"), StandardCharsets.UTF_8),
                    query,
                    headers,
                    body);
        }
    }
}
