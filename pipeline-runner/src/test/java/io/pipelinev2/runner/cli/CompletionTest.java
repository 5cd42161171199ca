package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the shells themselves make of it. */
class CompletionTest {

    /** Asks as bash does when somebody presses the tab key at the end of the line. */
    private static final String ASK = """
        compopt() { :; }
        source "$1"; shift
        COMP_WORDS=(pipeline "$@"); COMP_CWORD=$#
        COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
        $(complete -p pipeline | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        printf '%s\\n' "${COMPREPLY[@]}"
        """;

    @TempDir
    private Path directory;

    private Path script;

    @BeforeEach
    void setUp() throws IOException {
        script = Files.writeString(directory.resolve("completion.bash"), printed("bash"));
    }

    private static String printed(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine commandLine = Main.commandLineFor("completion");
        commandLine.setOut(new PrintWriter(out, true));
        String[] all = new String[arguments.length + 1];
        all[0] = "completion";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        assertThat(commandLine.execute(all)).isZero();
        return out.toString();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private List<String> completed(String line) throws IOException, InterruptedException {
        List<String> command =
                new java.util.ArrayList<>(List.of("bash", "--norc", "-c", ASK, "bash", script.toString()));
        command.addAll(List.of(line.split(" ", -1)));
        return run(command).lines().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "sta, status",
        "dep, deploy;deployments",
        "db '', check;vacuum",
        "token '', show;rotate",
        "config s, show",
        "completion '', bash;zsh",
        "trials --color '', auto;always;never",
        "status --w, --watch"
    })
    void bash_completes_commands_options_and_values(String line, String expected)
            throws IOException, InterruptedException {
        assertThat(completed(line.replace("''", ""))).contains(expected.split(";"));
    }

    @Test
    void every_command_is_completed() throws IOException, InterruptedException {
        List<String> all = completed("");
        assertThat(all).containsAll(Main.commandLine().getSubcommands().keySet());
    }

    @Test
    void bash_takes_it_without_a_word_on_the_way() throws IOException, InterruptedException {
        assertThat(run(List.of("bash", "--norc", "-c", "source \"$1\"", "bash", script.toString())))
                .isEmpty();
    }

    @Test
    void it_is_for_the_name_that_the_program_has() throws IOException, InterruptedException {
        Files.writeString(script, printed("bash", "--name", "pv2"));
        assertThat(run(List.of("bash", "--norc", "-c", "source \"$1\"; complete -p pv2", "bash", script.toString())))
                .contains("-F _complete_pv2");
    }

    @Test
    void zsh_is_given_what_it_needs_to_read_bashs() throws IOException, InterruptedException {
        assertThat(printed("zsh"))
                .startsWith("autoload -Uz compinit bashcompinit")
                .contains("complete -F");
        if (!Files.isExecutable(Path.of("/usr/bin/zsh"))) {
            // not every machine has it
            return;
        }
        Files.writeString(script, printed("zsh"));
        assertThat(run(List.of("zsh", "-f", "-c", "source $1; whence -w _complete_pipeline", "zsh", script.toString())))
                .contains("function");
    }
}
