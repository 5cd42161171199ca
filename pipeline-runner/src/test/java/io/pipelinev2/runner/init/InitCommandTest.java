package io.pipelinev2.runner.init;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.cli.Main;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InitCommandTest {

    @TempDir
    private Path directory;

    private Path home;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void setUp() {
        home = directory.resolve("home");
    }

    private int init(String... more) {
        List<String> arguments = new ArrayList<>(List.of("init", home.toString()));
        arguments.addAll(List.of(more));
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments.toArray(new String[0]));
    }

    private PipelineConfig config() {
        return new ConfigLoader(Map.of(), home).load(home.resolve("pipeline.json"), null);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void it_makes_a_home_that_can_be_read_and_tells_what_doctor_says() {
        assertThat(init()).as(err.toString()).isZero();

        PipelineConfig config = config();
        assertThat(config.optuna().storage()).isEqualTo("sqlite:///databases/optuna.db");
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(out.toString())
                .contains("Made " + home.resolve("pipeline.json"))
                .contains("FAIL  trials", "fix: ")
                .contains("Look next at", "once --config");
    }

    @Test
    void what_is_not_said_is_as_it_is_by_default() throws IOException {
        init();
        PipelineConfig made = config();
        Path plain = Files.writeString(
                home.resolve("plain.json"), "{\"optuna\": {\"storage\": \"sqlite:///databases/optuna.db\"}}");
        PipelineConfig usual = new ConfigLoader(Map.of(), home).load(plain, null);

        assertThat(made).usingRecursiveComparison().ignoringFields("file").isEqualTo(usual);
    }

    @Test
    void it_is_its_owners_alone() throws IOException {
        init("--unit");

        assertThat(mode(home)).isEqualTo("rwx------");
        assertThat(mode(home.resolve("state"))).isEqualTo("rwx------");
        assertThat(mode(home.resolve("logs"))).isEqualTo("rwx------");
        assertThat(mode(home.resolve("pipeline.json"))).isEqualTo("rw-------");
        assertThat(mode(home.resolve("state/http_token"))).isEqualTo("rw-------");
        assertThat(Files.readString(home.resolve("state/http_token"))).matches("[0-9a-f]{64}\n");
        assertThat(out.toString() + err)
                .as("the token is told to nobody")
                .doesNotContain(
                        Files.readString(home.resolve("state/http_token")).strip());
    }

    @Test
    void answers_are_put_where_they_belong_whatever_is_in_them() {
        assertThat(init(
                        "--storage", "postgresql://me@db/\"quoted\" @port@ // no comment",
                        "--models", "models/{study_id}/{number}",
                        "--data", "bars",
                        "--port", "0"))
                .isZero();

        assertThat(config().optuna().storage()).isEqualTo("postgresql://me@db/\"quoted\" @port@ // no comment");
        assertThat(config().models().directory()).isEqualTo("models/{study_id}/{number}");
        assertThat(config().data().directory()).isEqualTo(home.resolve("bars"));
        assertThat(config().http().port()).isZero();
    }

    @Test
    void nothing_is_overwritten() throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("pipeline.json"), "mine");

        assertThat(init()).isEqualTo(8);

        assertThat(home.resolve("pipeline.json")).hasContent("mine");
        assertThat(err.toString()).contains("There is a home in " + home).contains("doctor");
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files).containsExactly(home.resolve("pipeline.json"));
        }
    }

    @Test
    void a_token_that_is_there_stays() throws IOException {
        Files.createDirectories(home.resolve("state"));
        Files.writeString(home.resolve("state/http_token"), "mine");
        Files.writeString(home.resolve("pipeline.service"), "mine");

        assertThat(init("--unit")).isEqualTo(8);

        assertThat(home.resolve("state/http_token")).hasContent("mine");
        assertThat(home.resolve("pipeline.service")).hasContent("mine");
    }

    @Test
    void an_answer_that_cannot_be_makes_nothing() throws IOException {
        assertThat(init("--models", "models/{numbr}")).isEqualTo(4);
        assertThat(err.toString())
                .contains("models.directory")
                .contains("{number}")
                .doesNotContain(".tmp");
        assertThat(init("--port", "70000")).isEqualTo(2);
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void where_nothing_can_be_made_that_is_told() throws IOException {
        Files.writeString(home, "a file");

        assertThat(init()).isIn(5, 8);
        assertThat(err.toString()).contains(home.toString());
        assertThat(home).hasContent("a file");
    }

    @Test
    void the_unit_file_is_one_that_doctor_likes() {
        assertThat(init("--unit")).isZero();

        assertThat(home.resolve("pipeline.service"))
                .content()
                .contains(
                        "KillMode=process", "run --config " + home.resolve("pipeline.json"), "ReadWritePaths=" + home);
        assertThat(out.toString()).contains("OK    unit-file");
    }
}
