package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The demo's home with a few of its trials, which are discovered and wait: their backtests are paused until a test lets them
 * go. Commands are run within this JVM, the daemon and workers are processes of their own.
 */
final class WaitingHome {

    /** How many trials it has. The first four pass, 9 has no model, 25 is rejected. */
    static final int TRIALS = 8;

    private static final String KEPT = "0, 1, 2, 4, 9, 25, 30, 31";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Program program;
    private final CommandLineRun commands = new CommandLineRun();
    private final Path directory;
    private final String config;

    /**
     * @param directory where it is to be
     * @param members more of the configuration, in the form of a JSON object's
     * @param deploy what the block of the deploy stage is to say
     */
    WaitingHome(Path directory, String members, String deploy) {
        this.program = new Program(directory);
        this.directory = directory.resolve("home");
        try {
            Path file = DemoHome.unpack(this.directory);
            String text = Files.readString(file);
            assertThat(text).contains("\"max_deployed\": 3");
            Files.writeString(
                    file,
                    text.replaceFirst("\\{", "{ \"http\": { \"port\": 0 }, " + members)
                            .replace("\"max_deployed\": 3", deploy));
            this.config = file.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        write("databases/optuna.db", "update trials set state = 'FAIL' where number not in (" + KEPT + ")");
        run("pause", "backtest", "--reason", "until the test begins").ok();
        run("once").ok();
        assertThat(count("select count(*) from trials where status = 'pending'"))
                .isEqualTo(TRIALS);
    }

    /** One that deploys nothing. */
    static WaitingHome in(Path directory) {
        return new WaitingHome(directory, "", "\"enabled\": false");
    }

    CommandLineRun.Result run(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, "--config", config));
        all.addAll(Arrays.asList(arguments));
        return commands.run(all.toArray(String[]::new));
    }

    CommandLineRun.Result check(String... arguments) {
        List<String> all = new ArrayList<>(List.of("db", "check", "--config", config));
        all.addAll(Arrays.asList(arguments));
        return commands.run(all.toArray(String[]::new));
    }

    /** What was made to wait for the test goes on. */
    void begin() {
        run("unpause", "backtest").ok();
    }

    /** A daemon that is up. */
    Program.Running daemon() {
        return up(program.start("run", "--config", config), "Running. Dashboard");
    }

    /** A worker that is up. */
    Program.Running worker() {
        return up(program.start("run", "--worker", "--config", config), "Working");
    }

    private static Program.Running up(Program.Running process, String words) {
        await().atMost(PATIENCE).until(() -> {
            assertThat(process.process().isAlive())
                    .as("it ended by itself: %s", process.errSoFar())
                    .isTrue();
            return process.errSoFar().contains(words);
        });
        return process;
    }

    JsonNode trial(int number) {
        return DemoIT.byNumber(run("trials", "--json").ok().json()).get(number);
    }

    String status(int number) {
        return trial(number).path("status").asString();
    }

    void awaitStatus(int number, String status) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(status(number)).isEqualTo(status));
    }

    void awaitCount(String sql, int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(sql)).isEqualTo(count));
    }

    int count(String sql) {
        return Integer.parseInt(rows(sql).get(0));
    }

    List<String> rows(String sql) {
        try (Connection connection = open("pipeline_v2.db");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** Writes to the state past the program. */
    void write(String sql) {
        write("pipeline_v2.db", sql);
    }

    private void write(String database, String sql) {
        try (Connection connection = open(database);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private Connection open(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(database) + "?busy_timeout=10000");
    }

    /**
     * The study, so that nobody can read it: what is begun of a trial stands still in the middle until this is closed, for
     * ten seconds at most.
     */
    Connection occupiedStudy() throws SQLException {
        Connection connection = open("databases/optuna.db");
        try (Statement statement = connection.createStatement()) {
            statement.execute("begin exclusive");
        }
        return connection;
    }

    /** Nothing runs, and nothing is in a state that can never be. */
    void assertSound() {
        assertThat(count("select count(*) from stages where status = 'running'"))
                .isZero();
        assertThat(count("select count(*) from attempts where outcome = 'running'"))
                .isZero();
        assertThat(check().ok().out()).isEqualToIgnoringNewLines("ok\n");
    }
}
