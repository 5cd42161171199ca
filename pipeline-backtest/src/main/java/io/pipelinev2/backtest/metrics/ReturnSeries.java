package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.function.Supplier;

/** Simple returns per step, cut where they leave no equity, with the sums that many figures are made of. */
final class ReturnSeries {

    private final double[] returns;
    private final double[] equity;
    private final double periodsPerYear;
    private final double riskFreeAnnual;
    private final double riskFree;
    private final boolean bankrupt;
    private final double mean;
    private final double squares;

    /**
     * @param returns per step; cut at the first step that leaves no equity
     * @param riskFreeAnnual per year, compounded down to one step
     */
    ReturnSeries(double[] returns, double periodsPerYear, double riskFreeAnnual) {
        Series.requireFinite(returns, "return");
        if (!(riskFreeAnnual > -1) || Double.isInfinite(riskFreeAnnual)) {
            throw new IllegalArgumentException(
                    "the risk-free return per year must be above -1 and finite, was " + riskFreeAnnual);
        }
        int end = 0;
        while (end < returns.length && returns[end] > -1) {
            end++;
        }
        this.bankrupt = end < returns.length;
        this.returns = Arrays.copyOf(returns, bankrupt ? end + 1 : end);
        if (bankrupt) {
            this.returns[end] = -1;
        }
        this.periodsPerYear = periodsPerYear;
        this.riskFreeAnnual = riskFreeAnnual;
        this.riskFree = Math.pow(1 + riskFreeAnnual, 1 / periodsPerYear) - 1;
        this.mean = size() == 0 ? 0 : Series.mean(this.returns);
        this.squares = Series.squares(this.returns, mean);
        this.equity = new double[size() + 1];
        equity[0] = 1;
        for (int i = 0; i < size(); i++) {
            equity[i + 1] = equity[i] * (1 + this.returns[i]);
        }
    }

    /** The returns that count: all, or up to the bankruptcy. Not a copy. */
    double[] returns() {
        return returns;
    }

    /** From 1 before the first step; one longer than the returns. Not a copy. */
    double[] equity() {
        return equity;
    }

    int size() {
        return returns.length;
    }

    boolean bankrupt() {
        return bankrupt;
    }

    double periodsPerYear() {
        return periodsPerYear;
    }

    double riskFreeAnnual() {
        return riskFreeAnnual;
    }

    /** Per step. */
    double riskFree() {
        return riskFree;
    }

    double mean() {
        return mean;
    }

    /** Sample deviation; 0 for fewer than two returns. */
    double deviation() {
        return size() < 2 ? 0 : Math.sqrt(squares / (size() - 1));
    }

    double populationDeviation() {
        return size() == 0 ? 0 : Math.sqrt(squares / size());
    }

    /** Whether all returns are equal, up to rounding. */
    boolean isConstant() {
        return Series.isZeroDeviation(populationDeviation(), mean);
    }

    double finalEquity() {
        return equity[size()];
    }

    double totalReturn() {
        return finalEquity() - 1;
    }

    /** Mean of the k-th power of the distance from the mean. */
    double moment(int k) {
        double sum = 0;
        for (double r : returns) {
            double distance = r - mean;
            double product = distance;
            for (int i = 1; i < k; i++) {
                product *= distance;
            }
            sum += product;
        }
        return sum / size();
    }

    /** Sum of what the returns exceed the threshold by. */
    double gainsOver(double threshold) {
        double sum = 0;
        for (double r : returns) {
            sum += Math.max(r - threshold, 0);
        }
        return sum;
    }

    /** Sum of what the returns fall short of the threshold by. */
    double lossesUnder(double threshold) {
        double sum = 0;
        for (double r : returns) {
            sum += Math.max(threshold - r, 0);
        }
        return sum;
    }

    /** Correlation of the returns with themselves k steps before, over one common mean. */
    double autocorrelation(int k) {
        double sum = 0;
        for (int i = k; i < size(); i++) {
            sum += (returns[i] - mean) * (returns[i - k] - mean);
        }
        return sum / squares;
    }

    /** The annual figure with a warning when the run is shorter than a quarter of a year. */
    Metric annual(Metric figure) {
        return size() < periodsPerYear / 4 ? figure.extrapolatedFrom(size()) : figure;
    }

    Metric notEmpty(Supplier<Metric> formula) {
        return atLeast(1, formula);
    }

    /** The figure, if there are enough returns for it. */
    Metric atLeast(int steps, Supplier<Metric> formula) {
        if (size() >= steps) {
            return formula.get();
        }
        return Metric.undefined(
                size() == 0 ? "there are no steps" : "needs " + steps + " steps or more, had " + size());
    }

    /** The figure, if there are enough returns and they are not all equal. */
    Metric varied(int steps, Supplier<Metric> formula) {
        return atLeast(
                steps,
                () -> isConstant()
                        ? Metric.undefined("all returns are equal, so there is no deviation to divide by")
                        : formula.get());
    }
}
