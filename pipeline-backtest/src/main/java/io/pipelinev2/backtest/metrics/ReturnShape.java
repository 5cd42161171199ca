package io.pipelinev2.backtest.metrics;

import java.util.List;
import java.util.Map;

/** How the returns are distributed and how they hang together in time. */
final class ReturnShape {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "skew_sample",
                    MetricFamily.SHAPE,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "Whether large moves are rather gains (positive) or losses (negative).",
                    "G1 as in pandas",
                    "One outlier decides it."),
            new MetricDefinition(
                    "kurt_excess_sample",
                    MetricFamily.SHAPE,
                    MetricUnit.RATIO,
                    Better.LOWER,
                    "How much fatter the tails are than those of a normal distribution, which has 0.",
                    "G2 as in pandas",
                    "One outlier decides it."),
            new MetricDefinition(
                    "skew_pop",
                    MetricFamily.SHAPE,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "Skewness without correction for the sample: what psr_vs_0 uses.",
                    "m3 / m2^1.5, m_k = mean((r - mean)^k)",
                    "See skew_sample."),
            new MetricDefinition(
                    "kurt_raw_pop",
                    MetricFamily.SHAPE,
                    MetricUnit.RATIO,
                    Better.LOWER,
                    "Kurtosis without correction, 3 for a normal distribution: what psr_vs_0 uses.",
                    "m4 / m2^2",
                    "Not the excess: 3 higher than kurt_excess_sample for long series."),
            new MetricDefinition(
                    "autocorr1",
                    MetricFamily.SHAPE,
                    MetricUnit.RATIO,
                    Better.NEITHER,
                    "Whether a gain tends to follow a gain (positive) or a loss (negative).",
                    "sum((r_t - mean)(r_{t-1} - mean)) / sum((r_t - mean)^2)",
                    "Within 2 / sqrt(n) of 0 it is noise: 0.05 over 1680 hours."),
            new MetricDefinition(
                    "stability_r2",
                    MetricFamily.SHAPE,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "How straight the logarithm of the equity rises or falls; 1 is a line.",
                    "R^2 of a line through cumsum(log(1 + r))",
                    "A straight way down scores as high as a straight way up."));

    private ReturnShape() {}

    static void add(ReturnSeries series, Map<String, Metric> figures) {
        figures.put("skew_sample", series.varied(3, () -> {
            double n = series.size();
            return Metric.of(Math.sqrt(n * (n - 1)) / (n - 2) * skew(series));
        }));
        figures.put("kurt_excess_sample", series.varied(4, () -> {
            double n = series.size();
            return Metric.of((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (kurtosis(series) - 3) + 6));
        }));
        figures.put("skew_pop", series.varied(2, () -> Metric.of(skew(series))));
        figures.put("kurt_raw_pop", series.varied(2, () -> Metric.of(kurtosis(series))));
        figures.put("autocorr1", series.varied(2, () -> Metric.of(series.autocorrelation(1))));
        figures.put("stability_r2", stability(series));
    }

    private static double skew(ReturnSeries series) {
        return series.moment(3) / Math.pow(series.moment(2), 1.5);
    }

    private static double kurtosis(ReturnSeries series) {
        return series.moment(4) / (series.moment(2) * series.moment(2));
    }

    private static Metric stability(ReturnSeries series) {
        if (series.bankrupt()) {
            return Metric.undefined("a bankruptcy has no logarithm");
        }
        return series.atLeast(3, () -> {
            int n = series.size();
            double[] path = new double[n];
            double[] time = new double[n];
            double height = 0;
            for (int t = 0; t < n; t++) {
                height += Math.log1p(series.returns()[t]);
                path[t] = height;
                time[t] = t;
            }
            double meanPath = Series.mean(path);
            double meanTime = Series.mean(time);
            double squares = Series.squares(path, meanPath);
            if (Series.isZeroDeviation(Math.sqrt(squares / n), meanPath)) {
                return Metric.undefined("the equity never changed");
            }
            double product = Series.products(path, meanPath, time, meanTime);
            double share = product / squares * (product / Series.squares(time, meanTime));
            return Metric.of(Math.min(1, share));
        });
    }
}
