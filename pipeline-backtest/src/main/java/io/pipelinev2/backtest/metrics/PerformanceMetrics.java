package io.pipelinev2.backtest.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one run by name, in the order in which a report shows them. What each one means, its formula and how it
 * can mislead is in the {@link MetricGlossary}; names are those of the project's reference vectors.
 *
 * <p>Non-finite input is refused with its index. When equity is lost entirely the series ends there with a total of -1,
 * and {@link #bankrupt()} says so.
 */
public final class PerformanceMetrics {

    private final Map<String, Metric> metrics;
    private final boolean bankrupt;

    private PerformanceMetrics(Map<String, Metric> metrics, boolean bankrupt) {
        this.metrics = Collections.unmodifiableMap(metrics);
        this.bankrupt = bankrupt;
    }

    /**
     * Figures of a series of returns.
     *
     * @param returns simple return per step
     * @param periodsPerYear steps per year: 8760 for hourly bars of a market that never closes
     * @param riskFreeAnnual per year, such as 0.02
     * @param benchmark the benchmark's returns, at least as many, or null without one
     * @throws IllegalArgumentException when an input is not finite, naming its index
     */
    public static PerformanceMetrics ofReturns(
            double[] returns, double periodsPerYear, double riskFreeAnnual, double @Nullable [] benchmark) {
        requirePeriods(periodsPerYear);
        ReturnSeries series = new ReturnSeries(returns, periodsPerYear, riskFreeAnnual);
        Map<String, Metric> metrics = new LinkedHashMap<>();
        Growth.add(series, metrics);
        Variation.add(series, metrics);
        SharpeRatio.add(series, metrics);
        DownsideRatios.add(series, metrics);
        Drawdown.add(series, metrics);
        TailRisk.add(series, metrics);
        WinsAndLosses.add(series, metrics);
        ReturnShape.add(series, metrics);
        BenchmarkMetrics.add(series, benchmark, metrics);
        return new PerformanceMetrics(metrics, series.bankrupt());
    }

    /**
     * Figures of an equity curve with what was done to get it.
     *
     * @param equity beginning with the initial capital
     * @param benchmark with as many steps as the curve
     * @param activity per step
     * @param roundTrips of the whole run
     */
    public static PerformanceMetrics ofRun(
            double[] equity,
            double periodsPerYear,
            EqualWeightBenchmark benchmark,
            Activity activity,
            RoundTrips roundTrips) {
        double[] alive = alive(equity);
        PerformanceMetrics figures = ofReturns(Series.returnsOf(alive), periodsPerYear, 0, benchmark.buyAndHold());
        Map<String, Metric> all = new LinkedHashMap<>(figures.metrics);
        activity.add(periodsPerYear, benchmark, all);
        RoundTripMetrics.add(roundTrips, all);
        return new PerformanceMetrics(all, figures.bankrupt);
    }

    /**
     * Figures of an equity curve of which nothing else is known, the same as those {@link #ofRun} makes of that curve. What
     * it does not tell, such as trades and fees, is undefined unless it is reported.
     *
     * @param equity beginning with the initial capital
     * @param benchmark levels of the benchmark at the start and after each step, or null without one
     * @param reported finite figures by whoever made the curve; those that the curve tells are left aside
     * @throws IllegalArgumentException when an input is not finite or a level is not positive, naming its index
     */
    public static PerformanceMetrics ofCurve(
            double[] equity, double periodsPerYear, double @Nullable [] benchmark, Map<String, Double> reported) {
        PerformanceMetrics figures = ofReturns(
                Series.returnsOf(alive(equity)),
                periodsPerYear,
                0,
                benchmark == null ? null : Series.returnsOf(benchmark));
        Map<String, Metric> all = new LinkedHashMap<>(figures.metrics);
        List<MetricDefinition> untold = new ArrayList<>(benchmark == null ? BenchmarkMetrics.DEFINITIONS : List.of());
        untold.addAll(Activity.DEFINITIONS);
        untold.addAll(RoundTripMetrics.DEFINITIONS);
        for (MetricDefinition definition : untold) {
            Double value = reported.get(definition.name());
            all.put(
                    definition.name(),
                    value == null
                            ? Metric.undefined("an equity curve does not tell it, and it was not reported")
                            : Metric.of(value).remarked("as reported, not computed here"));
        }
        return new PerformanceMetrics(all, figures.bankrupt);
    }

    /** The curve up to its end, or up to the step that lost everything. */
    private static double[] alive(double[] equity) {
        Series.requireFinite(equity, "equity");
        int end = 0;
        while (end < equity.length && equity[end] > 0) {
            end++;
        }
        return Arrays.copyOf(equity, Math.min(end + 1, equity.length));
    }

    /** All figures by name. */
    public Map<String, Metric> all() {
        return metrics;
    }

    /**
     * One figure.
     *
     * @throws IllegalArgumentException listing the known names
     */
    public Metric get(String name) {
        Metric metric = metrics.get(name);
        if (metric == null) {
            throw new IllegalArgumentException("no metric '" + name + "'; there are " + metrics.keySet());
        }
        return metric;
    }

    /** Whether all equity was lost; the series ends there. */
    public boolean bankrupt() {
        return bankrupt;
    }

    /** Numbers by name as JSON-like values; what is undefined is null. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        metrics.forEach((name, metric) -> map.put(name, metric.value()));
        return map;
    }

    /** Why figures are undefined, and what to keep in mind about others, by name. */
    public Map<String, Object> remarks() {
        Map<String, Object> map = new LinkedHashMap<>();
        metrics.forEach((name, metric) -> {
            String remark = metric.remark();
            if (remark != null) {
                map.put(name, remark);
            }
        });
        return map;
    }

    private static void requirePeriods(double periodsPerYear) {
        if (!(periodsPerYear > 0) || Double.isInfinite(periodsPerYear)) {
            throw new IllegalArgumentException("steps per year must be positive and finite, was " + periodsPerYear);
        }
    }
}
