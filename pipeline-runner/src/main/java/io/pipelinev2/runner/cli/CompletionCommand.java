package io.pipelinev2.runner.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description =
                "Prints what a shell needs to complete commands and options of the script `pipeline`. For bash put"
                        + " `source <(pipeline completion bash)` into ~/.bashrc, for zsh `source <(pipeline completion"
                        + " zsh)` into ~/.zshrc.")
final class CompletionCommand implements Callable<Integer> {

    /** The shells that are served. */
    enum Shell {
        BASH,
        ZSH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(index = "0", paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
    Shell shell;

    @Option(names = "--name", paramLabel = "NAME", description = "What the program is called. Default: pipeline.")
    String name = "pipeline";

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        if (!name.matches("[A-Za-z0-9._-]+")) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--name must be of letters, digits, '.', '_' and '-', was " + name);
        }
        if (shell == Shell.ZSH) {
            spec.commandLine().getOut().println(Printed.FOR_ZSH);
        }
        spec.commandLine().getOut().println(AutoComplete.bash(name, Program.commandLine()));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
