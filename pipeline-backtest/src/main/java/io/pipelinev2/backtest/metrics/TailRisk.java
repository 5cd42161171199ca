package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The worst steps. Value at risk and its like are returns: negative is a loss. Percentiles are NumPy's, interpolated. */
final class TailRisk {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "var95_hist",
                    MetricFamily.TAILS,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "In one step of twenty it was worse than this.",
                    "5th percentile of r",
                    "A return: negative is a loss. Of this path only, and silent about how much " + "worse."),
            new MetricDefinition(
                    "cvar95_hist",
                    MetricFamily.TAILS,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The mean of the worst twentieth of the steps.",
                    "mean(r <= var95_hist)",
                    "Few steps in a short run: over 1680 hours it is the mean of 84."),
            new MetricDefinition(
                    "var99_hist",
                    MetricFamily.TAILS,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "In one step of a hundred it was worse than this.",
                    "1st percentile of r",
                    "Over 1680 hours it rests on 17 steps."),
            new MetricDefinition(
                    "cvar99_hist",
                    MetricFamily.TAILS,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The mean of the worst hundredth of the steps.",
                    "mean(r <= var99_hist)",
                    "Over 1680 hours it is the mean of 17."),
            new MetricDefinition(
                    "tail_ratio",
                    MetricFamily.TAILS,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "Large gains against large losses.",
                    "|95th percentile of r| / |5th percentile of r|",
                    "Says nothing about the last twentieth on either side."),
            new MetricDefinition(
                    "var95_gauss",
                    MetricFamily.VARIANTS,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The value at risk of quantstats, as if returns were normal.",
                    "mean + PhiInv(0.05) * std",
                    "Returns are not normal; one outlier moves it far."),
            new MetricDefinition(
                    "cvar95_quantstats",
                    MetricFamily.VARIANTS,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The mean of the steps below var95_gauss.",
                    "mean(r < var95_gauss), else var95_gauss",
                    "See var95_gauss."),
            new MetricDefinition(
                    "cvar95_empyrical",
                    MetricFamily.VARIANTS,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The expected shortfall of empyrical.",
                    "mean of the floor((n - 1) * 0.05) + 1 smallest r",
                    "Counts steps where cvar95_hist interpolates."));

    private TailRisk() {}

    static void add(ReturnSeries series, Map<String, Metric> figures) {
        double[] sorted = series.returns().clone();
        Arrays.sort(sorted);
        figures.put("var95_hist", series.notEmpty(() -> Metric.of(Series.percentile(sorted, 5))));
        figures.put("cvar95_hist", series.notEmpty(() -> meanUpTo(sorted, Series.percentile(sorted, 5))));
        figures.put("var99_hist", series.notEmpty(() -> Metric.of(Series.percentile(sorted, 1))));
        figures.put("cvar99_hist", series.notEmpty(() -> meanUpTo(sorted, Series.percentile(sorted, 1))));
        figures.put(
                "tail_ratio",
                series.notEmpty(() -> Metric.quotient(
                        Math.abs(Series.percentile(sorted, 95)),
                        Math.abs(Series.percentile(sorted, 5)),
                        "the 5th percentile of the returns is 0")));
        double gaussian = series.mean() + Normal.quantile(0.05) * series.deviation();
        figures.put("var95_gauss", series.varied(2, () -> Metric.of(gaussian)));
        figures.put("cvar95_quantstats", series.varied(2, () -> meanBelow(sorted, gaussian)));
        figures.put(
                "cvar95_empyrical",
                series.notEmpty(() ->
                        Metric.of(Series.mean(Arrays.copyOf(sorted, (int) ((sorted.length - 1) * 0.05) + 1)))));
    }

    private static Metric meanUpTo(double[] sorted, double limit) {
        int count = 0;
        while (count < sorted.length && sorted[count] <= limit) {
            count++;
        }
        // The interpolated percentile can fall one rounding below the smallest return.
        return Metric.of(count == 0 ? limit : Series.mean(Arrays.copyOf(sorted, count)));
    }

    private static Metric meanBelow(double[] sorted, double limit) {
        int count = 0;
        while (count < sorted.length && sorted[count] < limit) {
            count++;
        }
        return Metric.of(count == 0 ? limit : Series.mean(Arrays.copyOf(sorted, count)));
    }
}
