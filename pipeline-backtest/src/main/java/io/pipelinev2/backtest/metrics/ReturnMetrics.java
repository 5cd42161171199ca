package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Figures of a series of simple returns per step. Formulas are those adopted in the project's quantitative reference:
 * sample deviation, drawdown as a positive fraction including the start, value at risk as a return.
 */
final class ReturnMetrics {

    private final double[] returns;
    private final double periodsPerYear;
    private final double riskFree;
    private final boolean bankrupt;
    private final int n;
    private final double finalEquity;
    private final double mean;
    private final double deviation;
    private final double[] drawdowns;
    private final Map<String, Metric> metrics = new LinkedHashMap<>();

    /**
     * @param returns per step; cut at the first step that leaves no equity
     * @param riskFreeAnnual per year, compounded down to one step
     */
    ReturnMetrics(double[] returns, double periodsPerYear, double riskFreeAnnual) {
        Series.requireFinite(returns, "return");
        int end = returns.length;
        for (int i = 0; i < returns.length && end == returns.length; i++) {
            if (returns[i] <= -1) {
                end = i + 1;
            }
        }
        this.bankrupt = end > 0 && returns[end - 1] <= -1;
        this.returns = Arrays.copyOf(returns, end);
        if (bankrupt) {
            this.returns[end - 1] = -1;
        }
        this.n = end;
        this.periodsPerYear = periodsPerYear;
        this.riskFree = Math.pow(1 + riskFreeAnnual, 1 / periodsPerYear) - 1;
        this.mean = n == 0 ? 0 : Series.mean(this.returns);
        this.deviation = n < 2 ? 0 : Math.sqrt(Series.squares(this.returns, mean) / (n - 1));
        this.drawdowns = new double[n];
        double equity = 1;
        double peak = 1;
        for (int i = 0; i < n; i++) {
            equity *= 1 + this.returns[i];
            peak = Math.max(peak, equity);
            drawdowns[i] = 1 - equity / peak;
        }
        this.finalEquity = equity;
    }

    boolean bankrupt() {
        return bankrupt;
    }

    /** The returns that count: all, or up to the bankruptcy. */
    double[] returns() {
        return returns;
    }

    double totalReturn() {
        return finalEquity - 1;
    }

    double riskFreePerStep() {
        return riskFree;
    }

    Map<String, Metric> compute() {
        Metric cagr = cagr();
        Metric maxDrawdown =
                whenNotEmpty(() -> Metric.of(Arrays.stream(drawdowns).max().orElse(0)));
        put("total_return", whenNotEmpty(() -> Metric.of(totalReturn())));
        put("cagr", cagr);
        put("volatility_ann", needsTwo(() -> Metric.of(deviation * Math.sqrt(periodsPerYear))));
        put("sharpe", sharpe());
        put("sortino", sortino());
        put("max_drawdown", maxDrawdown);
        put("calmar", calmar(cagr, maxDrawdown));
        put("omega", ratio(gainsOver(riskFree), lossesUnder(riskFree), "no step returned less than the threshold"));
        put("ulcer_index", whenNotEmpty(() -> Metric.of(ulcer())));
        put("longest_underwater_steps", whenNotEmpty(() -> Metric.of(longestUnderwater())));
        put("var95_hist", whenNotEmpty(() -> Metric.of(Series.percentile(returns, 5))));
        put("cvar95_hist", whenNotEmpty(() -> Metric.of(expectedShortfall())));
        put("tail_ratio", tailRatio());
        put("win_rate", winRate());
        put("profit_factor", ratio(gainsOver(0), lossesUnder(0), "no step lost"));
        put("best", whenNotEmpty(() -> Metric.of(Arrays.stream(returns).max().orElse(0))));
        put("worst", whenNotEmpty(() -> Metric.of(Arrays.stream(returns).min().orElse(0))));
        put("skew_sample", skew());
        put("kurt_excess_sample", kurtosis());
        return metrics;
    }

    private void put(String name, Metric metric) {
        metrics.put(name, metric);
    }

    private Metric cagr() {
        if (n == 0) {
            return noSteps();
        }
        if (bankrupt) {
            return Metric.of(-1).remarked("bankrupt: all equity was lost at step " + n);
        }
        double grown = Math.pow(finalEquity, periodsPerYear / n) - 1;
        if (!(grown <= 1e300)) {
            return Metric.undefined("too large to be a number when extrapolated from " + n + " steps to a year");
        }
        Metric cagr = Metric.of(grown);
        return n < periodsPerYear / 4
                ? cagr.remarked("extrapolated from " + n + " steps, less than a quarter of a year")
                : cagr;
    }

    private Metric sharpe() {
        return needsTwo(() -> Series.isZeroDeviation(deviation, mean)
                ? Metric.undefined("all returns are equal, so there is no deviation to divide by")
                : Metric.of((mean - riskFree) / deviation * Math.sqrt(periodsPerYear)));
    }

    private Metric sortino() {
        return needsTwo(() -> {
            double sum = 0;
            for (double r : returns) {
                double below = Math.min(r - riskFree, 0);
                sum += below * below;
            }
            double downside = Math.sqrt(sum / n);
            return downside <= 1e-12
                    ? Metric.undefined("no step returned less than the threshold")
                    : Metric.of((mean - riskFree) * periodsPerYear / (downside * Math.sqrt(periodsPerYear)));
        });
    }

    private Metric calmar(Metric cagr, Metric maxDrawdown) {
        Double growth = cagr.value();
        Double depth = maxDrawdown.value();
        if (growth == null || depth == null) {
            return Metric.undefined("the annual growth is undefined");
        }
        if (depth == 0) {
            return Metric.undefined("there was no drawdown");
        }
        Metric calmar = Metric.of(growth / depth);
        String remark = cagr.remark();
        return remark == null || !calmar.isDefined() ? calmar : calmar.remarked(remark);
    }

    private double ulcer() {
        double sum = 0;
        for (double drawdown : drawdowns) {
            sum += drawdown * drawdown;
        }
        return Math.sqrt(sum / n);
    }

    private double longestUnderwater() {
        int longest = 0;
        int run = 0;
        for (double drawdown : drawdowns) {
            run = drawdown > 0 ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private double expectedShortfall() {
        double valueAtRisk = Series.percentile(returns, 5);
        double sum = 0;
        int count = 0;
        for (double r : returns) {
            if (r <= valueAtRisk) {
                sum += r;
                count++;
            }
        }
        // The interpolated percentile can fall one rounding below the smallest return.
        return count == 0 ? valueAtRisk : sum / count;
    }

    private Metric tailRatio() {
        return whenNotEmpty(() -> {
            double low = Math.abs(Series.percentile(returns, 5));
            return low == 0
                    ? Metric.undefined("the 5th percentile of the returns is 0")
                    : Metric.of(Math.abs(Series.percentile(returns, 95)) / low);
        });
    }

    private Metric winRate() {
        return whenNotEmpty(() -> {
            long wins = Arrays.stream(returns).filter(r -> r > 0).count();
            long moves = Arrays.stream(returns).filter(r -> r != 0).count();
            return moves == 0 ? Metric.undefined("no step changed the equity") : Metric.of((double) wins / moves);
        });
    }

    /** G1 of pandas: the sample skewness. */
    private Metric skew() {
        if (n < 3) {
            return Metric.undefined("needs 3 steps or more, had " + n);
        }
        if (Series.isZeroDeviation(deviation, mean)) {
            return Metric.undefined("all returns are equal");
        }
        double m2 = moment(2);
        double m3 = moment(3);
        return Metric.of(Math.sqrt((double) n * (n - 1)) / (n - 2) * m3 / Math.pow(m2, 1.5));
    }

    /** G2 of pandas: the sample excess kurtosis, 0 for a normal distribution. */
    private Metric kurtosis() {
        if (n < 4) {
            return Metric.undefined("needs 4 steps or more, had " + n);
        }
        if (Series.isZeroDeviation(deviation, mean)) {
            return Metric.undefined("all returns are equal");
        }
        double excess = moment(4) / (moment(2) * moment(2)) - 3;
        return Metric.of((n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * excess + 6));
    }

    private double moment(int power) {
        double sum = 0;
        for (double r : returns) {
            double distance = r - mean;
            double product = distance;
            for (int i = 1; i < power; i++) {
                product *= distance;
            }
            sum += product;
        }
        return sum / n;
    }

    private double gainsOver(double threshold) {
        double sum = 0;
        for (double r : returns) {
            sum += Math.max(r - threshold, 0);
        }
        return sum;
    }

    private double lossesUnder(double threshold) {
        double sum = 0;
        for (double r : returns) {
            sum += Math.max(threshold - r, 0);
        }
        return sum;
    }

    private Metric ratio(double gains, double losses, String undefined) {
        return whenNotEmpty(() -> losses == 0 ? Metric.undefined(undefined) : Metric.of(gains / losses));
    }

    private Metric whenNotEmpty(Formula formula) {
        return n == 0 ? noSteps() : formula.compute();
    }

    private Metric needsTwo(Formula formula) {
        return n < 2 ? Metric.undefined("needs 2 steps or more, had " + n) : formula.compute();
    }

    private static Metric noSteps() {
        return Metric.undefined("there are no steps");
    }

    private interface Formula {
        Metric compute();
    }
}
