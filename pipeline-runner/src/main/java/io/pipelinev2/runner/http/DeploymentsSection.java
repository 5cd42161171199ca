package io.pipelinev2.runner.http;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.TraderReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The table of deployments. */
final class DeploymentsSection {

    private static final int MOST_ENDED = 20;

    private DeploymentsSection() {}

    /** All of them, ended ones too. */
    static Node all(List<DeploymentRow> rows, Instant now) {
        Element section =
                Element.of("section", Element.of("h2", "All deployments")).style("panel");
        return section.add(
                rows.isEmpty()
                        ? Element.of(
                                        "p",
                                        "Nothing is deployed yet. The best trials go out once their backtests have passed.")
                                .style("empty")
                        : table("All deployments, those that take a slot first", rows, now));
    }

    /** These rows in this order. */
    static Node table(String caption, List<DeploymentRow> rows, Instant now) {
        Table table = new Table(caption)
                .words("Trial")
                .words("Status")
                .words("Desired")
                .words("Health")
                .words("Orders")
                .figures("Equity (PAPER)")
                .figures("PID")
                .words("Started")
                .words("Restarts")
                .words("Last exit")
                .sentences("Reason");
        rows.forEach(row -> table.row(row.deployment().occupiesSlot() ? "" : "ended", cells(row, now)));
        return table.node();
    }

    static Node of(Board board, Instant now) {
        List<DeploymentRow> rows = board.deployments().rows();
        Element section = Element.of("section", Element.of("h2", "Deployments")).style("panel");
        if (rows.isEmpty()) {
            return section.add(
                    Element.of("p", "Nothing is deployed yet. The best trials go out once their backtests have passed.")
                            .style("empty"));
        }
        List<DeploymentRow> ended =
                rows.stream().filter(row -> !row.deployment().occupiesSlot()).toList();
        List<DeploymentRow> shown = new ArrayList<>(
                rows.stream().filter(row -> row.deployment().occupiesSlot()).toList());
        ended.stream().limit(MOST_ENDED).forEach(shown::add);
        section.add(table("Deployments", shown, now));
        if (ended.size() > MOST_ENDED) {
            section.add(
                    Element.of("p", "The last " + MOST_ENDED + " of " + ended.size() + " ended deployments are shown. ")
                            .style("note")
                            .add(Element.of("a", "All deployments").attribute("href", Page.Place.DEPLOYMENTS.path())));
        }
        return section;
    }

    private static List<Node> cells(DeploymentRow row, Instant now) {
        Deployment deployment = row.deployment();
        Long process = row.processId();
        Instant started = deployment.startedAt();
        return List.of(
                Element.of("a", Names.of(deployment.key())).attribute("href", DeploymentPages.of(deployment.id())),
                Chip.of(deployment.status()).node(),
                new Text(deployment.desired().label()),
                Chip.of(deployment.health()).node(),
                row.deployment().occupiesSlot() ? Chip.of(row.trading()).node() : new Text(Figures.NONE),
                new Text(Figures.number(equity(row), 2)),
                // an identifier, not a quantity: without separators
                new Text(process == null ? Figures.NONE : process.toString()),
                started == null ? new Text(Figures.NONE) : Times.ago(started, now),
                new Text(restarts(row)),
                lastExit(row, now),
                new Text(words(row)));
    }

    private static Node lastExit(DeploymentRow row, Instant now) {
        ProcessRun run = row.lastEnd();
        Instant at = run == null ? null : run.endedAt();
        if (run == null || at == null) {
            return new Text(Figures.NONE);
        }
        Integer code = run.exitCode();
        return Element.of(
                "span", new Text((code == null ? "code unknown, " : "code " + code + ", ")), Times.ago(at, now));
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
