package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pause",
        description = "Begins nothing more of a stage, or of all, until it is unpaused; what runs goes on to its end.")
final class PauseCommand extends HomeCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "STAGE", description = "Default: all of them.")
    @Nullable
    String stage;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            requireKnown(home, stage);
            say(home.operations().pause(stage, reason, operator()));
            return ExitCode.OK;
        }
    }
}
