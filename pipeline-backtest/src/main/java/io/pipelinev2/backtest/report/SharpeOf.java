package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.overfit.SharpeEstimate;
import org.jspecify.annotations.Nullable;

/**
 * A Sharpe ratio of a part of a run with the moments that its standard error needs: population skewness and raw kurtosis
 * (Bailey and López de Prado 2012).
 */
final class SharpeOf {

    private SharpeOf() {}

    /** Of the returns from, included, to to, excluded; null when there are fewer than two or all are equal. */
    static @Nullable SharpeEstimate returns(double[] returns, int from, int to) {
        int n = to - from;
        if (n < 2) {
            return null;
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += returns[i];
        }
        double mean = sum / n;
        double squares = 0;
        double cubes = 0;
        double fourths = 0;
        for (int i = from; i < to; i++) {
            double distance = returns[i] - mean;
            double square = distance * distance;
            squares += square;
            cubes += square * distance;
            fourths += square * square;
        }
        double deviation = Math.sqrt(squares / (n - 1));
        if (!(deviation > 1e-12 * Math.max(1, Math.abs(mean)))) {
            return null;
        }
        double variance = squares / n;
        double sharpe = mean / deviation;
        double skew = cubes / n / (variance * Math.sqrt(variance));
        double kurtosis = fourths / n / (variance * variance);
        return Double.isFinite(sharpe) && Double.isFinite(skew) && Double.isFinite(kurtosis)
                ? new SharpeEstimate(sharpe, skew, kurtosis, n)
                : null;
    }
}
