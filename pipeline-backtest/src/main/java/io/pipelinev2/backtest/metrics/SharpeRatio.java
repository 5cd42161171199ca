package io.pipelinev2.backtest.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Mean over deviation, and how much of it may be luck. Standard error and probability: Bailey and Lopez de Prado, <i>The
 * Sharpe Ratio Efficient Frontier</i>, Journal of Risk 15(2), 2012. Aggregation over autocorrelated steps: Lo, <i>The
 * Statistics of Sharpe Ratios</i>, Financial Analysts Journal 58(4), 2002.
 */
final class SharpeRatio {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "sharpe",
                    MetricFamily.SHARPE,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "Mean return over its scatter, scaled to a year: the usual figure of merit.",
                    "mean(r - rf) / std(r) * sqrt(P)",
                    "A noisy estimate: over 1680 hours its standard error is 2.28, so that "
                            + "differences of 0.3 mean nothing. Undefined, not 0, without any trade."),
            new MetricDefinition(
                    "sharpe_per_step",
                    MetricFamily.SHARPE,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The same, not scaled to a year: what statistics about it work with.",
                    "mean(r - rf) / std(r)",
                    "Not comparable between bars of different length."),
            new MetricDefinition(
                    "sharpe_se_per_step",
                    MetricFamily.SHARPE,
                    MetricUnit.RATIO,
                    Better.LOWER,
                    "The standard error of sharpe_per_step: it would fall within one of it two times "
                            + "out of three.",
                    "sqrt((1 - g3 SR + (g4 - 1)/4 SR^2) / (n - 1)), SR = sharpe_per_step, g3 = "
                            + "skew_pop, g4 = kurt_raw_pop",
                    "Assumes independent steps, and knows nothing of how many trials this one was "
                            + "picked from. Times sqrt(P) for the annual figure."),
            new MetricDefinition(
                    "psr_vs_0",
                    MetricFamily.SHARPE,
                    MetricUnit.PROBABILITY,
                    Better.HIGHER,
                    "The probability that the true Sharpe ratio is above 0, given this run.",
                    "Phi(sharpe_per_step / sharpe_se_per_step)",
                    "True for one trial picked beforehand. The best of many by chance shows a high "
                            + "value too: that needs the deflated Sharpe ratio."),
            new MetricDefinition(
                    "sharpe_lo24",
                    MetricFamily.SHARPE,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The Sharpe ratio of blocks of 24 steps, corrected for the steps depending on one " + "another.",
                    "SR * 24 / sqrt(24 + 2 sum_{k=1..23} (24 - k) rho_k) * sqrt(P / 24)",
                    "A correlation estimated from a short run is noise itself. Far from sharpe, it "
                            + "says that scaling by sqrt(P) flatters or punishes this model."),
            new MetricDefinition(
                    "sharpe_pop",
                    MetricFamily.VARIANTS,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The Sharpe ratio over the population deviation.",
                    "mean(r - rf) / std_population * sqrt(P)",
                    "Slightly larger than sharpe."),
            new MetricDefinition(
                    "sharpe_original",
                    MetricFamily.VARIANTS,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The Sharpe ratio of the original V1 pipeline.",
                    "mean(r) / (std_population + 1e-8) * sqrt(P)",
                    "The 1e-8 makes a number where there is none: 0 without a trade, 9 million for a "
                            + "constant gain."),
            new MetricDefinition(
                    "sharpe_backtestingpy",
                    MetricFamily.VARIANTS,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The Sharpe ratio of backtesting.py.",
                    "(cagr - rf) / sqrt((var + (1 + g)^2)^P - (1 + g)^(2P)), g = E_n^(1/n) - 1",
                    "Made of compounded figures, which explode for short runs."));

    private SharpeRatio() {}

    private static final String NO_DEVIATION = "there is no deviation to divide by";
    private static final int BLOCK = 24;

    static void add(ReturnSeries series, Map<String, Metric> figures) {
        double perYear = series.periodsPerYear();
        double excess = series.mean() - series.riskFree();
        Metric perStep = series.varied(2, () -> Metric.quotient(excess, series.deviation(), NO_DEVIATION));
        Metric error = standardError(series, perStep);
        figures.put("sharpe", scaledUp(series, scaled(perStep, Math.sqrt(perYear)), error));
        figures.put("sharpe_per_step", perStep);
        figures.put("sharpe_se_per_step", error);
        figures.put("psr_vs_0", probabilityAboveZero(perStep, error));
        figures.put("sharpe_lo24", lo(series, perStep));
        figures.put(
                "sharpe_pop",
                scaled(
                        series.varied(2, () -> Metric.quotient(excess, series.populationDeviation(), NO_DEVIATION)),
                        Math.sqrt(perYear)));
        figures.put(
                "sharpe_original",
                series.notEmpty(() -> scaled(
                        Metric.quotient(series.mean(), series.populationDeviation() + 1e-8, NO_DEVIATION),
                        Math.sqrt(perYear))));
        figures.put("sharpe_backtestingpy", backtestingPy(series));
    }

    private static Metric scaled(Metric metric, double factor) {
        Double value = metric.value();
        return value == null ? metric : Metric.of(value * factor);
    }

    private static Metric scaledUp(ReturnSeries series, Metric sharpe, Metric error) {
        Double standardError = error.value();
        boolean isShort = series.size() < series.periodsPerYear() / 4;
        return isShort && sharpe.isDefined() && standardError != null
                ? sharpe.remarked(String.format(
                        Locale.ROOT,
                        "scaled up from %d steps, less than a quarter of a year: its standard error is %.2f",
                        series.size(),
                        standardError * Math.sqrt(series.periodsPerYear())))
                : sharpe;
    }

    private static Metric standardError(ReturnSeries series, Metric perStep) {
        Double ratio = perStep.value();
        if (ratio == null) {
            return perStep;
        }
        double variance = series.moment(2);
        double skew = series.moment(3) / Math.pow(variance, 1.5);
        double kurtosis = series.moment(4) / (variance * variance);
        double spread = 1 - skew * ratio + (kurtosis - 1) / 4 * ratio * ratio;
        // The spread is a square at the least; below 0 it can fall by rounding alone.
        return Metric.of(Math.sqrt(Math.max(spread, 0) / (series.size() - 1)));
    }

    private static Metric probabilityAboveZero(Metric perStep, Metric error) {
        Double ratio = perStep.value();
        Double standardError = error.value();
        if (ratio == null) {
            return perStep;
        }
        if (standardError == null || standardError == 0) {
            return Metric.undefined("the Sharpe ratio has no standard error to compare it with");
        }
        return Metric.of(Normal.cdf(ratio / standardError));
    }

    private static Metric lo(ReturnSeries series, Metric perStep) {
        Double ratio = perStep.value();
        if (ratio == null) {
            return perStep;
        }
        return series.atLeast(BLOCK + 1, () -> {
            double sum = 0;
            for (int k = 1; k < BLOCK; k++) {
                sum += (BLOCK - k) * series.autocorrelation(k);
            }
            double spread = BLOCK + 2 * sum;
            return spread > 0
                    ? Metric.of(ratio * BLOCK / Math.sqrt(spread) * Math.sqrt(series.periodsPerYear() / BLOCK))
                    : Metric.undefined("the steps of a block cancel one another out, so that it has no deviation");
        });
    }

    private static Metric backtestingPy(ReturnSeries series) {
        Double growth = Growth.cagr(series).value();
        if (growth == null || series.bankrupt()) {
            return Metric.undefined("the annual growth is undefined or the run went bankrupt");
        }
        return series.varied(2, () -> {
            double perYear = series.periodsPerYear();
            double step = Math.pow(series.finalEquity(), 1.0 / series.size());
            double variance = series.deviation() * series.deviation();
            double spread = Math.pow(variance + step * step, perYear) - Math.pow(step, 2 * perYear);
            return spread > 0
                    ? series.annual(Metric.quotient(growth - series.riskFreeAnnual(), Math.sqrt(spread), NO_DEVIATION))
                    : Metric.undefined("the compounded deviation is 0 or not a number");
        });
    }
}
