package io.pipelinev2.runner.cli;

import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.trial.TrialKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "skip",
        description =
                "Leaves a stage of trials out: they go on as if they had passed it. Trials that are described rather than"
                        + " named are shown and asked about before.")
final class SkipCommand extends BulkCommand {

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, for the record.")
    String reason;

    @Override
    String apply(Operations operations, TrialKey key, @Nullable String stage) {
        return operations.skip(key, Objects.requireNonNull(stage), reason, operator());
    }

    @Override
    boolean needsStage() {
        return true;
    }
}
