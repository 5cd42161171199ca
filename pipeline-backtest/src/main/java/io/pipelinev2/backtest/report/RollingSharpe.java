package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.overfit.SharpeEstimate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The annual Sharpe ratio of a window that moves over the run, with its standard error by the formula of Bailey and López
 * de Prado 2012. Neighbouring windows share nearly all their steps: the curve is smooth because of that and not because
 * the ratio is well known.
 *
 * @param window steps
 * @param points one for each window, in order
 */
record RollingSharpe(int window, List<Point> points) {

    /** Days of the window. */
    static final int DAYS = 30;

    /**
     * One window.
     *
     * @param end point of the run at which it ends
     * @param sharpe per year, null when the window's returns are all equal
     * @param error standard error per year, null when there is none
     */
    record Point(int end, @Nullable Double sharpe, @Nullable Double error) {}

    static RollingSharpe of(RunSeries run) {
        int window = run.stepsIn(DAYS);
        double[] returns = run.returns();
        double year = Math.sqrt(run.periodsPerYear());
        List<Point> points = new ArrayList<>();
        if (window >= 2) {
            for (int end = window; end <= returns.length; end++) {
                SharpeEstimate estimate = SharpeOf.returns(returns, end - window, end);
                Double error =
                        estimate == null ? null : estimate.standardError().value();
                points.add(new Point(
                        end, estimate == null ? null : estimate.sharpe() * year, error == null ? null : error * year));
            }
        }
        return new RollingSharpe(window, List.copyOf(points));
    }

    /** Unbroken stretches of windows that have both figures. */
    List<List<Point>> stretches() {
        List<List<Point>> stretches = new ArrayList<>();
        List<Point> open = new ArrayList<>();
        for (Point point : points) {
            if (point.sharpe() != null && point.error() != null) {
                open.add(point);
            } else if (!open.isEmpty()) {
                stretches.add(open);
                open = new ArrayList<>();
            }
        }
        if (!open.isEmpty()) {
            stretches.add(open);
        }
        return stretches;
    }
}
