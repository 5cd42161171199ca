package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.view.TrialDetailView;
import io.pipelinev2.runner.view.TrialSelector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Everything that is known of one trial.")
final class ShowCommand extends ReadingCommand {

    @Parameters(index = "0", paramLabel = "[STUDY/]N", description = "The trial.")
    String trial;

    @Override
    Look look(PipelineHome home) {
        TrialDetailView view = TrialDetailView.of(home.store(), TrialSelector.parse(trial), home.ranking());
        return new Look(view.json(), page -> TrialText.of(view));
    }
}
