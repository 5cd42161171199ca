package io.pipelinev2.runner.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.runner.http.reading.Cached;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.store.SqliteStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked most is answered while the database belongs to somebody else. */
class LockedDatabaseTest {

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void status_is_answered_while_the_database_is_locked_exclusively() throws Exception {
        try (ServedHome home = new ServedHome(directory)) {
            home.sample.trial("ppo", 7, 1.0, TrialStatus.PENDING, null);
            assertThat(home.json("/status").path("trials_pending").asInt()).isEqualTo(1);
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("pipeline_v2.db"));
                    Statement statement = other.createStatement()) {
                statement.execute("begin exclusive");
                for (String path : List.of("/status", "/livez", "/readyz", "/metrics", "/", "/api/v1/trials")) {
                    assertThat(home.get(path).statusCode()).as(path).isIn(200, 503);
                }
                assertThat(home.json("/status").path("trials_pending").asInt()).isEqualTo(1);
                statement.execute("rollback");
            }
        }
    }

    /** Worse than SQLite can be made to be from outside: no read comes back, and every thread that asks is asked again. */
    @Test
    void status_is_answered_while_no_read_comes_back_and_many_wait_for_lists() throws Exception {
        CountDownLatch locked = new CountDownLatch(1);
        try (PipelineStore store = SqliteStore.open(directory.resolve("pipeline_v2.db"));
                DashboardServer server = new DashboardServer(
                        new StuckStore(store, locked),
                        new Monitor(new StuckStore(store, locked), Duration.ofSeconds(60)),
                        new DashboardSettings("127.0.0.1", 0, true, new RankBy("sharpe")),
                        DeploymentsView.Sources.of(deployment -> Optional.empty()),
                        null,
                        Clock.system(),
                        new Cached.Pace(Duration.ofSeconds(1), Duration.ofMillis(50), Duration.ofMillis(5)))) {
            int port = server.start();
            List<CompletableFuture<HttpResponse<String>>> lists = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                lists.add(client.sendAsync(request(port, "/api/v1/studies"), HttpResponse.BodyHandlers.ofString()));
            }
            for (String path : List.of("/livez", "/status", "/metrics", "/api/v1/health")) {
                assertThat(client.send(request(port, path), HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
            assertThat(client.send(request(port, "/status"), HttpResponse.BodyHandlers.ofString())
                            .body())
                    .contains("\"pipeline\":\"degraded\"");
            locked.countDown();
            long refused = 0;
            for (CompletableFuture<HttpResponse<String>> list : lists) {
                int status = list.join().statusCode();
                assertThat(status).isIn(200, 503);
                refused += status == 503 ? 1 : 0;
            }
            assertThat(refused).as("most were sent away at once").isGreaterThan(50);
        } finally {
            locked.countDown();
        }
    }

    private static HttpRequest request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
    }
}
