package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.TraderReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "deployments",
        description = "The paper traders: what runs, what should run, how well, and which orders each may give.")
final class DeploymentsCommand extends HomeCommand {

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            DeploymentsView view =
                    DeploymentsView.of(home.store(), home.deployments().sources());
            if (json) {
                print(view.json());
            } else {
                out().print(table(view).format(Terminal.width()));
                out().flush();
            }
            return ExitCode.OK;
        }
    }

    private static TextTable table(DeploymentsView view) {
        TextTable table = new TextTable()
                .text("TRIAL (PAPER)")
                .number("ACCOUNT")
                .text("STATUS")
                .text("WANTED")
                .text("HEALTH")
                .text("ORDERS")
                .number("PID")
                .number("EQUITY")
                .text("RESTARTS")
                .text("STARTED")
                .text("LAST EXIT")
                .text("WHY");
        for (DeploymentRow row : view.rows()) {
            Deployment deployment = row.deployment();
            TraderReport report = row.report();
            table.row(List.of(
                    deployment.key().toString(),
                    Long.toString(deployment.id()),
                    deployment.status().label(),
                    deployment.desired().label(),
                    deployment.health().label(),
                    deployment.occupiesSlot() ? row.trading().label() : "–",
                    row.processId() == null ? "–" : row.processId().toString(),
                    report == null ? "–" : TrialTable.figure(report.equity(), "%.2f"),
                    restarts(row),
                    deployment.startedAt() == null
                            ? "never"
                            : deployment.startedAt().toString(),
                    exit(row.lastEnd()),
                    String.join("; ", words(row))));
        }
        return table;
    }

    private static String exit(@Nullable ProcessRun ended) {
        if (ended == null) {
            return "–";
        }
        return ended.exitCode() == null ? "unknown" : ended.exitCode().toString();
    }

    private static String restarts(DeploymentRow row) {
        String restarts = Integer.toString(row.deployment().restarts());
        return row.restartsLeft() == null || !row.deployment().occupiesSlot()
                ? restarts
                : "%s, %d left".formatted(restarts, row.restartsLeft());
    }

    private static List<String> words(DeploymentRow row) {
        List<String> words = new ArrayList<>();
        if (row.deployment().reason() != null) {
            words.add(row.deployment().reason());
        }
        if (row.deployment().occupiesSlot() && row.furtherTradingReason() != null) {
            words.add(row.trading().label() + ": " + row.furtherTradingReason());
        }
        if (row.preference() != null && row.preference().kind() == Preference.Kind.PINNED) {
            words.add("pinned");
        }
        if (row.deployment().logLost() > 0) {
            words.add(ByteCount.of(row.deployment().logLost()) + " of its output were dropped");
        }
        return words;
    }
}
