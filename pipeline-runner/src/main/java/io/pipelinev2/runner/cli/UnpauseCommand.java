package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "unpause",
        description = "Begins attempts of a stage again, also of one that was held because it kept failing.")
final class UnpauseCommand extends HomeCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "STAGE", description = "Default: all of them.")
    @Nullable
    String stage;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            requireKnown(home, stage);
            say(home.operations().unpause(stage, reason, operator()));
            return ExitCode.OK;
        }
    }
}
