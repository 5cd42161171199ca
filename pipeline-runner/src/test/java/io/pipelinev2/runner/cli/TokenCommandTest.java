package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.ConfigLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenCommandTest {

    @TempDir
    Path home;

    private record Ended(int code, String out, String err) {}

    private Ended run(String http, String... words) throws IOException {
        Path config = home.resolve("pipeline.json");
        Files.writeString(config, "{\"optuna\":{\"storage\":\"sqlite:///optuna.db\"},\"http\":" + http + "}");
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out, true));
        program.setErr(new PrintWriter(err, true));
        String[] all = new String[words.length + 3];
        all[0] = "token";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--config";
        all[words.length + 2] = config.toString();
        return new Ended(program.execute(all), out.toString(), err.toString());
    }

    @Test
    void the_owners_token_is_made_shown_and_taken_back() throws IOException {
        Path file = home.resolve("state").resolve("http_token");
        Ended missing = run("{}", "show");
        assertThat(missing.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(missing.err()).contains("is not there", "token rotate");
        assertThat(file).as("who only looks makes none").doesNotExist();

        Ended made = run("{}", "rotate");
        String first = Files.readString(file).strip();
        assertThat(made.code()).isZero();
        assertThat(made.out()).contains(file.toString()).doesNotContain(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run("{}", "show").out()).isEqualTo(first + System.lineSeparator());

        assertThat(run("{}", "rotate").code()).isZero();
        JsonNode shown =
                JsonMapper.shared().readTree(run("{}", "show", "--json").out());
        assertThat(shown.path("token").asString()).matches("[0-9a-f]{64}").isNotEqualTo(first);
        assertThat(shown.path("file").asString()).isEqualTo(file.toString());
    }

    @Test
    void a_rotation_is_in_the_audit_with_who_and_from_where_and_without_any_token() throws IOException {
        String http = "{\"read_token_file\":\"keys/reading\"}";
        assertThat(run(http, "rotate").code()).isZero();
        String first = Files.readString(home.resolve("state/http_token")).strip();
        assertThat(run(http, "rotate").code()).isZero();
        assertThat(run(http, "rotate", "--read-only").code()).isZero();
        String second = Files.readString(home.resolve("state/http_token")).strip();

        List<Event> audit;
        try (PipelineHome opened =
                PipelineHome.open(ConfigLoader.ofThisProcess().load(home.resolve("pipeline.json"), null))) {
            audit = opened.store().read(tx -> tx.events(null, 10));
        }
        assertThat(audit).hasSize(3).allSatisfy(event -> {
            assertThat(event.type()).isEqualTo(EventType.OPERATOR_ROTATE_TOKEN);
            assertThat(event.actor()).isEqualTo(System.getProperty("user.name"));
            assertThat(event.origin()).isEqualTo("cli");
            assertThat(event.message()).doesNotContain(first).doesNotContain(second);
        });
        assertThat(audit)
                .extracting(Event::message)
                .containsExactly(
                        "took a new access token for reading; the old one is good for nothing since",
                        "took a new owner's access token; the old one is good for nothing since",
                        "took a new owner's access token; the old one is good for nothing since");
    }

    @Test
    void a_token_is_taken_back_even_if_that_cannot_be_written_down() throws IOException {
        Files.writeString(home.resolve("pipeline_v2.db"), "this is no database, and never was one");

        Ended rotated = run("{}", "rotate");

        assertThat(rotated.code()).isZero();
        assertThat(rotated.out()).contains("There is a new owner's access token");
        assertThat(rotated.err()).contains("the audit has not", "pipeline_v2.db");
        assertThat(home.resolve("state/http_token")).isNotEmptyFile();
    }

    @Test
    void the_token_for_reading_has_a_file_of_its_own() throws IOException {
        String http = "{\"read_token_file\":\"keys/reading\"}";
        assertThat(run(http, "rotate", "--read-only").code()).isZero();

        assertThat(run(http, "show", "--read-only").out().strip())
                .isEqualTo(Files.readString(home.resolve("keys/reading")).strip());
        assertThat(home.resolve("state").resolve("http_token")).doesNotExist();
    }

    @Test
    void a_token_that_the_configuration_does_not_have_is_refused_with_what_to_do() throws IOException {
        Ended reading = run("{}", "rotate", "--read-only");
        assertThat(reading.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(reading.err()).contains("set http.read_token_file");
        Ended owners = run("{\"read_only\":true}", "show");
        assertThat(owners.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(owners.err()).contains("http.read_only");
    }
}
