package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.view.TrialsView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "trials", description = "All trials, the best first: verdicts, ranks and reasons.")
final class TrialsCommand extends HomeCommand {

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            TrialsView view = TrialsView.of(home.store(), home.ranking());
            if (json) {
                print(view.json());
            } else {
                out().print(TrialTable.of(view).format(Terminal.width()));
                out().flush();
            }
            return ExitCode.OK;
        }
    }
}
