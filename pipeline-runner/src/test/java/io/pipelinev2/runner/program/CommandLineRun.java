package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The program's command line within this JVM: the same commands on the same files, without the start of a process. */
final class CommandLineRun {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What a command left behind. */
    record Result(int exitCode, String out, String err) {

        Result ok() {
            return exits(0);
        }

        Result exits(int code) {
            assertThat(exitCode).as("exit code; standard error was:%n%s", err).isEqualTo(code);
            return this;
        }

        JsonNode json() {
            return JSON.readTree(out);
        }
    }

    Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }
}
