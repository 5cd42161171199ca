package io.pipelinev2.runner.cli;

import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.trial.TrialKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "retry",
        description =
                "Makes a stage of trials due again, with all its attempts: the one that is named, else the one that failed."
                        + " Works with the daemon up or down. Trials that are described rather than named are shown and asked about before.")
final class RetryCommand extends BulkCommand {

    @Option(
            names = "--from",
            description = "From that stage on: those after it lose their results and are gone through again, too.")
    boolean from;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    @Override
    String apply(Operations operations, TrialKey key, @Nullable String stage) {
        return operations.retry(key, stage, from, reason, operator());
    }

    @Override
    boolean needsStage() {
        return false;
    }
}
