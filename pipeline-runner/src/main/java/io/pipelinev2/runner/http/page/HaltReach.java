package io.pipelinev2.runner.http.page;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.runner.http.action.OrdersAction;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.reading.Snapshot;
import io.pipelinev2.runner.http.reading.Traders;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.TraderReport;
import java.util.List;
import java.util.Objects;

/** Whom halting or resuming all orders concerns, in numbers, as far as that is known. */
final class HaltReach {

    private static final double SMALLEST_POSITION = 1e-6;

    private HaltReach() {}

    static String words(OrdersAction action, Snapshot<Traders> snapshot) {
        Traders known = snapshot.value();
        if (known == null) {
            return "How many paper traders there are is not known now, as the state database cannot be read.";
        }
        List<DeploymentRow> rows = known.view().rows().stream()
                .filter(row -> row.deployment().occupiesSlot())
                .toList();
        String late = snapshot.trouble() == null
                ? ""
                : " So it was " + Figures.span(snapshot.age()) + " ago; it cannot be read now.";
        return (action == OrdersAction.HALT ? halted(rows) : resumed(rows)) + late;
    }

    private static String halted(List<DeploymentRow> rows) {
        if (rows.isEmpty()) {
            return "No paper trader takes a slot now; those that are deployed later give no orders either.";
        }
        long active = rows.stream()
                .filter(row -> row.trading() == TradingState.ACTIVE)
                .count();
        long stopped = rows.stream()
                .filter(row -> row.trading() == TradingState.HALTED)
                .count();
        return traders(rows.size()) + (rows.size() == 1 ? " takes" : " take") + " a slot now: " + active
                + (active == 1 ? " gives" : " give") + " all orders and will stop, " + stopped
                + (stopped == 1 ? " gives" : " give") + " none already. " + positions(rows);
    }

    private static String positions(List<DeploymentRow> rows) {
        List<TraderReport> reports = rows.stream()
                .map(DeploymentRow::report)
                .filter(Objects::nonNull)
                .filter(report -> report.cash() != null)
                .toList();
        long open = reports.stream().filter(HaltReach::holdsSomething).count();
        String silent =
                reports.size() == rows.size() ? "" : "; of " + (rows.size() - reports.size()) + " that is not known";
        return open + (open == 1 ? " holds an open position" : " hold open positions") + silent + ".";
    }

    /** Cash and holdings together are the equity, so what is not cash is held. */
    private static boolean holdsSomething(TraderReport report) {
        Double cash = report.cash();
        return cash != null && Math.abs(report.equity() - cash) > SMALLEST_POSITION * Math.max(1, report.equity());
    }

    private static String resumed(List<DeploymentRow> rows) {
        long own = rows.stream()
                .map(DeploymentRow::deployment)
                .map(Deployment::orders)
                .filter(orders -> orders != TradingState.ACTIVE)
                .count();
        return traders(rows.size()) + (rows.size() == 1 ? " takes" : " take") + " a slot now; " + own
                + (own == 1 ? " is" : " are") + " halted by an operator one by one and " + (own == 1 ? "stays" : "stay")
                + " so.";
    }

    private static String traders(int count) {
        return count + (count == 1 ? " paper trader" : " paper traders");
    }
}
