package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Normal;

/**
 * The expected largest of N independent standard normal numbers, by the approximation of Bailey, Borwein, López de Prado
 * and Zhu, "Pseudo-Mathematics and Financial Charlatanism", Notices of the AMS 61(5), 2014: (1 - g) PhiInv(1 - 1/N) + g
 * PhiInv(1 - 1/(N e)) with Euler's constant g. It is 2 % above the exact value for N = 10, and nearer for more.
 */
public final class ExpectedMaximum {

    private static final double EULER = 0.5772156649015329;

    private ExpectedMaximum() {}

    /**
     * In standard deviations; 0 for a single number.
     *
     * @param n at least 1; an effective number need not be whole
     */
    public static double of(double n) {
        if (!(n >= 1) || !Double.isFinite(n)) {
            throw new IllegalArgumentException("the number of trials must be finite and at least 1, was " + n);
        }
        if (n == 1) {
            return 0;
        }
        // From the lower tail, where a double still tells 1/N from 0.
        double largest = -(1 - EULER) * Normal.quantile(1 / n) - EULER * Normal.quantile(1 / (n * Math.E));
        return Math.max(0, largest);
    }
}
