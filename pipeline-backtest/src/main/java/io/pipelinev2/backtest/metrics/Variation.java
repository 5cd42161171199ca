package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How much the returns vary, and their extremes. */
final class Variation {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "volatility_ann",
                    MetricFamily.VARIATION,
                    MetricUnit.PER_YEAR,
                    Better.LOWER,
                    "How much the returns scatter, scaled to a year.",
                    "std(r) * sqrt(P)",
                    "Counts gains like losses and assumes that steps are independent; tails are "
                            + "fatter than it suggests."),
            new MetricDefinition(
                    "mean",
                    MetricFamily.VARIATION,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The mean return per step.",
                    "mean(r)",
                    "Not what compounds: a loss of half and a gain of half average to nothing and "
                            + "lose a quarter."),
            new MetricDefinition(
                    "std_sample",
                    MetricFamily.VARIATION,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "The scatter of the returns per step.",
                    "sqrt(sum((r - mean)^2) / (n - 1))",
                    "See volatility_ann."),
            new MetricDefinition(
                    "std_population",
                    MetricFamily.VARIATION,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "The same with n as the divisor, as the original pipeline has it.",
                    "sqrt(sum((r - mean)^2) / n)",
                    "Too small for short runs."),
            new MetricDefinition(
                    "best",
                    MetricFamily.VARIATION,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The best single step.",
                    "max(r)",
                    "If a large part of the total is this one step, there is no strategy to speak of."),
            new MetricDefinition(
                    "worst",
                    MetricFamily.VARIATION,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "The worst single step.",
                    "min(r)",
                    "The worst so far; the market has not promised to stop there."));

    private Variation() {}

    static void add(ReturnSeries series, Map<String, Metric> figures) {
        figures.put(
                "volatility_ann",
                series.atLeast(2, () -> Metric.of(series.deviation() * Math.sqrt(series.periodsPerYear()))));
        figures.put("mean", series.notEmpty(() -> Metric.of(series.mean())));
        figures.put("std_sample", series.atLeast(2, () -> Metric.of(series.deviation())));
        figures.put("std_population", series.notEmpty(() -> Metric.of(series.populationDeviation())));
        figures.put(
                "best",
                series.notEmpty(
                        () -> Metric.of(Arrays.stream(series.returns()).max().orElse(0))));
        figures.put(
                "worst",
                series.notEmpty(
                        () -> Metric.of(Arrays.stream(series.returns()).min().orElse(0))));
    }
}
