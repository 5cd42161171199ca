package io.pipelinev2.runner.cli;

import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.PipelineHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "skip", description = "Leaves a stage of a trial out: the trial goes on as if it had passed.")
final class SkipCommand extends HomeCommand {

    @Parameters(index = "0", paramLabel = "[STUDY/]N", description = "The trial.")
    String trial;

    @Parameters(index = "1", paramLabel = "STAGE", description = "The stage.")
    String stage;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the record.")
    String reason;

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            Trial found = find(home, trial);
            say(home.operations().skip(found.key(), stage, reason, operator()));
            return ExitCode.OK;
        }
    }
}
