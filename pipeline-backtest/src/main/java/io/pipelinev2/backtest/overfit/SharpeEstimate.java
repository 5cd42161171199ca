package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.Normal;

/**
 * A Sharpe ratio and how well it is known.
 *
 * <p>Standard error, probabilistic Sharpe ratio and minimum track record are those of Bailey and López de Prado, "The
 * Sharpe Ratio Efficient Frontier", Journal of Risk 15(2), 2012 (SSRN 1821643): the standard error is taken at the
 * observed Sharpe ratio, with the divisor T - 1. The authors' revision of 2025 (SSRN 5520741) takes it at the benchmark
 * with the divisor T and gives other numbers (0.987 instead of 0.913 for their hedge fund); it is not used here.
 *
 * @param sharpe per step: mean over sample deviation of the returns
 * @param skew of the population, 0 for a normal distribution
 * @param kurtosis of the population, raw: 3 for a normal distribution
 * @param steps how many returns, at least 2
 */
public record SharpeEstimate(double sharpe, double skew, double kurtosis, int steps) {

    /** Checks that the figures are finite and that there are two steps. */
    public SharpeEstimate {
        if (!Double.isFinite(sharpe) || !Double.isFinite(skew) || !Double.isFinite(kurtosis)) {
            throw new IllegalArgumentException("a Sharpe estimate must have finite figures, had sharpe=" + sharpe
                    + ", skew=" + skew + ", kurtosis=" + kurtosis);
        }
        if (steps < 2) {
            throw new IllegalArgumentException("a Sharpe estimate needs 2 steps or more, had " + steps);
        }
    }

    /** Of the Sharpe per step: the root of (1 - g3 SR + (g4 - 1)/4 SR^2) / (T - 1). */
    public Metric standardError() {
        double spread = spread();
        return spread > 0
                ? Metric.of(Math.sqrt(spread / (steps - 1)))
                : Metric.undefined("returns with this skew and kurtosis leave no standard error");
    }

    /**
     * PSR: the probability that the true Sharpe ratio is above the benchmark.
     *
     * @param benchmark per step
     */
    public Metric probabilityAbove(double benchmark) {
        Metric error = standardError();
        Double value = error.value();
        return value == null ? error : Metric.of(Normal.cdf((sharpe - benchmark) / value));
    }

    /**
     * MinTRL: how many steps this Sharpe ratio must have lasted to be above the benchmark with the given confidence.
     *
     * @param benchmark per step
     * @param confidence between 0.5 and 1, both excluded
     */
    public Metric minimumTrackRecord(double benchmark, double confidence) {
        if (!(confidence > 0.5 && confidence < 1)) {
            throw new IllegalArgumentException("the confidence must be between 0.5 and 1, was " + confidence);
        }
        double above = sharpe - benchmark;
        if (!(above > 0)) {
            return Metric.undefined("the Sharpe ratio is not above " + benchmark + ", so no record is long enough");
        }
        double ratio = Normal.quantile(confidence) / above;
        return Metric.of(1 + Math.max(0, spread()) * ratio * ratio);
    }

    private double spread() {
        return 1 - skew * sharpe + (kurtosis - 1) / 4 * sharpe * sharpe;
    }
}
