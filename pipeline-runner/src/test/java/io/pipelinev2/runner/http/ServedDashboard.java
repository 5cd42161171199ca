package io.pipelinev2.runner.http;

import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.SampleStore;
import io.pipelinev2.runner.view.TraderReport;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** A dashboard on a free port over a sample store that can be made to fail, for tests. */
public final class ServedDashboard implements AutoCloseable {

    /** Waits long for a new value, so that a slow machine shows the same as a fast one. */
    private static final Cached.Pace PACE =
            new Cached.Pace(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(30));

    public final SampleStore sample = new SampleStore();
    public volatile RuntimeException failure;
    public volatile TraderReport report = new TraderReport(1234.5, 100.0, null, TradingState.ACTIVE, null);
    final DashboardServer server;
    public final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    public ServedDashboard() {
        PipelineStore store = new Failing();
        server = new DashboardServer(
                store,
                new Monitor(store, Duration.ofSeconds(60)),
                new DashboardSettings("127.0.0.1", 0, false, new RankBy("sharpe")),
                DeploymentsView.Sources.of(deployment -> Optional.ofNullable(report)),
                null,
                sample.clock,
                PACE);
        port = server.start();
    }

    public HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    HttpResponse<String> send(String method, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** What the server answers to these lines, as it is on the wire. */
    public String raw(String... lines) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String request = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** As {@link #raw}, with a body after the headers. */
    String rawWithBody(String request, String headers, String body) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(10_000);
            String whole = request + "\r\n" + headers + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(whole.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Failing implements PipelineStore {

        @Override
        public <T> T read(Function<StoreReader, T> work) {
            if (failure != null) {
                throw failure;
            }
            return sample.store.read(work);
        }

        @Override
        public <T> T write(Function<StoreWriter, T> work) {
            throw new StoreException("the dashboard must not write");
        }

        @Override
        public Instant now() {
            return sample.store.now();
        }

        @Override
        public void close() {}
    }
}
