package io.pipelinev2.runner.cli;

import picocli.CommandLine;

/** The program: {@code java -jar pipeline-runner.jar COMMAND}. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        // in classes of their own, because loading the commands is what takes time
        if (!Printed.answer(arguments)) {
            Program.run(arguments);
        }
    }

    /** The command line, for tests and for tools that embed it. */
    public static CommandLine commandLine() {
        return Program.commandLine();
    }

    /** The command line as the program makes it for these arguments. */
    static CommandLine commandLineFor(String... arguments) {
        return Program.commandLineFor(arguments);
    }
}
