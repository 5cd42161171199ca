package io.pipelinev2.runner.http;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.deploy.HomeOrders;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.runner.http.action.HomeDesk;
import io.pipelinev2.runner.http.exchange.RequestKey;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.SampleStore;
import io.pipelinev2.store.SqliteStore;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as it is, over a real database and a real home, on a free port; for tests. */
public final class ServedHome implements AutoCloseable {

    private static final Cached.Pace PACE =
            new Cached.Pace(Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(30));

    public final Path home;
    public final ManualClock clock = new ManualClock();
    public final PipelineStore store;
    public final SampleStore sample;
    public final DashboardServer server;
    public final int port;
    public volatile boolean unrecordable;
    private final Path tokenFile;
    private final HttpClient client =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    public ServedHome(Path home) {
        this(home, settings -> settings);
    }

    public ServedHome(Path home, UnaryOperator<DashboardSettings> changed) {
        this.home = home;
        this.store = SqliteStore.open(home.resolve("pipeline_v2.db"), clock);
        this.sample = new SampleStore(store, clock);
        this.tokenFile = home.resolve("state").resolve("http_token");
        this.server = new DashboardServer(
                store,
                new Monitor(store, Duration.ofSeconds(60)),
                changed.apply(new DashboardSettings(
                        "127.0.0.1", 0, false, new RankBy("sharpe"), tokenFile, null, false, List.of())),
                DeploymentsView.Sources.of(deployment -> Optional.empty()),
                new Desk(),
                Clock.system(),
                PACE);
        this.port = server.start();
    }

    public static UnaryOperator<DashboardSettings> readOnly() {
        return it -> new DashboardSettings(
                it.host(),
                it.port(),
                true,
                it.rankBy(),
                it.tokenFile(),
                it.readTokenFile(),
                it.readsProtected(),
                it.names());
    }

    public static UnaryOperator<DashboardSettings> readsProtected(String... names) {
        return it -> new DashboardSettings(
                it.host(), it.port(), it.readOnly(), it.rankBy(), it.tokenFile(), null, true, List.of(names));
    }

    public static UnaryOperator<DashboardSettings> readsByTheirOwnToken(Path file) {
        return it -> new DashboardSettings(
                it.host(), it.port(), it.readOnly(), it.rankBy(), it.tokenFile(), file, true, it.names());
    }

    public String token() throws IOException {
        return Files.readString(tokenFile).strip();
    }

    public HttpResponse<String> get(String path, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)), headers);
    }

    /** As the owner, whose pages offer what can be done. */
    public HttpResponse<String> getAsOwner(String path, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("Authorization", "Bearer " + token()));
        all.addAll(List.of(headers));
        return get(path, all.toArray(String[]::new));
    }

    public JsonNode json(String path) throws Exception {
        return JsonMapper.shared().readTree(get(path).body());
    }

    /** As the owner, with a key of its own. */
    public HttpResponse<String> post(String path, String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("Authorization", "Bearer " + token()));
        List<String> given = Arrays.asList(headers);
        if (!given.contains(RequestKey.HEADER)) {
            all.addAll(List.of(RequestKey.HEADER, UUID.randomUUID().toString()));
        }
        if (!given.contains("Content-Type")) {
            all.addAll(List.of("Content-Type", "application/json"));
        }
        all.addAll(given);
        return postAsIs(path, body, all.toArray(String[]::new));
    }

    /** With these headers alone. */
    public HttpResponse<String> postAsIs(String path, String body, String... headers) throws Exception {
        return send(HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) throws Exception {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** What the server answers to this text, as it is on the wire. */
    public String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public String versionOf(long trial) throws Exception {
        return json("/api/v1/trials/" + trial).path("version").asString();
    }

    @Override
    public void close() {
        server.close();
        store.close();
    }

    private final class Desk implements HomeDesk {

        @Override
        public Set<String> stages() {
            return Set.of("backtest", "cge_stress", "deploy");
        }

        @Override
        public DeploymentCommands commands(PipelineStore written) {
            return new DeploymentCommands(written, "deploy", 3, true);
        }

        @Override
        public HomeOrders orders(PipelineStore written) {
            return new HomeOrders(unrecordable ? new Unwritable() : written, home);
        }

        @Override
        public Path haltUnrecorded(TradingState orders, String why) {
            KillSwitch killSwitch = new KillSwitch(home);
            killSwitch.set(orders, why);
            return killSwitch.file();
        }

        @Override
        public Duration stopGrace() {
            return Duration.ofSeconds(10);
        }

        @Override
        public Duration checkInterval() {
            return Duration.ofMinutes(5);
        }

        @Override
        public Path logs() {
            return home.resolve("logs");
        }

        @Override
        public List<Path> trialLogs(TrialKey key) {
            Path trials = logs().resolve("trials");
            String name = key.study() + "-" + key.number();
            return List.of(trials.resolve(name + ".aside.log"), trials.resolve(name + ".log"));
        }

        @Override
        public List<Path> traderLogs(Deployment deployment, int start) {
            Path log = logs().resolve("traders").resolve(deployment.id() + "-" + start + ".log");
            return List.of(log.resolveSibling(log.getFileName() + ".1"), log);
        }

        @Override
        public int starts(Deployment deployment) {
            return deployment.logFile() == null ? 0 : 2;
        }
    }

    /** A database that is gone. */
    private static final class Unwritable implements PipelineStore {

        @Override
        public <T> T read(Function<StoreReader, T> work) {
            throw new StoreException("The database is gone.");
        }

        @Override
        public <T> T write(Function<StoreWriter, T> work) {
            throw new StoreException("The database is gone.");
        }

        @Override
        public Instant now() {
            throw new StoreException("The database is gone.");
        }

        @Override
        public void close() {}
    }
}
