package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Help, as the program itself is asked for it: it makes no more commands known than it needs. */
class HelpTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"help stop", "stop --help", "help trade", "trade -h", "help db", "db --help", "db check --help"})
    void every_way_of_asking_about_a_command_is_answered(String line) {
        String command = line.replaceAll("help|-\\S+", "").strip();
        assertThat(answer(line.split(" "))).startsWith("Usage: pipeline " + command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void all_commands_are_listed(String line) {
        assertThat(answer(line)).contains("demo", "stop", "doctor", "trade", "Exit codes:");
    }

    private static String answer(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLineFor(arguments);
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        assertThat(commandLine.execute(arguments)).as(err.toString()).isZero();
        return out.toString();
    }
}
