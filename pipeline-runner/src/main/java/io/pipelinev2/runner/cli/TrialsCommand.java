package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.view.TrialsView;
import picocli.CommandLine.Command;

@Command(name = "trials", description = "All trials, the best first: verdicts, ranks and reasons.")
final class TrialsCommand extends ReadingCommand {

    @Override
    Look look(PipelineHome home) {
        TrialsView view = TrialsView.of(home.store(), home.ranking());
        return new Look(view.json(), page -> TrialTable.of(view, page));
    }
}
