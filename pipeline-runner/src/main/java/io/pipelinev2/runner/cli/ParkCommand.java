package io.pipelinev2.runner.cli;

import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.PipelineHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "park",
        description = "Holds a trial: nothing more is begun on it until it is unparked; what runs goes on to its end.")
final class ParkCommand extends HomeCommand {

    @Parameters(index = "0", paramLabel = "[STUDY/]N", description = "The trial.")
    String trial;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the record.")
    String reason;

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            Trial found = find(home, trial);
            say(home.operations().park(found.key(), reason, operator()));
            return ExitCode.OK;
        }
    }
}
