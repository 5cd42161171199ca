package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.DeploymentsView;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "deployments", description = "The paper traders: what runs, what should run, and how well.")
final class DeploymentsCommand extends HomeCommand {

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            DeploymentsView view = DeploymentsView.of(home.store());
            if (json) {
                print(view.json());
            } else {
                out().print(table(view, home).format(Terminal.width()));
                out().flush();
            }
            return ExitCode.OK;
        }
    }

    private static TextTable table(DeploymentsView view, PipelineHome home) {
        TextTable table = new TextTable()
                .text("TRIAL (PAPER)")
                .text("STATUS")
                .text("WANTED")
                .text("HEALTH")
                .number("PID")
                .number("EQUITY")
                .number("RESTARTS")
                .text("STARTED")
                .text("WHY");
        for (DeploymentRow row : view.rows()) {
            Deployment deployment = row.deployment();
            table.row(List.of(
                    deployment.key().toString(),
                    deployment.status().label(),
                    deployment.desired().label(),
                    deployment.health().label(),
                    row.processId() == null ? "–" : row.processId().toString(),
                    home.equity(deployment)
                            .map(equity -> TrialTable.figure(equity, "%.2f"))
                            .orElse("–"),
                    Integer.toString(deployment.restarts()),
                    deployment.startedAt() == null
                            ? "never"
                            : deployment.startedAt().toString(),
                    deployment.reason() == null ? "" : deployment.reason()));
        }
        return table;
    }
}
