package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;

/**
 * How long a backtest must be so that the best of N trials without skill is not expected to reach a Sharpe ratio, by
 * Bailey, Borwein, López de Prado and Zhu, "Pseudo-Mathematics and Financial Charlatanism", Notices of the AMS 61(5),
 * 2014: the square of the expected maximum over the Sharpe ratio, less than 2 ln N / SR^2.
 */
public final class MinimumBacktestLength {

    private MinimumBacktestLength() {}

    /**
     * In years.
     *
     * @param annualSharpe the Sharpe ratio that luck must not reach
     * @param trials how many, at least 1
     */
    public static Metric years(double annualSharpe, double trials) {
        if (!(annualSharpe > 0)) {
            return Metric.undefined("the Sharpe ratio is not above 0, which luck reaches in any length of time");
        }
        double ratio = ExpectedMaximum.of(trials) / annualSharpe;
        return Metric.of(ratio * ratio);
    }
}
