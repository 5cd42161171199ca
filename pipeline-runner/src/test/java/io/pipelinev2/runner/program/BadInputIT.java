package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a user may get wrong: each is a clear message, the contract's exit code, and nothing lost. */
@Timeout(120)
class BadInputIT {

    @TempDir
    private Path directory;

    private final CommandLineRun program = new CommandLineRun();
    private Path home;
    private static final String NO_BREAKER = "\"breaker\": { \"trials\": 0 },";

    private Path config;

    @BeforeEach
    void a_home_that_deploys_nothing() throws IOException {
        home = directory.resolve("home");
        config = DemoHome.unpack(home);
        change("\"max_deployed\": 3", "\"enabled\": false");
        Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{ " + NO_BREAKER));
    }

    private void change(String from, String to) throws IOException {
        String text = Files.readString(config);
        assertThat(text).contains(from);
        Files.writeString(config, text.replace(from, to));
    }

    private CommandLineRun.Result once() {
        return program.run("once", "--config", config.toString());
    }

    private JsonNode trial(int number) {
        return DemoIT.byNumber(program.run("trials", "--config", config.toString(), "--json")
                        .ok()
                        .json())
                .get(number);
    }

    @Test
    void no_configuration() {
        assertThat(program.run("status").exits(4).err())
                .contains("pipeline.json")
                .contains("--config");
        assertThat(program.run("status", "--config", "nowhere.json").exits(4).err())
                .contains("nowhere.json");
    }

    @Test
    void faults_of_the_configuration_are_told_all_at_once() throws IOException {
        change("\"rank_by\": \"sharpe\"", "\"rank_bye\": \"sharpe\", \"max_deployd\": 3, \"restarts\": -1");
        assertThat(once().exits(4).err())
                .contains("stages.deploy.rank_bye")
                .contains("rank_by")
                .contains("stages.deploy.max_deployd")
                .contains("stages.deploy.restarts");
    }

    @Test
    void stress_testing_before_it_is_built_is_no_silent_skip() throws IOException {
        change("\"stages\": {", "\"stages\": { \"cge_stress\": { \"enabled\": true },");
        assertThat(once().exits(4).err()).contains("stages.cge_stress.enabled").contains("false");
    }

    @Test
    void missing_optuna_storage() throws IOException {
        Files.delete(home.resolve("databases/optuna.db"));
        assertThat(once().exits(5).err()).contains("optuna.db").contains("does not exist");
        assertThat(home.resolve("databases/optuna.db"))
                .as("a missing storage is not made")
                .doesNotExist();
    }

    @Test
    void optuna_storage_that_is_no_database() throws IOException {
        Files.writeString(home.resolve("databases/optuna.db"), "this is no database at all, just some text");
        assertThat(once().exits(5).err()).contains("optuna.db").containsIgnoringCase("not an SQLite database");
    }

    @Test
    void optuna_storage_of_an_unknown_revision() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("databases/optuna.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update alembic_version set version_num = 'v2.4.0.a'");
            statement.executeUpdate("alter table trial_values drop column value_type");
        }
        assertThat(once().exits(5).err())
                .contains("optuna.db")
                .contains("v2.4.0.a")
                .contains("v3.0.0.d");
    }

    @Test
    void models_that_are_missing_truncated_hostile_or_another_trials_fail_alone() throws Exception {
        Path models = home.resolve("train_results/cwd_tests");
        Path truncated = models.resolve("trial_0_1h/actor.pth");
        byte[] whole = Files.readAllBytes(truncated);
        Files.write(truncated, java.util.Arrays.copyOf(whole, whole.length / 2));
        Files.write(models.resolve("trial_2_1h/actor.pth"), hostile());
        Files.copy(
                models.resolve("trial_5_1h/actor.pth"),
                models.resolve("trial_1_1h/actor.pth"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        once().ok();
        Map<Integer, JsonNode> trials = DemoIT.byNumber(program.run("trials", "--config", config.toString(), "--json")
                .ok()
                .json());
        assertThat(DemoIT.numbers(trials, "failed")).contains(0, 1, 2, 9, 25).hasSizeLessThanOrEqualTo(5);
        assertThat(DemoIT.numbers(trials, "completed")).hasSize(23);
        assertThat(trials.get(0).path("reason").asString()).contains("trial_0_1h");
        assertThat(trials.get(2).path("reason").asString())
                .contains("os.system")
                .contains("trial_2_1h");
        assertThat(directory.resolve("pwned")).doesNotExist();
        assertThat(home.resolve("pwned")).doesNotExist();
        assertThat(trials.get(1).path("reason").asString()).contains("trial_1_1h");
        trials.forEach((number, trial) -> assertThat(
                        trial.at("/stages/backtest/attempts").asInt())
                .as("no fault of a model is retried: %d", number)
                .isEqualTo(1));
    }

    /** A zip with a pickle that would run a command. */
    private static byte[] hostile() throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        try (java.util.zip.ZipOutputStream zip = new java.util.zip.ZipOutputStream(bytes)) {
            byte[] pickle = "\u0080\u0002cos\nsystem\nX\u000b\u0000\u0000\u0000touch pwned\u0085R."
                    .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            java.util.zip.ZipEntry entry = new java.util.zip.ZipEntry("archive/data.pkl");
            entry.setMethod(java.util.zip.ZipEntry.STORED);
            entry.setSize(pickle.length);
            java.util.zip.CRC32 crc = new java.util.zip.CRC32();
            crc.update(pickle);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(pickle);
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    @Test
    void market_data_of_different_lengths() throws IOException {
        Path tech = home.resolve("data/1h_1680/val/tech_array.npy");
        Files.write(tech, npy(100, 98, 1.0));
        once().ok();
        assertThat(trial(31).path("status").asString()).isEqualTo("failed");
        assertThat(trial(31).path("reason").asString())
                .contains("tech_array.npy")
                .contains("1680")
                .contains("100");
    }

    @Test
    void what_fails_for_one_trial_after_another_holds_the_stage_and_goes_on_once_it_is_mended() throws IOException {
        change(NO_BREAKER, "");
        Path tech = home.resolve("data/1h_1680/val/tech_array.npy");
        byte[] right = Files.readAllBytes(tech);
        Files.write(tech, npy(100, 98, 1.0));

        assertThat(once().ok().err()).contains("Held: backtest").contains("tech_array.npy");
        JsonNode status = program.run("status", "--config", config.toString(), "--json")
                .ok()
                .json();
        assertThat(status.at("/holds/0/kind").asString()).isEqualTo("tripped");
        assertThat(status.path("trials_pending").asInt()).isGreaterThan(15);

        Files.write(tech, right);
        assertThat(once().ok().err()).doesNotContain("Held");
        assertThat(trial(31).path("status").asString()).isEqualTo("completed");
        assertThat(program.run("events", "--config", config.toString(), "-n", "1000")
                        .ok()
                        .out())
                .contains("stage_tripped")
                .contains("stage_recovered");
    }

    @Test
    void prices_that_are_no_numbers() throws IOException {
        Files.write(home.resolve("data/1h_1680/val/price_array.npy"), npy(1680, 7, Double.NaN));
        once().ok();
        assertThat(trial(31).path("reason").asString())
                .contains("price_array.npy")
                .contains("row 0")
                .contains("NaN");
    }

    @Test
    void too_few_bars() throws IOException {
        Files.write(home.resolve("data/1h_1680/val/price_array.npy"), npy(2, 7, 1.0));
        Files.write(home.resolve("data/1h_1680/val/tech_array.npy"), npy(2, 98, 1.0));
        once().ok();
        assertThat(trial(31).path("reason").asString()).containsIgnoringCase("lookback");
    }

    private static byte[] npy(int rows, int columns, double value) {
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
        header += " ".repeat(117 - header.length()) + "\n";
        java.nio.ByteBuffer bytes =
                java.nio.ByteBuffer.allocate(128 + rows * columns * 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
        bytes.put(header.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            bytes.putDouble(value);
        }
        return bytes.array();
    }

    @Test
    void a_port_that_is_taken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            change("\"stages\": {", "\"http\": { \"port\": " + taken.getLocalPort() + " }, \"stages\": {");
            assertThat(program.run("run", "--config", config.toString())
                            .exits(5)
                            .err())
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .contains("http.port");
        }
    }

    @Test
    void a_home_that_cannot_be_written() throws IOException {
        // root may write anywhere, so a file stands where the directory should be
        Files.writeString(home.resolve("state"), "in the way");
        assertThat(once().exits(5).err()).contains(home.toString());
    }

    @Test
    void a_database_that_is_damaged() throws IOException {
        Files.write(home.resolve("pipeline_v2.db"), new byte[8192]);
        Files.writeString(home.resolve("pipeline_v2.db"), "no database ".repeat(100));
        assertThat(once().exits(5).err()).contains("pipeline_v2.db");
        assertThat(Files.readString(home.resolve("pipeline_v2.db"))).startsWith("no database");
    }

    @Test
    void trials_that_are_not_there_and_words_that_are_no_commands() {
        once().ok();
        String file = config.toString();
        assertThat(program.run("show", "--config", file, "777").exits(3).err()).contains("777");
        assertThat(program.run("retry", "--config", file, "nostudy/1").exits(3).err())
                .contains("nostudy/1");
        assertThat(program.run("skip", "--config", file, "31", "backtest", "--reason", "x")
                        .exits(8)
                        .err())
                .contains("backtest");
        assertThat(program.run("stop", "--config", file, "31").exits(8).err()).contains("31");
        assertThat(program.run("statsu").exits(2).err()).contains("status");
        assertThat(program.run("trials", "--wrong").exits(2).err()).contains("--wrong");
        assertThat(program.run("show", "--config", file, "x/y/z").exits(2).err())
                .contains("x/y/z");
    }

    @Test
    void a_backtest_by_hand_leaves_the_state_untouched() throws IOException {
        String file = config.toString();
        JsonNode passed = program.run(
                        "backtest",
                        "--config",
                        file,
                        "31",
                        "--json",
                        "--out",
                        directory.resolve("out31").toString())
                .ok()
                .json();
        assertThat(passed.path("verdict").asString()).isEqualTo("passed");
        assertThat(passed.path("study").asString()).isEqualTo("ppo_1h");
        assertThat(passed.path("metrics").path("sharpe").isNumber()).isTrue();
        assertThat(passed.path("legacy_v2").path("steps").asInt()).isPositive();
        assertThat(passed.path("model_sha256").asString()).hasSize(64);
        assertThat(passed.path("data_sha256").asString()).hasSize(64);
        assertThat(Files.readAllLines(directory.resolve("out31/equity.csv")).get(0))
                .isEqualTo("step,equity,cash");
        assertThat(directory.resolve("out31/metrics.json")).isRegularFile();
        assertThat(Files.readString(directory.resolve("out31/report.html")))
                .contains("Backtest of trial ppo_1h/31", "PASSED");
        assertThat(Files.readString(directory.resolve("out31/report.json"))).startsWith("{\"format\":1,");

        CommandLineRun.Result rejected =
                program.run("backtest", "--config", file, "25", "--json").exits(1);
        assertThat(rejected.json().path("verdict").asString()).isEqualTo("rejected");
        assertThat(rejected.json().path("reason").asString()).contains("never trades");
        CommandLineRun.Result missing =
                program.run("backtest", "--config", file, "9", "--json").exits(1);
        assertThat(missing.json().path("verdict").asString()).isEqualTo("error");
        assertThat(program.run("backtest", "--config", file, "4711").exits(3).err())
                .contains("4711");
        assertThat(program.run("trials", "--config", file, "--json").ok().json().path("trials"))
                .isEmpty();
    }
}
