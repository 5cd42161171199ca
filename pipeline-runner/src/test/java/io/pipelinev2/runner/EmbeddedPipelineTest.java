package io.pipelinev2.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.HomeLock.HomeHeldException;
import io.pipelinev2.runner.alerts.AlertNotice;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.demo.DemoHome;
import io.pipelinev2.runner.extension.Extensions;
import io.pipelinev2.runner.view.HealthView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The daemon within another application. */
@Timeout(120)
class EmbeddedPipelineTest {

    @TempDir
    private Path directory;

    private final List<Path> homes = new ArrayList<>();

    /** The demo's home with two of its trials, and one trader that only sleeps. */
    private Path home(String name, String members, String stages) throws Exception {
        Path home = directory.resolve(name);
        Path file = DemoHome.unpack(home);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("databases/optuna.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update trials set state = 'FAIL' where number not in (1, 31)");
        }
        String deploy =
                "\"max_deployed\": 1, \"command\": [\"sleep\", \"600\"], \"start_seconds\": 0.1, \"stop_grace\": 1";
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst("\\{", "{ " + members)
                        .replaceFirst("\"stages\": \\{", "\"stages\": { " + stages)
                        .replaceFirst("\"max_deployed\": 3", deploy));
        homes.add(file);
        return file;
    }

    private static PipelineConfig config(Path file) {
        return ConfigLoader.ofThisProcess().load(file, null);
    }

    @AfterEach
    void traders_are_stopped() throws Exception {
        for (Path file : homes) {
            try (HomeLock lock = HomeLock.take(config(file).home(), "test");
                    PipelineHome home = PipelineHome.open(config(file))) {
                home.deployments().standDown(lock, "the test is over");
                assertThat(running(home.store())).isEmpty();
            }
        }
    }

    private static List<Deployment> running(PipelineStore store) {
        return store.<List<Deployment>>read(StoreReader::deployments).stream()
                .filter(each -> each.status() == DeploymentStatus.RUNNING)
                .toList();
    }

    private static void awaitAllDecided(EmbeddedPipeline pipeline) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(pipeline.status().count(TrialStatus.DEPLOYED)).isOne();
            assertThat(pipeline.status().count(TrialStatus.PENDING)).isZero();
            assertThat(pipeline.status().count(TrialStatus.PROCESSING)).isZero();
            assertThat(running(pipeline.home().store())).hasSize(1);
        });
    }

    @Test
    void a_channel_of_the_host_is_told_what_a_human_should_look_at_and_that_it_is_over() throws Exception {
        List<AlertNotice> told = new CopyOnWriteArrayList<>();
        Path file = home(
                "alerts",
                "\"http\": { \"port\": 0 }, \"daemon\": { \"health_check_interval\": 1 }, \"alerts\": [ { \"channel\": \"mine\" } ], ",
                "");
        try (EmbeddedPipeline pipeline = EmbeddedPipeline.builder()
                .configuration(file)
                .extensions(Extensions.builder().alertChannel("mine", told::add).build())
                .start()) {
            pipeline.home().operations().pause("deploy", "lunch", new Operator("anna", "test"));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(told)
                            .extracting(AlertNotice::rule, AlertNotice::subject)
                            .contains(tuple("stage_held", "deploy")));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(pipeline.status().components())
                            .extracting(HealthReport::component)
                            .contains("database", "disk", "clock", "optuna", "feeds", "backtest", "manager"));
        }
        assertThat(told).hasSize(1);
        assertThat(told.get(0).message()).isEqualTo("deploy is held: paused by anna: lunch. `unpause` ends it.");
    }

    private static Set<Thread> threads() {
        // those of the test's own means and of the JDK's watch over child processes come and go by themselves
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("awaitility"))
                .filter(thread -> !thread.getName().startsWith("process reaper"))
                .collect(Collectors.toSet());
    }

    private static List<Long> series(SimpleMeterRegistry meters, PipelineGauge gauge, Path home, String value) {
        return meters.find(gauge.id()).tag("home", home.toString()).gauges().stream()
                .filter(each ->
                        gauge.tag().isEmpty() || value.equals(each.getId().getTag(gauge.tag())))
                .map(Gauge::value)
                .map(Math::round)
                .toList();
    }

    @Test
    void two_run_in_one_jvm_and_leave_nothing_but_their_traders() throws Exception {
        Path plain = home("plain", "", "");
        Path own = home("own", "\"order\": [\"backtest\", \"mine\", \"deploy\"], ", "\"mine\": { \"settings\": {} }, ");
        Path ownHome = config(own).home();
        Stage mine = Stage.of("mine", context -> StageOutcome.passed("seen by the application"));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        List<Thread> made = new CopyOnWriteArrayList<>();
        ThreadFactory threads = body -> {
            Thread thread = new Thread(body);
            made.add(thread);
            return thread;
        };
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:sqlite:" + ownHome.resolve("pipeline_v2.db"));
            pool.getConnection().close();
            // the drivers' and the compiler's threads begin with their first use, and stay
            Set<Thread> before = threads();
            try (EmbeddedPipeline first =
                            EmbeddedPipeline.builder().configuration(plain).start();
                    EmbeddedPipeline second = EmbeddedPipeline.builder()
                            .configuration(own)
                            .dataSource(pool)
                            .extensions(Extensions.builder().stage(mine).build())
                            .threads(threads)
                            .meters(meters)
                            .start()) {
                assertThat(first.isRunning()).isTrue();
                assertThat(second.status().pipeline()).isEqualTo(HealthStatus.HEALTHY);
                awaitAllDecided(first);
                awaitAllDecided(second);

                assertThat(first.home().stages()).doesNotContain("mine");
                PipelineStore store = second.home().store();
                long deployed = running(store).get(0).trialId();
                Optional<StageRun> seen = store.read(tx -> tx.stage(deployed, "mine"));
                assertThat(seen.orElseThrow().reason()).isEqualTo("seen by the application");
                assertThat(made).extracting(Thread::getName).contains("daemon", "discovery", "supervision", "stage-1");
                await().untilAsserted(() -> {
                    assertThat(series(meters, PipelineGauge.TRIALS, ownHome, "deployed"))
                            .containsExactly(1L);
                    assertThat(series(meters, PipelineGauge.DEPLOYMENTS, ownHome, "healthy"))
                            .containsExactly(1L);
                });
                assertThat(series(meters, PipelineGauge.HEALTH, ownHome, "")).containsExactly(1L);
                assertThat(series(meters, PipelineGauge.STAGES_HELD, ownHome, ""))
                        .containsExactly(0L);
                assertThatThrownBy(() ->
                                EmbeddedPipeline.builder().configuration(plain).start())
                        .isInstanceOf(HomeHeldException.class)
                        .hasMessageContaining("held by application");
                second.close();
                assertThat(second.isRunning()).isFalse();
                assertThat(first.isRunning()).isTrue();
                assertThatThrownBy(second::status).isInstanceOf(StoreException.class);
            }
            await().untilAsserted(() -> {
                assertThat(made).noneMatch(Thread::isAlive);
                Set<Thread> left = threads();
                left.removeAll(before);
                assertThat(left).isEmpty();
            });
            assertThat(pool.isClosed()).isFalse();
        }
        assertThat(meters.getMeters()).extracting(Meter::getId).isEmpty();
        for (Path file : homes) {
            assertThat(HomeLock.heldBy(config(file).home())).isEmpty();
            assertThat(RunnerLocks.living(config(file).state())).isEmpty();
            try (PipelineHome home = PipelineHome.open(config(file))) {
                assertThat(running(home.store()))
                        .hasSize(1)
                        .allSatisfy(deployment -> assertThat(
                                        ProcessHandle.of(deployment.process().pid()))
                                .hasValueSatisfying(
                                        process -> assertThat(process.isAlive()).isTrue()));
            }
        }
    }

    @Test
    void a_stage_that_only_the_application_before_had_is_history_to_whoever_comes_next() throws Exception {
        Path own = home("own", "\"order\": [\"backtest\", \"mine\", \"deploy\"], ", "\"mine\": { \"settings\": {} }, ");
        Stage mine = Stage.of("mine", context -> StageOutcome.passed("seen by the application"));
        try (EmbeddedPipeline first = EmbeddedPipeline.builder()
                .configuration(own)
                .extensions(Extensions.builder().stage(mine).build())
                .start()) {
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(first.status().components())
                            .extracting(HealthReport::component)
                            .contains("mine"));
        }
        Files.writeString(
                own,
                Files.readString(own)
                        .replace("\"order\": [\"backtest\", \"mine\", \"deploy\"], ", "")
                        .replace("\"mine\": { \"settings\": {} }, ", ""));

        try (EmbeddedPipeline next =
                        EmbeddedPipeline.builder().configuration(own).start();
                PipelineHome onlooker = PipelineHome.open(config(own))) {
            assertThat(next.status().pipeline()).isEqualTo(HealthStatus.HEALTHY);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(next.status().components())
                            .extracting(HealthReport::component)
                            .contains("backtest", "disk"));
            assertThat(next.status().components())
                    .extracting(HealthReport::component)
                    .doesNotContain("mine");
            assertThat(onlooker.monitor().status().pipeline()).isEqualTo(HealthStatus.HEALTHY);
            HealthView history = HealthView.of(onlooker.store(), "mine", 10);
            assertThat(history.reports().get(0).message()).isEqualTo("stopped");
            assertThat(history.named("mine")).isEqualTo("mine (no longer configured)");
            assertThat(history.named("backtest")).isEqualTo("backtest");
        }
    }

    @Test
    void one_that_cannot_start_lets_go_of_the_home() throws Exception {
        Path file = home("faulty", "", "");
        SQLiteDataSource memory = new SQLiteDataSource();
        memory.setUrl("jdbc:sqlite::memory:");
        EmbeddedPipeline.Builder builder =
                EmbeddedPipeline.builder().configuration(file).dataSource(memory);
        assertThatThrownBy(builder::start)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("SQLite database in memory");
        assertThat(HomeLock.heldBy(config(file).home())).isEmpty();

        Extensions unasked = Extensions.builder()
                .stage(Stage.of("unasked", context -> StageOutcome.passed("")))
                .build();
        assertThatThrownBy(() -> EmbeddedPipeline.builder()
                        .configuration(file)
                        .extensions(unasked)
                        .start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("unasked");
        assertThat(HomeLock.heldBy(config(file).home())).isEmpty();
        assertThat(RunnerLocks.living(config(file).state())).isEmpty();
    }

    @Test
    void without_a_configuration_it_says_what_is_missing() {
        assertThatThrownBy(() -> EmbeddedPipeline.builder().start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("configuration(...)");
        Path missing = directory.resolve("none.json");
        assertThatThrownBy(
                        () -> EmbeddedPipeline.builder().configuration(missing).start())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.json");
    }
}
