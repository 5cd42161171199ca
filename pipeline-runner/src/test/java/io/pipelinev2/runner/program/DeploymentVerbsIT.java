package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.runner.demo.DemoHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator may do to paper traders, by the packaged program: with nobody there, and with a daemon that is up. */
@Timeout(180)
class DeploymentVerbsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String KEPT = "1, 6, 8, 31";

    @TempDir
    private Path directory;

    private final CommandLineRun commands = new CommandLineRun();
    private Program program;
    private Path home;
    private Program.@Nullable Running daemon;

    @BeforeEach
    void two_of_four_trade() throws Exception {
        program = new Program(directory);
        home = directory.resolve("home");
        Path config = DemoHome.unpack(home);
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst("\\{", "{ \"http\": { \"port\": 0 },")
                        .replace("\"max_deployed\": 3", "\"max_deployed\": 2, \"start_seconds\": 0.2"));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("databases/optuna.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update trials set state = 'FAIL' where number not in (" + KEPT + ")");
        }
        start("once").ok();
        assertThat(trading()).containsExactlyInAnyOrder(31, 6);
    }

    @AfterEach
    void no_process_is_left() throws Exception {
        if (daemon != null) {
            daemon.terminate();
        }
        program.killTraders();
    }

    /** Within this JVM: for what starts no process. */
    private CommandLineRun.Result run(String command, String... arguments) {
        return commands.run(line(command, arguments));
    }

    /** By the packaged program: for what starts a process, which is of the same program then. */
    private Program.Result start(String command, String... arguments) {
        return program.run(line(command, arguments));
    }

    private String[] line(String command, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of(command, "--config", home.resolve("pipeline.json").toString()));
        all.addAll(Arrays.asList(arguments));
        return all.toArray(String[]::new);
    }

    private JsonNode deployment(int number) {
        for (JsonNode each : run("deployments", "--json").ok().json().path("deployments")) {
            if (each.path("number").asInt() == number) {
                return each;
            }
        }
        throw new AssertionError("no deployment of " + number);
    }

    private List<Integer> trading() {
        List<Integer> trading = new ArrayList<>();
        for (JsonNode each : run("deployments", "--json").ok().json().path("deployments")) {
            if (each.path("process_id").isNumber()) {
                trading.add(each.path("number").asInt());
            }
        }
        return trading;
    }

    private JsonNode control(JsonNode deployment) throws Exception {
        Path file = home.resolve("state/deployments")
                .resolve(deployment.path("deployment").asString())
                .resolve("control.json");
        // where nobody has asked for anything there is none
        return JsonMapper.shared().readTree(Files.exists(file) ? Files.readString(file) : "{}");
    }

    private void startDaemon() {
        Program.Running running = program.start(line("run"));
        daemon = running;
        await().atMost(PATIENCE).until(() -> running.errSoFar().contains("Running. Dashboard"));
    }

    @Test
    void orders_are_told_with_the_daemon_down_and_up() throws Exception {
        tellOrders();
        startDaemon();
        tellOrders();
    }

    private void tellOrders() throws Exception {
        JsonNode before = control(deployment(31));

        assertThat(run("flatten", "31", "--dry-run").ok().out())
                .startsWith("Trial ppo_1h/31 (PAPER): sells all positions at its next bar, on paper")
                .contains("Nothing was done");
        assertThat(control(deployment(31))).isEqualTo(before);

        CommandLineRun.Result flatten =
                run("flatten", "31", "6", "--reason", "bad news", "--yes").ok();
        assertThat(flatten.err())
                .contains("sells all positions at its next bar, on paper, and enters no more until `resume ppo_1h/31`");
        assertThat(flatten.out()).contains("Trial ppo_1h/31 (PAPER) was told to sell everything", "ppo_1h/6");
        assertThat(control(deployment(31)).path("flattens").asInt())
                .isEqualTo(before.path("flattens").asInt() + 1);

        run("halt", "31", "--reducing", "--reason", "odd").ok();
        assertThat(control(deployment(31)).path("orders").asString()).isEqualTo("reducing");
        assertThat(deployment(31).path("orders").asString()).isEqualTo("reducing");
        assertThat(run("deployments").ok().out()).contains("reducing");
        run("resume", "31").ok();
        assertThat(control(deployment(31)).path("orders").asString()).isEqualTo("active");
        assertThat(control(deployment(31)).path("resumes").asInt())
                .isEqualTo(before.path("resumes").asInt() + 1);

        Path kill = home.resolve("state/KILL");
        assertThat(run("halt", "--reason", "exchange down").ok().out())
                .startsWith("All traders of this home are halted");
        assertThat(Files.readString(kill)).startsWith("halted at ").contains("exchange down");
        assertThat(run("status").ok().out()).contains("orders      halted (PAPER; `resume` ends it)", "exchange down");
        assertThat(run("status", "--json").ok().json().path("orders").asString())
                .isEqualTo("halted");
        assertThat(run("resume").ok().out()).startsWith("The traders of this home give orders again");
        assertThat(kill).doesNotExist();
        assertThat(run("events").ok().out())
                .contains("operator_flatten", "operator_halt", "operator_resume", "exchange down");
    }

    @Test
    void a_halt_needs_no_database() throws Exception {
        Files.writeString(home.resolve("broken.db"), "this is no database");
        Path config = home.resolve("pipeline.json");
        Files.writeString(config, Files.readString(config).replace("pipeline_v2.db", "broken.db"));

        CommandLineRun.Result halt = run("halt", "--reason", "panic").exits(5);
        assertThat(halt.out()).contains("All traders of this home are halted by", "could not be recorded");
        assertThat(Files.readString(home.resolve("state/KILL")))
                .startsWith("halted ")
                .contains("panic");
    }

    @Test
    void preferences_and_resets_with_the_daemon_up() throws Exception {
        run("pin", "8").exits(8);
        run("pin", "77", "--reason", "x").exits(3);
        assertThat(run("reset", "31").exits(8).err()).contains("There is nothing to reset");
        assertThat(run("pin", "8", "--reason", "another market").ok().out()).startsWith("Trial ppo_1h/8 is pinned.");
        assertThat(trading()).as("nobody there decides").containsExactlyInAnyOrder(31, 6);

        startDaemon();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(trading()).containsExactlyInAnyOrder(31, 8));
        assertThat(deployment(8).path("preference").asString()).isEqualTo("pinned");

        assertThat(run("never", "31", "--reason", "our own market").ok().out())
                .contains("is never deployed from now on", "Trial ppo_1h/31 (PAPER) is stopped");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(trading()).containsExactlyInAnyOrder(6, 8));
        assertThat(run("deploy", "31").exits(8).err()).contains("never ppo_1h/31 --off");

        CommandLineRun.Result both =
                run("stop", "31", "1", "6", "--reason", "done").exits(8);
        assertThat(both.err()).contains("Trial ppo_1h/1 is not deployed", "SIGKILL after 10 s", "stay recorded");
        assertThat(both.out()).contains("Trial ppo_1h/6 (PAPER) is stopped");
        assertThat(run("deploy", "6", "--dry-run").ok().out())
                .contains("starts its validated model", "Nothing was done");
        assertThat(trading()).containsExactly(8);
    }

    @Test
    void logs_go_by_the_start_and_follow_over_a_restart() throws Exception {
        start("restart", "31").ok();
        assertThat(run("logs", "31", "--attempt", "1").ok().out()).isNotBlank();
        assertThat(run("logs", "31", "--attempt", "2").ok().out()).isNotBlank();
        assertThat(run("logs", "31", "--attempt", "3").exits(3).err()).contains("was started 2 times");
        assertThat(run("logs", "31", "--stages", "--attempt", "1").ok().out()).contains("backtest");
        assertThat(run("logs", "31", "--stages", "--level", "info").ok().out()).contains("backtest");
        assertThat(run("logs", "31", "--stages", "--level", "error").ok().out()).isEmpty();
        assertThat(run("logs", "31", "--level", "loud").exits(2).err()).contains("--level must be one of: trace");

        try (Program.Running follow = program.startInForeground(line("logs", "-f", "31"))) {
            await().atMost(PATIENCE).until(() -> !follow.outSoFar().isBlank());
            start("restart", "31").ok();
            await().atMost(PATIENCE).until(() -> follow.errSoFar().contains("start 3:"));
            follow.interrupt().exits(130);
        }
    }
}
