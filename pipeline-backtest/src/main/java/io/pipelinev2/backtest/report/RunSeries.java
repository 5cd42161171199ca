package io.pipelinev2.backtest.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The curves of a run as they are drawn: up to the end, or up to the step that lost everything, after which nothing has a
 * meaning. Point 0 is the start, point s is after step s.
 */
final class RunSeries {

    private final ReportedRun result;
    private final double[] equity;
    private final double[] benchmark;
    private final double[] returns;
    private final double[] benchmarkReturns;
    private final double[] drawdowns;
    private final double[] benchmarkDrawdowns;
    private final Timeline timeline;

    RunSeries(ReportedRun result) {
        this.result = result;
        double[] all = result.equity();
        int end = 0;
        while (end < all.length && all[end] > 0) {
            end++;
        }
        this.equity = Arrays.copyOf(all, Math.min(end + 1, all.length));
        // Debts are not drawn: whoever lost everything has lost everything.
        equity[equity.length - 1] = Math.max(0, equity[equity.length - 1]);
        double[] market = result.benchmark();
        this.benchmark = market == null ? new double[0] : Arrays.copyOf(market, equity.length);
        for (int i = 0; i < benchmark.length; i++) {
            benchmark[i] *= equity[0];
        }
        this.returns = returnsOf(equity);
        this.benchmarkReturns = returnsOf(benchmark);
        this.drawdowns = drawdownsOf(equity);
        this.benchmarkDrawdowns = drawdownsOf(benchmark);
        long[] times = result.times();
        this.timeline = new Timeline(
                steps(), result.periodsPerYear(), times == null ? null : Arrays.copyOf(times, equity.length));
    }

    /** Number of steps that count. */
    int steps() {
        return equity.length - 1;
    }

    /** Points with equity left, which a logarithmic axis can show. */
    int solventPoints() {
        return equity[equity.length - 1] > 0 ? equity.length : equity.length - 1;
    }

    Timeline timeline() {
        return timeline;
    }

    double periodsPerYear() {
        return result.periodsPerYear();
    }

    double[] equity() {
        return equity;
    }

    /** Whether there is a benchmark to hold the equity against. */
    boolean hasBenchmark() {
        return benchmark.length > 0;
    }

    /** What the benchmark is called within a sentence. */
    String market() {
        return result.market();
    }

    /** The benchmark with the same capital; empty if there is none. */
    double[] benchmark() {
        return benchmark;
    }

    double[] returns() {
        return returns;
    }

    double[] benchmarkReturns() {
        return benchmarkReturns;
    }

    /** Fractions below the peak so far, positive, the start included. */
    double[] drawdowns() {
        return drawdowns;
    }

    double[] benchmarkDrawdowns() {
        return benchmarkDrawdowns;
    }

    /** How many steps make so many days, at least one. */
    int stepsIn(double days) {
        double exact = days * result.periodsPerYear() / Timeline.DAYS_PER_YEAR;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE / 4, Math.rint(exact)));
    }

    static List<Double> list(double[] values) {
        List<Double> list = new ArrayList<>(values.length);
        for (double value : values) {
            list.add(value);
        }
        return list;
    }

    private static double[] returnsOf(double[] curve) {
        double[] returns = new double[Math.max(0, curve.length - 1)];
        for (int i = 0; i < returns.length; i++) {
            returns[i] = curve[i + 1] / curve[i] - 1;
        }
        return returns;
    }

    private static double[] drawdownsOf(double[] curve) {
        double[] drawdowns = new double[curve.length];
        double peak = 0;
        for (int i = 0; i < curve.length; i++) {
            peak = Math.max(peak, curve[i]);
            drawdowns[i] = 1 - curve[i] / peak;
        }
        return drawdowns;
    }
}
