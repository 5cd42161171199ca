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

@Command(
        name = "deployments",
        description = "The paper traders: what runs, what should run, how well, and which orders each may give.")
final class DeploymentsCommand extends ReadingCommand {

    @Override
    Look look(PipelineHome home) {
        DeploymentsView view =
                DeploymentsView.of(home.store(), home.deployments().sources());
        return new Look(
                view.json(), page -> table(view).coloured(page.coloured()).format(page.width()));
    }

    private static TextTable table(DeploymentsView view) {
        TextTable table = new TextTable()
                .text("TRIAL (PAPER)")
                .number("ACCOUNT")
                .dispensable(3)
                .state("STATUS")
                .state("WANTED")
                .dispensable(5)
                .state("HEALTH")
                .state("ORDERS")
                .dispensable(6)
                .number("PID")
                .dispensable(4)
                .number("EQUITY")
                .dispensable(8)
                .text("RESTARTS")
                .dispensable(7)
                .text("STARTED")
                .dispensable(1)
                .text("LAST EXIT")
                .dispensable(2)
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
