package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;

/**
 * The deflated Sharpe ratio of Bailey and López de Prado, "The Deflated Sharpe Ratio", Journal of Portfolio Management
 * 40(5), 2014 (SSRN 2460551): the probability that the true Sharpe ratio is above what the best of N trials without any
 * skill is expected to show.
 */
public final class DeflatedSharpe {

    private DeflatedSharpe() {}

    /**
     * SR0, the Sharpe ratio of luck per step: the root of the variance times the expected maximum.
     *
     * @param variance of the trials' Sharpe ratios per step
     * @param trials how many independent ones, at least 1
     */
    public static double benchmark(double variance, double trials) {
        if (!(variance >= 0) || !Double.isFinite(variance)) {
            throw new IllegalArgumentException(
                    "the variance of the Sharpe ratios must be finite and at least 0, was " + variance);
        }
        return Math.sqrt(variance) * ExpectedMaximum.of(trials);
    }

    /** DSR: the probabilistic Sharpe ratio above {@link #benchmark}. */
    public static Metric of(SharpeEstimate estimate, double variance, double trials) {
        return estimate.probabilityAbove(benchmark(variance, trials));
    }
}
