package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** What is printed beforehand is what the commands themselves would say; {@code -Dcli.write=true} prints it anew. */
class PrintedTest {

    private static final Path RESOURCES = Path.of("src/main/resources/io/pipelinev2/runner/cli");

    private static String help(Help.Ansi colours) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setUsageHelpAutoWidth(false);
        commandLine.setUsageHelpWidth(Printed.COLUMNS);
        return commandLine.getUsageMessage(colours).replace("\r\n", "\n");
    }

    private static void assertPrinted(String name, String text) throws IOException {
        Path file = RESOURCES.resolve(name);
        if (Boolean.getBoolean("cli.write")) {
            Files.createDirectories(RESOURCES);
            Files.writeString(file, text);
        }
        assertThat(Files.readString(file))
                .as("mvn … -Dtest=PrintedTest -Dcli.write=true prints it")
                .isEqualTo(text);
    }

    @Test
    void help_is_as_printed() throws IOException {
        assertPrinted(Printed.HELP, help(Help.Ansi.ON));
        assertThat(Printed.help(true)).isEqualTo(help(Help.Ansi.ON));
        assertThat(Printed.help(false)).isEqualTo(help(Help.Ansi.OFF));
    }

    @Test
    void what_shells_complete_by_is_as_printed() throws IOException {
        assertPrinted(Printed.COMPLETION, AutoComplete.bash("pipeline", Main.commandLine()) + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help", "--version", "-V", "completion bash", "completion zsh"})
    void each_is_answered_as_the_command_would(String line) {
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        boolean answered;
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            answered = Printed.answer(line.split(" "));
        } finally {
            System.setOut(before);
        }
        assertThat(answered).isTrue();
        assertThat(said.toString(StandardCharsets.UTF_8)).isNotBlank().endsWith("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "status",
                "status --help",
                "help status",
                "--help x",
                "completion",
                "completion bash --name x"
            })
    void everything_else_is_left_to_the_commands(String line) {
        assertThat(Printed.answer(line.isEmpty() ? new String[0] : line.split(" ")))
                .isFalse();
    }
}
