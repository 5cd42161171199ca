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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The demo's home and the packaged daemon that works on it, for those who look at it from outside. */
public final class DemoDaemon implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ADDRESS = Pattern.compile("Dashboard: (http://127\\.0\\.0\\.1:[0-9]+)/");

    private final CommandLineRun commands = new CommandLineRun();
    private final Program program;
    private final Path home;
    private final Program.Running daemon;
    private final String address;

    private DemoDaemon(Program program, Path home) {
        this.program = program;
        this.home = home;
        this.daemon = program.start("run", "--config", config());
        this.address = await().atMost(PATIENCE).until(this::announced, found -> !found.isEmpty());
    }

    /**
     * One that is up.
     *
     * @param directory where its home is to be
     * @param members more of the configuration, in the form of a JSON object's
     * @param deploy what the block of the deploy stage says in place of its pace
     * @param kept the numbers of the trials that it has, or none for all
     */
    public static DemoDaemon start(Path directory, String members, String deploy, List<Integer> kept) {
        Path home = directory.resolve("home");
        try {
            Path file = DemoHome.unpack(home);
            String text = Files.readString(file);
            assertThat(text).contains("\"pace\": \"1s\"");
            Files.writeString(
                    file,
                    text.replaceFirst("\\{", "{ \"http\": { \"port\": 0 }, " + members)
                            .replace("\"pace\": \"1s\"", deploy));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        if (!kept.isEmpty()) {
            String numbers = kept.toString().replace('[', '(').replace(']', ')');
            write(
                    home.resolve("databases/optuna.db"),
                    "update trials set state = 'FAIL' where number not in " + numbers);
        }
        return new DemoDaemon(new Program(directory), home);
    }

    private String announced() throws IOException {
        assertThat(daemon.process().isAlive())
                .as("it ended by itself: %s", daemon.errSoFar())
                .isTrue();
        Matcher matcher = ADDRESS.matcher(daemon.errSoFar());
        return matcher.find() ? matcher.group(1) : "";
    }

    private String config() {
        return home.resolve("pipeline.json").toString();
    }

    public Path home() {
        return home;
    }

    /** Where its dashboard is, without a slash at the end. */
    public String address() {
        return address;
    }

    public String token() {
        try {
            return Files.readString(home.resolve("state/http_token")).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What the command line says to this, which must succeed. */
    public String says(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, "--config", config()));
        all.addAll(Arrays.asList(arguments));
        return commands.run(all.toArray(String[]::new)).ok().out();
    }

    /** The same as JSON. */
    public JsonNode tells(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, "--json", "--config", config()));
        all.addAll(Arrays.asList(arguments));
        return commands.run(all.toArray(String[]::new)).ok().json();
    }

    /** The first column of what the state database says. */
    public List<String> rows(String sql) {
        try (Connection connection = open(home.resolve("pipeline_v2.db"));
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

    /** What stands in the first row and column. */
    public String value(String sql) {
        List<String> rows = rows(sql);
        assertThat(rows).as(sql).isNotEmpty();
        return rows.get(0);
    }

    public void awaitValue(String sql, String value) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rows(sql)).as(sql).contains(value));
    }

    /** What the database calls the trial of this number. */
    public long trial(int number) {
        return Long.parseLong(value("select trial_id from trials where trial_number = " + number));
    }

    /** Waits until as many trials trade on paper and no other waits for anything. */
    public void awaitDeployed(int count) {
        awaitValue(
                "select count(*) from deployments where status = 'running' and process_id is not null",
                Integer.toString(count));
        awaitValue(
                "select count(*) || ' of ' || (select count(*) > 0 from trials) from trials"
                        + " where status in ('pending', 'processing')",
                "0 of 1");
    }

    /** kill -9 */
    public void killTrader(int number) {
        long pid = Long.parseLong(
                value("select process_id from deployments where status = 'running' and trial_id = " + trial(number)));
        assertThat(program.traders())
                .filteredOn(process -> process.pid() == pid)
                .hasSize(1)
                .allMatch(ProcessHandle::destroyForcibly);
    }

    private static void write(Path database, String sql) {
        try (Connection connection = open(database);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static Connection open(Path database) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + database + "?busy_timeout=10000");
    }

    @Override
    public void close() {
        try {
            daemon.terminate();
            program.killTraders();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
