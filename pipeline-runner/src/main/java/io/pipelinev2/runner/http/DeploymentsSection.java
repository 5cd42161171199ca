package io.pipelinev2.runner.http;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.TraderReport;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The table of deployments. */
final class DeploymentsSection {

    private static final int MOST_ENDED = 20;

    private DeploymentsSection() {}

    static Node of(Board board, Instant now) {
        List<DeploymentRow> rows = board.deployments().rows();
        Element section = Element.of("section", Element.of("h2", "Deployments")).style("panel");
        if (rows.isEmpty()) {
            return section.add(
                    Element.of("p", "Nothing is deployed yet. The best trials go out once their backtests have passed.")
                            .style("empty"));
        }
        Table table = new Table("Deployments")
                .words("Trial")
                .words("Status")
                .words("Desired")
                .words("Health")
                .words("Orders")
                .figures("Equity (PAPER)")
                .figures("PID")
                .words("Started")
                .words("Restarts")
                .sentences("Reason");
        List<DeploymentRow> holding =
                rows.stream().filter(row -> row.deployment().occupiesSlot()).toList();
        List<DeploymentRow> ended =
                rows.stream().filter(row -> !row.deployment().occupiesSlot()).toList();
        holding.forEach(row -> table.row("", cells(row, now)));
        ended.stream().limit(MOST_ENDED).forEach(row -> table.row("ended", cells(row, now)));
        section.add(table.node());
        if (ended.size() > MOST_ENDED) {
            section.add(Element.of(
                            "p",
                            "The last " + MOST_ENDED + " of " + ended.size()
                                    + " ended deployments are shown. `deployments` lists all.")
                    .style("note"));
        }
        return section;
    }

    private static List<Node> cells(DeploymentRow row, Instant now) {
        Deployment deployment = row.deployment();
        Long process = row.processId();
        Instant started = deployment.startedAt();
        return List.of(
                Names.of(deployment.key()),
                Chip.of(deployment.status()).node(),
                new Text(deployment.desired().label()),
                Chip.of(deployment.health()).node(),
                row.deployment().occupiesSlot() ? Chip.of(row.trading()).node() : new Text(Figures.NONE),
                new Text(Figures.number(equity(row), 2)),
                // an identifier, not a quantity: without separators
                new Text(process == null ? Figures.NONE : process.toString()),
                started == null ? new Text(Figures.NONE) : Times.ago(started, now),
                new Text(restarts(row)),
                new Text(words(row)));
    }

    private static @Nullable Double equity(DeploymentRow row) {
        TraderReport report = row.report();
        return report != null && row.deployment().occupiesSlot() && Double.isFinite(report.equity())
                ? Double.valueOf(report.equity())
                : null;
    }

    private static String restarts(DeploymentRow row) {
        int restarts = row.deployment().restarts();
        Integer left = row.restartsLeft();
        return left == null || !row.deployment().occupiesSlot()
                ? restarts + ""
                : "%d, %d left".formatted(restarts, left);
    }

    private static String words(DeploymentRow row) {
        String health = Objects.requireNonNullElse(Lines.first(row.deployment().reason()), "");
        String orders = row.deployment().occupiesSlot() ? Lines.first(row.furtherTradingReason()) : null;
        return orders == null ? health : (health.isEmpty() ? "" : health + "; ") + "orders: " + orders;
    }
}
