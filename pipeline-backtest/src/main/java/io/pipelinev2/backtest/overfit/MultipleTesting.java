package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.Normal;
import java.util.Arrays;
import java.util.Comparator;

/**
 * p-values after many tests, and the Sharpe ratio that they leave, by Harvey and Liu, "Backtesting", Journal of
 * Portfolio Management 42(1), 2015.
 *
 * <p>The t-ratio is taken as normal, as in the paper's worked example; the records here have hundreds of steps, where
 * Student's distribution is no different. Trials that were never backtested have no p-value: they count in the number of
 * tests as the least significant ones, which errs on the strict side.
 */
public final class MultipleTesting {

    private static final double EULER = 0.5772156649015329;

    private MultipleTesting() {}

    /** Two-sided p-value of a Sharpe ratio per step. */
    public static double pValue(double sharpe, int steps) {
        return Math.min(1, 2 * Normal.cdf(-Math.abs(sharpe) * Math.sqrt(steps)));
    }

    /** N p, at most 1. Holds for any dependence of the tests. */
    public static double bonferroni(double p, long tests) {
        requireTests(1, tests);
        return Math.min(1, p * tests);
    }

    /** 1 - (1 - p)^N. Holds for independent tests. */
    public static double sidak(double p, long tests) {
        requireTests(1, tests);
        return p >= 1 ? 1 : -Math.expm1(tests * Math.log1p(-p));
    }

    /**
     * Holm's step-down procedure.
     *
     * @param pValues in any order
     * @param tests at least as many as p-values; those without one count as 1
     * @return adjusted p-values in the same order
     */
    public static double[] holm(double[] pValues, long tests) {
        requireTests(pValues.length, tests);
        Integer[] order = ascending(pValues);
        double[] adjusted = new double[pValues.length];
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            largest = Math.max(largest, Math.min(1, (tests - rank) * pValues[order[rank]]));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }

    /**
     * The procedure of Benjamini, Hochberg and Yekutieli, which controls the share of false discoveries under any
     * dependence, with c(N) the sum of 1/j.
     *
     * @param pValues in any order
     * @param tests at least as many as p-values; those without one count as 1
     * @return adjusted p-values in the same order
     */
    public static double[] bhy(double[] pValues, long tests) {
        requireTests(pValues.length, tests);
        Integer[] order = ascending(pValues);
        double factor = tests * harmonic(tests);
        double[] adjusted = new double[pValues.length];
        double smallest = 1;
        for (int rank = order.length - 1; rank >= 0; rank--) {
            smallest = Math.min(smallest, factor / (rank + 1) * pValues[order[rank]]);
            adjusted[order[rank]] = smallest;
        }
        return adjusted;
    }

    /** The Sharpe ratio per step that would have this p-value in a single test. */
    public static Metric haircutSharpe(double adjustedP, int steps) {
        return adjustedP > 0
                ? Metric.of(Math.max(0, -Normal.quantile(adjustedP / 2)) / Math.sqrt(steps))
                : Metric.undefined("the p-value is too small to be a number");
    }

    private static double harmonic(long n) {
        if (n > 1_000_000) {
            return Math.log(n) + EULER + 0.5 / n;
        }
        double sum = 0;
        for (long j = n; j >= 1; j--) {
            sum += 1.0 / j;
        }
        return sum;
    }

    private static Integer[] ascending(double[] values) {
        Integer[] order = new Integer[values.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        return order;
    }

    private static void requireTests(int least, long tests) {
        if (tests < least) {
            throw new IllegalArgumentException("the number of tests must be at least " + least + ", was " + tests);
        }
    }
}
