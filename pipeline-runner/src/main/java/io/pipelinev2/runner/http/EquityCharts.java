package io.pipelinev2.runner.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an account was worth, and how far below its highest point that is, gathered value by value. */
final class EquityCharts {

    private static final int POINTS = 600;

    private final Curve equity = new Curve(POINTS);
    private final Curve drawdown = new Curve(POINTS);
    private double highest = Double.NEGATIVE_INFINITY;

    /** @param at its time in milliseconds, or 0 if it has none */
    void add(long step, long at, double value) {
        highest = Math.max(highest, value);
        equity.add(new Curve.Point(step, at, value));
        drawdown.add(new Curve.Point(step, at, highest > 0 ? value / highest - 1 : 0));
    }

    boolean isEmpty() {
        return equity.count() == 0;
    }

    /** @param expected where the equity was expected to be, or null if that is not known */
    List<Node> nodes(String name, LineChart.@Nullable Range expected) {
        return List.of(
                new LineChart(name, value -> Figures.number(value, 2), null, expected).node(equity),
                new LineChart("Drawdown", Figures::percent, 0.0, null).node(drawdown));
    }
}
