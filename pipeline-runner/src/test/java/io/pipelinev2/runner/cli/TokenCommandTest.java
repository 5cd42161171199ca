package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
