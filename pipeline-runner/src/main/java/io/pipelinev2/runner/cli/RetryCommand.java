package io.pipelinev2.runner.cli;

import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.PipelineHome;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retry",
        description = "Makes a stage of a trial due again, with all its attempts. Works with the daemon up or down.")
final class RetryCommand extends HomeCommand {

    @Parameters(index = "0", paramLabel = "[STUDY/]N", description = "The trial.")
    String trial;

    @Parameters(index = "1", arity = "0..1", paramLabel = "STAGE", description = "Default: the stage that failed.")
    @Nullable
    String stage;

    @Option(
            names = "--from",
            description = "From that stage on: those after it lose their results and are gone through again, too.")
    boolean from;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            Trial found = find(home, trial);
            say(home.operations().retry(found.key(), stage, from, reason, operator()));
            return ExitCode.OK;
        }
    }
}
