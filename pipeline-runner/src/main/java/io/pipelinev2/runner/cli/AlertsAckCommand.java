package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "ack",
        description =
                "Says that somebody has seen an alert: nobody is reminded of it any more, unless it gets worse. That it is"
                        + " over is told all the same.")
final class AlertsAckCommand extends AlertsSubcommand {

    @Parameters(index = "0", paramLabel = "ID", description = "The alert, as `alerts` lists it.")
    long id;

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            say(home.alerts().acknowledge(id, operator()));
            return ExitCode.OK;
        }
    }
}
