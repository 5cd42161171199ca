package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.runner.demo.DemoHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** kill -9 of the daemon at several points of its work: nothing is lost, decided twice, or started twice. */
@Timeout(300)
class KillIT {

    @TempDir
    private Path directory;

    private Program program;
    private Path home;
    private String config;

    @BeforeEach
    void a_home() throws Exception {
        program = new Program(directory);
        home = directory.resolve("home");
        Path file = DemoHome.unpack(home);
        Files.writeString(file, Files.readString(file).replaceFirst("\\{", "{ \"http\": { \"port\": 0 },"));
        config = file.toString();
    }

    @AfterEach
    void no_process_is_left() throws Exception {
        program.killTraders();
        await().atMost(Duration.ofSeconds(10)).until(() -> program.traders().isEmpty());
    }

    @Test
    void nothing_is_lost_decided_twice_or_started_twice() throws Exception {
        for (int decided : new int[] {0, 1, 5, 11, 18, 25}) {
            killWhen(
                    "select count(*) from stages where stage_name = 'backtest' and status in ('passed', 'failed')",
                    decided);
            assertSaneAfterKill();
        }
        killWhen("select count(*) from deployments", 1);
        assertSaneAfterKill();
        killWhen("select count(*) from deployments where process_id is not null", 1);
        assertSaneAfterKill();
        killWhen("select count(*) from trials where status = 'completed'", 23);
        assertSaneAfterKill();
        killWhen("select count(*) from deployments where health = 'healthy'", 3);
        assertSaneAfterKill();
        Set<Long> traders = pids();
        assertThat(traders).hasSize(3);
        killWhen("select count(*) from ledger where kind = 'bar'", 12);
        assertSaneAfterKill();

        try (Program.Running daemon = program.start("run", "--config", config)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> count("select count(*) from events where type = 'deployment_adopted'") >= 3);
            assertThat(pids())
                    .as("the traders live on, and no other was started")
                    .isEqualTo(traders);
            Map<Integer, JsonNode> trials = DemoIT.byNumber(
                    program.run("trials", "--config", config, "--json").ok().json());
            assertThat(DemoIT.numbers(trials, "deployed")).containsExactlyInAnyOrder(31, 6, 1);
            assertThat(DemoIT.numbers(trials, "failed")).containsExactlyInAnyOrder(25, 9);
            assertThat(DemoIT.numbers(trials, "completed")).hasSize(23);

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> count("select count(*) from ledger where kind = 'bar'") >= 24);

            // a second daemon is refused while the first runs
            Program.Result second = program.run("run", "--config", config).exits(7);
            assertThat(second.err()).contains("daemon, pid " + daemon.process().pid());

            Program.Result ended = daemon.terminate();
            assertThat(ended.exitCode()).isEqualTo(143);
        }
        assertThat(pids()).as("traders outlive the daemon's orderly end, too").isEqualTo(traders);
        assertLedgersAreInTheDatabase();

        assertThat(rows("select count(*) from attempts where outcome in ('passed', 'rejected') group by stage_id"))
                .as("one verdict a stage")
                .containsOnly("1");
        assertThat(rows("select t.trial_number from events e join trials t on t.trial_id = e.trial_id"
                        + " where e.type in ('trial_failed', 'trial_deployed', 'trial_ranked_out', 'trial_completed')"
                        + " group by t.trial_number having count(*) <> 1"))
                .as("trials decided more than once")
                .isEmpty();
        assertThat(count("select count(*) from attempts where outcome = 'running'"))
                .isZero();
        assertThat(count("select count(*) from process_runs"))
                .as("starts of traders")
                .isEqualTo(3);
        assertThat(rows("pragma integrity_check")).containsExactly("ok");
    }

    private void killWhen(String sql, int atLeast) throws Exception {
        try (Program.Running daemon = program.start("run", "--config", config)) {
            await().atMost(Duration.ofSeconds(60))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                        assertThat(daemon.process().isAlive())
                                .as("the daemon ended by itself: %s", daemon.errSoFar())
                                .isTrue();
                        return Files.exists(home.resolve("pipeline_v2.db")) && count(sql) >= atLeast;
                    });
            daemon.kill();
        }
    }

    private void assertSaneAfterKill() throws Exception {
        Map<String, Integer> perDeployment = new TreeMap<>();
        for (ProcessHandle trader : program.traders()) {
            String environ = Files.readString(
                    Path.of("/proc/" + trader.pid() + "/environ"), java.nio.charset.StandardCharsets.ISO_8859_1);
            for (String variable : environ.split("\0")) {
                if (variable.startsWith("PIPELINE_DEPLOYMENT=")) {
                    perDeployment.merge(variable, 1, Integer::sum);
                }
            }
        }
        assertThat(perDeployment.values())
                .as("traders per deployment: %s", perDeployment)
                .allMatch(n -> n == 1);
        assertThat(perDeployment).hasSizeLessThanOrEqualTo(3);
    }

    /** Every line of a ledger once and in its order, up to the last one that was imported. */
    private void assertLedgersAreInTheDatabase() throws Exception {
        List<String> deployments = rows("select id from deployments order by id");
        assertThat(deployments).hasSize(3);
        for (String deployment : deployments) {
            List<String> written = new ArrayList<>();
            Path ledger = home.resolve("state/deployments").resolve(deployment).resolve("ledger.jsonl");
            for (String line : Files.readAllLines(ledger)) {
                JsonNode entry = JsonMapper.shared().readTree(line);
                written.add(
                        entry.path("seq").asLong() + " " + entry.path("kind").asString());
            }
            List<String> imported = rows("select sequence || ' ' || kind from ledger where deployment_id = "
                    + deployment + " order by sequence");
            assertThat(imported).hasSizeGreaterThan(4).isEqualTo(written.subList(0, imported.size()));
        }
    }

    private Set<Long> pids() {
        return program.traders().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private int count(String sql) {
        List<String> rows = rows(sql);
        return rows.isEmpty() ? -1 : Integer.parseInt(rows.get(0));
    }

    private List<String> rows(String sql) {
        List<String> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + home.resolve("pipeline_v2.db") + "?busy_timeout=5000");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException e) {
            if (!e.getMessage().contains("no such table") && !e.getMessage().contains("locked")) {
                throw new AssertionError(sql, e);
            }
        }
        return values;
    }
}
