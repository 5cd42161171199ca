package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one run by name, in the order in which a report shows them. With r the simple return per step, n their
 * number, E the equity from E_0 = 1, P the steps per year and rf the risk-free return per step:
 *
 * <ul>
 *   <li>{@code total_return} E_n - 1; {@code cagr} E_n^(P/n) - 1
 *   <li>{@code volatility_ann} sample deviation * sqrt(P); {@code sharpe} mean(r - rf) / sample deviation * sqrt(P)
 *   <li>{@code sortino} mean(r - rf) * P / (sqrt(mean over all n of min(r - rf, 0)^2) * sqrt(P))
 *   <li>{@code max_drawdown} max(1 - E_t / running peak), positive, E_0 included; {@code calmar} cagr / max_drawdown;
 *       {@code ulcer_index} sqrt(mean(drawdown^2)); {@code longest_underwater_steps} longest run below the peak
 *   <li>{@code omega} gains over rf / losses under rf; {@code tail_ratio} |95th| / |5th percentile|; {@code var95_hist} 5th
 *       percentile of r, {@code cvar95_hist} mean of r at or below it (returns: negative is a loss)
 *   <li>{@code win_rate} steps that gained / steps that changed; {@code profit_factor} sum of gains / sum of losses
 *   <li>{@code skew_sample}, {@code kurt_excess_sample} as in pandas; {@code best}, {@code worst} step
 *   <li>{@code benchmark_total_return}, {@code excess_total_return}, {@code beta}, {@code alpha_ann_arith} against the
 *       benchmark
 *   <li>{@code exposure_time} share of steps with holdings; {@code gross_exposure_mean}; {@code turnover_per_step} mean of
 *       traded value / equity, both sides, {@code turnover_ann} times P; {@code fees_total}
 * </ul>
 *
 * <p>Names are those of the project's reference vectors. Non-finite input is refused with its index. When equity is lost
 * entirely the series ends there with a total of -1, and {@link #bankrupt()} says so.
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
        ReturnMetrics series = new ReturnMetrics(returns, periodsPerYear, riskFreeAnnual);
        Map<String, Metric> metrics = new LinkedHashMap<>(series.compute());
        if (benchmark != null) {
            metrics.putAll(BenchmarkMetrics.of(series, benchmark, periodsPerYear));
        }
        return new PerformanceMetrics(metrics, series.bankrupt());
    }

    /**
     * Figures of an equity curve with what was done to get it.
     *
     * @param equity beginning with the initial capital
     * @param benchmark the benchmark's returns per step
     * @param activity per step
     */
    public static PerformanceMetrics ofEquity(
            double[] equity, double periodsPerYear, double[] benchmark, Activity activity) {
        Series.requireFinite(equity, "equity");
        int end = 0;
        while (end < equity.length && equity[end] > 0) {
            end++;
        }
        double[] alive = Arrays.copyOf(equity, Math.min(end + 1, equity.length));
        PerformanceMetrics figures = ofReturns(Series.returnsOf(alive), periodsPerYear, 0, benchmark);
        return figures.with(activity.metrics(periodsPerYear));
    }

    /** Figures of what was done alone. */
    public static PerformanceMetrics ofActivity(Activity activity, double periodsPerYear) {
        requirePeriods(periodsPerYear);
        return new PerformanceMetrics(activity.metrics(periodsPerYear), false);
    }

    private PerformanceMetrics with(Map<String, Metric> more) {
        Map<String, Metric> all = new LinkedHashMap<>(metrics);
        all.putAll(more);
        return new PerformanceMetrics(all, bankrupt);
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
