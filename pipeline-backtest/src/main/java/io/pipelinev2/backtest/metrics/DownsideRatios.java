package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Gains against losses below a threshold, the risk-free return. */
final class DownsideRatios {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "sortino",
                    MetricFamily.SHARPE,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "Like sharpe, but only losses count as risk.",
                    "mean(r - rf) * P / (downside_dev_step * sqrt(P))",
                    "Looks splendid while there have been few losses yet. As noisy as sharpe."),
            new MetricDefinition(
                    "downside_dev_step",
                    MetricFamily.SHARPE,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "The scatter of the losing side, per step.",
                    "sqrt(mean over all n of min(r - rf, 0)^2)",
                    "Steps without a loss count as 0, so that idling makes it small."),
            new MetricDefinition(
                    "omega",
                    MetricFamily.SHARPE,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "What all gains over the threshold are worth against all losses under it.",
                    "sum(max(r - rf, 0)) / sum(max(rf - r, 0))",
                    "Over 1 is a gain; without a risk-free return it is profit_factor."),
            new MetricDefinition(
                    "gain_to_pain",
                    MetricFamily.SHARPE,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "What was kept in the end for each unit lost on the way.",
                    "sum(r) / sum(|r < 0|)",
                    "Adds returns without compounding."),
            new MetricDefinition(
                    "sortino_lean",
                    MetricFamily.VARIANTS,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The Sortino ratio of QuantConnect LEAN.",
                    "((1 + mean)^P - 1 - rf) / sqrt(var(r < 0) * P)",
                    "Another number altogether: it measures how losses differ from one another, and "
                            + "compounds the mean."));

    private DownsideRatios() {}

    static void add(ReturnSeries series, Map<String, Metric> figures) {
        double riskFree = series.riskFree();
        figures.put("sortino", sortino(series));
        figures.put("downside_dev_step", series.notEmpty(() -> Metric.of(downside(series))));
        figures.put(
                "omega",
                series.notEmpty(() -> Metric.quotient(
                        series.gainsOver(riskFree), series.lossesUnder(riskFree), "no step returned less than rf")));
        figures.put(
                "gain_to_pain",
                series.notEmpty(
                        () -> Metric.quotient(series.mean() * series.size(), series.lossesUnder(0), "no step lost")));
        figures.put("sortino_lean", lean(series));
    }

    private static double downside(ReturnSeries series) {
        double sum = 0;
        for (double r : series.returns()) {
            double below = Math.min(r - series.riskFree(), 0);
            sum += below * below;
        }
        return Math.sqrt(sum / series.size());
    }

    private static Metric sortino(ReturnSeries series) {
        return series.atLeast(2, () -> {
            double downside = downside(series);
            double perYear = series.periodsPerYear();
            return downside <= 1e-12
                    ? Metric.undefined("no step returned less than the threshold")
                    : Metric.quotient((series.mean() - series.riskFree()) * perYear, downside * Math.sqrt(perYear), "");
        });
    }

    private static Metric lean(ReturnSeries series) {
        double[] losses = Arrays.stream(series.returns()).filter(r -> r < 0).toArray();
        if (losses.length < 2) {
            return Metric.undefined("needs 2 losing steps or more, had " + losses.length);
        }
        double mean = Series.mean(losses);
        double deviation = Math.sqrt(Series.squares(losses, mean) / (losses.length - 1));
        if (Series.isZeroDeviation(deviation, mean)) {
            return Metric.undefined("all losses are equal");
        }
        double perYear = series.periodsPerYear();
        double grown = Math.pow(1 + series.mean(), perYear) - 1 - series.riskFreeAnnual();
        return series.annual(Metric.quotient(grown, deviation * Math.sqrt(perYear), ""));
    }
}
