package io.pipelinev2.runner.cli;

import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.PipelineHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "unpark", description = "Lets a parked trial go on where it was.")
final class UnparkCommand extends HomeCommand {

    @Parameters(index = "0", paramLabel = "[STUDY/]N", description = "The trial.")
    String trial;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            Trial found = find(home, trial);
            say(home.operations().unpark(found.key(), reason, operator()));
            return ExitCode.OK;
        }
    }
}
