package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Losses from the running peak, the start included, as positive fractions. */
final class Drawdown {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "max_drawdown",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "The largest loss from a peak.",
                    "max(dd_t), dd_t = 1 - E_t / max(E_0 .. E_t)",
                    "The worst of one path. It grows with the length of the run, so compare equal " + "lengths only."),
            new MetricDefinition(
                    "calmar",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "Yearly growth for each unit of the largest drawdown.",
                    "cagr / max_drawdown",
                    "As much a fantasy as cagr for short runs. Undefined without any drawdown."),
            new MetricDefinition(
                    "ulcer_index",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "How deep and how long the equity stood below its peak.",
                    "sqrt(mean(dd_t^2)), t = 1 .. n",
                    "Small for a model that hardly trades."),
            new MetricDefinition(
                    "martin_ratio",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "Yearly growth over the ulcer index.",
                    "(cagr - rf) / ulcer_index",
                    "As much a fantasy as cagr for short runs."),
            new MetricDefinition(
                    "avg_drawdown",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "The mean distance from the peak.",
                    "mean(dd_t), t = 0 .. n",
                    "Long quiet stretches hide one terrible week."),
            new MetricDefinition(
                    "longest_underwater_steps",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.STEPS,
                    Better.LOWER,
                    "The longest time without a new peak.",
                    "longest run of dd_t > 0",
                    "A run that ends below its peak has not shown how long it would have taken."),
            new MetricDefinition(
                    "longest_dd_peak_to_recovery_steps",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.STEPS,
                    Better.LOWER,
                    "The longest way from a peak back to it.",
                    "max(recovery - peak) over all drawdowns; an open one ends at n",
                    "Open drawdowns are counted as if they ended with the data."),
            new MetricDefinition(
                    "max_dd_peak_index",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.STEPS,
                    Better.NEITHER,
                    "When the largest drawdown began.",
                    "last peak before the trough, from 0",
                    "A place, not a quality."),
            new MetricDefinition(
                    "max_dd_trough_index",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.STEPS,
                    Better.NEITHER,
                    "When the largest drawdown was deepest.",
                    "first t of the largest dd_t",
                    "A place, not a quality."),
            new MetricDefinition(
                    "max_dd_recovery_index",
                    MetricFamily.DRAWDOWN,
                    MetricUnit.STEPS,
                    Better.NEITHER,
                    "When the largest drawdown was made good.",
                    "first t after the trough with E_t at the peak again",
                    "Undefined when it never was: the worst case, not a missing one."),
            new MetricDefinition(
                    "ulcer_index_quantstats",
                    MetricFamily.VARIANTS,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "The ulcer index of quantstats.",
                    "sqrt(sum(dd_t^2) / (n - 1))",
                    "Slightly larger than ulcer_index."));

    private Drawdown() {}

    private static final String NONE = "there was no drawdown";

    static void add(ReturnSeries series, Map<String, Metric> figures) {
        if (!Double.isFinite(Arrays.stream(series.equity()).max().orElse(0))) {
            DEFINITIONS.forEach(
                    each -> figures.put(each.name(), Metric.undefined("the equity became too large to be a number")));
            return;
        }
        int n = series.size();
        double[] depths = depths(series.equity());
        int trough = deepest(depths);
        double deepest = depths[trough];
        double squares = 0;
        for (double depth : depths) {
            squares += depth * depth;
        }
        Metric cagr = Growth.cagr(series);
        double ulcer = n == 0 ? 0 : Math.sqrt(squares / n);
        double allSquares = squares;
        figures.put("max_drawdown", series.notEmpty(() -> Metric.of(deepest)));
        figures.put("calmar", growthOver(cagr, 0, deepest));
        figures.put("ulcer_index", series.notEmpty(() -> Metric.of(ulcer)));
        figures.put("martin_ratio", growthOver(cagr, series.riskFreeAnnual(), ulcer));
        figures.put("avg_drawdown", series.notEmpty(() -> Metric.of(Series.mean(depths))));
        figures.put("longest_underwater_steps", series.notEmpty(() -> Metric.of(longest(depths, false))));
        figures.put("longest_dd_peak_to_recovery_steps", series.notEmpty(() -> Metric.of(longest(depths, true))));
        addPlaces(series, depths, trough, figures);
        figures.put("ulcer_index_quantstats", series.atLeast(2, () -> Metric.of(Math.sqrt(allSquares / (n - 1)))));
    }

    private static double[] depths(double[] equity) {
        double[] depths = new double[equity.length];
        double peak = equity[0];
        for (int t = 0; t < equity.length; t++) {
            peak = Math.max(peak, equity[t]);
            depths[t] = 1 - equity[t] / peak;
        }
        return depths;
    }

    private static int deepest(double[] depths) {
        int deepest = 0;
        for (int t = 1; t < depths.length; t++) {
            deepest = depths[t] > depths[deepest] ? t : deepest;
        }
        return deepest;
    }

    private static void addPlaces(ReturnSeries series, double[] depths, int trough, Map<String, Metric> figures) {
        if (depths[trough] == 0) {
            Metric none = series.notEmpty(() -> Metric.undefined(NONE));
            figures.put("max_dd_peak_index", none);
            figures.put("max_dd_trough_index", none);
            figures.put("max_dd_recovery_index", none);
            return;
        }
        int peak = trough;
        while (depths[peak] > 0) {
            peak--;
        }
        int recovery = trough;
        while (recovery < depths.length && depths[recovery] > 0) {
            recovery++;
        }
        figures.put("max_dd_peak_index", Metric.of(peak));
        figures.put("max_dd_trough_index", Metric.of(trough));
        figures.put(
                "max_dd_recovery_index",
                recovery < depths.length ? Metric.of(recovery) : Metric.undefined("it was never made good"));
    }

    /** Steps below the peak; to the step that is back at it, where asked and where there is one. */
    private static int longest(double[] depths, boolean toRecovery) {
        int longest = 0;
        int run = 0;
        for (double depth : depths) {
            if (depth > 0) {
                run++;
            } else {
                longest = Math.max(longest, toRecovery && run > 0 ? run + 1 : run);
                run = 0;
            }
        }
        return Math.max(longest, run);
    }

    private static Metric growthOver(Metric cagr, double riskFree, double divisor) {
        Double growth = cagr.value();
        if (growth == null) {
            return Metric.undefined("the annual growth is undefined");
        }
        Metric ratio = Metric.quotient(growth - riskFree, divisor, NONE);
        return ratio.isDefined() ? new Metric(ratio.value(), cagr.remark(), cagr.extrapolated()) : ratio;
    }
}
